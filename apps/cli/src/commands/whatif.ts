import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { SvaraError, SystemClock } from "@svara/kernel";
import type { JournalHeader } from "@svara/routing";
import {
  type FloorRecord,
  parseRulesFile,
  parseStaffFile,
  RecordReader,
  type WhatIfOptions,
  whatIf,
} from "@svara/workforce";
import { wholeNumber } from "../arguments.ts";
import type { Command, Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { INSTALLATION_OPTIONS, type OpenJournal, withJournalGiven } from "./journal-source.ts";
import { CALL_OPTIONS, whatIfOfCalls } from "./whatif-calls.ts";
import { whatIfTable } from "./whatif-table.ts";

const LOOK_EVERY = 2_000; // entries between two looks at the clock
const DEFAULT_SEED = 1;
const DEFAULT_REPLICATIONS = 20;

export const whatif: Command = {
  name: "whatif",
  summary: "simulate a recorded day under other rules or with other staff",
  usage:
    "[journal | -] [--rules file] [--staff file] [options]\n   or: svara whatif --calls log.csv [--against log.csv] [options]",
  details: [
    'Takes the arrivals of a file that "svara journal export" wrote (also .gz, - is standard input), or of an installation, and',
    "simulates them with the router itself: under the recorded rules, to show how near the simulation comes to what",
    "happened, and under yours. Says at the end what it had to assume.",
    "",
    "With --calls it learns from a log of calls instead: talk by type, hour and server, patience, what waiting does to",
    "customers. With --against it foretells the days of another log of the same centre from that, its arrivals and the staff",
    "that its records show, and tells how far the foretold waits and abandonment of each hour are from what happened.",
    "",
    "  svara whatif monday.jsonl.gz --staff two-more.json",
    "  svara whatif --calls january.csv --against february.csv --head-start 2=90",
    "  svara whatif --calls january.csv --against february.csv --csv > hours.csv",
  ].join("\n"),
  options: {
    rules: { type: "string", value: "file", summary: "other queues, skills and rules (JSON)" },
    staff: { type: "string", value: "file", summary: "other shifts, more agents or fewer (JSON)" },
    seed: {
      type: "string",
      value: "number",
      summary: `of the chance that is drawn (default ${DEFAULT_SEED})`,
    },
    replications: {
      type: "string",
      value: "number",
      summary: `how often each day is simulated (default ${DEFAULT_REPLICATIONS})`,
    },
    target: {
      type: "string",
      value: "seconds",
      summary: "within which an answer counts for the service level (default: each queue's own target)",
    },
    ...INSTALLATION_OPTIONS,
    ...CALL_OPTIONS,
  },
  words: { min: 0, max: 1 },
  async run(given, terminal) {
    if (Object.keys(CALL_OPTIONS).some((name) => given.options[name] !== undefined)) {
      return whatIfOfCalls(given, terminal);
    }
    const options = await optionsOf(given, terminal);
    const progress = new Progress(terminal, new SystemClock());
    try {
      const record = await withJournalGiven(given, terminal, (journal) =>
        readRecord(journal, options.policy, progress),
      );
      progress.say(simulating(options));
      const result = whatIf(record, options);
      progress.end();
      terminal.out(given.json ? `${JSON.stringify(result)}\n` : whatIfTable(result));
      return 0;
    } finally {
      progress.end();
    }
  },
};

type Options = WhatIfOptions & {
  /** Judges every queue; absent: each by its own target. */
  readonly policy?: QueuePolicy;
  readonly replications: number;
};

/** Everything that can be given wrongly is read before the journal is. */
async function optionsOf(given: Given, terminal: Terminal): Promise<Options> {
  const policy: QueuePolicy | undefined =
    given.options.target === undefined
      ? undefined
      : { ...DEFAULT_POLICY, thresholdMs: 1000 * wholeNumber(given, "target", 20, { min: 1, max: 86_400 }) };
  const rules = await fileOf(given, terminal, "rules", parseRulesFile);
  const staff = await fileOf(given, terminal, "staff", parseStaffFile);
  return {
    ...(rules ? { rules } : {}),
    ...(staff ? { staff } : {}),
    seed: wholeNumber(given, "seed", DEFAULT_SEED, { min: 0, max: 2 ** 32 - 1 }),
    replications: wholeNumber(given, "replications", DEFAULT_REPLICATIONS, { min: 2, max: 1_000 }),
    ...(policy ? { policy } : {}),
  };
}

async function fileOf<T>(
  given: Given,
  { cwd }: Terminal,
  option: "rules" | "staff",
  parse: (value: unknown) => T,
): Promise<T | undefined> {
  const file = given.options[option];
  if (typeof file !== "string") return undefined;
  const text = await readFile(resolve(cwd, file), "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--${option}: ${file} cannot be read (${cause.code ?? cause.message})`,
      "give the path of a JSON file that is there",
    );
  });
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UsageError(`--${option}: ${file} is no JSON: ${error.message}`, "mend the file there");
    }
    if (!(error instanceof SvaraError)) throw error;
    const { code, field, message } = error;
    throw new SvaraError(`${file}: ${message}`, { code, cause: error, ...(field ? { field } : {}) });
  }
}

async function readRecord(
  journal: OpenJournal,
  policy: QueuePolicy | undefined,
  progress: Progress,
): Promise<FloorRecord> {
  let header: JournalHeader | undefined;
  let reader: RecordReader | undefined;
  let entries = 0;
  const judged = policy ? { policy } : {};
  for await (const line of journal.lines) {
    if (line.type === "header") header = line;
    else if (line.type === "snapshot") reader ??= new RecordReader({ snapshot: line.snapshot, ...judged });
    else if (line.type === "entry") {
      reader ??= new RecordReader(judged);
      reader.feed({ ...line, routerId: header?.routerId ?? "" });
      if (++entries % LOOK_EVERY === 0) progress.show(() => `${entries.toLocaleString("en")} entries read`);
    }
  }
  if (!reader || entries === 0)
    throw new SvaraError("the journal holds no entries", { code: "journal.empty" });
  return reader.finish();
}

function simulating({ replications, rules, staff }: Options): string {
  return rules || staff
    ? `simulating it ${replications} times as it was, and ${replications} times with your change`
    : `simulating it ${replications} times as it was`;
}

import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { SvaraError, SystemClock } from "@svara/kernel";
import { backTest, type CallLog, CallLogReader, learnFrom } from "@svara/workforce";
import { wholeNumber } from "../arguments.ts";
import type { CommandOption, Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { backTestCsv, backTestTable, learnedTable } from "./whatif-calls-table.ts";

const LOOK_EVERY = 2_000; // lines between two looks at the clock
const DEFAULT_REPLICATIONS = 40;

/** What concerns logs of calls. */
export const CALL_OPTIONS: Readonly<Record<string, CommandOption>> = {
  calls: {
    type: "string",
    value: "file",
    summary: "a log of calls to learn from (CSV, also .gz; - is standard input)",
  },
  against: { type: "string", value: "file", summary: "another log of the same centre, to be foretold" },
  "head-start": {
    type: "string",
    value: "priority=seconds",
    summary: "callers of this priority stand so much earlier in the line; several with commas",
  },
  "breaks-from": {
    type: "string",
    value: "seconds",
    summary: "whoever is unavailable so long while somebody waits has a break (default 120)",
  },
  "low-score": { type: "string", value: "score", summary: "a survey score up to here is low (default 2)" },
  csv: { type: "boolean", summary: "print every hour as CSV" },
};

/** Options of a journal, which a log of calls has not. */
const JOURNAL_ONLY = ["rules", "staff", "target", "data-dir", "database-url", "from", "to"];

/** Learns from a log of calls, and foretells another one. */
export async function whatIfOfCalls(given: Given, terminal: Terminal): Promise<number> {
  const asked = wishesOf(given);
  const progress = new Progress(terminal, new SystemClock());
  try {
    const first = await readLog(asked.calls, "calls", terminal, progress);
    if (asked.against === undefined) {
      const learned = learnFrom(first, asked);
      terminal.out(given.json ? `${JSON.stringify(learned)}\n` : learnedTable(learned));
      return 0;
    }
    const second = await readLog(asked.against, "against", terminal, progress);
    const result = backTest(first, second, {
      ...asked,
      onDay: (done, of) => progress.show(() => `${done} of ${of} days simulated`),
    });
    progress.end();
    if (given.json) terminal.out(`${JSON.stringify(result)}\n`);
    else terminal.out(given.options.csv === true ? backTestCsv(result) : backTestTable(result));
    return 0;
  } finally {
    progress.end();
  }
}

/** Everything that can be given wrongly is read before the logs are. */
function wishesOf(given: Given) {
  const { calls, against, csv } = given.options;
  const other = JOURNAL_ONLY.find((name) => given.options[name] !== undefined) ?? given.words[0];
  if (other !== undefined) {
    const name = other === given.words[0] ? other : `--${other}`;
    throw new UsageError(
      `${name} belongs to a journal, and this asks of a log of calls`,
      `leave out ${name}`,
    );
  }
  if (typeof calls !== "string")
    throw new UsageError("there is no log of calls to learn from", "give one by --calls <file>");
  if (csv === true && given.json) throw new UsageError("--csv and --json are both given", "choose one");
  if (csv === true && against === undefined)
    throw new UsageError(
      "--csv prints foretold hours, and there is no log to foretell",
      "give one by --against <file>",
    );
  if (calls === "-" && against === "-")
    throw new UsageError("standard input can be one log only", "give a file for the other");
  return {
    calls,
    ...(typeof against === "string" ? { against } : {}),
    headStartMs: headStarts(given),
    seed: wholeNumber(given, "seed", 1, { min: 0, max: 2 ** 32 - 1 }),
    replications: wholeNumber(given, "replications", DEFAULT_REPLICATIONS, { min: 2, max: 1_000 }),
    breakMs: 1000 * wholeNumber(given, "breaks-from", 120, { min: 1, max: 36_000 }),
    lowAtMost: wholeNumber(given, "low-score", 2, { min: -100, max: 100 }),
  };
}

function headStarts(given: Given): ReadonlyMap<number, number> {
  const text = given.options["head-start"];
  if (typeof text !== "string") return new Map();
  return new Map(
    text.split(",").map((part) => {
      const found = /^\s*(-?\d+)\s*=\s*(\d+)\s*$/.exec(part);
      const [priority, seconds] = [Number(found?.[1]), Number(found?.[2])];
      if (!found || seconds > 86_400) {
        throw new UsageError(
          `--head-start is "${text}"`,
          "write priority=seconds, such as 2=90; seconds from 0 to 86400",
        );
      }
      return [priority, 1000 * seconds];
    }),
  );
}

async function readLog(
  file: string,
  option: "calls" | "against",
  { cwd, stdin }: Terminal,
  progress: Progress,
): Promise<CallLog> {
  const reader = new CallLogReader();
  const name = file === "-" ? "standard input" : file;
  const raw: NodeJS.ReadableStream = file === "-" ? stdin : createReadStream(resolve(cwd, file));
  const unpacked = file.endsWith(".gz") ? createGunzip() : undefined;
  const input = unpacked ? raw.pipe(unpacked) : raw;
  try {
    // an error of the file itself reaches the loop only through the stream that it reads
    if (unpacked) raw.on("error", (error: Error) => unpacked.destroy(error));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      reader.feed(line);
      if (reader.lines % LOOK_EVERY === 0)
        progress.show(() => `${name}: ${reader.lines.toLocaleString("en")} lines read`);
    }
    return reader.finish();
  } catch (error) {
    if (error instanceof SvaraError) {
      const { code, field, message } = error;
      throw new SvaraError(`${name}: ${message}`, { code, cause: error, ...(field ? { field } : {}) });
    }
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--${option}: ${name} cannot be read (${code ?? message})`,
      "give the path of a CSV file that is there and whole",
    );
  }
}

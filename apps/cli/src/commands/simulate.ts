import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { type ReplicationsProgress, runComparison, runReplications } from "@svara/jobs";
import { SvaraError, SystemClock } from "@svara/kernel";
import {
  EXAMPLE_SCENARIO,
  type Precision,
  parseScenarioFile,
  type ReadScenario,
  SIMULATED_FIGURES,
  type SimulatedFigure,
} from "@svara/workforce";
import { nearest, wholeNumber } from "../arguments.ts";
import type { Command, Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { differenceRecord, differenceTable } from "./simulate-difference.ts";
import { simulationCsv, simulationRecord, simulationTable } from "./simulate-table.ts";

const DEFAULT_SEED = 1;
const DEFAULT_REPLICATIONS = 20;
const MOST_WITH_PRECISION = 2_000;
const CANCELLED = 130; // as a shell says of a program that Ctrl-C ended

export const simulate: Command = {
  name: "simulate",
  summary: "simulate a day with the router itself: queues, agents, shifts, rules",
  usage: "<scenario | -> [options]",
  details: [
    "Takes a scenario (JSON): queues with what comes to them, agents with skills, shifts and breaks, changes during the day;",
    "tells service level, waits, abandonment and occupancy for the day and each interval, each with its confidence interval.",
    "--precision looks after every day from the tenth; where it is coarse, an interval called 95 % holds the truth less often, in 86 to 93 of 100.",
    "Ctrl-C cancels, exit code 130. A scenario that is none is refused with the field and the remedy, exit code 2.",
    "",
    "examples:",
    "  svara simulate --example > day.json",
    "  svara simulate day.json --replications 50",
    "  svara simulate day.json --precision serviceLevel=0.01 --csv > intervals.csv",
    "  svara simulate day.json --precision support:meanWaitMs=5% --threads 4 --json",
    "  svara simulate day.json --against two-more.json",
  ].join("\n"),
  options: {
    example: { type: "boolean", summary: "print a scenario to begin with" },
    seed: {
      type: "string",
      value: "number",
      summary: `of the chance that is drawn (default ${DEFAULT_SEED})`,
    },
    replications: {
      type: "string",
      value: "number",
      summary: `how often the day is simulated (default ${DEFAULT_REPLICATIONS}; with --precision at most, default ${MOST_WITH_PRECISION})`,
    },
    precision: {
      type: "string",
      value: "[queue:]figure=half-width",
      summary: "simulate until this figure is known so well; a number, or a share of the figure with %",
    },
    threads: { type: "string", value: "number", summary: "worker threads (default: one for each processor)" },
    against: {
      type: "string",
      value: "file",
      summary: "a second scenario with the same customers; tells what it has more or less",
    },
    csv: { type: "boolean", summary: "print a line for each interval and queue" },
  },
  words: { min: 0, max: 1 },
  async run(given, terminal) {
    if (given.options.example === true) {
      terminal.out(`${JSON.stringify(EXAMPLE_SCENARIO, null, 2)}\n`);
      return 0;
    }
    const read = await scenarioOf(given.words[0], terminal);
    const other = await againstOf(given, read, terminal);
    const options = optionsOf(given, read);
    const threads = wholeNumber(given, "threads", 0, { min: 1, max: 256 }); // 0: not given;
    const progress = new Progress(terminal, new SystemClock());
    const cancel = new AbortController();
    const run = {
      signal: cancel.signal,
      onProgress: ({ done, most }: ReplicationsProgress) =>
        progress.show(() => `${done} of at most ${most} days simulated`),
      ...(threads > 0 ? { threads } : {}),
    };
    const onSignal = (): void => cancel.abort();
    process.once("SIGINT", onSignal);
    try {
      const { scenario, intervalMs, policies, groups } = read;
      const asked = { ...options, intervalMs, policies, groups };
      if (other) {
        const { policies: judged, groups: named } = other;
        const after = { policies: judged, groups: named };
        const compared = await runComparison(scenario, other.scenario, { ...asked, after }, run);
        progress.end();
        const sides = {
          before: { ...read, result: compared.before },
          after: { ...other, result: compared.after },
        };
        const shown = { ...sides, difference: compared.difference };
        terminal.out(given.json ? `${JSON.stringify(differenceRecord(shown))}\n` : differenceTable(shown));
        return 0;
      }
      const result = await runReplications(scenario, asked, run);
      progress.end();
      const shown = { ...read, result };
      if (given.json) terminal.out(`${JSON.stringify(simulationRecord(shown))}\n`);
      else terminal.out(given.options.csv === true ? simulationCsv(shown) : simulationTable(shown));
      return 0;
    } catch (error) {
      if (!cancel.signal.aborted) throw error;
      progress.end();
      terminal.err("svara: cancelled\n");
      return CANCELLED;
    } finally {
      process.off("SIGINT", onSignal);
      progress.end();
    }
  },
};

async function againstOf(
  { options, words }: Given,
  first: ReadScenario,
  terminal: Terminal,
): Promise<ReadScenario | null> {
  const { against } = options;
  if (typeof against !== "string") return null;
  if (options.csv === true) {
    throw new UsageError(
      "--csv and --against do not go together",
      "take --json for both scenarios and their difference",
    );
  }
  if (against === "-" && words[0] === "-")
    throw new UsageError("both scenarios are standard input", "give a file for one of them");
  const other = await scenarioOf(against, terminal);
  const days = [first, other].map(({ scenario, timeZone }) => `${scenario.from} ${scenario.to} ${timeZone}`);
  if (days[0] === days[1]) return other;
  throw new UsageError(
    `${against} is another day than ${words[0]}: its customers are others`,
    "give both the same date, timeZone, from and to",
  );
}

async function scenarioOf(name: string | undefined, terminal: Terminal): Promise<ReadScenario> {
  if (name === undefined) {
    throw new UsageError(
      "there is no scenario to simulate",
      'give a file, or - for standard input; "svara simulate --example" prints one to begin with',
    );
  }
  const file = name === "-" ? "standard input" : name;
  const path = resolve(terminal.cwd, name);
  const text = name === "-" ? (await buffer(terminal.stdin)).toString() : readText(path, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${file} is no JSON: ${error instanceof Error ? error.message : ""}`,
      "mend the file there",
    );
  }
  const folder = name === "-" ? terminal.cwd : dirname(path);
  try {
    const read = parseScenarioFile(value, (table) => readText(resolve(folder, table), table));
    for (const { file: table, contacts } of read.leftOut) {
      const are = contacts === 1 ? "contact of" : "contacts of";
      const come = contacts === 1 ? "comes outside of the day and is" : "come outside of the day and are";
      terminal.err(`svara: ${contacts} ${are} ${table} ${come} left out\n`);
    }
    return read;
  } catch (error) {
    if (!(error instanceof SvaraError) || error instanceof UsageError) throw error;
    throw new UsageError(
      `${file}: ${error.message}`,
      'see "svara simulate --example" and scenario-file.schema.json',
    );
  }
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    throw new UsageError(`${name} cannot be read (${code})`, "give the path of a file that is there");
  }
}

function optionsOf(given: Given, read: ReadScenario) {
  const precision = precisionOf(given, read);
  return {
    seed: wholeNumber(given, "seed", DEFAULT_SEED, { min: 0, max: 2 ** 32 - 1 }),
    replications: wholeNumber(given, "replications", precision ? MOST_WITH_PRECISION : DEFAULT_REPLICATIONS, {
      min: 2,
      max: 100_000,
    }),
    ...(precision ? { precision } : {}),
  };
}

const PRECISION = /^(?:(.+):)?([A-Za-z0-9]+)=([0-9.eE-]+)(%?)$/;

function precisionOf({ options }: Given, { policies }: ReadScenario): Precision | undefined {
  const text = options.precision;
  if (typeof text !== "string") return undefined;
  const [, queueId, name = "", width = "", percent] = PRECISION.exec(text) ?? [];
  const figure = SIMULATED_FIGURES.find((known) => known === name);
  if (figure === undefined) {
    const near = nearest(name, SIMULATED_FIGURES);
    throw new UsageError(
      `--precision is "${text}"`,
      near !== undefined && near !== name
        ? `did you mean ${near}?`
        : `write figure=half-width, such as serviceLevel=0.01 or meanWaitMs=5%; figures: ${SIMULATED_FIGURES.join(", ")}`,
    );
  }
  const halfWidth = Number(width) / (percent ? 100 : 1);
  if (!(halfWidth > 0)) throw new UsageError(`--precision is "${text}"`, "the half-width must be above 0");
  if (queueId !== undefined && !Object.hasOwn(policies, queueId)) {
    throw new UsageError(
      `--precision names the queue "${queueId}"`,
      `the scenario has ${Object.keys(policies).join(", ")}`,
    );
  }
  return precise(figure, queueId, halfWidth, percent === "%");
}

function precise(
  figure: SimulatedFigure,
  queueId: string | undefined,
  halfWidth: number,
  isRelative: boolean,
): Precision {
  const of = queueId === undefined ? {} : { queueId: queueId as NonNullable<Precision["queueId"]> };
  return { figure, ...of, halfWidth, isRelative };
}

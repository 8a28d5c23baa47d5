import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { solveRosterInWorker } from "@svara/jobs";
import { SvaraError, SystemClock } from "@svara/kernel";
import {
  checkRoster,
  exampleProblem,
  parseRoster,
  parseRosterProblem,
  type Roster,
  type RosterProblem,
  type RosterProgress,
  rosterCoverage,
} from "@svara/workforce/rostering";
import { wholeNumber } from "../arguments.ts";
import type { Command, Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { type StopRequest, untilStopped } from "../signals.ts";
import { UsageError } from "../usage-error.ts";
import { coverageCsv, rosterCsv, rosterTable, violationLines } from "./roster-table.ts";

const DEFAULT_TIME_LIMIT_S = 60;
const DEFAULT_GAP_PERCENT = 1;
const BROKEN = 1;

export const roster: Command = {
  name: "roster",
  summary: "make a roster that keeps contracts and labour rules, or check one",
  usage: "<problem | -> [options]",
  details: [
    "Takes a problem (JSON, schema roster-problem.schema.json): shift patterns, contracts, agents, labour rules, and the agents",
    "required in each quarter of an hour. Prints a week table, or the whole answer with --json, or one line a shift with --csv.",
    "Ctrl-C stops early and keeps the best roster so far; a second one gives up.",
    "Exit code 0: no rule is broken; 1: some are, each is named; 2: the problem is wrong, with field and remedy.",
    "",
    "examples:",
    "  svara roster --example 40 > problem.json",
    "  svara roster problem.json",
    "  svara roster problem.json --time-limit 120 --gap 0.5 --json > roster.json",
    "  svara roster problem.json --check roster.json",
    "  svara roster problem.json --csv > shifts.csv",
    "  svara roster problem.json --check roster.json --coverage > coverage.csv",
  ].join("\n"),
  options: {
    example: { type: "string", value: "agents", summary: "print a problem of so many agents to begin with" },
    check: {
      type: "string",
      value: "roster.json",
      summary: "check this roster against the problem instead of making one",
    },
    "time-limit": {
      type: "string",
      value: "seconds",
      summary: `how long to look (default ${DEFAULT_TIME_LIMIT_S})`,
    },
    gap: {
      type: "string",
      value: "percent",
      summary: `how near to the bound is good enough (default ${DEFAULT_GAP_PERCENT})`,
    },
    csv: { type: "boolean", summary: "print one line for each shift" },
    coverage: { type: "boolean", summary: "print one line for each quarter and group: required, scheduled" },
  },
  words: { min: 0, max: 1 },
  async run(given, terminal) {
    if (given.options.example !== undefined) {
      const agents = wholeNumber(given, "example", 0, { min: 1, max: 2_000 });
      terminal.out(`${JSON.stringify(exampleProblem({ agents }), null, 1)}\n`);
      return 0;
    }
    const limits = limitsOf(given);
    const problem = await problemOf(given, terminal);
    const { check } = given.options;
    if (typeof check === "string")
      return checked(problem, await rosterOf(check, problem, terminal), given, terminal);
    return solved(problem, limits, given, terminal);
  },
};

interface Limits {
  readonly timeLimitMs: number;
  readonly gap: number;
}

function limitsOf(given: Given): Limits {
  const seconds = wholeNumber(given, "time-limit", DEFAULT_TIME_LIMIT_S, { min: 1, max: 86_400 });
  const text = given.options.gap;
  const gap = text === undefined ? DEFAULT_GAP_PERCENT : Number(text);
  if (!(gap >= 0 && gap <= 100))
    throw new UsageError(`--gap is "${text}"`, "give a percentage from 0 to 100, such as 0.5");
  return { timeLimitMs: seconds * 1000, gap: gap / 100 };
}

async function problemOf(given: Given, terminal: Terminal): Promise<RosterProblem> {
  const [name] = given.words;
  if (name === undefined)
    throw new UsageError(
      "there is no problem to make a roster from",
      'give a file, or - for standard input; "svara roster --example 40" prints one to begin with',
    );
  return parsed(name, terminal, parseRosterProblem, '"svara roster --example 40" shows one that is right');
}

/** A roster by itself, or the answer of `svara roster --json` that holds one. */
function rosterOf(name: string, problem: RosterProblem, terminal: Terminal): Promise<Roster> {
  return parsed(
    name,
    terminal,
    (value) =>
      parseRoster(
        typeof value === "object" && value !== null && "roster" in value ? value.roster : value,
        problem,
      ),
    "give a roster of the problem's days, as roster.schema.json has it",
  );
}

async function parsed<T>(
  name: string,
  terminal: Terminal,
  parse: (value: unknown) => T,
  remedy: string,
): Promise<T> {
  const file = name === "-" ? "standard input" : name;
  const bytes =
    name === "-"
      ? await buffer(terminal.stdin)
      : await readFile(resolve(terminal.cwd, name)).catch(({ code }: NodeJS.ErrnoException) => {
          throw new UsageError(`${file} cannot be read (${code})`, "give the path of a file that is there");
        });
  try {
    return parse(JSON.parse(bytes.toString()));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError(`${file} is no JSON: ${error.message}`, "mend the file there");
    if (error instanceof SvaraError) throw new UsageError(`${file}: ${error.message}`, remedy);
    throw error;
  }
}

function checked(problem: RosterProblem, held: Roster, given: Given, terminal: Terminal): number {
  const violations = checkRoster(problem, held);
  const coverage = rosterCoverage(problem, held);
  if (given.json) terminal.out(`${JSON.stringify({ violations, coverage })}\n`);
  else if (given.options.coverage === true) terminal.out(coverageCsv(coverage));
  else if (given.options.csv === true) terminal.out(rosterCsv(held));
  else terminal.out(violationLines(violations, coverage));
  return violations.length === 0 ? 0 : BROKEN;
}

async function solved(
  problem: RosterProblem,
  limits: Limits,
  given: Given,
  terminal: Terminal,
): Promise<number> {
  const clock = new SystemClock();
  const progress = new Progress(terminal, clock);
  const stop = new AbortController();
  const giveUp = new AbortController();
  const listeners = watchSignals(clock, stop, giveUp);
  try {
    const solution = await solveRosterInWorker(problem, {
      ...limits,
      stop: stop.signal,
      signal: giveUp.signal,
      onProgress: (state) => progress.show(() => progressLine(state, stop.signal.aborted)),
    });
    progress.end();
    if (given.json) terminal.out(`${JSON.stringify(solution)}\n`);
    else if (given.options.coverage === true) terminal.out(coverageCsv(solution.coverage));
    else if (given.options.csv === true) terminal.out(rosterCsv(solution.roster));
    else terminal.out(rosterTable(problem, solution, limits.gap));
    return solution.violations.length === 0 ? 0 : BROKEN;
  } finally {
    listeners.remove();
    progress.end();
  }
}

/** The first Ctrl-C stops gently, one that comes a second later gives up. */
function watchSignals(
  clock: SystemClock,
  stop: AbortController,
  giveUp: AbortController,
): { remove(): void } {
  const added: [NodeJS.Signals, () => void][] = [];
  const source = {
    on: (signal: NodeJS.Signals, listener: () => void) => {
      added.push([signal, listener]);
      process.on(signal, listener);
    },
    off: (signal: NodeJS.Signals, listener: () => void) => process.off(signal, listener),
  };
  const again = (_: StopRequest): void => giveUp.abort();
  void untilStopped(source, clock, again).then(() => stop.abort());
  return {
    remove() {
      for (const [signal, listener] of added) process.off(signal, listener);
    },
  };
}

const PHASES: Readonly<Record<RosterProgress["phase"], string>> = {
  cover: "shifts that cover the requirement",
  days: "who works on which day",
  shifts: "who has which shift, and when breaks lie",
  breaks: "when breaks lie",
};

function progressLine({ phase, gap, elapsedMs }: RosterProgress, isStopping: boolean): string {
  const seconds = Math.round(elapsedMs / 1000);
  const within = gap === null ? "" : `, gap ${(100 * gap).toFixed(2)} %`;
  return `${seconds} s: ${PHASES[phase]}${within}${isStopping ? ", stopping with the best so far" : ""}`;
}

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SvaraError } from "@svara/kernel";
import {
  evaluateModel,
  type ModelInputs,
  modelSummaries,
  type PatienceInput,
  type QueueDemand,
  type ServiceLevelBasis,
  type StaffingTargets,
  type TradeOffCosts,
} from "@svara/workforce/queueing";
import type { CommandOption, Given, Terminal } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import {
  badInput,
  numberOf as cellNumber,
  columnOf,
  placeOf,
  readTable,
  type TableRow,
} from "./forecast-table.ts";

const number = (value: string, summary: string): CommandOption => ({ type: "string", value, summary });

export const STAFFING_OPTIONS: Readonly<Record<string, CommandOption>> = {
  "lambda-per-hour": number("calls", "arrivals an hour"),
  aht: number("seconds", "mean handling time, wrap-up included"),
  patience: number("seconds", "mean time after which callers hang up; without it all wait"),
  "patience-curve": number("file", "a curve of patience instead: CSV of at_s,survival, or JSON"),
  threshold: number("seconds", "to be answered within; several with commas"),
  agents: number("number", "tell the figures of so many agents"),
  lines: number("number", "lines, waiting and talking together; who finds none hears the busy tone"),
  "service-level": number("share", "target: answered within the threshold, such as 0.8"),
  "service-level-base": number("name", "of all (default), served, abandons_out or abandons_in"),
  "max-asa": number("seconds", "target: mean wait of all"),
  "max-pwait": number("share", "target: share that waits at all"),
  "max-abandon": number("share", "target: share that hangs up"),
  "max-blocking": number("share", "target: share that hears the busy tone"),
  "max-occupancy": number("share", "target: agents' share of time in handling"),
  shrinkage: number("share", "paid and away: gives the people to employ"),
  curve: { type: "boolean", summary: "quality against efficiency over many numbers of agents" },
  csv: { type: "boolean", summary: "print the curve, or the intervals, as CSV" },
  "from-agents": number("number", "where the curve begins"),
  "to-agents": number("number", "where the curve ends"),
  "cost-per-hour": number("money", "of an agent, an hour: the curve tells its cheapest point"),
  "cost-per-waiting-hour": number("money", "of an hour that callers wait"),
  "cost-per-abandoned": number("money", "of a caller who hangs up"),
  model: number("name", "evaluate this model"),
  models: { type: "boolean", summary: "list the models with their inputs" },
  inputs: number("json|file|-", "the model's inputs under their own names; options add to them"),
  "offered-erlang": number("erlang", "load, for models that take it"),
  batch: number("file|-", "evaluate an array of {id, model, inputs}"),
  intervals: number(
    "file|-",
    "what each interval needs: CSV of at, offered and, where there are, aht_s, queue, medium",
  ),
  volume: number(
    "column",
    "of the intervals, what to staff for; such as p900 of a forecast (default: offered)",
  ),
  method: number(
    "name",
    "of the intervals: offered_load (default: the load lags behind the calls) or interval",
  ),
  verify: { type: "boolean", summary: "simulate the intervals with the router and the agents found" },
  replications: number("number", "days to simulate (default 100)"),
  seed: number("number", "of the chance that is simulated (default 1)"),
  "time-zone": number("zone", "of times without an offset, and of those printed (default UTC)"),
};

/** Which inputs of a model an option may stand for, the first that the model knows. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  "lambda-per-hour": ["lambda_per_hour", "lambda_per_hour_each", "lambda_per_hour_total"],
  aht: ["aht_s"],
  patience: ["mean_patience_s"],
  "patience-curve": ["patience"],
  threshold: ["threshold_s", "thresholds_s", "awt_s"],
  agents: ["agents", "agents_total"],
  lines: ["lines"],
  "service-level": ["service_level"],
  "service-level-base": ["service_level_base"],
  "max-asa": ["max_asa_s"],
  "max-pwait": ["max_pWait"],
  "max-abandon": ["max_abandon"],
  "max-blocking": ["max_blocking", "blocking"],
  "max-occupancy": ["max_occupancy"],
  shrinkage: ["shrinkage"],
  "offered-erlang": ["offered_erlang"],
};

/** Fields of the functions as the options call them, for messages. */
const OPTION_OF: readonly (readonly [field: string, option: string])[] = [
  ["serviceLevel.share", "service-level"],
  ["serviceLevel.thresholdS", "threshold"],
  ["lambdaPerHour", "lambda-per-hour"],
  ["meanPatienceS", "patience"],
  ["thresholdsS", "threshold"],
  ["maxMeanWaitS", "max-asa"],
  ["maxPWait", "max-pwait"],
  ["maxAbandon", "max-abandon"],
  ["maxBlocking", "max-blocking"],
  ["maxOccupancy", "max-occupancy"],
  ["fromAgents", "from-agents"],
  ["toAgents", "to-agents"],
  ["costs.perAgentHour", "cost-per-hour"],
  ["costs.perWaitingHour", "cost-per-waiting-hour"],
  ["costs.perAbandoned", "cost-per-abandoned"],
  ["patience.meanS", "patience"],
  ["ahtS", "aht"],
  ["agents", "agents"],
  ["lines", "lines"],
  ["shrinkage", "shrinkage"],
];

export const isAsked = ({ options }: Given, name: string): boolean => options[name] !== undefined;

/** @throws {UsageError} when the option is given and no number */
export function numberOf(given: Given, name: string): number | undefined {
  const text = given.options[name];
  if (text === undefined) return undefined;
  return parsedNumber(name, String(text));
}

function parsedNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`--${name} is "${text}"`, "give a number, with a point for decimals");
}

export function thresholdsOf(given: Given): readonly number[] {
  const text = given.options.threshold;
  return text === undefined
    ? []
    : String(text)
        .split(",")
        .map((part) => parsedNumber("threshold", part));
}

/** What comes to the queue, as the options say it. */
export async function demandOf(given: Given, terminal: Terminal): Promise<QueueDemand> {
  for (const name of ["inputs", "offered-erlang"]) {
    if (isAsked(given, name))
      throw new UsageError(`--${name} goes with --model only`, "give --model, or leave it out");
  }
  const [lambdaPerHour, ahtS] = [needed(given, "lambda-per-hour"), needed(given, "aht")];
  const lines = numberOf(given, "lines");
  const patience = await patienceOf(given, terminal);
  return { lambdaPerHour, ahtS, patience, ...(lines === undefined ? {} : { lines }) };
}

/** A curve, a mean, or null: everybody waits. */
export async function patienceOf(given: Given, terminal: Terminal): Promise<PatienceInput | number | null> {
  return (await curveOf(given, terminal)) ?? numberOf(given, "patience") ?? null;
}

function needed(given: Given, name: string): number {
  const value = numberOf(given, name);
  if (value !== undefined) return value;
  const option = STAFFING_OPTIONS[name];
  throw new UsageError(`--${name} is missing (${option?.summary})`, `give --${name} <${option?.value}>`);
}

async function curveOf(given: Given, terminal: Terminal): Promise<PatienceInput | undefined> {
  if (!isAsked(given, "patience-curve")) return undefined;
  if (isAsked(given, "patience"))
    throw new UsageError("--patience and --patience-curve are both given", "give one of them");
  const text = await textOf(given, terminal, "patience-curve");
  return asPatience(
    /^\s*\{/.test(text)
      ? parsedJson("patience-curve", text)
      : csvCurve(text, String(given.options["patience-curve"])),
  );
}

/** The patience of a file is checked by the model that takes it. */
const asPatience = (value: unknown): PatienceInput => {
  const camel = (name: string): string =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const walk = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(walk);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [camel(name), walk(one)]));
  };
  return walk(value) as PatienceInput;
};

/** Lines of `at_s,survival`. Beyond the last point callers leave at the average rate so far. */
function csvCurve(text: string, name: string): object {
  const table = readTable(text, name);
  const [at, survival] = [columnOf(table, ["at_s", "seconds"]), columnOf(table, ["survival", "share"])];
  if (at < 0 || survival < 0)
    throw new UsageError(`${name} has no columns at_s and survival`, "name them in its first line");
  const cell = (row: TableRow, column: number): number => {
    const value = cellNumber(row.cells[column] ?? "");
    if (value !== undefined) return value;
    throw badInput(
      `${placeOf(table, row.line, column)}: "${row.cells[column]}" is no number`,
      `line ${row.line}`,
    );
  };
  const points = table.rows.map((row) => ({ atS: cell(row, at), survival: cell(row, survival) }));
  const last = points[points.length - 1];
  const tailMeanS =
    last !== undefined && last.survival > 0 && last.survival < 1
      ? { tailMeanS: last.atS / -Math.log(last.survival) }
      : {};
  return { dist: "empirical", points, ...tailMeanS };
}

const BASES: Readonly<Record<string, ServiceLevelBasis>> = {
  all: "all",
  served: "served",
  abandons_out: "abandonsOut",
  abandons_in: "abandonsIn",
};

/** The targets that are given, if any. */
export function targetsOf(given: Given, thresholdsS: readonly number[]): StaffingTargets | undefined {
  const share = numberOf(given, "service-level");
  const base = String(given.options["service-level-base"] ?? "all");
  const basis = BASES[base];
  if (basis === undefined)
    throw new UsageError(`--service-level-base is "${base}"`, `give one of ${Object.keys(BASES).join(", ")}`);
  if (share === undefined && isAsked(given, "service-level-base"))
    throw new UsageError(
      "--service-level-base is given without --service-level",
      "give --service-level <share>",
    );
  const [thresholdS] = thresholdsS;
  if (share !== undefined && thresholdS === undefined)
    throw new UsageError(
      "--service-level is given without --threshold",
      "give --threshold <seconds>, such as 20",
    );
  const limits = {
    maxMeanWaitS: numberOf(given, "max-asa"),
    maxPWait: numberOf(given, "max-pwait"),
    maxAbandon: numberOf(given, "max-abandon"),
    maxBlocking: numberOf(given, "max-blocking"),
    maxOccupancy: numberOf(given, "max-occupancy"),
  };
  const targets = {
    ...(share === undefined || thresholdS === undefined
      ? {}
      : { serviceLevel: { share, thresholdS, basis } }),
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
  };
  return Object.keys(targets).length > 0 ? targets : undefined;
}

export function costsOf(given: Given): TradeOffCosts | undefined {
  const perAgentHour = numberOf(given, "cost-per-hour");
  const perWaitingHour = numberOf(given, "cost-per-waiting-hour") ?? 0;
  const perAbandoned = numberOf(given, "cost-per-abandoned") ?? 0;
  if (perAgentHour !== undefined) return { perAgentHour, perWaitingHour, perAbandoned };
  if (perWaitingHour === 0 && perAbandoned === 0) return undefined;
  throw new UsageError(
    "costs of callers are given without the cost of agents",
    "give --cost-per-hour <money>",
  );
}

/** The inputs of a model: those of `--inputs`, and the options under the names that the model knows. */
export async function inputsFor(model: string, given: Given, terminal: Terminal): Promise<ModelInputs> {
  const summary = modelSummaries().find(({ name }) => name === model);
  if (summary === undefined) return evaluateModel(model, {}); // says which models there are
  const stated = isAsked(given, "inputs") ? await jsonOf(given, terminal, "inputs") : {};
  if (typeof stated !== "object" || stated === null || Array.isArray(stated))
    throw new UsageError("--inputs is no object", `give ${summary.needs.join(", ")} by name`);
  const inputs: Record<string, unknown> = { ...stated };
  const known = [...summary.needs, ...summary.takes];
  for (const option of Object.keys(given.options)) {
    if (option === "model" || option === "inputs" || option === "json") continue;
    const field = FIELDS_OF[option]?.find((name) => known.includes(name));
    if (field === undefined)
      throw new UsageError(`--${option} is no input of ${model}`, `${model} takes ${known.join(", ")}`);
    const [name, value] = await inputOf(option, field, known, given, terminal);
    if (name in inputs)
      throw new UsageError(`--${option} and ${name} of --inputs are both given`, "give one of them");
    inputs[name] = value;
  }
  return inputs;
}

async function inputOf(
  option: string,
  field: string,
  known: readonly string[],
  given: Given,
  terminal: Terminal,
): Promise<readonly [name: string, value: unknown]> {
  if (option === "service-level-base") return [field, given.options[option]];
  if (option === "patience-curve") return [field, await curveOf(given, terminal)];
  if (option !== "threshold") return [field, numberOf(given, option)];
  const thresholds = thresholdsOf(given);
  if (thresholds.length === 1 && field !== "thresholds_s") return [field, thresholds[0]];
  if (known.includes("thresholds_s")) return ["thresholds_s", thresholds];
  throw new UsageError(
    `--threshold is "${given.options.threshold}"`,
    `give one threshold: the model takes ${field}`,
  );
}

/** The JSON that an option gives: itself, a file, or standard input. */
export async function jsonOf(given: Given, terminal: Terminal, option: string): Promise<unknown> {
  const value = String(given.options[option]);
  if (/^\s*[{[]/.test(value)) return parsedJson(option, value);
  return parsedJson(option, await textOf(given, terminal, option));
}

export async function textOf(given: Given, { cwd, stdin }: Terminal, option: string): Promise<string> {
  const file = String(given.options[option]);
  if (file === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }
  return readFile(resolve(cwd, file), "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--${option}: ${file} cannot be read (${cause.code ?? cause.message})`,
      "give the path of a file that is there",
    );
  });
}

function parsedJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`--${option} is no JSON: ${error.message}`, "mend it there");
  }
}

/** An error of the models, in the words of the options that were given. */
export function inTheWordsOf(given: Given, error: unknown): unknown {
  if (!(error instanceof SvaraError) || !error.code.startsWith("queueing.") || error.field === undefined)
    return error;
  const { code, message, field, httpStatus } = error;
  const pairs = [
    ...OPTION_OF,
    ...Object.entries(FIELDS_OF).flatMap(([option, fields]) => fields.map((name) => [name, option] as const)),
  ];
  const found = pairs.find(
    ([name, option]) => name === field && (isAsked(given, option) || !isAsked(given, "inputs")),
  );
  if (found === undefined || !message.startsWith(field)) return error;
  return new SvaraError(`--${found[1]}${message.slice(field.length)}`, {
    code,
    field,
    httpStatus,
    cause: error,
  });
}

import { SvaraError } from "@svara/kernel";

/** Beyond these a number is a slip of the pen, not a contact centre. */
export const LIMITS = {
  agents: 10_000_000,
  lines: 1_000_000,
  erlang: 10_000_000,
  lambdaPerHour: 1_000_000_000,
  seconds: 31_536_000, // a year
} as const;

/** A thing that exact numerics would take too long for: `queueing.bad_input`, by the field that makes it large. */
export function tooLarge(field: string, what: string): SvaraError {
  return badInput(field, `${field} makes ${what} too large to solve exactly; give less, or simulate it`);
}

/** An input that no answer can be given to: `queueing.bad_input`, HTTP 400, with its field; the message ends in the remedy. */
export function badInput(field: string, problem: string): SvaraError {
  return new SvaraError(problem, { code: "queueing.bad_input", httpStatus: 400, field });
}

/**
 * The queue grows without end, so there are no figures: `queueing.unstable`, HTTP 422. Every function of this folder
 * that can meet it throws it, none returns a number instead.
 */
export function unstable(options: {
  readonly offeredErlang: number;
  readonly agents: number;
  readonly who?: string;
  readonly remedy?: string;
}): SvaraError {
  const { offeredErlang, agents, who = "agents" } = options;
  const least = Math.floor(offeredErlang) + 1;
  return new SvaraError(
    `unstable: ${short(agents)} ${who} cannot carry ${short(offeredErlang)} erlang, the queue grows without end; ${
      options.remedy ?? `give at least ${least} agents, or a patience after which callers hang up`
    }`,
    { code: "queueing.unstable", httpStatus: 422, field: "agents" },
  );
}

/** No number of agents (or lines) reaches what is asked: `queueing.unreachable`, HTTP 422. */
export function unreachableTarget(field: string, problem: string): SvaraError {
  return new SvaraError(problem, { code: "queueing.unreachable", httpStatus: 422, field });
}

/** A finite number from `min` to `max`; `above` excludes `min` itself. */
export function numberIn(
  value: unknown,
  field: string,
  range: {
    readonly min: number;
    readonly max: number;
    readonly isAbove?: boolean;
    readonly isWhole?: boolean;
  },
): number {
  const { min, max, isAbove = false, isWhole = false } = range;
  const wanted = `give a ${isWhole ? "whole " : ""}number ${isAbove ? "above" : "from"} ${short(min)} ${
    isAbove ? "and up to" : "to"
  } ${short(max)}`;
  if (value === undefined || value === null) throw badInput(field, `${field} is missing; ${wanted}`);
  if (typeof value !== "number" || !Number.isFinite(value))
    throw badInput(field, `${field} is ${inWords(value)}; ${wanted}`);
  if (value < min || value > max || (isAbove && value === min) || (isWhole && !Number.isInteger(value)))
    throw badInput(field, `${field} is ${value}; ${wanted}`);
  return value;
}

/** Agents, lines or servers: above 0, whole or not (a half is a half-time agent). */
export const agentsIn = (value: unknown, field = "agents"): number =>
  numberIn(value, field, { min: 0, max: LIMITS.agents, isAbove: true });

export const wholeAgentsIn = (value: unknown, field = "agents"): number =>
  numberIn(value, field, { min: 1, max: LIMITS.agents, isWhole: true });

export const erlangIn = (value: unknown, field = "offeredErlang"): number =>
  numberIn(value, field, { min: 0, max: LIMITS.erlang });

export const rateIn = (value: unknown, field = "lambdaPerHour"): number =>
  numberIn(value, field, { min: 0, max: LIMITS.lambdaPerHour });

/** A length of time that cannot be nothing, such as a handling time. */
export const durationIn = (value: unknown, field: string): number =>
  numberIn(value, field, { min: 0, max: LIMITS.seconds, isAbove: true });

/** A length of time that may be nothing, such as a threshold. */
export const secondsIn = (value: unknown, field: string): number =>
  numberIn(value, field, { min: 0, max: LIMITS.seconds });

/** A share strictly between nothing and everything: what a target must be to be reached at all. */
export function openShareIn(value: unknown, field: string): number {
  const share = numberIn(value, field, { min: 0, max: 1, isAbove: true });
  if (share < 1) return share;
  throw badInput(field, `${field} is 1, which no finite centre reaches; give a share below 1, such as 0.8`);
}

export const shareIn = (value: unknown, field: string): number => numberIn(value, field, { min: 0, max: 1 });

const short = (value: number): string => String(Number(value.toPrecision(6)));

function inWords(value: unknown): string {
  if (typeof value === "string") return `the text "${value}"`;
  if (typeof value === "number") return String(value);
  return Array.isArray(value) ? "a list" : `of the type ${typeof value}`;
}

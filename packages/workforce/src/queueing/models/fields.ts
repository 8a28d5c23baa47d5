import { SvaraError } from "@svara/kernel";
import type { ServiceLevelBasis } from "../figures.ts";
import {
  agentsIn,
  badInput,
  durationIn,
  erlangIn,
  openShareIn,
  rateIn,
  secondsIn,
  wholeAgentsIn,
} from "../input.ts";
import type { PatienceInput } from "../patience.ts";

/** Inputs and outputs as they stand in a file: plain JSON under snake_case names. */
export type ModelInputs = Readonly<Record<string, unknown>>;
export type ModelOutputs = Readonly<Record<string, unknown>>;

/** A model by name: what it takes and how it answers. */
export interface Model {
  readonly summary: string;
  /** Names of the inputs that it needs. */
  readonly needs: readonly string[];
  /** Names of the inputs that may be absent or null. */
  readonly takes?: readonly string[];
  evaluate(inputs: ModelInputs): ModelOutputs;
}

export const lambdaOf = (inputs: ModelInputs): number => rateIn(inputs.lambda_per_hour, "lambda_per_hour");
export const ahtOf = (inputs: ModelInputs): number => durationIn(inputs.aht_s, "aht_s");
export const agentsOf = (inputs: ModelInputs): number => agentsIn(inputs.agents);
export const wholeAgentsOf = (inputs: ModelInputs): number => wholeAgentsIn(inputs.agents);
export const erlangOf = (inputs: ModelInputs): number => erlangIn(inputs.offered_erlang, "offered_erlang");
export const patienceMeanOf = (inputs: ModelInputs): number =>
  durationIn(inputs.mean_patience_s, "mean_patience_s");
export const patienceMeanOrNull = (inputs: ModelInputs): number | null =>
  isGiven(inputs.mean_patience_s) ? patienceMeanOf(inputs) : null;

/** Neither absent nor null. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** What `check` makes of a field, or nothing when it is absent or null. */
export function given<T>(
  inputs: ModelInputs,
  name: string,
  check: (value: unknown, field: string) => T,
): T | undefined {
  const value = inputs[name];
  return isGiven(value) ? check(value, name) : undefined;
}

/** A list, each entry checked under its own name. */
export function listIn<T>(
  value: unknown,
  name: string,
  check: (value: unknown, field: string) => T,
): readonly T[] {
  if (!Array.isArray(value))
    throw badInput(name, `${name} is ${value === undefined ? "missing" : "no list"}; give a list`);
  return value.map((entry: unknown, i) => check(entry, `${name}[${i}]`));
}

/** `thresholds_s`, or `threshold_s` alone, or none. */
export function thresholdsOf(inputs: ModelInputs): readonly number[] {
  if (isGiven(inputs.thresholds_s)) return listIn(inputs.thresholds_s, "thresholds_s", secondsIn);
  const one = given(inputs, "threshold_s", secondsIn);
  return one === undefined ? [] : [one];
}

/** One of some words. */
export function wordIn<T extends string>(value: unknown, field: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw badInput(
    field,
    `${field} is ${isGiven(value) ? `"${value}"` : "missing"}; give ${words.join(" or ")}`,
  );
}

const BASES: Readonly<Record<string, ServiceLevelBasis>> = {
  all: "all",
  served: "served",
  abandons_out: "abandonsOut",
  abandons_in: "abandonsIn",
};

function basisOf(inputs: ModelInputs): ServiceLevelBasis {
  const name = "service_level_base";
  if (!isGiven(inputs[name])) return "all";
  return BASES[wordIn(inputs[name], name, Object.keys(BASES))] ?? "all";
}

/** A service level with its threshold: both or neither. */
export function serviceLevelOf(
  inputs: ModelInputs,
): { share: number; thresholdS: number; basis: ServiceLevelBasis } | undefined {
  const share = given(inputs, "service_level", openShareIn);
  if (share === undefined) {
    if (isGiven(inputs.service_level_base))
      throw badInput(
        "service_level",
        "service_level is missing, though its base is given; give a share such as 0.8",
      );
    return undefined;
  }
  return { share, thresholdS: secondsIn(inputs.threshold_s, "threshold_s"), basis: basisOf(inputs) };
}

/** `patience` as an object under snake_case names, such as {"dist": "lognormal", "mean_s": 200, "scv": 1}. */
export function patienceOf(inputs: ModelInputs): PatienceInput {
  const { patience } = inputs;
  if (typeof patience !== "object" || patience === null || Array.isArray(patience))
    throw badInput(
      "patience",
      'patience is missing or no object; give one such as {"dist": "exponential", "mean_s": 200}',
    );
  return camelKeys(patience) as unknown as PatienceInput;
}

/** The same value with the names of its fields in camelCase, all the way down. */
export function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      camelKeys(inner),
    ]),
  );
}

const snake = (name: string): string =>
  name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The same value with the names of its fields in snake_case, all the way down. */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snake(name), snakeKeys(inner)]));
}

/** An error of the functions, told in the names that the file uses. */
export function inFileNames(error: unknown): unknown {
  if (!(error instanceof SvaraError) || error.field === undefined || !error.code.startsWith("queueing."))
    return error;
  const field = snake(error.field);
  if (field === error.field) return error;
  return new SvaraError(error.message.replaceAll(error.field, field), {
    code: error.code,
    httpStatus: error.httpStatus,
    field,
    cause: error,
  });
}

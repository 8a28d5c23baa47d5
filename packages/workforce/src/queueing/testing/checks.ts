import { readFileSync } from "node:fs";
import type { ModelInputs, ModelOutputs } from "../models/fields.ts";

/** A model's answer that the literature prints, or that was derived with 40 digits. */
export interface Check {
  readonly id: string;
  readonly model: string;
  readonly inputs: ModelInputs;
  readonly outputs: ModelOutputs;
  /** Relative; 0: exact. */
  readonly tolerance: number;
  readonly source: string;
}

/** One record a line. */
export const CHECKS: readonly Check[] = readFileSync(new URL("./checks.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line): Check => JSON.parse(line));

/** The outputs that miss what the check says, each with both values. */
export function missed(check: Check, outputs: ModelOutputs): readonly string[] {
  return Object.entries(check.outputs).flatMap(([name, expected]) => {
    const got = outputs[name];
    const isNear = Array.isArray(expected)
      ? Array.isArray(got) && expected.every((value, i) => near(got[i], value, check.tolerance))
      : near(got, expected, check.tolerance);
    return isNear ? [] : [`${check.id} ${name}: ${got} instead of ${expected}`];
  });
}

function near(got: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof got !== "number" || typeof expected !== "number") return got === expected;
  return Math.abs(got - expected) <= tolerance * Math.abs(expected);
}

import { DEFAULT_FEATURE_CODES } from "@svara/contracts";
import { expect, test } from "vitest";
import { codeProblems, mayBeSaved } from "./feature-codes.ts";

test("nothing is wrong with the defaults", () => {
  expect([...codeProblems(DEFAULT_FEATURE_CODES)]).toEqual([]);
});

test("two features with the same digits clash", () => {
  const problems = codeProblems({ ...DEFAULT_FEATURE_CODES, whisper: "*1" });
  expect(problems.get("whisper")).toEqual({ kind: "taken", by: "listen" });
  expect(mayBeSaved(problems)).toBe(false);
});

test("one code may stand for a feature alone and for another with digits after it", () => {
  expect(codeProblems({ ...DEFAULT_FEATURE_CODES, fetch_parked: "*70" }).size).toBe(0);
});

test("a code without its star is told", () => {
  expect(codeProblems({ ...DEFAULT_FEATURE_CODES, park: "70" }).get("park")).toEqual({ kind: "malformed" });
});

test("a code that takes digits warns where a longer code begins with it", () => {
  const problems = codeProblems({ ...DEFAULT_FEATURE_CODES, pick_up: "*7" });
  expect(problems.get("pick_up")).toEqual({ kind: "hides", other: "park" });
  expect(mayBeSaved(problems)).toBe(true);
});

test("a feature without a code clashes with nothing", () => {
  expect(codeProblems({ ...DEFAULT_FEATURE_CODES, listen: null, whisper: null }).size).toBe(0);
});

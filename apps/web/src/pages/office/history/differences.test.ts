import { expect, test } from "vitest";
import { differences } from "./differences.ts";

test("only what differs is told, nested fields by their path", () => {
  const before = { id: "1", revision: 4, name: "Sales", wrapUp: { mode: "timed", limitMs: 60_000 } };
  const after = { id: "1", revision: 5, name: "Sales", wrapUp: { mode: "timed", limitMs: 30_000 } };
  expect(differences(before, after)).toEqual([{ path: "wrapUp.limitMs", before: "60000", after: "30000" }]);
});

test("a created thing has no before, a removed one no after", () => {
  expect(differences(null, { name: "Sales" })).toEqual([{ path: "name", before: undefined, after: "Sales" }]);
  expect(differences({ name: "Sales" }, null)).toEqual([{ path: "name", before: "Sales", after: undefined }]);
});

test("null and absent are the same to a reader", () => {
  expect(differences({ email: null }, {})).toEqual([]);
});

import { expect, test } from "vitest";
import { unitFor } from "./duration-unit.ts";
import { moved } from "./moved.ts";

test("a rule moves to its new place and the others close up", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
});

test("a place outside of the list changes nothing", () => {
  expect(moved(["a", "b"], 0, 2)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 5, 0)).toEqual(["a", "b"]);
});

test("a span is shown in the largest unit that divides it", () => {
  expect([0, 30_000, 90_000, 120_000, 7_200_000].map(unitFor)).toEqual(["s", "s", "s", "min", "h"]);
});

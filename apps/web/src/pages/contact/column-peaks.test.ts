import { expect, test } from "vitest";
import { columnPeaks } from "./column-peaks.ts";

test("a column shows the loudest moment that falls into it", () => {
  expect(columnPeaks([0.1, 0.9, 0.2, 0.3], 2)).toEqual([0.9, 0.3]);
});

test("fewer peaks than columns are spread, none leaves silence", () => {
  expect(columnPeaks([0.5, 1.4], 4)).toEqual([0.5, 0.5, 1, 1]);
  expect(columnPeaks([], 3)).toEqual([0, 0, 0]);
});

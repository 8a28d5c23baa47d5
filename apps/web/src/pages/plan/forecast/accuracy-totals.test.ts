import { expect, test } from "vitest";
import { accuracyTotals } from "./accuracy-totals.ts";

test("errors are sums over sums; too much and too little cancel in the bias only", () => {
  const days = [
    { forecast: 110, actual: 100, absoluteError: 20, inside80: 30, intervals: 40 },
    { forecast: 40, actual: 50, absoluteError: 10, inside80: 34, intervals: 40 },
  ];
  expect(accuracyTotals(days)).toEqual({ wape: 0.2, dayWape: 20 / 150, bias: 0, inside80: 0.8 });
  expect(accuracyTotals([])).toEqual({ wape: null, dayWape: null, bias: null, inside80: null });
});

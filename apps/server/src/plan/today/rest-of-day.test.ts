import { expect, test } from "vitest";
import { requiredFor, restOfDay } from "./rest-of-day.ts";

const planned = [40, 60, 50, 50].map((forecast, at) => ({
  at,
  forecast,
  low: forecast - 10,
  high: forecast + 10,
  actual: at < 2 ? forecast * 1.4 : null,
}));

test("without a method the rest is drawn half way to the share of what came", () => {
  const rest = restOfDay(planned, null);
  expect(rest.by).toBe("share");
  expect(rest.intervals.map(({ mean }) => Math.round(mean))).toEqual([60, 60]);
  expect(rest.intervals[0]?.low).toBeCloseTo(48, 9);
});

test("before enough has come the plan stands", () => {
  const early = planned.map((one, i) =>
    i === 0 ? { ...one, forecast: 4, actual: 40 } : { ...one, actual: null },
  );
  expect(restOfDay(early, null)).toMatchObject({
    by: null,
    intervals: [{ mean: 60 }, { mean: 50 }, { mean: 50 }],
  });
});

test("a method's finding is carried over to the forecast that a planner has changed", () => {
  const method = [2, 3].map((at) => ({ at, planned: 25, mean: 30, low: 20, high: 45 }));
  const rest = restOfDay(planned, method);
  expect(rest).toEqual({
    by: "method",
    intervals: [
      { at: 2, mean: 60, low: 40, high: 90 },
      { at: 3, mean: 60, low: 40, high: 90 },
    ],
  });
});

test("another load is staffed with the same safety in standard deviations", () => {
  expect(requiredFor({ agents: 110, load: 100 }, 4)).toBe(420);
  expect(requiredFor({ agents: 110, load: 100 }, 1)).toBe(110);
  expect(requiredFor({ agents: 0, load: 0 }, 2)).toBe(0);
  expect(requiredFor({ agents: 3, load: 2 }, 0.01)).toBe(1);
});

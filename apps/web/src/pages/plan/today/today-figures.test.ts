import type { TodayInterval } from "@svara/contracts";
import { expect, test } from "vitest";
import { busyPart, intervalAt, shortHours } from "./today-figures.ts";

const interval = (at: number, more: Partial<TodayInterval> = {}): TodayInterval => ({
  at: at * 900_000,
  forecast: null,
  low: null,
  high: null,
  actual: null,
  answered: null,
  abandoned: null,
  serviceLevel: null,
  reforecast: null,
  reforecastLow: null,
  reforecastHigh: null,
  required: null,
  scheduled: null,
  onDuty: null,
  ...more,
});

test("the night is not shown, a quarter of an hour on either side is", () => {
  const day = Array.from({ length: 10 }, (_, i) => interval(i, i === 4 ? { forecast: 3 } : { actual: 0 }));
  expect(busyPart(day).map(({ at }) => at / 900_000)).toEqual([3, 4, 5]);
  expect(busyPart([interval(0), interval(1)])).toHaveLength(2);
});

test("an instant lies in the interval that began last", () => {
  const day = [interval(0), interval(1)];
  expect(intervalAt(day, 900_000)?.at).toBe(900_000);
  expect(intervalAt(day, 899_999)?.at).toBe(0);
  expect(intervalAt(day, 1_800_000)).toBeUndefined();
});

test("hours short of the requirement are counted before and after", () => {
  const effects = [
    { required: 10, before: 8, after: 9 },
    { required: 4, before: 6, after: 5 },
  ];
  expect(shortHours(effects)).toEqual({ before: 0.5, after: 0.25 });
});

import { describe, expect, test } from "vitest";
import { fitHistory } from "./forecast-contacts.ts";
import { reforecastDay } from "./reforecast.ts";
import { cutAt, knownTruth, swing, twoHills } from "./testing/known-truth.ts";

const HALF_HOUR = 1_800_000;
const level = swing(140, 0.5, 0.12, 3);
const { history } = knownTruth({
  days: 140,
  intervalMs: HALF_HOUR,
  perDay: (day, weekday) => (weekday > 4 ? 0 : 1000 * Math.exp(level[day] ?? 0)),
  shape: twoHills,
});
const DATE = "2025-05-20";
const { before, after } = cutAt(history, DATE);
const midnight = Date.parse(`${DATE}T00:00:00Z`);
const today = after.filter(({ at }) => at < midnight + 86_400_000);
const fit = fitHistory(before, { horizonDays: 1, method: "day_level" });
const noon = midnight + 12 * 3_600_000;

describe("the day as it goes by", () => {
  test("[WF88] what came is known, and the rest moves part of the way with it", () => {
    const more = today.map(({ at, count }) => ({ at, count: Math.round(1.3 * count) }));
    const plan = reforecastDay(fit, [], midnight + 1);
    const seen = reforecastDay(fit, more, noon);
    const known = seen.intervals.filter(({ actual }) => actual !== null);
    expect(known).toHaveLength(8);
    for (const { mean, actual, quantiles } of known)
      expect([mean, quantiles.p025, quantiles.p975]).toEqual([actual, actual, actual]);
    expect(seen.soFar.actual).toBe(more.slice(0, 8).reduce((sum, { count }) => sum + count, 0));
    expect(seen.day.mean).toBeCloseTo(seen.soFar.actual + seen.remaining.mean, 2);
    const surprise = seen.soFar.actual / seen.soFar.planned;
    const moved = seen.remaining.mean / seen.remaining.planned;
    expect(Math.sign(moved - 1)).toBe(Math.sign(surprise - 1));
    expect(Math.abs(moved - 1)).toBeLessThan(Math.abs(surprise - 1));
    expect(Math.abs(moved - 1)).toBeGreaterThan(0.3 * Math.abs(surprise - 1));
    // knowing half of the day makes the day surer
    const width = (q: { p100: number; p900: number }): number => q.p900 - q.p100;
    expect(width(seen.day.quantiles)).toBeLessThan(0.7 * width(plan.day.quantiles));
  });

  test("[WF88] over many days the rest is forecast better than in the morning, and is never below nought", () => {
    let planned = 0;
    let updated = 0;
    for (let ahead = 0; ahead < 5; ahead++) {
      const from = midnight + ahead * 86_400_000;
      const counts = after.filter(({ at }) => at >= from && at < from + 86_400_000);
      const one = reforecastDay(fit, counts, from + 11 * 3_600_000);
      if (one.intervals.length === 0) continue;
      const actual = counts
        .filter(({ at }) => at >= from + 11 * 3_600_000)
        .reduce((sum, { count }) => sum + count, 0);
      planned += Math.abs(one.remaining.planned - actual);
      updated += Math.abs(one.remaining.mean - actual);
    }
    expect(updated).toBeLessThan(planned);
    const nobody = reforecastDay(
      fit,
      today.map(({ at }) => ({ at, count: 0 })),
      noon,
    );
    expect(nobody.remaining.mean).toBeGreaterThan(0);
    expect(nobody.remaining.mean).toBeLessThan(0.5 * nobody.remaining.planned);
  });

  test("[WF88] an interval that is not over is left out, a day that the history holds is refused", () => {
    const seen = reforecastDay(fit, today, noon + HALF_HOUR / 2);
    expect(seen.intervals.filter(({ actual }) => actual !== null)).toHaveLength(8);
    expect(() => reforecastDay(fit, [], midnight - 1)).toThrow(/goes on until 2025-05-19/);
    expect(() => reforecastDay(fit, [{ at: midnight, count: -1 }], noon)).toThrow(/-1 contacts/);
  });
});

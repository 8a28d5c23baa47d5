import { describe, expect, test } from "vitest";
import { countQuantile } from "./count-quantile.ts";
import { ErrorTally } from "./error-figures.ts";
import { forecastContacts } from "./forecast-contacts.ts";
import { quantilesOf } from "./spread.ts";
import { cutAt, knownTruth, swing, twoHills } from "./testing/known-truth.ts";

describe("how far a forecast may be off", () => {
  test("[WF84] quantiles are those of the negative binomial distribution", () => {
    // Poisson 3: P(0) = .0498, P(<=1) = .1991, P(<=5) = .9161, P(<=7) = .9881
    expect([0.025, 0.1, 0.5, 0.9, 0.975].map((p) => countQuantile(3, 0, p))).toEqual([0, 1, 3, 5, 7]);
    // geometric with mean 4 (relative variance 1 is exponential rates): P(<=n) = 1 - .8^(n+1)
    expect([0.1, 0.5, 0.9].map((p) => countQuantile(4, 1, p))).toEqual([0, 3, 10]);
    // Poisson 400: mean +- 1.2816 * 20, a skewness of 1/20
    expect([0.1, 0.5, 0.9].map((p) => countQuantile(400, 0, p))).toEqual([374, 400, 426]);
    expect(countQuantile(0, 0.04, 0.975)).toBe(0);
  });

  test("[WF84] where exact sums end and the expansion begins there is no step", () => {
    for (const p of [0.025, 0.1, 0.5, 0.9, 0.975]) {
      expect(Math.abs(countQuantile(20.01, 0.03, p) - countQuantile(19.99, 0.03, p))).toBeLessThanOrEqual(1);
    }
  });

  test("[WF84] wider factors widen, and the five quantiles never cross", () => {
    const plain = quantilesOf(100, { relativeVariance: 0.01, widen80: 1, widen95: 1 });
    const odd = quantilesOf(100, { relativeVariance: 0.01, widen80: 1.5, widen95: 0.5 });
    expect(odd.p900 - odd.p100).toBeGreaterThan(plain.p900 - plain.p100);
    const { p025, p100, p500, p900, p975 } = odd;
    expect([p025, p100, p500, p900, p975]).toEqual([p025, p100, p500, p900, p975].sort((a, b) => a - b));
  });

  test("[WF85] 80 % and 95 % of what comes lies within the intervals, of intervals and of days", () => {
    const level = swing(560, 0.6, 0.08, 5);
    const { history } = knownTruth({
      days: 560,
      intervalMs: 3_600_000,
      perDay: (day, weekday) => (weekday > 4 ? 0 : 900 * Math.exp(level[day] ?? 0)),
      shape: twoHills,
    });
    const cuts = Array.from({ length: 13 }, (_, i) =>
      new Date(Date.parse("2025-07-21T00:00:00Z") + i * 28 * 86_400_000).toISOString().slice(0, 10),
    );
    const seen = { intervals: 0, in80: 0, in95: 0, days: 0, day80: 0, day95: 0 };
    for (const cut of cuts) {
      const { before, after } = cutAt(history, cut);
      const actual = new Map(after.map(({ at, count }) => [at, count]));
      const { intervals, days } = forecastContacts(
        { ...before, counts: before.counts.slice(-1400) },
        { horizonDays: 26, method: "day_level" },
      );
      const totals = new Map<string, number>();
      for (const { at, quantiles: q } of intervals) {
        const count = actual.get(at);
        if (count === undefined) continue;
        const date = new Date(at).toISOString().slice(0, 10);
        totals.set(date, (totals.get(date) ?? 0) + count);
        seen.intervals++;
        if (q.p100 <= count && count <= q.p900) seen.in80++;
        if (q.p025 <= count && count <= q.p975) seen.in95++;
      }
      for (const { date, quantiles: q } of days) {
        const total = totals.get(date);
        if (total === undefined) continue;
        seen.days++;
        if (q.p100 <= total && total <= q.p900) seen.day80++;
        if (q.p025 <= total && total <= q.p975) seen.day95++;
      }
    }
    expect(seen.days).toBeGreaterThan(200);
    expect(Math.abs(seen.in80 / seen.intervals - 0.8)).toBeLessThan(0.03);
    expect(Math.abs(seen.in95 / seen.intervals - 0.95)).toBeLessThan(0.03);
    expect(Math.abs(seen.day80 / seen.days - 0.8)).toBeLessThan(0.06); // 260 days that swing together
    expect(Math.abs(seen.day95 / seen.days - 0.95)).toBeLessThan(0.04);
  });

  test("[WF89] days farther ahead are less sure where days swing", () => {
    const level = swing(200, 0.9, 0.2, 5);
    const { history } = knownTruth({
      days: 200,
      intervalMs: 3_600_000,
      perDay: (day) => 900 * Math.exp(level[day] ?? 0),
    });
    const { days } = forecastContacts(history, { horizonDays: 20, method: "day_level" });
    const width = (i: number): number =>
      ((days[i]?.quantiles.p900 ?? 0) - (days[i]?.quantiles.p100 ?? 0)) / (days[i]?.mean ?? 1);
    expect(width(6)).toBeGreaterThan(width(0));
    expect(width(19)).toBeGreaterThan(1.4 * width(0));
  });

  test("[WF91] errors are those that everybody means: by hand", () => {
    const tally = new ErrorTally();
    const sure = (count: number) => ({ p025: count, p100: count, p500: count, p900: count, p975: count });
    tally.add(12, 10, { p025: 6, p100: 9, p500: 12, p900: 15, p975: 20 });
    tally.add(8, 20, { p025: 4, p100: 6, p500: 8, p900: 10, p975: 20 });
    tally.add(1, 0, sure(1));
    expect(tally.figures()).toEqual({
      mape: expect.closeTo((0.2 + 0.6) / 2, 12),
      wape: 15 / 30,
      rmse: expect.closeTo(Math.sqrt((4 + 144 + 1) / 3), 12),
      bias: -9 / 30,
      coverage80: 1 / 3,
      coverage95: 2 / 3,
    });
    expect(new ErrorTally().figures()).toMatchObject({ mape: null, wape: null, bias: null });
  });
});

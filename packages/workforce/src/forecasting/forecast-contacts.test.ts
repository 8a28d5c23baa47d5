import { describe, expect, test } from "vitest";
import { dayCalendar } from "./day-calendar.ts";
import { dayGrid } from "./day-grid.ts";
import { forecastContacts } from "./forecast-contacts.ts";
import type { Forecast, ForecastMethod } from "./forecast-result.ts";
import { combination } from "./methods/combination.ts";
import { curves } from "./methods/curves.ts";
import { dayLevel } from "./methods/day-level.ts";
import { seasonalNaive, weekdayMean } from "./methods/weekday-mean.ts";
import { weekdaySmoothing } from "./methods/weekday-smoothing.ts";
import { modelDays } from "./model-days.ts";
import { cutAt, knownTruth, swing, twoHills } from "./testing/known-truth.ts";

const WEEK = [1, 0.9, 0.8, 0.85, 0.7, 0.3, 0];
const HALF_HOUR = 1_800_000;
const perWeek =
  (mean: number) =>
  (_day: number, weekday: number): number =>
    mean * (WEEK[weekday] ?? 0);

/** Mean of |forecast - truth| / truth over days. */
function off(forecast: Forecast, rates: readonly { at: number; count: number }[]): number {
  const truth = new Map(rates.map(({ at, count }) => [at, count]));
  const errors = forecast.intervals.map(({ at, mean }) => Math.abs(mean - (truth.get(at) ?? 0)));
  const all = forecast.intervals.reduce((sum, { at }) => sum + (truth.get(at) ?? 0), 0);
  return errors.reduce((a, b) => a + b, 0) / all;
}

describe("contacts to come", () => {
  test("[WF78] the true profile of day and week is found by every method, most of all by those that know chance", () => {
    const { history, rates } = knownTruth({
      days: 98,
      intervalMs: HALF_HOUR,
      perDay: perWeek(800),
      shape: twoHills,
    });
    const { before } = cutAt(history, "2025-04-07");
    const firstDay = "2025-04-07";
    const error = (method: ForecastMethod): number =>
      off(forecastContacts(before, { horizonDays: 7, firstDay, method, evaluate: false }), rates);
    expect(error("seasonal_naive")).toBeLessThan(0.16);
    expect(error("weekday_mean")).toBeLessThan(0.055);
    for (const method of ["weekday_smoothing", "day_level", "curves", "combination"] as const) {
      expect([method, error(method)]).toEqual([method, expect.closeTo(0.02, 1.3)]);
      expect(error(method)).toBeLessThan(0.045);
    }
    const forecast = forecastContacts(before, {
      horizonDays: 7,
      firstDay,
      method: "curves",
      evaluate: false,
    });
    expect(forecast.days.map(({ date }) => date)).toEqual([
      "2025-04-07",
      "2025-04-08",
      "2025-04-09",
      "2025-04-10",
      "2025-04-11",
      "2025-04-12",
      "2025-04-13",
    ]);
    expect(forecast.days[6]).toMatchObject({ mean: 0, quantiles: { p025: 0, p975: 0 } });
    expect(forecast.intervals).toHaveLength(6 * 20);
  });

  test("[WF79] a trend is followed, and not for ever", () => {
    const { history, rates } = knownTruth({
      days: 161,
      intervalMs: HALF_HOUR,
      perDay: (day, weekday) => (weekday > 4 ? 0 : 600 * 1.004 ** day),
    });
    const { before } = cutAt(history, "2025-05-19");
    const next = forecastContacts(before, {
      horizonDays: 28,
      firstDay: "2025-05-19",
      method: "day_level",
      evaluate: false,
    });
    const truth = rates
      .filter(({ at }) => at >= Date.parse("2025-06-09T00:00:00Z"))
      .reduce((sum, { count }) => sum + count, 0);
    const due = next.days.slice(21).reduce((sum, { mean }) => sum + mean, 0);
    expect(due / truth).toBeGreaterThan(0.92);
    expect(due / truth).toBeLessThan(1.03);
    const flat = forecastContacts(before, {
      horizonDays: 28,
      firstDay: "2025-05-19",
      method: "weekday_mean",
      evaluate: false,
    });
    expect(flat.days.slice(21).reduce((sum, { mean }) => sum + mean, 0) / truth).toBeLessThan(0.85);
    const year = forecastContacts(before, { horizonDays: 365, method: "day_level", evaluate: false });
    expect(Math.max(...year.days.map(({ mean }) => mean))).toBeLessThan(3 * 600 * 1.004 ** 133);
  });

  test("[WF80] the turn of the month and the day after a closure are learnt where they matter", () => {
    const closed = [43, 80, 106, 120]; // Tuesdays and Thursdays without anybody
    const { history } = knownTruth({
      days: 150,
      intervalMs: HALF_HOUR,
      perDay: (day, weekday) => {
        if (weekday > 4 || closed.includes(day)) return 0;
        const date = new Date(Date.parse("2025-01-06T00:00:00Z") + day * 86_400_000).getUTCDate();
        return 1000 * (date <= 3 ? 1.3 : 1) * (closed.includes(day - 1) ? 1.25 : 1);
      },
    });
    // 2025-05-07 follows a closure; 2025-06-02 is the first working day of its month
    const after = forecastContacts(cutAt(history, "2025-05-07").before, {
      horizonDays: 2,
      firstDay: "2025-05-07",
      method: "day_level",
      evaluate: false,
    });
    expect(after.days[0]?.mean).toBeGreaterThan(1130);
    expect(after.days[1]?.mean).toBeLessThan(1080);
    const turn = forecastContacts(cutAt(history, "2025-05-31").before, {
      horizonDays: 6,
      method: "curves",
      evaluate: false,
    });
    expect(turn.days[2]?.mean).toBeGreaterThan(1180); // Monday, 2 June
    expect(turn.days[5]?.mean).toBeLessThan(1080); // Thursday, 5 June
    expect(turn.days[5]?.mean).toBeGreaterThan(940);
  });

  test("[WF80] a season of the year is learnt when it has come back", () => {
    const season = (day: number): number => 500 * (1 + 0.3 * Math.cos((2 * Math.PI * day) / 365.25));
    const { history } = knownTruth({
      days: 700,
      intervalMs: 3_600_000,
      perDay: (day, weekday) => (weekday > 4 ? 0 : season(day)),
    });
    const { days } = forecastContacts(history, { horizonDays: 90, method: "day_level", evaluate: false });
    const due = days.map(({ mean }, i) => ({ mean, true: season(700 + i) })).filter(({ mean }) => mean > 0);
    const error = due.reduce((sum, day) => sum + Math.abs(day.mean / day.true - 1), 0) / due.length;
    expect(error).toBeLessThan(0.04);
  });

  test("[WF86] what the history cannot tell is said", () => {
    const { history } = knownTruth({ days: 56, perDay: perWeek(400), exact: true });
    const noon = Date.parse("2025-02-11T09:00:00Z");
    const lost = history.counts.filter(({ at }) => !(at >= noon && at < noon + 9 * 3_600_000));
    const { notes } = forecastContacts(
      { ...history, counts: lost, gaps: "closed" },
      {
        horizonDays: 7,
        openingHours: {
          timeZone: "UTC",
          weekly: { mon: [{ from: "08:00", to: "18:00" }], sun: [{ from: "08:00", to: "12:00" }] },
        },
      },
    );
    expect(notes.find(({ code }) => code === "days_left_out")?.text).toContain("2025-02-11");
    expect(notes.find(({ code }) => code === "weekday_never_seen")?.text).toContain("sun");
  });

  test("[WF82] the method is the one with the least error on the history, a simple one where no other gains", () => {
    const chosen = (truth: Parameters<typeof knownTruth>[0]): ForecastMethod =>
      forecastContacts(knownTruth({ intervalMs: 3_600_000, ...truth }).history, { horizonDays: 1 }).method;
    // week after week the very same: nothing is better than the last one
    expect(chosen({ days: 84, perDay: perWeek(500), shape: twoHills, exact: true })).toBe("seasonal_naive");
    // chance alone around a fixed week: a mean over weeks
    expect(["weekday_mean", "weekday_smoothing"]).toContain(
      chosen({ days: 140, perDay: perWeek(300), shape: twoHills }),
    );
    // days swing together
    const level = swing(140, 0.8, 0.2);
    const swinging = chosen({
      days: 140,
      perDay: (day, weekday) => perWeek(2000)(day, weekday) * Math.exp(level[day] ?? 0),
      shape: twoHills,
    });
    expect(["day_level", "curves", "combination"]).toContain(swinging);
    // the afternoon swings by itself, and stays so for days
    const afternoon = swing(180, 0.9, 0.5, 11);
    const shaped = chosen({
      days: 180,
      perDay: (day, weekday) => perWeek(4000)(day, weekday),
      shape: (hour, day) => (hour < 13 ? 1 : Math.exp(afternoon[day] ?? 0)),
    });
    expect(shaped).toBe("curves");
  });

  test("[WF82] each distance has its own choice, whose errors are told beside those of all others", () => {
    const level = swing(140, 0.7, 0.15);
    const { history } = knownTruth({
      days: 140,
      intervalMs: HALF_HOUR,
      perDay: (day, weekday) => perWeek(900)(day, weekday) * Math.exp(level[day] ?? 0),
      shape: twoHills,
    });
    const forecast = forecastContacts(history, { horizonDays: 30 });
    expect(forecast.choices.map(({ upToDaysAhead, by }) => [upToDaysAhead, by])).toEqual([
      [3, "evaluation"],
      [7, "evaluation"],
      [15, "evaluation"],
      [20, "evaluation"],
    ]);
    expect(forecast.scores).toHaveLength(6 * 4);
    const wape = (method: ForecastMethod, daysAhead: number): number =>
      forecast.scores.find((score) => score.method === method && score.daysAhead === daysAhead)?.intervals
        .wape ?? Number.NaN;
    expect(wape(forecast.method, 1)).toBeLessThan(wape("weekday_mean", 1));
    // far ahead the swing is over: no method may be much worse than the mean of twelve weeks
    expect(wape(forecast.choices[3]?.method ?? "curves", 20)).toBeLessThan(1.02 * wape("weekday_mean", 20));
  });

  test("[WF83] a forecast from an origin does not change with what comes after it", () => {
    const { history } = knownTruth({
      days: 100,
      intervalMs: HALF_HOUR,
      perDay: perWeek(500),
      shape: twoHills,
    });
    const other = {
      ...history,
      counts: history.counts.map((one, i) => (i < 1200 ? one : { ...one, count: 5 * one.count })),
    };
    const seen = [history, other].map((one) => {
      const grid = dayGrid(one);
      return modelDays(grid, dayCalendar(grid.days));
    });
    for (const method of [seasonalNaive, weekdayMean, weekdaySmoothing, dayLevel, curves, combination]) {
      const [a, b] = seen.map((days) => method.fit(days, 50).expect(60, 63));
      expect(a?.some((mean) => mean > 0)).toBe(true);
      expect(a).toEqual(b);
    }
  });

  test("[WF86] few contacts a day give small means, whole quantiles, and no more than came; none give none", () => {
    const three = knownTruth({ days: 180, perDay: (_, weekday) => (weekday > 4 ? 0 : 3) }).history;
    for (const method of ["day_level", "curves", "weekday_smoothing", "combination"] as const) {
      const forecast = forecastContacts(three, { horizonDays: 28, method, evaluate: false });
      const open = forecast.days.filter(({ mean }) => mean > 0);
      expect(open).toHaveLength(20);
      const mean = open.reduce((sum, day) => sum + day.mean, 0) / 20;
      expect([method, mean > 2.6 && mean < 3.5]).toEqual([method, true]);
      for (const { quantiles } of forecast.intervals)
        expect(Object.values(quantiles).every(Number.isInteger)).toBe(true);
    }
    const nobody = forecastContacts(
      knownTruth({ days: 60, perDay: () => 1, exact: true, shape: () => 0 }).history.counts.length > 0
        ? { ...three, counts: three.counts.map((one) => ({ ...one, count: 0 })) }
        : three,
      { horizonDays: 7 },
    );
    expect(nobody.days.every(({ mean, quantiles }) => mean === 0 && quantiles.p975 === 0)).toBe(true);
    expect(nobody.notes.map(({ code }) => code)).toContain("few_contacts");
  });

  test("[WF87] a week or a day is enough to begin with, and said to be short", () => {
    const { history } = knownTruth({ days: 7, perDay: perWeek(400), shape: twoHills });
    const forecast = forecastContacts(history, { horizonDays: 7, firstDay: "2025-01-13" });
    expect(forecast.choices).toEqual([
      { upToDaysAhead: 20, method: "weekday_smoothing", by: "short_history" },
    ]);
    expect(forecast.notes.map(({ code }) => code)).toContain("short_history");
    const [monday] = forecast.days;
    expect((monday?.quantiles.p975 ?? 0) / (monday?.mean ?? 1)).toBeGreaterThan(1.3);
    const one = forecastContacts(cutAt(history, "2025-01-07").before, { horizonDays: 7 });
    expect(one.days.map(({ mean }) => mean > 0)).toEqual([false, false, false, false, false, false, true]);
  });

  test("[WF90] opening hours that are given decide when contacts can come", () => {
    const { history } = knownTruth({ days: 56, intervalMs: HALF_HOUR, perDay: perWeek(400) });
    const forecast = forecastContacts(history, {
      horizonDays: 7,
      firstDay: "2025-03-03",
      method: "weekday_mean",
      evaluate: false,
      openingHours: {
        timeZone: "UTC",
        weekly: { mon: [{ from: "10:00", to: "16:00" }], wed: [{ from: "08:00", to: "18:00" }] },
      },
    });
    expect(forecast.days.map(({ mean }) => mean > 0)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(forecast.intervals.slice(0, 2).map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
      "10:00",
      "10:30",
    ]);
    expect(forecast.intervals).toHaveLength(12 + 20);
  });

  test("[WF90] where the clocks change the intervals are those of the day: 23 hours, or 25", () => {
    const { history } = knownTruth({
      days: 28,
      firstDay: "2026-02-23",
      intervalMs: 3_600_000,
      fromHour: 0,
      toHour: 24,
      perDay: () => 240,
      exact: true,
    });
    const kyiv = { ...history, timeZone: "Europe/Kyiv" };
    const spring = forecastContacts(kyiv, {
      horizonDays: 1,
      firstDay: "2026-03-29",
      method: "weekday_mean",
      evaluate: false,
    });
    expect(spring.intervals).toHaveLength(23);
    expect(spring.days[0]?.mean).toBeCloseTo(230, 6);
    const autumn = forecastContacts(kyiv, {
      horizonDays: 1,
      firstDay: "2026-10-25",
      method: "day_level",
      evaluate: false,
    });
    expect(autumn.intervals).toHaveLength(25);
  });

  test("[WF96] the same history gives the same forecast, and it is plain JSON", () => {
    const { history } = knownTruth({ days: 70, intervalMs: HALF_HOUR, perDay: perWeek(300) });
    const shuffled = { ...history, counts: [...history.counts].reverse() };
    const [a, b] = [history, shuffled].map((one) => forecastContacts(one, { horizonDays: 3 }));
    expect(a).toEqual(b);
    expect(JSON.parse(JSON.stringify(a))).toEqual(a);
  });

  test("[WF77] options that cannot be are refused by name", () => {
    const { history } = knownTruth({ days: 14, perDay: perWeek(50) });
    const field = (options: Parameters<typeof forecastContacts>[1]): unknown => {
      try {
        forecastContacts(history, options);
      } catch (error) {
        return (error as { field?: string }).field;
      }
      return undefined;
    };
    expect(field({ horizonDays: 0 })).toBe("horizonDays");
    expect(field({ horizonDays: 1.5 })).toBe("horizonDays");
    expect(field({ horizonDays: 401 })).toBe("horizonDays");
    expect(field({ horizonDays: 1, firstDay: "2025-02-30" })).toBe("firstDay");
    expect(field({ horizonDays: 1, firstDay: "2025-01-10" })).toBe("firstDay");
    expect(field({ horizonDays: 1, method: "magic" as "auto" })).toBe("method");
  });
});

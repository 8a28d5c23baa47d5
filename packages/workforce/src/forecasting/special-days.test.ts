import { describe, expect, test } from "vitest";
import type { SpecialDay } from "./contact-history.ts";
import { forecastContacts } from "./forecast-contacts.ts";
import { knownTruth } from "./testing/known-truth.ts";

const HALF_HOUR = 1_800_000;
const DATES = ["2025-02-11", "2025-03-06", "2025-03-26"]; // campaigns: 1.6 times the usual
const dateOf = (day: number): string =>
  new Date(Date.parse("2025-01-06T00:00:00Z") + day * 86_400_000).toISOString().slice(0, 10);
const { history } = knownTruth({
  days: 91,
  intervalMs: HALF_HOUR,
  perDay: (day, weekday) => (weekday > 4 ? 0 : 500 * (DATES.includes(dateOf(day)) ? 1.6 : 1)),
});
const forecast = (specialDays: readonly SpecialDay[]) =>
  forecastContacts(history, {
    horizonDays: 5,
    firstDay: "2025-04-07",
    method: "day_level",
    evaluate: false,
    specialDays,
  });
const past = DATES.map((date): SpecialDay => ({ date, name: "campaign" }));

describe("special days", () => {
  test("[WF81] the effect of a name is learnt from its past days, shrunk a little to none", () => {
    const { days } = forecast([...past, { date: "2025-04-09", name: "campaign" }]);
    expect(days[2]?.special).toEqual(["campaign"]);
    expect(days[2]?.mean).toBeGreaterThan(1.5 * 500);
    expect(days[2]?.mean).toBeLessThan(1.66 * 500);
    expect(days[1]?.mean).toBeGreaterThan(480);
    expect(days[1]?.mean).toBeLessThan(520);
    // and nobody is as sure of it as of a usual day
    const width = (i: number): number =>
      ((days[i]?.quantiles.p900 ?? 0) - (days[i]?.quantiles.p100 ?? 0)) / (days[i]?.mean ?? 1);
    expect(width(2)).toBeGreaterThan(width(1));
  });

  test("[WF81] one past day teaches less than three", () => {
    const learnt = (known: number): number => {
      const dates = DATES.slice(0, known);
      const exact = knownTruth({
        days: 91,
        intervalMs: HALF_HOUR,
        perDay: (day, weekday) => (weekday > 4 ? 0 : 500 * (dates.includes(dateOf(day)) ? 1.6 : 1)),
        exact: true,
      }).history;
      const specialDays = [...dates, "2025-04-09"].map((date) => ({ date, name: "campaign" }));
      const options = {
        horizonDays: 5,
        firstDay: "2025-04-07",
        method: "weekday_mean",
        evaluate: false,
      } as const;
      return (forecastContacts(exact, { ...options, specialDays }).days[2]?.mean ?? 0) / 500;
    };
    expect(learnt(1)).toBeGreaterThan(1.5);
    expect(learnt(3)).toBeGreaterThan(learnt(1));
    expect(learnt(3)).toBeLessThan(1.6);
  });

  test("[WF81] an effect that is given holds as given, and only within its hours", () => {
    const { intervals, days } = forecast([
      { date: "2025-04-09", name: "letter", effect: 2, from: "10:00", to: "12:00" },
    ]);
    const wednesday = intervals.filter(({ at }) => new Date(at).toISOString().startsWith("2025-04-09"));
    const tuesday = intervals.filter(({ at }) => new Date(at).toISOString().startsWith("2025-04-08"));
    const ratios = wednesday.map(({ mean }, i) => mean / (tuesday[i]?.mean ?? 1));
    expect(Math.min(...ratios.slice(4, 8))).toBeGreaterThan(1.8);
    expect(Math.max(...ratios.slice(0, 4), ...ratios.slice(8))).toBeLessThan(1.15);
    expect(days[2]?.mean).toBeGreaterThan(1.1 * (days[1]?.mean ?? 0));
  });

  test("[WF81] 0 is closed, a name without a past is said, and marked days teach nothing of usual ones", () => {
    const { days, intervals, notes } = forecast([
      ...past,
      { date: "2025-04-08", name: "holiday", effect: 0 },
      { date: "2025-04-10", name: "fair" },
    ]);
    expect(days[1]).toMatchObject({ mean: 0, special: ["holiday"] });
    expect(intervals.some(({ at }) => new Date(at).toISOString().startsWith("2025-04-08"))).toBe(false);
    expect(notes).toContainEqual(
      expect.objectContaining({
        code: "no_such_special_day_before",
        text: expect.stringContaining('"fair"'),
      }),
    );
    const unmarked = forecastContacts(history, {
      horizonDays: 5,
      firstDay: "2025-04-07",
      method: "weekday_mean",
      evaluate: false,
    });
    const marked = forecastContacts(history, {
      horizonDays: 5,
      firstDay: "2025-04-07",
      method: "weekday_mean",
      evaluate: false,
      specialDays: past,
    });
    expect(unmarked.days[1]?.mean).toBeGreaterThan(515); // a Tuesday and a campaign in twelve
    expect(marked.days[1]?.mean).toBeLessThan(512);
  });

  test("[WF77] special days that cannot be are refused by name", () => {
    const field = (special: SpecialDay): unknown => {
      try {
        forecast([special]);
      } catch (error) {
        return (error as { field?: string }).field;
      }
      return undefined;
    };
    expect(field({ date: "2025-13-01", name: "x" })).toBe("specialDays.0.date");
    expect(field({ date: "2025-04-08", name: " " })).toBe("specialDays.0.name");
    expect(field({ date: "2025-04-08", name: "x", effect: -1 })).toBe("specialDays.0.effect");
    expect(field({ date: "2025-04-08", name: "x", from: "25:00" })).toBe("specialDays.0.from");
    expect(field({ date: "2025-04-08", name: "x", from: "12:00", to: "11:00" })).toBe("specialDays.0.to");
  });
});

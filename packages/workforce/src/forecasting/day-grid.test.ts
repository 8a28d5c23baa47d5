import { describe, expect, test } from "vitest";
import type { ContactHistory } from "./contact-history.ts";
import { dayCalendar } from "./day-calendar.ts";
import { dayGrid } from "./day-grid.ts";
import { forecastContacts } from "./forecast-contacts.ts";
import { seasonalNaive } from "./methods/weekday-mean.ts";
import { modelDays } from "./model-days.ts";
import { knownTruth } from "./testing/known-truth.ts";

const HOUR = 3_600_000;
const hourly = (rows: readonly (readonly [string, number])[], timeZone = "UTC"): ContactHistory => ({
  series: { queueId: null, medium: null },
  timeZone,
  intervalMs: HOUR,
  counts: rows.map(([at, count]) => ({ at: Date.parse(at), count })),
});

describe("a history by days of the local clock", () => {
  test("[WF75] an hour that comes twice in autumn counts once, the one that spring skips is not there", () => {
    const { days } = dayGrid(
      hourly(
        [
          ["2026-10-25T00:00:00Z", 10], // 03:00 in Kyiv, summer time
          ["2026-10-25T01:00:00Z", 20], // 03:00 again, winter time
          ["2026-10-25T02:00:00Z", 0], // 04:00
        ],
        "Europe/Kyiv",
      ),
    );
    expect(days).toHaveLength(1);
    expect(days[0]?.date).toBe("2026-10-25");
    expect([...(days[0]?.counts ?? [])].slice(2, 6)).toEqual([Number.NaN, 15, 0, Number.NaN]);
  });

  test("[WF75] weeks are counted on the calendar: a closed day moves no other", () => {
    const { history } = knownTruth({
      days: 28,
      perDay: (day, weekday) => (day === 14 || weekday > 4 ? 0 : 100 + weekday),
      exact: true,
    });
    const grid = dayGrid(history);
    const days = modelDays(grid, dayCalendar(grid.days));
    const naive = seasonalNaive.fit(days, 21);
    const total = (day: number): number => naive.expect(20, day)?.reduce((a, b) => a + b, 0) ?? Number.NaN;
    expect(grid.days[14]?.counts).toHaveLength(0);
    // the Monday a week before was closed: the one before it stands in
    expect([21, 22, 23].map((day) => Math.round(total(day)))).toEqual([100, 101, 102]);
  });

  test("[WF76] a history without a single 0 leaves out the intervals in which nobody came", () => {
    const full = knownTruth({ days: 56, perDay: (_, weekday) => (weekday > 4 ? 0 : 60), seed: 3 }).history;
    const grouped = { ...full, counts: full.counts.filter(({ count }) => count > 0) };
    expect(grouped.counts.length).toBeLessThan(full.counts.length);
    const [named, left] = [full, grouped].map((history) =>
      forecastContacts(history, { horizonDays: 7, method: "weekday_mean", evaluate: false }),
    );
    expect(left?.days.map(({ mean }) => mean)).toEqual(named?.days.map(({ mean }) => mean));
    expect(left?.notes.map(({ code }) => code)).toContain("gaps_are_zero");
    const closed = forecastContacts(
      { ...grouped, gaps: "closed" },
      { horizonDays: 7, method: "weekday_mean", evaluate: false },
    );
    expect(closed.days[2]?.mean).toBeGreaterThan(1.05 * (named?.days[2]?.mean ?? 0));
  });

  test("[WF76] a day that lacks some of its hours is filled in by its level, and stays out when it has too few", () => {
    const { history } = knownTruth({ days: 28, perDay: () => 100, exact: true });
    const noon = Date.parse("2025-01-27T12:00:00Z");
    const eve = Date.parse("2025-01-28T10:00:00Z");
    const lost = history.counts
      .filter(({ at }) => !(at >= noon && at < noon + 6 * HOUR) && !(at >= eve && at < eve + 8 * HOUR))
      .map((count) =>
        count.at > noon - 12 * HOUR && count.at < noon ? { ...count, count: 2 * count.count } : count,
      );
    const grid = dayGrid({ ...history, counts: lost, gaps: "closed" });
    const days = modelDays(grid, dayCalendar(grid.days));
    expect(days.totals[21]).toBeCloseTo(200, 6);
    expect(days.counts[22]).toBeNull();
  });

  test("[WF76] a history that ends at noon does not end with an afternoon of nobody", () => {
    const full = knownTruth({ days: 57, perDay: () => 400, exact: true }).history;
    const noon = Date.parse("2025-03-03T12:00:00Z");
    const grid = dayGrid({ ...full, counts: full.counts.filter(({ at }) => at < noon) });
    const days = modelDays(grid, dayCalendar(grid.days));
    expect(grid.days.at(-1)?.date).toBe("2025-03-03");
    expect(days.totals[56]).toBeCloseTo(400, 6);
  });

  test("[WF77] what cannot be a history is refused, and where is said", () => {
    const refused = (history: ContactHistory): unknown => {
      try {
        forecastContacts(history, { horizonDays: 1 });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const good = hourly([["2026-01-05T08:00:00Z", 3]]);
    const wrong: [ContactHistory, string, RegExp][] = [
      [{ ...good, counts: [] }, "counts", /no intervals/],
      [hourly([["2026-01-05T08:00:00Z", -1]]), "counts.0.count", /-1 contacts/],
      [hourly([["2026-01-05T08:00:00Z", Number.NaN]]), "counts.0.count", /NaN/],
      [hourly([["2026-01-05T08:10:00Z", 1]]), "counts.0.at", /60 minutes/],
      [
        hourly([
          ["2026-01-05T08:00:00Z", 1],
          ["2026-01-05T08:00:00Z", 1],
        ]),
        "counts.1.at",
        /twice/,
      ],
      [{ ...good, timeZone: "Kyiv/Europe" }, "timeZone", /Kyiv\/Europe/],
      [{ ...good, intervalMs: 420_000 as 300_000 }, "intervalMs", /420000/],
      [
        hourly([
          ["1970-01-01T08:00:00Z", 1],
          ["2026-01-05T08:00:00Z", 1],
        ]),
        "counts",
        /spans/,
      ],
    ];
    for (const [history, field, message] of wrong) {
      expect(refused(history)).toMatchObject({
        code: "forecasting.bad_history",
        field,
        message: expect.stringMatching(message),
      });
    }
  });
});

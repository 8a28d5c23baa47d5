import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayOf, INTERVAL_MS, intervalStart, intervalStarts, periodOf, splitByInterval } from "./interval.ts";

describe("intervals", () => {
  test("[CA12] intervals start at UTC quarters, and a cut period adds up to itself", () => {
    expect(intervalStart(Date.UTC(2026, 0, 5, 8, 14, 59, 999))).toBe(Date.UTC(2026, 0, 5, 8));
    fc.assert(
      fc.property(fc.nat(1e12), fc.nat(1e7), (from, length) => {
        const period = { from, to: from + length };
        const pieces = splitByInterval(period);
        expect(pieces.reduce((sum, p) => sum + p.to - p.from, 0)).toBe(length);
        expect(pieces.map((p) => p.intervalStart)).toEqual(length === 0 ? [] : intervalStarts(period));
        for (const p of pieces) expect(p.to).toBeLessThanOrEqual(p.intervalStart + INTERVAL_MS);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test("[CA13] a day has 96 intervals, or 92 and 100 where clocks change", () => {
    const quarters = (date: string, zone: string): number => {
      const day = dayOf(date, zone);
      return (day.to - day.from) / INTERVAL_MS;
    };
    expect(quarters("2026-03-28", "Europe/Kyiv")).toBe(96);
    expect(quarters("2026-03-29", "Europe/Kyiv")).toBe(92);
    expect(quarters("2026-10-25", "Europe/Kyiv")).toBe(100);
    expect(quarters("2026-04-05", "Australia/Lord_Howe")).toBe(98);
    expect(dayOf("2026-07-01", "Europe/Stockholm").from).toBe(Date.UTC(2026, 5, 30, 22));
  });

  test("[CA14] weeks begin on Monday, and all follow the zone's calendar", () => {
    const at = Date.UTC(2026, 2, 31, 22, 40); // Wednesday 1 April, 00:40 in Stockholm
    const zone = "Europe/Stockholm";
    expect(periodOf(at, "month", zone).from).toBe(Date.UTC(2026, 2, 31, 22));
    expect(periodOf(at, "month", zone).to).toBe(Date.UTC(2026, 3, 30, 22));
    expect(periodOf(at, "week", zone).from).toBe(Date.UTC(2026, 2, 29, 22));
    expect(periodOf(at, "day", zone).from).toBe(Date.UTC(2026, 2, 31, 22));
    expect(periodOf(at, "hour", zone).from).toBe(Date.UTC(2026, 2, 31, 22));
    expect(periodOf(at, "half_hour", zone).from).toBe(Date.UTC(2026, 2, 31, 22, 30));
    expect(periodOf(at, "hour", "Asia/Kolkata").from).toBe(Date.UTC(2026, 2, 31, 22, 30));
  });
});

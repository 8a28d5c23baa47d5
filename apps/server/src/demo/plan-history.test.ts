import { type QueueId, SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { readHistoryCsv } from "../plan/history/history-csv.ts";
import { demoHistoryCsv } from "./plan-history.ts";

test("the demonstration's past is a file that planning takes in whole: twelve weeks, Mondays the busiest, Sundays closed", () => {
  const queues = [{ name: "Customer service", share: 0.4, handleS: 52 }];
  const text = demoHistoryCsv(queues, { today: "2026-11-22", random: new SeededRandom(7) });
  const { faults, intervals } = readHistoryCsv(text, {
    timeZone: "Europe/Stockholm",
    intervalMinutes: 15,
    queues: new Map([["customer service", "q" as QueueId]]),
    now: Date.UTC(2026, 10, 22, 12),
  });
  expect(faults).toEqual([]);
  const byWeekday = new Map<number, number>();
  for (const { at, offered } of intervals) {
    const { dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("Europe/Stockholm");
    byWeekday.set(dayOfWeek, (byWeekday.get(dayOfWeek) ?? 0) + offered);
  }
  expect(byWeekday.has(7)).toBe(false);
  expect(Math.max(...byWeekday.values())).toBe(byWeekday.get(1));
  expect(intervals).toHaveLength(12 * 6 * 13 * 4);
});

import { expect, test } from "vitest";
import { intervalsOf } from "./day-span.ts";

const HOUR = 3_600_000;
const clock = (at: number) => {
  const text = new Date(at).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
};
const T0 = Date.UTC(2026, 10, 23);
const hours = Array.from({ length: 72 }, (_, i) => ({ at: T0 + i * HOUR }));

test("whole days, and the same hours of several days", () => {
  const span = { firstDay: "2026-11-23", lastDay: "2026-11-24", fromTime: "", toTime: "" };
  expect(intervalsOf(hours, span, clock)).toHaveLength(48);
  const some = intervalsOf(hours, { ...span, fromTime: "08:00", toTime: "10:00" }, clock);
  expect(some.map(({ at }) => (at - T0) / HOUR)).toEqual([8, 9, 32, 33]);
});

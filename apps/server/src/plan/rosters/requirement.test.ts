import type { RosterShift } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import { plainRequirement, quartersOf, rosterDays, type StoredGroup } from "./requirement.ts";
import { groupDemand } from "./roster-demand.ts";
import { isWeekend, partOfDay } from "./roster-problem.ts";
import { faultOfShift } from "./shift-fault.ts";

const ZONE = "Europe/Stockholm";
const week = rosterDays(ZONE, "2026-03-23", 7); // clocks go forward on the last day

test("a week has a quarter for each instant, fewer where clocks go forward", () => {
  expect(quartersOf(week)).toBe(7 * 96 - 4);
  expect(quartersOf(rosterDays(ZONE, "2026-10-19", 7))).toBe(7 * 96 + 4);
});

test("the same number holds between wall times of its weekdays, over midnight too", () => {
  const day = plainRequirement(
    { kind: "flat", agents: 2, from: "08:00", to: "10:00", weekdays: ["tue"] },
    week,
  );
  expect(day.flatMap((agents, index) => (agents > 0 ? [index] : []))).toEqual(
    Array.from({ length: 8 }, (_, index) => 96 + 32 + index),
  );
  const night = plainRequirement(
    { kind: "flat", agents: 1, from: "22:00", to: "02:00", weekdays: ["mon"] },
    week,
  );
  expect(night.flatMap((agents, index) => (agents > 0 ? [index] : []))).toEqual(
    Array.from({ length: 16 }, (_, index) => 88 + index),
  );
});

test("typed numbers that go on after the last day are left out", () => {
  const typed = plainRequirement({ kind: "typed", required: new Array(5000).fill(1) }, week);
  expect(typed).toHaveLength(quartersOf(week));
});

test("typed agents stand for contacts that keep them busy; a forecast brings its own", () => {
  const group: StoredGroup = {
    id: "g",
    name: "G",
    queueId: null,
    skillIds: [],
    source: { kind: "typed", required: [10] },
    required: [10],
  };
  const assumed = { handlingS: 240, patienceS: 120, thresholdMs: 20_000 };
  // 10 agents, busy for 80 % of 900 s, 240 s a contact
  expect(groupDemand(group, 0, undefined, assumed).contacts).toEqual([30]);
  const foretold: StoredGroup = { ...group, queueId: "q", source: { kind: "forecast", shrinkage: false } };
  const demand = groupDemand(foretold, 0, [{ at: 0, contacts: 18, load: 4 }], assumed);
  expect(demand.contacts).toEqual([18]);
  expect(demand.handling).toMatchObject({ meanMs: 200_000 });
});

test("what is no shift of these days is named", () => {
  const days = { fromAt: week.fromAt, toAt: week.toAt };
  const base = { agentId: "a", date: "2026-03-23", patternId: null, parts: [] };
  const from = week.fromAt + 8 * 3_600_000;
  const to = from + 8 * 3_600_000;
  expect(faultOfShift({ ...base, from, to }, days)).toBeUndefined();
  expect(faultOfShift({ ...base, from: to, to: from }, days)?.field).toBe("to");
  expect(faultOfShift({ ...base, from, to: from + 21 * 3_600_000 }, days)?.field).toBe("to");
  expect(faultOfShift({ ...base, from: week.toAt, to: week.toAt + 3_600_000 }, days)?.field).toBe("from");
  expect(faultOfShift({ ...base, from: from + 1, to }, days)?.message).toMatch(/five minutes/);
  const part = { kind: "break" as const, from: to, to: to + 900_000, paid: true };
  expect(faultOfShift({ ...base, from, to, parts: [part] }, days)?.field).toBe("parts.0");
});

test("shifts are early, late or neither by the clocks of the zone, also on the day on which they change", () => {
  const shift = (date: string, plainTime: string): RosterShift => {
    const from = Temporal.PlainDate.from(date).toZonedDateTime({
      timeZone: ZONE,
      plainTime,
    }).epochMilliseconds;
    return { agentId: "a" as RosterShift["agentId"], date, patternId: null, from, to: from + 1, parts: [] };
  };
  for (const date of ["2026-03-28", "2026-03-29"])
    expect(["07:59", "08:00", "11:59", "12:00"].map((time) => partOfDay(shift(date, time), ZONE))).toEqual([
      "early",
      "middle",
      "middle",
      "late",
    ]);
  expect(["2026-03-27", "2026-03-28", "2026-03-29"].map((date) => isWeekend(shift(date, "08:00")))).toEqual([
    false,
    true,
    true,
  ]);
});

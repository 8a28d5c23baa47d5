import type { RosterShiftView } from "@svara/contracts";
import { expect, test } from "vitest";
import {
  dayCover,
  dayFrame,
  partMoved,
  resized,
  STEP_MS,
  segmentsOf,
  shifted,
  snapped,
} from "./roster-model.ts";
import { addDays, mondayOf, wallDate, wallInstant, wallTime } from "./zone-time.ts";

const ZONE = "Europe/Stockholm";
const DATE = "2026-03-02";
const HOUR = 4 * STEP_MS;

function shift(): RosterShiftView {
  const from = wallInstant(DATE, "08:00", ZONE);
  return {
    agentId: "a",
    date: DATE,
    patternId: null,
    from,
    to: from + 8 * HOUR,
    parts: [
      { kind: "break", from: from + 2 * HOUR, to: from + 2 * HOUR + STEP_MS, paid: true },
      { kind: "lunch", from: from + 4 * HOUR, to: from + 4 * HOUR + 2 * STEP_MS, paid: false },
    ],
  };
}

test("wall times of a zone become instants and back, where clocks change too", () => {
  expect(wallInstant("2026-03-28", "23:00", ZONE)).toBe(Date.parse("2026-03-28T22:00:00Z"));
  expect(wallInstant("2026-03-29", "08:00", ZONE)).toBe(Date.parse("2026-03-29T06:00:00Z"));
  expect(wallTime(Date.parse("2026-10-25T07:00:00Z"), ZONE)).toBe("08:00");
  expect(wallDate(Date.parse("2026-10-24T22:30:00Z"), ZONE)).toBe("2026-10-25");
  expect(mondayOf("2026-03-08")).toBe("2026-03-02");
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
});

test("a shift is drawn as work between its parts", () => {
  expect(segmentsOf(shift()).map(({ kind }) => kind)).toEqual(["work", "break", "work", "lunch", "work"]);
});

test("a moved shift takes its parts along; a shortened one loses those beyond its end", () => {
  const later = shifted(shift(), STEP_MS);
  expect(later.parts[0]?.from).toBe((shift().parts[0]?.from ?? 0) + STEP_MS);
  expect(resized(shift(), -5 * HOUR).parts.map(({ kind }) => kind)).toEqual(["break"]);
  expect(resized(shift(), -20 * HOUR).to).toBe(shift().from + HOUR);
  expect(snapped(STEP_MS * 1.6)).toBe(2 * STEP_MS);
});

test("a part stays within its shift and between its neighbours", () => {
  const moved = partMoved(shift(), 0, 10 * HOUR);
  expect(moved.parts[0]?.to).toBe(shift().parts[1]?.from);
  expect(partMoved(shift(), 0, -10 * HOUR).parts[0]?.from).toBe(shift().from);
  expect(partMoved(shift(), 1, 10 * HOUR).parts[1]?.to).toBe(shift().to);
});

test("a day is framed by its work and its requirement, and its cover told by quarters", () => {
  const start = wallInstant(DATE, "00:00", ZONE);
  const required = Array.from({ length: 96 }, (_, index) => (index >= 24 && index < 80 ? 2 : 0));
  const view = {
    timeZone: ZONE,
    shifts: [shift()],
    coverage: {
      from: start,
      groups: [{ group: "g", name: "G", required, scheduled: required.map((need) => need / 2) }],
      shortHours: 0,
      overHours: 0,
      requiredHours: 0,
      scheduledHours: 0,
    },
  };
  expect(dayFrame(view, DATE)).toEqual({ from: start + 5 * HOUR, to: start + 21 * HOUR });
  expect(dayFrame(view, "2026-03-03")).toEqual({
    from: wallInstant("2026-03-03", "07:00", ZONE),
    to: wallInstant("2026-03-03", "19:00", ZONE),
  });
  const cover = dayCover(view, DATE, null);
  expect(cover).toHaveLength(96);
  expect(cover[30]).toEqual({ at: start + 30 * STEP_MS, required: 2, scheduled: 1 });
});

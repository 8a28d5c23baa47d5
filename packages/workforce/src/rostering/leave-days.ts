import { dayOf, type Period } from "@svara/calendar";
import { dateOf, wallInstant, weekdayOf } from "./grid.ts";
import { isRest, type ShiftPart } from "./roster.ts";
import { presenceMinutes, type ShiftPattern } from "./shift-pattern.ts";
import { wallStarts } from "./shift-start.ts";

const MINUTE_MS = 60_000;
const WORKING_DAYS = 5; // Monday to Friday

/** What leave takes out of one week. */
export interface WeekLeave {
  readonly daysOff: readonly DayOff[];
  /** Of leave beside days off, inside the hours in which shifts may lie. */
  readonly minutes: number;
}

/** A day, Monday to Friday, that is off for leave unless the agent works beside it all the same. */
export interface DayOff {
  readonly day: number;
  /** Some shift of the contract fits beside the leave. */
  readonly hasRoom: boolean;
}

/**
 * The leave of a week that begins on the day `monday`. A day is off where leave leaves no room for any shift of the patterns,
 * or covers the shortest of them, or half of the hours in which they may lie.
 */
export function weekLeave(
  leave: readonly Period[],
  patterns: readonly ShiftPattern[],
  monday: number,
  timeZone: string,
): WeekLeave {
  const daysOff: DayOff[] = [];
  let minutes = 0;
  for (let day = monday; leave.length > 0 && day < monday + WORKING_DAYS; day++) {
    const shifts = shiftsOn(day, patterns, timeZone);
    const from = Math.min(...shifts.map((shift) => shift.from));
    const to = Math.max(...shifts.map((shift) => shift.to));
    const away = leave.reduce((sum, period) => sum + overlapMs(period, { from, to }), 0);
    if (away === 0) continue;
    const hasRoom = shifts.some((shift) => leave.every((period) => overlapMs(period, shift) === 0));
    const shortest = Math.min(...shifts.map((shift) => shift.to - shift.from));
    if (!hasRoom || away >= Math.min((to - from) / 2, shortest)) daysOff.push({ day, hasRoom });
    else minutes += away / MINUTE_MS;
  }
  return { daysOff, minutes };
}

/** What the patterns let begin on a day; the whole day where they let nothing. */
function shiftsOn(day: number, patterns: readonly ShiftPattern[], timeZone: string): Period[] {
  const date = dateOf(day);
  const shifts = patterns
    .filter(({ weekdays }) => !weekdays || weekdays.includes(weekdayOf(date)))
    .flatMap((pattern) =>
      wallStarts(pattern).map((minutes) => {
        const from = wallInstant(date, minutes, timeZone);
        return { from, to: from + presenceMinutes(pattern) * MINUTE_MS };
      }),
    );
  return shifts.length > 0 ? shifts : [dayOf(date, timeZone)];
}

/** How long two stretches share time. */
export function overlapMs(a: Period, b: Period): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

/** Whether the agent takes the leave although the shift stands: unpaid parts and rests fill all of it that lies in the shift. */
export function isCutOut(leave: Period, shift: Period & { readonly parts: readonly ShiftPart[] }): boolean {
  let at = Math.max(leave.from, shift.from);
  for (const part of shift.parts)
    if ((isRest(part) || isAbsence(part)) && part.from <= at && part.to > at) at = part.to;
  return at >= Math.min(leave.to, shift.to);
}

/** A stretch of a shift in which the agent is away and not paid, such as leave of some hours. */
export function isAbsence({ kind, paid }: ShiftPart): boolean {
  return kind === "other" && !paid;
}

/** The parts of a shift with leave cut out: rests stay, other parts that it touches fall away. */
export function withLeaveCutOut(
  shift: Period & { readonly parts: readonly ShiftPart[] },
  leave: Period,
): ShiftPart[] {
  const kept = shift.parts.filter((part) => isRest(part) || overlapMs(part, leave) === 0);
  const until = Math.min(leave.to, shift.to);
  const away: ShiftPart[] = [];
  let at = Math.max(leave.from, shift.from);
  const awayUntil = (to: number): void => {
    if (to > at) away.push({ kind: "other", from: at, to, paid: false });
  };
  for (const rest of kept) {
    if (overlapMs(rest, leave) === 0) continue;
    awayUntil(rest.from);
    at = rest.to;
  }
  awayUntil(until);
  return [...kept, ...away].sort((a, b) => a.from - b.from);
}

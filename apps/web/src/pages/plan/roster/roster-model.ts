import type { RosterShiftView, RosterView } from "@svara/contracts";
import { wallInstant } from "./zone-time.ts";

export const STEP_MS = 15 * 60_000;

export type PartKind = RosterShiftView["parts"][number]["kind"];

/** A stretch of a shift to draw: on contacts, or one of its parts. */
export interface ShiftSegment {
  readonly kind: "work" | PartKind;
  readonly from: number;
  readonly to: number;
}

/** A shift from its begin to its end, parts and what lies between them. */
export function segmentsOf({ from, to, parts }: RosterShiftView): ShiftSegment[] {
  const segments: ShiftSegment[] = [];
  let at = from;
  for (const part of parts) {
    if (part.from > at) segments.push({ kind: "work", from: at, to: part.from });
    segments.push({ kind: part.kind, from: part.from, to: part.to });
    at = part.to;
  }
  if (at < to) segments.push({ kind: "work", from: at, to });
  return segments;
}

/** The shift with all its parts so much later. */
export function shifted(shift: RosterShiftView, byMs: number): RosterShiftView {
  return {
    ...shift,
    from: shift.from + byMs,
    to: shift.to + byMs,
    parts: shift.parts.map((part) => ({ ...part, from: part.from + byMs, to: part.to + byMs })),
  };
}

/** The shift with another end; parts that would lie beyond it go. At least an hour remains. */
export function resized(shift: RosterShiftView, byMs: number): RosterShiftView {
  const to = Math.max(shift.from + 4 * STEP_MS, shift.to + byMs);
  return { ...shift, to, parts: shift.parts.filter((part) => part.to <= to) };
}

/** The shift with one part moved within it and between its neighbours. */
export function partMoved(shift: RosterShiftView, index: number, byMs: number): RosterShiftView {
  const part = shift.parts[index];
  if (!part) return shift;
  const length = part.to - part.from;
  const earliest = shift.parts[index - 1]?.to ?? shift.from;
  const latest = (shift.parts[index + 1]?.from ?? shift.to) - length;
  const from = Math.min(Math.max(part.from + byMs, earliest), latest);
  return {
    ...shift,
    parts: shift.parts.map((each, at) => (at === index ? { ...each, from, to: from + length } : each)),
  };
}

/** The nearest quarter of an hour. */
export function snapped(ms: number): number {
  return Math.round(ms / STEP_MS) * STEP_MS;
}

/** The hours to draw of a day: where there is work or a requirement, with an hour around it; office hours when nothing is. */
export function dayFrame(
  view: Pick<RosterView, "shifts" | "coverage" | "timeZone">,
  date: string,
): { readonly from: number; readonly to: number } {
  const { timeZone, coverage } = view;
  const start = wallInstant(date, "00:00", timeZone);
  const end = start + 24 * 4 * STEP_MS;
  const busy: number[] = [];
  for (const shift of view.shifts)
    if (shift.from < end && shift.to > start && shift.date === date) busy.push(shift.from, shift.to);
  for (const { required } of coverage.groups) {
    const first = Math.round((start - coverage.from) / STEP_MS);
    for (let index = 0; index < 96; index++)
      if ((required[first + index] ?? 0) > 0)
        busy.push(start + index * STEP_MS, start + (index + 1) * STEP_MS);
  }
  if (busy.length === 0)
    return { from: wallInstant(date, "07:00", timeZone), to: wallInstant(date, "19:00", timeZone) };
  const hour = 4 * STEP_MS;
  return {
    from: Math.max(start, Math.floor(Math.min(...busy) / hour) * hour - hour),
    to: Math.min(end + 12 * hour, Math.ceil(Math.max(...busy) / hour) * hour + hour),
  };
}

/** Required and scheduled agents of a day, quarter by quarter, of one group or of all. */
export function dayCover(
  { coverage, timeZone }: Pick<RosterView, "coverage" | "timeZone">,
  date: string | null,
  group: string | null,
): { readonly at: number; readonly required: number; readonly scheduled: number }[] {
  const groups = coverage.groups.filter((each) => group === null || each.group === group);
  const length = Math.max(
    0,
    ...groups.map(({ required, scheduled }) => Math.max(required.length, scheduled.length)),
  );
  const start = date === null ? coverage.from : wallInstant(date, "00:00", timeZone);
  const first = Math.round((start - coverage.from) / STEP_MS);
  const count = date === null ? length : Math.min(96, length - first);
  const sum = (of: "required" | "scheduled", index: number): number =>
    groups.reduce((total, each) => total + (each[of][index] ?? 0), 0);
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    at: start + index * STEP_MS,
    required: round(sum("required", first + index)),
    scheduled: round(sum("scheduled", first + index)),
  }));
}

function round(agents: number): number {
  return Math.round(agents * 100) / 100;
}

/** Hours and shares of a roster in all. */
export function rosterTotals(view: Pick<RosterView, "totals">): {
  readonly paidMinutes: number;
  readonly cost: number | null;
  readonly shifts: number;
  /** Most and fewest weekend days of anybody. */
  readonly weekendSpread: readonly [number, number];
} {
  const { totals } = view;
  const weekends = totals.map(({ weekendDays }) => weekendDays);
  const known = totals.filter(({ shifts }) => shifts > 0);
  return {
    paidMinutes: totals.reduce((sum, each) => sum + each.paidMinutes, 0),
    cost: known.every(({ cost }) => cost !== null)
      ? known.reduce((sum, { cost }) => sum + (cost ?? 0), 0)
      : null,
    shifts: totals.reduce((sum, { shifts }) => sum + shifts, 0),
    weekendSpread: [Math.min(...weekends, Number.POSITIVE_INFINITY), Math.max(0, ...weekends)],
  };
}

/** A shift for somebody who has none yet: as long as a day's work, with lunch in the middle. */
export function blankShift(agentId: string, date: string, timeZone: string): RosterShiftView {
  const from = wallInstant(date, "08:00", timeZone);
  const lunch = wallInstant(date, "12:00", timeZone);
  return {
    agentId,
    date,
    patternId: null,
    from,
    to: wallInstant(date, "16:30", timeZone),
    parts: [{ kind: "lunch", from: lunch, to: lunch + 2 * STEP_MS, paid: false }],
  };
}

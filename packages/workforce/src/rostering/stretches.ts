import type { Period } from "@svara/calendar";
import type { PlacedShift } from "./agent-context.ts";

/** Work without an interval, whatever records it was written down in. It belongs to the day on which it begins. */
export interface Stretch extends Period {
  readonly day: number;
  readonly paidMinutes: number;
  /** Breaks and lunches, ascending. */
  readonly rests: readonly Period[];
  /** Its shifts, ascending; one, unless several touch. */
  readonly shifts: readonly PlacedShift[];
}

/**
 * Joins shifts that touch or overlap, so that neither overtime nor a shift split in two gets round rest, breaks and hours of
 * the day. `shifts` ascend.
 */
export function stretchesOf(shifts: readonly PlacedShift[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const shift of shifts) {
    const last = stretches.at(-1);
    if (last && shift.from <= last.to) stretches[stretches.length - 1] = joined(last, shift);
    else stretches.push({ ...shift, shifts: [shift] });
  }
  return stretches;
}

function joined(stretch: Stretch, shift: PlacedShift): Stretch {
  return {
    from: stretch.from,
    to: Math.max(stretch.to, shift.to),
    day: stretch.day,
    paidMinutes: stretch.paidMinutes + shift.paidMinutes,
    rests: [...stretch.rests, ...shift.rests],
    shifts: [...stretch.shifts, shift],
  };
}

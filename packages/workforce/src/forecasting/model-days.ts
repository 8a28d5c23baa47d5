import type { DayCalendar } from "./day-calendar.ts";
import { type DayGrid, usualSlots } from "./day-grid.ts";

/** A history as the methods read it. */
export interface ModelDays {
  readonly slots: number;
  readonly calendar: DayCalendar;
  /** Per day of the history; null: closed, lost or special. What a day lacks of its weekday's hours is filled in, other hours are 0. */
  readonly counts: readonly (Float64Array | null)[];
  readonly totals: Float64Array;
  /** Square roots of counts + 1/4 in the weekday's hours, 0 elsewhere: their variance hardly depends on the mean (Brown et al. 2005). */
  readonly roots: readonly (Float64Array | null)[];
  /** Slots that each weekday has. */
  readonly open: readonly (readonly boolean[])[];
}

const LOOK_BACK = 8; // same weekdays, to fill in what a day lacks
const ENOUGH = 0.3; // of the weekday's usual contacts must fall into the hours that a day has, or it says nothing of the rest

/** `isLeftOut`: special days, which must not teach what usual days are like. */
export function modelDays(
  grid: DayGrid,
  calendar: DayCalendar,
  isLeftOut: (day: number, slot: number) => boolean = () => false,
): ModelDays {
  const { slots, days } = grid;
  const open = usualSlots(days, slots);
  const counts: (Float64Array | null)[] = [];
  for (const [d, day] of days.entries()) {
    if (day.counts.length === 0) {
      counts.push(null);
      continue;
    }
    const known = day.counts.map((count, s) => (isLeftOut(d, s) ? Number.NaN : count));
    counts.push(filledIn(known, open[day.weekday] ?? [], likeDays(grid, counts, d)));
  }
  const totals = Float64Array.from(counts, (row) => (row ? row.reduce((a, b) => a + b, 0) : Number.NaN));
  const roots = counts.map((row, d) => {
    const hours = open[days[d]?.weekday ?? 0] ?? [];
    return row ? row.map((count, s) => (hours[s] ? Math.sqrt(count + 0.25) : 0)) : null;
  });
  return { slots, calendar, counts, totals, roots, open };
}

/** The weekday's days before; at the beginning, where there are none, those after. */
function likeDays(grid: DayGrid, done: readonly (Float64Array | null)[], day: number): Float64Array[] {
  const found: Float64Array[] = [];
  for (let d = day - 7; d >= 0 && found.length < LOOK_BACK; d -= 7) {
    const row = done[d];
    if (row) found.push(row);
  }
  for (let d = day + 7; d < grid.days.length && found.length === 0; d += 7) {
    const row = grid.days[d]?.counts;
    if (row && row.length > 0) found.push(row.map((count) => (Number.isNaN(count) ? 0 : count)));
  }
  return found;
}

function filledIn(
  known: Float64Array,
  hours: readonly boolean[],
  like: readonly Float64Array[],
): Float64Array | null {
  const isWhole = hours.every((isOpen, s) => !isOpen || !Number.isNaN(known[s]));
  if (isWhole) return known.map((count, s) => (hours[s] ? count : 0));
  let seen = 0;
  let usual = 0;
  let all = 0;
  const mean = new Float64Array(known.length);
  for (const row of like)
    for (let s = 0; s < row.length; s++) mean[s] = (mean[s] ?? 0) + (row[s] ?? 0) / like.length;
  for (let s = 0; s < known.length; s++) {
    if (!hours[s]) continue;
    all += mean[s] ?? 0;
    if (Number.isNaN(known[s])) continue;
    seen += known[s] ?? 0;
    usual += mean[s] ?? 0;
  }
  if (usual <= 0 || usual < ENOUGH * all) return null;
  const level = seen / usual;
  return known.map((count, s) => (!hours[s] ? 0 : Number.isNaN(count) ? level * (mean[s] ?? 0) : count));
}

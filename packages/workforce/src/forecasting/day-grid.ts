import { addDays, type LocalDate } from "@svara/calendar";
import { SvaraError } from "@svara/kernel";
import type { ContactHistory, IntervalMs } from "./contact-history.ts";
import { wallClock } from "./wall-clock.ts";

/** One day of the calendar. */
export interface GridDay {
  readonly date: LocalDate;
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** Contacts per slot of the wall clock; NaN where nobody could come or nothing is known. Empty on days without data. */
  readonly counts: Float64Array;
}

/** A history laid out by days and slots of the local clock, every day from the first to the last. */
export interface DayGrid {
  readonly slots: number;
  readonly days: readonly GridDay[];
  /** Some interval that the history did not name was read as nobody came. */
  readonly filledZeros: boolean;
}

const DAY_MS = 86_400_000;
const INTERVALS: readonly IntervalMs[] = [300_000, 900_000, 1_800_000, 3_600_000];
const MAX_DAYS = 4_000; // eleven years
const USUAL_SHARE = 0.25; // of the weekday's days: an interval that fewer have is an exception, not its hours
const PLAUSIBLE_ZERO = 0.002; // a day without contacts that is less likely than this was no open day

/**
 * Lays a history out. An hour that comes twice in autumn counts once, with the mean of both.
 * @throws {SvaraError} `forecasting.bad_history`: the field names the count at fault
 */
export function dayGrid(history: ContactHistory): DayGrid {
  const { intervalMs, counts, timeZone } = history;
  if (!INTERVALS.includes(intervalMs)) {
    throw bad(`an interval of ${intervalMs} ms is none of 5, 15, 30 and 60 minutes`, "intervalMs");
  }
  if (counts.length === 0) throw bad("the history has no intervals", "counts");
  const slots = DAY_MS / intervalMs;
  const wall = wallClock(timeZone);
  const cells = new Map<LocalDate, { sum: Float64Array; times: Float64Array }>();
  const seen = new Set<number>();
  let hasZero = false;
  for (const [i, { at, count }] of counts.entries()) {
    if (!Number.isFinite(at)) throw bad(`${at} is not an instant`, `counts.${i}.at`);
    if (!(Number.isFinite(count) && count >= 0)) {
      throw bad(`${count} contacts cannot have come: give a number of 0 or more`, `counts.${i}.count`);
    }
    if (seen.has(at)) throw bad(`${new Date(at).toISOString()} is there twice`, `counts.${i}.at`);
    seen.add(at);
    if (count === 0) hasZero = true;
    const { date, ms } = wall(at);
    if (ms % intervalMs !== 0) {
      throw bad(
        `${new Date(at).toISOString()} does not begin an interval of ${intervalMs / 60_000} minutes`,
        `counts.${i}.at`,
      );
    }
    let cell = cells.get(date);
    if (cell === undefined) {
      cell = { sum: new Float64Array(slots), times: new Float64Array(slots) };
      cells.set(date, cell);
    }
    const slot = ms / intervalMs;
    cell.sum[slot] = (cell.sum[slot] ?? 0) + count;
    cell.times[slot] = (cell.times[slot] ?? 0) + 1;
  }
  const dates = [...cells.keys()].sort();
  const first = dates[0] ?? "";
  const last = dates.at(-1) ?? "";
  const length = daysBetween(first, last) + 1;
  if (length > MAX_DAYS) {
    throw bad(`the history spans ${length} days (${first} to ${last}), at most ${MAX_DAYS} fit`, "counts");
  }
  const days = Array.from({ length }, (_, i): GridDay => {
    const date = addDays(first, i);
    const cell = cells.get(date);
    const slotCounts = cell
      ? cell.sum.map((sum, slot) => (cell.times[slot] ? sum / (cell.times[slot] ?? 1) : Number.NaN))
      : new Float64Array(0);
    return { date, weekday: weekdayOf(date), counts: slotCounts };
  });
  const gaps = history.gaps ?? "auto";
  const fill = gaps === "zero" || (gaps === "auto" && !hasZero);
  if (!fill) return { slots, days, filledZeros: false };
  const read = withZeros(days, slots);
  return { slots, days: read.days, filledZeros: read.filled };
}

/** 0 Monday to 6 Sunday. */
export function weekdayOf(date: LocalDate): number {
  return (Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS) + 3) % 7;
}

/** From one date to another; negative when it is before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** The slots that each weekday usually has: those that at least this share of its days have. */
export function usualSlots(days: readonly GridDay[], slots: number, share = USUAL_SHARE): boolean[][] {
  const seen = Array.from({ length: 7 }, () => new Float64Array(slots));
  const number = new Float64Array(7);
  for (const { weekday, counts } of days) {
    if (counts.length === 0) continue;
    number[weekday] = (number[weekday] ?? 0) + 1;
    const row = seen[weekday];
    if (row) for (let s = 0; s < slots; s++) if (!Number.isNaN(counts[s])) row[s] = (row[s] ?? 0) + 1;
  }
  return seen.map((row, weekday) => Array.from(row, (n) => n > 0 && n >= share * (number[weekday] ?? 0)));
}

/**
 * Reads what is not named between a weekday's first and last slot as nobody came; of days without any interval those on which
 * that may well have happened. Gives the days so read, and whether there were any.
 */
function withZeros(days: readonly GridDay[], slots: number): { days: GridDay[]; filled: boolean } {
  const usual = usualSlots(days, slots, 0);
  const chance = zeroChances(days);
  let filled = false;
  const read = days.map((day, d) => {
    const open = usual[day.weekday] ?? [];
    const from = open.indexOf(true);
    if (from < 0 || (day.counts.length === 0 && (chance[day.weekday] ?? 0) < PLAUSIBLE_ZERO)) return day;
    const to = open.lastIndexOf(true);
    const counts = day.counts.length === 0 ? new Float64Array(slots).fill(Number.NaN) : day.counts.slice();
    // the export may have begun or ended within a day: what it does not reach is unknown, not nought
    const first =
      d === 0
        ? Math.max(
            from,
            counts.findIndex((count) => !Number.isNaN(count)),
          )
        : from;
    const last =
      d === days.length - 1
        ? Math.min(
            to,
            counts.findLastIndex((count) => !Number.isNaN(count)),
          )
        : to;
    for (let s = first; s <= last; s++) {
      if (!Number.isNaN(counts[s])) continue;
      counts[s] = 0;
      filled = true;
    }
    return { ...day, counts };
  });
  return { days: read, filled };
}

/** How likely each weekday is to bring nobody at all, by the mean of the days that brought somebody (Poisson). */
function zeroChances(days: readonly GridDay[]): number[] {
  return Array.from({ length: 7 }, (_, weekday) => {
    const ofIt = days.filter((day) => day.weekday === weekday && day.counts.length > 0);
    const all = days.filter((day) => day.weekday === weekday).length;
    if (ofIt.length === 0 || ofIt.length < all / 2) return 0;
    const total = ofIt.reduce((sum, { counts }) => sum + totalOf(counts), 0);
    return Math.exp(-total / ofIt.length);
  });
}

/** All contacts of a day; 0 where nothing is known. */
function totalOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) if (!Number.isNaN(count)) sum += count;
  return sum;
}

function bad(message: string, field: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_history", httpStatus: 422, field });
}

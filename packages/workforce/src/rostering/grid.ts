import { addDays, dayOf, INTERVAL_MS, type LocalDate, WEEKDAYS, type WeekdayName } from "@svara/calendar";
import type { Instant } from "@svara/kernel";

/** A day of a roster. */
export interface GridDay {
  readonly date: LocalDate;
  readonly weekday: WeekdayName;
  readonly from: Instant;
  readonly to: Instant;
  /** Days since 1970-01-01. */
  readonly number: number;
}

/** The days of a roster and their quarters of an hour. */
export interface Grid {
  readonly timeZone: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly quarters: number;
  readonly days: readonly GridDay[];
}

/** The grid of `days` days from a date on. */
export function gridOf({
  timeZone,
  from,
  days,
}: {
  readonly timeZone: string;
  readonly from: LocalDate;
  readonly days: number;
}): Grid {
  const list = Array.from({ length: days }, (_, index): GridDay => {
    const date = addDays(from, index);
    return { date, weekday: weekdayOf(date), ...dayOf(date, timeZone), number: dayNumber(date) };
  });
  const start = list[0]?.from ?? 0;
  const end = list.at(-1)?.to ?? start;
  return { timeZone, from: start, to: end, quarters: Math.round((end - start) / INTERVAL_MS), days: list };
}

/** The weekday of a date. */
export function weekdayOf(date: LocalDate): WeekdayName {
  return WEEKDAYS[Temporal.PlainDate.from(date).dayOfWeek - 1] ?? "mon";
}

const DAY_MS = 86_400_000;
const MONDAY_BEFORE_1970 = 3; // 1970-01-01 was a Thursday

/** A date as the number of days since 1970-01-01. */
export function dayNumber(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The date of a day's number. */
export function dateOf(number: number): LocalDate {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The number of a day's calendar week, Monday to Sunday. */
export function weekNumber(day: number): number {
  return Math.floor((day + MONDAY_BEFORE_1970) / 7);
}

/** The Monday of a week. */
export function mondayOf(week: number): number {
  return week * 7 - MONDAY_BEFORE_1970;
}

/** Saturday or Sunday, by the number of the day. */
export function isWeekendDay(day: number): boolean {
  return (day + MONDAY_BEFORE_1970) % 7 >= 5;
}

const MOST_KNOWN = 20_000; // wall times of some weeks in some zones
const known = new Map<string, Instant>();

/**
 * The instant of a wall time on a date, in minutes after midnight; a time that the clocks skip is moved on. Checks ask for the
 * same few times again and again, and calendars are slow: answers are remembered.
 */
export function wallInstant(date: LocalDate, minutes: number, timeZone: string): Instant {
  const key = `${timeZone} ${date} ${minutes}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const wall = Temporal.PlainDate.from(date)
    .add({ days: Math.floor(minutes / 1440) })
    .toPlainDateTime({ hour: Math.floor((minutes % 1440) / 60), minute: minutes % 60 });
  const at = wall.toZonedDateTime(timeZone).epochMilliseconds;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, at);
  return at;
}

/** Calls `visit` with each quarter that a stretch shares time with and the share of the quarter, inside the grid. */
export function eachQuarter(
  grid: Grid,
  from: Instant,
  to: Instant,
  visit: (quarter: number, share: number) => void,
): void {
  const first = Math.max(0, Math.floor((from - grid.from) / INTERVAL_MS));
  const end = Math.min(grid.quarters, Math.ceil((to - grid.from) / INTERVAL_MS));
  for (let quarter = first; quarter < end; quarter++) {
    const at = grid.from + quarter * INTERVAL_MS;
    const ms = Math.min(to, at + INTERVAL_MS) - Math.max(from, at);
    if (ms > 0) visit(quarter, ms / INTERVAL_MS);
  }
}

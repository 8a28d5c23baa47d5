import type { Instant } from "@svara/kernel";
import { type Holiday, holidaysOf } from "./holiday-rule.ts";
import { type HolidayCountry, holidayTables } from "./holiday-tables.ts";
import type { Period } from "./interval.ts";
import { addDays, instantAt, type LocalDate, localDate, minutesOf, type TimeOfDay } from "./wall-time.ts";

/** Open from `from` until `to`, which is excluded. A `to` that is not after `from` lies on the next day. */
export interface OpenSpan {
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
}

export type WeekdayName = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** The weekdays in the order of ISO 8601, Monday first. */
export const WEEKDAYS: readonly WeekdayName[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** One date with hours of its own; no spans: closed all day. */
export interface DateException {
  readonly date: LocalDate;
  readonly spans: readonly OpenSpan[];
  readonly name?: string;
}

/**
 * When something is open. For a date the exception counts if there is one, else the holiday, else the weekday. Spans belong
 * to the date on which they begin: a night that began on an open day is not cut by the holiday after it.
 */
export interface OpeningHours {
  /** IANA name. */
  readonly timeZone: string;
  /** A weekday that is not named is closed. */
  readonly weekly: Readonly<Partial<Record<WeekdayName, readonly OpenSpan[]>>>;
  /** Public holidays by country, with the hours that hold then; no spans: closed. */
  readonly holidays?: { readonly country: HolidayCountry; readonly spans: readonly OpenSpan[] };
  readonly exceptions?: readonly DateException[];
}

/** The next moment at which something opens or closes. */
export interface HoursChange {
  readonly at: Instant;
  readonly open: boolean;
}

const SEARCH_DAYS = 400; // a year and a month: whoever does not open within it does not open by any weekly rule

/** Whether it is open at an instant. The hours are taken to be valid (`checkOpeningHours`). */
export function isOpen(hours: OpeningHours, at: Instant): boolean {
  const today = localDate(at, hours.timeZone);
  return [addDays(today, -1), today].some((date) =>
    openPeriods(hours, date).some((p) => p.from <= at && at < p.to),
  );
}

/** The next opening or closing after an instant; undefined when there is none for 400 days. Spans that touch are one. */
export function nextChange(hours: OpeningHours, at: Instant): HoursChange | undefined {
  const today = localDate(at, hours.timeZone);
  let openUntil: Instant | undefined;
  for (let day = -1; day <= SEARCH_DAYS; day++) {
    for (const { from, to } of openPeriods(hours, addDays(today, day))) {
      if (to <= at) continue;
      if (openUntil === undefined) {
        if (from > at) return { at: from, open: true };
        openUntil = to;
      } else if (from > openUntil) {
        return { at: openUntil, open: false };
      } else {
        openUntil = Math.max(openUntil, to);
      }
    }
    // a closing is final once the following day has shown that it does not go on
    if (
      openUntil !== undefined &&
      openUntil < instantAt(addDays(today, day), 1440, hours.timeZone, "opening")
    ) {
      return { at: openUntil, open: false };
    }
  }
  return undefined;
}

/** The open periods that begin on a date, in order; empty when it is closed. */
export function openPeriods(hours: OpeningHours, date: LocalDate): Period[] {
  return spansOn(hours, date)
    .map(({ from, to }) => {
      const start = minutesOf(from) ?? 0;
      const end = minutesOf(to) ?? 0;
      return {
        from: instantAt(date, start, hours.timeZone, "opening"),
        to: instantAt(date, end > start ? end : end + 1440, hours.timeZone, "closing"),
      };
    })
    .filter((period) => period.from < period.to)
    .sort((a, b) => a.from - b.from);
}

/** Milliseconds of open time between two instants: what a promise in working hours has used up. */
export function openMsBetween(hours: OpeningHours, from: Instant, to: Instant): number {
  let sum = 0;
  let end = from;
  const last = localDate(to, hours.timeZone);
  for (let date = addDays(localDate(from, hours.timeZone), -1); date <= last; date = addDays(date, 1)) {
    for (const period of openPeriods(hours, date)) {
      const start = Math.max(period.from, end);
      const stop = Math.min(period.to, to);
      if (stop <= start) continue;
      sum += stop - start;
      end = stop;
    }
  }
  return sum;
}

/** The holiday on a date by the hours' country, or undefined. */
export function holidayOn(hours: OpeningHours, date: LocalDate): Holiday | undefined {
  if (hours.holidays === undefined) return undefined;
  return holidayMap(hours.holidays.country, Number(date.slice(0, 4))).get(date);
}

const holidayMaps = new Map<string, ReadonlyMap<LocalDate, Holiday>>();

/** Computed once for each country and year: hours are asked at every call. */
function holidayMap(country: HolidayCountry, year: number): ReadonlyMap<LocalDate, Holiday> {
  const key = `${country} ${year}`;
  let map = holidayMaps.get(key);
  if (map === undefined) {
    // New Year's Day on a Saturday may be observed in the year before
    const days = [
      ...holidaysOf(holidayTables[country], year),
      ...holidaysOf(holidayTables[country], year + 1),
    ];
    map = new Map(days.filter((day) => Number(day.date.slice(0, 4)) === year).map((day) => [day.date, day]));
    holidayMaps.set(key, map);
  }
  return map;
}

function spansOn(hours: OpeningHours, date: LocalDate): readonly OpenSpan[] {
  const exception = hours.exceptions?.find((e) => e.date === date);
  if (exception) return exception.spans;
  if (hours.holidays && holidayOn(hours, date)) return hours.holidays.spans;
  const weekday = WEEKDAYS[Temporal.PlainDate.from(date).dayOfWeek - 1];
  return (weekday && hours.weekly[weekday]) ?? [];
}

import type { Instant } from "@svara/kernel";
import { addDays, type LocalDate, zoned } from "./wall-time.ts";

/** The base interval of all figures. Every offset of a present time zone is a multiple of it. */
export const INTERVAL_MS = 900_000;

/** A stretch of time, its end excluded. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** The start of the interval in which an instant lies; intervals start at UTC quarters of an hour. */
export function intervalStart(at: Instant): Instant {
  return Math.floor(at / INTERVAL_MS) * INTERVAL_MS;
}

/** The starts of all intervals that share an instant with the period. */
export function intervalStarts(period: Period): Instant[] {
  const starts: Instant[] = [];
  for (let at = intervalStart(period.from); at < period.to; at += INTERVAL_MS) starts.push(at);
  return starts;
}

/** Cuts a period at the borders of intervals; the pieces add up to it exactly. */
export function splitByInterval(period: Period): (Period & { readonly intervalStart: Instant })[] {
  const pieces: (Period & { intervalStart: Instant })[] = [];
  for (let from = period.from; from < period.to; ) {
    const start = intervalStart(from);
    const to = Math.min(period.to, start + INTERVAL_MS);
    pieces.push({ intervalStart: start, from, to });
    from = to;
  }
  return pieces;
}

/** The day of a date in a zone, from its first instant to that of the next: 92 to 100 intervals where clocks change. */
export function dayOf(date: LocalDate, timeZone: string): Period {
  return { from: startOfDay(date, timeZone), to: startOfDay(addDays(date, 1), timeZone) };
}

/** What figures are rolled up to. */
export type RollUp = "quarter_hour" | "half_hour" | "hour" | "day" | "week" | "month";

/** The period of a roll-up in which an instant lies, on the calendar of a zone; weeks begin on Monday (ISO 8601). */
export function periodOf(at: Instant, rollUp: RollUp, timeZone: string): Period {
  switch (rollUp) {
    case "quarter_hour":
      return clockPeriod(at, 15, timeZone);
    case "half_hour":
      return clockPeriod(at, 30, timeZone);
    case "hour":
      return clockPeriod(at, 60, timeZone);
    default:
      return datePeriod(at, rollUp, timeZone);
  }
}

/** Parts of an hour count from the zone's own full hour, which is not UTC's everywhere (Asia/Kolkata). */
function clockPeriod(at: Instant, minutes: number, timeZone: string): Period {
  const ms = minutes * 60_000;
  const offset = zoned(at, timeZone).offsetNanoseconds / 1_000_000;
  const from = Math.floor((at + offset) / ms) * ms - offset;
  return { from, to: from + ms };
}

function datePeriod(at: Instant, rollUp: "day" | "week" | "month", timeZone: string): Period {
  const date = zoned(at, timeZone).toPlainDate();
  const first =
    rollUp === "day"
      ? date
      : rollUp === "week"
        ? date.subtract({ days: date.dayOfWeek - 1 })
        : date.with({ day: 1 });
  const next = first.add(rollUp === "day" ? { days: 1 } : rollUp === "week" ? { weeks: 1 } : { months: 1 });
  return { from: startOfDay(first.toString(), timeZone), to: startOfDay(next.toString(), timeZone) };
}

function startOfDay(date: LocalDate, timeZone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

import { holidayTables } from "./holiday-tables.ts";
import { type OpeningHours, type OpenSpan, WEEKDAYS } from "./opening-hours.ts";
import { isTimeZone, minutesOf } from "./wall-time.ts";

/** What is wrong with opening hours, and where. */
export interface HoursProblem {
  /** Dotted path, such as `weekly.mon.0.to`. */
  readonly field: string;
  readonly code:
    | "unknown_time_zone"
    | "unknown_country"
    | "bad_time"
    | "bad_date"
    | "empty_span"
    | "overlap"
    | "duplicate_date"
    | "unknown_weekday";
  readonly message: string;
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/** All problems of opening hours; none: they can be used. */
export function checkOpeningHours(hours: OpeningHours): HoursProblem[] {
  const problems: HoursProblem[] = [];
  const add = (field: string, code: HoursProblem["code"], message: string): void => {
    problems.push({ field, code, message });
  };
  if (!isTimeZone(hours.timeZone)) {
    add(
      "timeZone",
      "unknown_time_zone",
      `"${hours.timeZone}" is not an IANA time zone such as Europe/Stockholm`,
    );
  }
  for (const [day, spans] of Object.entries(hours.weekly)) {
    if (!(WEEKDAYS as readonly string[]).includes(day)) {
      add(`weekly.${day}`, "unknown_weekday", `"${day}" is not one of ${WEEKDAYS.join(", ")}`);
    } else checkSpans(spans, `weekly.${day}`, add);
  }
  if (hours.holidays) {
    if (!Object.hasOwn(holidayTables, hours.holidays.country)) {
      const known = Object.keys(holidayTables).join(", ");
      add(
        "holidays.country",
        "unknown_country",
        `no holidays are known for "${hours.holidays.country}"; known: ${known}`,
      );
    }
    checkSpans(hours.holidays.spans, "holidays.spans", add);
  }
  const dates = new Set<string>();
  for (const [i, { date, spans }] of (hours.exceptions ?? []).entries()) {
    const field = `exceptions.${i}`;
    if (!isDate(date)) add(`${field}.date`, "bad_date", `"${date}" is not a date such as 2026-12-24`);
    else if (dates.has(date)) add(`${field}.date`, "duplicate_date", `${date} has an exception already`);
    dates.add(date);
    checkSpans(spans, `${field}.spans`, add);
  }
  return problems;
}

function checkSpans(
  spans: readonly OpenSpan[],
  field: string,
  add: (field: string, code: HoursProblem["code"], message: string) => void,
): void {
  const known: { from: number; to: number; i: number }[] = [];
  for (const [i, span] of spans.entries()) {
    const from = minutesOf(span.from);
    const to = minutesOf(span.to);
    if (from === undefined || from === 1440) {
      add(`${field}.${i}.from`, "bad_time", `"${span.from}" is not a time from 00:00 to 23:59`);
    }
    if (to === undefined)
      add(`${field}.${i}.to`, "bad_time", `"${span.to}" is not a time from 00:00 to 24:00`);
    if (from === undefined || from === 1440 || to === undefined) continue;
    if (from === to) {
      add(
        `${field}.${i}.to`,
        "empty_span",
        `${span.from} to ${span.to} is empty; a whole day is 00:00 to 24:00`,
      );
      continue;
    }
    known.push({ from, to: to > from ? to : to + 1440, i });
  }
  known.sort((a, b) => a.from - b.from || a.i - b.i);
  let end = Number.NEGATIVE_INFINITY;
  for (const span of known) {
    if (span.from < end)
      add(`${field}.${span.i}.from`, "overlap", "begins before the span before it has ended");
    end = Math.max(end, span.to);
  }
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

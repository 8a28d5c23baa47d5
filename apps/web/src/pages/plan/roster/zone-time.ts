import type { Instant } from "@svara/kernel";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function partsAt(at: Instant, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The date on the calendar of a zone. */
export function wallDate(at: Instant, timeZone: string): string {
  const { year, month, day } = partsAt(at, timeZone);
  return `${year}-${month}-${day}`;
}

/** The clock of a zone: `08:30`. */
export function wallTime(at: Instant, timeZone: string): string {
  const { hour, minute } = partsAt(at, timeZone);
  return `${hour}:${minute}`;
}

/** The instant at which the clocks of a zone show a time of a date; of a skipped time the one after the jump. */
export function wallInstant(date: string, time: string, timeZone: string): Instant {
  const [hours = "0", minutes = "0"] = time.split(":");
  const wanted = Date.parse(`${date}T00:00:00Z`) + (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  let at = wanted;
  for (let round = 0; round < 3; round++) {
    const shown = Date.parse(`${wallDate(at, timeZone)}T${wallTime(at, timeZone)}:00Z`);
    if (shown === wanted) return at;
    at += wanted - shown;
  }
  return at;
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday of the week in which a date lies. */
export function mondayOf(date: string): string {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}

/** Each date from the first on. */
export function datesFrom(first: string, days: number): string[] {
  return Array.from({ length: days }, (_, index) => addDays(first, index));
}

/** `Mon 23 Nov`, in the reader's language. */
export function dayWords(date: string, locale: string, style: "short" | "long" = "short"): string {
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    timeZone: "UTC",
    weekday: style,
    day: "numeric",
    month: style,
  }).format(Date.parse(`${date}T12:00:00Z`));
}

/** `08:00–16:30`. */
export function spanWords(
  { from, to }: { readonly from: Instant; readonly to: Instant },
  timeZone: string,
): string {
  return `${wallTime(from, timeZone)}–${wallTime(to, timeZone)}`;
}

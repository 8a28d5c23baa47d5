import type { Instant } from "@svara/kernel";

/** An instant as people say it: time alone today, with the day otherwise. */
export function formatMoment(at: Instant, now: Instant, locale: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat(timeLocale(locale), { ...zone, hour: "2-digit", minute: "2-digit" });
  if (dayKey(at, timeZone) === dayKey(now, timeZone)) return time.format(at);
  const sameYear = dayKey(at, timeZone).slice(0, 4) === dayKey(now, timeZone).slice(0, 4);
  const day = new Intl.DateTimeFormat(timeLocale(locale), {
    ...zone,
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
  return `${day.format(at)}, ${time.format(at)}`;
}

/** An instant to the second, for timelines: `10:02:41`. */
export function formatSecond(at: Instant, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(timeLocale(locale), {
    ...(timeZone === undefined ? {} : { timeZone }),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(at);
}

/** A day and time in full, for headings and tooltips. */
export function formatFull(at: Instant, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(timeLocale(locale), {
    ...(timeZone === undefined ? {} : { timeZone }),
    dateStyle: "long",
    timeStyle: "medium",
  }).format(at);
}

/** The calendar day of an instant in a zone, as `2026-11-22`. */
export function dayKey(at: Instant, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return parts.format(at);
}

/** Plain `en` would be the American twelve-hour clock; all our languages write twenty-four hours. */
function timeLocale(locale: string): string {
  return locale === "en" ? "en-GB" : locale;
}

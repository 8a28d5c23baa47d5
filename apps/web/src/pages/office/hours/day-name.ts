import { DAYS, type Day } from "./week.ts";

/** The name of a day of the week in a language. */
export function dayName(day: Day, locale: string, width: "short" | "long" = "short"): string {
  // 5 January 2026 was a Monday
  const at = Date.UTC(2026, 0, 5 + DAYS.indexOf(day));
  return new Intl.DateTimeFormat(locale, { weekday: width, timeZone: "UTC" }).format(at);
}

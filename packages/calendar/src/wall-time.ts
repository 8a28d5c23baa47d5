import type { Instant } from "@svara/kernel";

/** A time of day as people write it: `HH:MM`, 00:00 to 23:59; as an end also `24:00`. */
export type TimeOfDay = string;

/** A calendar date: `YYYY-MM-DD`. */
export type LocalDate = string;

const TIME = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Minutes after midnight, 0 to 1440, or undefined when the text is not a time of day. */
export function minutesOf(time: TimeOfDay): number | undefined {
  const match = TIME.exec(time);
  if (match === null) return undefined;
  return time === "24:00" ? 1440 : Number(match[1]) * 60 + Number(match[2]);
}

/** Whether the platform knows the zone, by its IANA name (`Europe/Kyiv`); offsets such as `+02:00` are not zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The date on the calendar of a zone. */
export function localDate(at: Instant, timeZone: string): LocalDate {
  return zoned(at, timeZone).toPlainDate().toString();
}

/** The date `days` later, or earlier when negative. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/**
 * The instant at which the clocks of a zone show `minutes` after midnight of a date; 1440 and more fall on later days. A
 * time that is skipped in spring means the moment of the jump. Of a time that comes twice in autumn, `opening` means the
 * first and `closing` the last.
 */
export function instantAt(
  date: LocalDate,
  minutes: number,
  timeZone: string,
  as: "opening" | "closing",
): Instant {
  const wall = Temporal.PlainDate.from(date)
    .add({ days: Math.floor(minutes / 1440) })
    .toPlainDateTime({ hour: Math.floor((minutes % 1440) / 60), minute: minutes % 60 });
  const disambiguation = as === "opening" ? "earlier" : "later";
  const exact = wall.toZonedDateTime(timeZone, { disambiguation });
  if (exact.toPlainDateTime().equals(wall)) return exact.epochMilliseconds;
  const before = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  return (before.getTimeZoneTransition("next") ?? before).epochMilliseconds;
}

/** The instant on the wall of a zone. */
export function zoned(at: Instant, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

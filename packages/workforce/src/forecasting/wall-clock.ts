import { type LocalDate, zoned } from "@svara/calendar";
import type { Instant } from "@svara/kernel";

const DAY_MS = 86_400_000;
const LOOK_MS = 900_000; // offsets of time zones change at quarters of an hour

/** The date and the ms after midnight that the clocks of a zone show; looks at the zone once for each quarter of an hour. */
export function wallClock(timeZone: string): (at: Instant) => { date: LocalDate; ms: number } {
  const offsets = new Map<number, number>();
  const dates = new Map<number, LocalDate>();
  return (at) => {
    const quarter = Math.floor(at / LOOK_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = zoned(at, timeZone).offsetNanoseconds / 1e6;
      offsets.set(quarter, offset);
    }
    const local = at + offset;
    const day = Math.floor(local / DAY_MS);
    let date = dates.get(day);
    if (date === undefined) {
      date = new Date(day * DAY_MS).toISOString().slice(0, 10);
      dates.set(day, date);
    }
    return { date, ms: local - day * DAY_MS };
  };
}

import type { LocalDate } from "@svara/calendar";
import { addDays, dayOf, INTERVAL_MS, type OpeningHours, openPeriods } from "@svara/calendar";
import { guessed, type RawInterval } from "./adjusted.ts";
import type { StoredForecast } from "./forecast.repository.ts";

/** Where a client has no opening hours yet. */
export function usualHours(timeZone: string): OpeningHours {
  const spans = [{ from: "08:00", to: "17:00" }];
  return { timeZone, weekly: { mon: spans, tue: spans, wed: spans, thu: spans, fri: spans } };
}

/** So many contacts on each open day, evenly over its opening hours: a beginning where there is no history. */
export function flatForecast(options: {
  readonly firstDay: LocalDate;
  readonly days: number;
  readonly timeZone: string;
  readonly hours: OpeningHours;
  readonly contactsPerDay: number;
}): StoredForecast {
  const { firstDay, days, timeZone, hours, contactsPerDay } = options;
  const intervals: RawInterval[] = [];
  const results: StoredForecast["days"][number][] = [];
  for (let i = 0; i < days; i++) {
    const date = addDays(firstDay, i);
    const starts = openQuarters(date, timeZone, hours);
    const mean = starts.length > 0 ? contactsPerDay / starts.length : 0;
    for (const at of starts) intervals.push({ at, mean, quantiles: guessed(mean) });
    const total = mean * starts.length;
    results.push({ date, mean: total, quantiles: guessed(total), special: [] });
  }
  return { intervals, days: results, method: "flat", choices: [], scores: [], history: null, notes: [] };
}

function openQuarters(date: LocalDate, timeZone: string, hours: OpeningHours): number[] {
  const { from, to } = dayOf(date, timeZone);
  const periods = [addDays(date, -1), date].flatMap((day) => openPeriods(hours, day));
  const starts: number[] = [];
  for (let at = from; at < to; at += INTERVAL_MS)
    if (periods.some((open) => open.from <= at && at < open.to)) starts.push(at);
  return starts;
}

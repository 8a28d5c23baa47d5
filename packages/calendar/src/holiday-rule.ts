import type { LocalDate } from "./wall-time.ts";

/** What happens to a holiday on a weekend: nothing, or the day off moves (US: to the nearer weekday, GB: to the next free one). */
export type Observance = "as_is" | "nearest_weekday" | "next_weekday";

interface Named {
  /** The name in the country's own language. */
  readonly name: string;
  /** First and last year of the rule, both included. */
  readonly since?: number;
  readonly until?: number;
  readonly observed?: Observance;
}

/** How the dates of a holiday follow from the year. Weekdays: 1 Monday to 7 Sunday (ISO 8601). */
export type HolidayRule = Named &
  (
    | { readonly kind: "fixed"; readonly month: number; readonly day: number }
    /** Days after Easter Sunday, western (Gregorian) or orthodox (Julian). */
    | { readonly kind: "easter"; readonly church: "western" | "orthodox"; readonly offsetDays: number }
    /** The nth weekday of a month; -1 is the last. */
    | {
        readonly kind: "nth_weekday";
        readonly month: number;
        readonly weekday: number;
        readonly nth: number;
      }
    /** The first such weekday on or after a date. */
    | {
        readonly kind: "weekday_from";
        readonly month: number;
        readonly day: number;
        readonly weekday: number;
      }
  );

/** A day off with its name. */
export interface Holiday {
  readonly date: LocalDate;
  readonly name: string;
}

/** The days off of a year, in order of date. A moved holiday is listed on the day to which it moved. */
export function holidaysOf(rules: readonly HolidayRule[], year: number): Holiday[] {
  const taken = new Set<string>();
  const days: Holiday[] = [];
  const due = rules
    .filter((rule) => (rule.since ?? year) <= year && year <= (rule.until ?? year))
    .map((rule) => ({ rule, date: dateIn(rule, year) }))
    .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date));
  for (const { rule, date } of due) {
    // a day that stands where it falls is taken before others move, so Boxing Day's substitute passes it
    if ((rule.observed ?? "as_is") === "as_is" || date.dayOfWeek <= 5) taken.add(date.toString());
  }
  for (const { rule, date } of due) {
    const day = observed(date, rule.observed ?? "as_is", taken);
    taken.add(day);
    days.push({ date: day, name: rule.name });
  }
  return days.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** Easter Sunday. Western: the Gregorian computus (Meeus, Jones, Butcher); orthodox: Meeus' Julian one, on the Gregorian calendar. */
export function easterSunday(year: number, church: "western" | "orthodox"): LocalDate {
  return easter(year, church).toString();
}

function dateIn(rule: HolidayRule, year: number): Temporal.PlainDate {
  switch (rule.kind) {
    case "fixed":
      return Temporal.PlainDate.from({ year, month: rule.month, day: rule.day });
    case "easter":
      return easter(year, rule.church).add({ days: rule.offsetDays });
    case "weekday_from": {
      const start = Temporal.PlainDate.from({ year, month: rule.month, day: rule.day });
      return start.add({ days: (rule.weekday - start.dayOfWeek + 7) % 7 });
    }
    case "nth_weekday": {
      const first = Temporal.PlainDate.from({ year, month: rule.month, day: 1 });
      if (rule.nth > 0) {
        return first.add({ days: ((rule.weekday - first.dayOfWeek + 7) % 7) + 7 * (rule.nth - 1) });
      }
      const last = first.with({ day: first.daysInMonth });
      return last.subtract({ days: ((last.dayOfWeek - rule.weekday + 7) % 7) + 7 * (-rule.nth - 1) });
    }
  }
}

function observed(date: Temporal.PlainDate, how: Observance, taken: ReadonlySet<string>): LocalDate {
  if (how === "as_is" || date.dayOfWeek <= 5) return date.toString();
  if (how === "nearest_weekday") {
    return (date.dayOfWeek === 6 ? date.subtract({ days: 1 }) : date.add({ days: 1 })).toString();
  }
  let day = date;
  while (day.dayOfWeek > 5 || taken.has(day.toString())) day = day.add({ days: 1 });
  return day.toString();
}

function easter(year: number, church: "western" | "orthodox"): Temporal.PlainDate {
  const a = year % 19;
  if (church === "orthodox") {
    const d = (19 * a + 15) % 30;
    const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
    const julian = d + e + 114;
    const lag = Math.floor(year / 100) - Math.floor(year / 400) - 2; // days between the two calendars
    return Temporal.PlainDate.from({ year, month: Math.floor(julian / 31), day: (julian % 31) + 1 }).add({
      days: lag,
    });
  }
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const l = (32 + 2 * (b % 4) + 2 * i - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
}

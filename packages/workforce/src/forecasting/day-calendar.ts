import { addDays, type LocalDate } from "@svara/calendar";
import { daysBetween, type GridDay, weekdayOf } from "./day-grid.ts";
import type { DayMark } from "./structural-series.ts";

/** Which known causes a day's number is explained by, beside its weekday. */
export type CauseSet = "none" | "closures" | "month" | "year";

/** The weekdays, the count of open days, and the causes of any day of the history and after it. */
export interface DayCalendar {
  /** Days of the history. */
  readonly length: number;
  date(day: number): LocalDate;
  weekday(day: number): number;
  /** Days of the week on which the centre is usually open, counted from the first day of the history. */
  tick(day: number): number;
  mark(day: number, causes: CauseSet): DayMark;
}

const USUALLY = 0.5; // of its weeks: a weekday that is open less often does not count as a tick
const TURN_FIRST = 3; // working days at the beginning of a month: pay, rent and bills
const TURN_LAST = 2;
const YEAR_DAYS = 365.2425;

/** `isClosed`: days to come of which it is known that they are; of the past the history tells. */
export function dayCalendar(
  days: readonly GridDay[],
  isClosed: (date: LocalDate) => boolean = () => false,
): DayCalendar {
  const first = days[0]?.date ?? "1970-01-01";
  const firstWeekday = weekdayOf(first);
  const usual = usualWeekdays(days);
  const perWeek = Math.max(1, usual.filter(Boolean).length);
  const wd = (day: number): number => (((firstWeekday + day) % 7) + 7) % 7;
  const date = (day: number): LocalDate => days[day]?.date ?? addDays(first, day);
  const tick = (day: number): number => {
    const weeks = Math.floor(day / 7);
    let ticks = weeks * perWeek;
    for (let d = weeks * 7; d < day; d++) if (usual[wd(d + 1)]) ticks++;
    return ticks;
  };
  const closed = (day: number): boolean =>
    day < days.length ? (days[day]?.counts.length ?? 0) === 0 : isClosed(date(day));
  /** The usual open day before was none. */
  const followsClosure = (day: number): boolean => {
    for (let d = day - 1; d >= Math.max(0, day - 7); d--) if (usual[wd(d)]) return closed(d);
    return false;
  };
  const cache = new Map<string, readonly number[]>();
  const causesOf = (day: number, set: CauseSet): readonly number[] => {
    if (set === "none") return [];
    const key = `${set}${day}`;
    const known = cache.get(key);
    if (known) return known;
    const causes = [followsClosure(day) ? 1 : 0];
    if (set === "month" || set === "year") causes.push(...turnOfMonth(date(day)));
    if (set === "year") causes.push(...season(daysBetween("2000-01-01", date(day))));
    cache.set(key, causes);
    return causes;
  };
  return {
    length: days.length,
    date,
    weekday: wd,
    tick,
    mark: (day, set) => ({ weekday: wd(day), tick: tick(day), causes: causesOf(day, set) }),
  };
}

/** The weekdays that are open in most weeks. */
function usualWeekdays(days: readonly GridDay[]): boolean[] {
  const open = new Float64Array(7);
  const all = new Float64Array(7);
  for (const { weekday, counts } of days) {
    all[weekday] = (all[weekday] ?? 0) + 1;
    if (counts.length > 0) open[weekday] = (open[weekday] ?? 0) + 1;
  }
  return Array.from(open, (n, weekday) => n > 0 && n >= USUALLY * (all[weekday] ?? 0));
}

/** Is it the first, second, third, last but one, last working day (Monday to Friday) of its month? */
function turnOfMonth(date: LocalDate): number[] {
  const day = Number(date.slice(8));
  const turns = new Array<number>(TURN_FIRST + TURN_LAST).fill(0);
  const weekday = weekdayOf(date);
  if (weekday > 4) return turns;
  const days = daysInMonth(date);
  const fromStart = workingDays(weekday, -(day - 1));
  const fromEnd = workingDays(weekday, days - day);
  if (fromStart <= TURN_FIRST) turns[fromStart - 1] = 1;
  if (fromEnd <= TURN_LAST) turns[TURN_FIRST + TURN_LAST - fromEnd] = 1;
  return turns;
}

/** Working days from a weekday to `offset` days from it, both included. */
function workingDays(weekday: number, offset: number): number {
  let number = 0;
  const step = offset < 0 ? -1 : 1;
  for (let d = 0; d !== offset + step; d += step) if ((((weekday + d) % 7) + 7) % 7 < 5) number++;
  return number;
}

function daysInMonth(date: LocalDate): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
}

/** Two waves a year. */
function season(day: number): number[] {
  const angle = (2 * Math.PI * day) / YEAR_DAYS;
  return [Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
}

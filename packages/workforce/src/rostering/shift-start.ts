import { type LocalDate, minutesOf } from "@svara/calendar";
import { type Instant, SvaraError } from "@svara/kernel";
import { type Grid, wallInstant } from "./grid.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { presenceMinutes, type ShiftPattern } from "./shift-pattern.ts";

const MINUTE_MS = 60_000;

/** A pattern begun at an instant: what a shift is before its breaks are placed. */
export interface ShiftStart {
  readonly index: number;
  /** The day's number in the grid. */
  readonly day: number;
  readonly pattern: ShiftPattern;
  readonly from: Instant;
  readonly to: Instant;
  /** Minutes after midnight on the wall. */
  readonly wallMinutes: number;
}

/** Every begin of every pattern on every day of the grid, by day, pattern and time. */
export function shiftStarts(problem: RosterProblem, grid: Grid): ShiftStart[] {
  const starts: ShiftStart[] = [];
  for (const [day, gridDay] of grid.days.entries()) {
    for (const pattern of problem.patterns) {
      if (pattern.weekdays && !pattern.weekdays.includes(gridDay.weekday)) continue;
      for (const wallMinutes of wallStarts(pattern)) {
        const from = wallInstant(gridDay.date, wallMinutes, grid.timeZone);
        const to = from + presenceMinutes(pattern) * MINUTE_MS;
        starts.push({ index: starts.length, day, pattern, from, to, wallMinutes });
      }
    }
  }
  return starts;
}

/** The wall times at which a pattern may begin. */
export function wallStarts({ earliestStart, latestStart, startEveryMinutes = 15 }: ShiftPattern): number[] {
  const first = wallMinutes(earliestStart);
  const last = wallMinutes(latestStart);
  return Array.from(
    { length: Math.max(0, Math.floor((last - first) / startEveryMinutes) + 1) },
    (_, index) => first + index * startEveryMinutes,
  );
}

/** Minutes after midnight of a wall time. Throws `roster.bad_time` for text that is none. */
export function wallMinutes(time: string): number {
  const minutes = minutesOf(time);
  if (minutes === undefined)
    throw new SvaraError(`"${time}" is no time of day such as 08:30`, {
      code: "roster.bad_time",
      httpStatus: 422,
    });
  return minutes;
}

/** The date on which an instant lies. */
export function dateAt(at: Instant, timeZone: string): LocalDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

import { type AgentContext, type GridWeek, type PlacedShift, weekMost } from "./agent-context.ts";
import { isWeekendDay, mondayOf, weekNumber } from "./grid.ts";
import type { LabourRules } from "./labour-rules.ts";
import { longestWithoutRest } from "./shift-rules.ts";
import type { Stretch } from "./stretches.ts";
import type { RosterRule } from "./violation.ts";

const MINUTE_MS = 60_000;

/** Told of each broken rule: the day's number (a week's Monday for rules of the week), what is, and what may be. */
export type Report = (rule: RosterRule, day: number, actual: number, limit: number) => void;

/**
 * The rules that look at several shifts of one agent: rest, days in a row, hours, days and weekends. `shifts` ascend and hold
 * those outside of the days planned too; `stretches` are they, joined.
 */
export function checkSequence(
  context: AgentContext,
  shifts: readonly PlacedShift[],
  stretches: readonly Stretch[],
  report: Report,
): void {
  checkStretches(context, stretches, report);
  checkDaysInARow(context, shifts, report);
  for (const week of context.weeks) checkWeek(context, week, shifts, report);
  if (context.contract.weekends === "alternate") checkWeekends(shifts, report);
}

/** Rest and hours of the day, by stretches of work. */
function checkStretches({ rules }: AgentContext, stretches: readonly Stretch[], report: Report): void {
  const { minRestMinutes = 0, minRestTimesShift = 0, maxDailyMinutes = Number.POSITIVE_INFINITY } = rules;
  let dayMinutes = 0;
  for (const [index, stretch] of stretches.entries()) {
    const before = stretches[index - 1];
    checkJoints(rules, stretch, report);
    dayMinutes = stretch.paidMinutes + (before?.day === stretch.day ? dayMinutes : 0);
    if (dayMinutes > maxDailyMinutes) report("daily_hours", stretch.day, dayMinutes, maxDailyMinutes);
    if (!before) continue;
    const restMinutes = (stretch.from - before.to) / MINUTE_MS;
    const needed = Math.max(minRestMinutes, (minRestTimesShift * (before.to - before.from)) / MINUTE_MS);
    if (restMinutes < needed) report("rest_between_shifts", stretch.day, restMinutes, needed);
  }
}

/** Inside a stretch: shifts never overlap, and only overtime may touch another. */
function checkJoints(
  { minRestMinutes = 0, minRestTimesShift = 0 }: LabourRules,
  { shifts: [first, ...others] }: Stretch,
  report: Report,
): void {
  let before = first;
  for (const shift of others) {
    if (!before) return;
    const restMinutes = (shift.from - before.to) / MINUTE_MS;
    const needed = Math.max(minRestMinutes, (minRestTimesShift * (before.to - before.from)) / MINUTE_MS);
    if (restMinutes < 0) report("shift_overlap", shift.day, restMinutes, 0);
    else if (needed > 0 && !shift.isOvertime && !before.isOvertime)
      report("rest_between_shifts", shift.day, restMinutes, needed);
    if (shift.to > before.to) before = shift;
  }
}

/** Work without a break, through all the shifts of each stretch. */
export function checkBreaks(
  { maxMinutesWithoutBreak }: LabourRules,
  stretches: readonly Stretch[],
  report: Report,
): void {
  if (maxMinutesWithoutBreak === undefined) return;
  for (const stretch of stretches) {
    const longest = longestWithoutRest(stretch);
    if (longest > maxMinutesWithoutBreak)
      report("break_needed", stretch.day, longest, maxMinutesWithoutBreak);
  }
}

function checkDaysInARow({ rules }: AgentContext, shifts: readonly PlacedShift[], report: Report): void {
  const { maxConsecutiveDays } = rules;
  if (maxConsecutiveDays === undefined) return;
  let inARow = 0;
  let last = Number.NaN;
  for (const { day } of shifts) {
    if (day === last) continue;
    inARow = day === last + 1 ? inARow + 1 : 1;
    last = day;
    if (inARow > maxConsecutiveDays) report("consecutive_days", day, inARow, maxConsecutiveDays);
  }
}

function checkWeek(
  context: AgentContext,
  week: GridWeek,
  shifts: readonly PlacedShift[],
  report: Report,
): void {
  const monday = mondayOf(week.week);
  let minutes = 0;
  let agreed = 0; // without overtime
  const worked = new Set<number>();
  for (const shift of shifts) {
    if (shift.day < monday || shift.day > monday + 6) continue;
    minutes += shift.paidMinutes;
    if (shift.isOvertime) continue;
    agreed += shift.paidMinutes;
    worked.add(shift.day);
  }
  const days = worked.size;
  const { maxWeeklyMinutes = Number.POSITIVE_INFINITY, weeklyRestMinutes } = context.rules;
  if (minutes > maxWeeklyMinutes) report("weekly_hours", monday, minutes, maxWeeklyMinutes);
  const bounds = context.bounds.get(week.week);
  if (bounds) {
    const most = weekMost(context.contract, bounds.daysOff.filter((day) => !worked.has(day)).length);
    if (agreed > most.minutes) report("contract_weekly_hours", monday, agreed, most.minutes);
    if (days > most.days) report("contract_days", monday, days, most.days);
    if (week.isWhole && agreed < bounds.minutes.min)
      report("contract_weekly_hours", monday, agreed, bounds.minutes.min);
    if (week.isWhole && days < bounds.days.min) report("contract_days", monday, days, bounds.days.min);
  }
  if (weeklyRestMinutes !== undefined) {
    const longest = longestRest(context, week, shifts) / MINUTE_MS;
    if (longest < weeklyRestMinutes) report("weekly_rest", monday, longest, weeklyRestMinutes);
  }
}

/**
 * The longest stretch without work that counts for the week: the whole of one that lies in it by half or more, else what lies
 * in it. Before what is known the agent has had the rest between shifts and no more; after the last shift nobody is planned
 * yet, so such a stretch is as long again outside.
 */
function longestRest(
  { knownFrom, rules: { minRestMinutes = 0 } }: AgentContext,
  week: GridWeek,
  shifts: readonly PlacedShift[],
): number {
  let longest = 0;
  let from = knownFrom;
  const look = (to: number): void => {
    const inside = Math.min(to, week.to) - Math.max(from, week.from);
    if (inside <= 0) return;
    const before = from === knownFrom ? minRestMinutes * MINUTE_MS : 0;
    const isOfThisWeek = to === Number.POSITIVE_INFINITY || 2 * inside >= to - from;
    longest = Math.max(longest, isOfThisWeek ? Math.min(2 * inside, to - from + before) : inside);
  };
  for (const shift of shifts) {
    if (shift.from > from) look(shift.from);
    from = Math.max(from, shift.to);
    if (from >= week.to) return longest;
  }
  look(Number.POSITIVE_INFINITY);
  return longest;
}

function checkWeekends(shifts: readonly PlacedShift[], report: Report): void {
  let last = Number.NaN;
  for (const { day } of shifts) {
    if (!isWeekendDay(day)) continue;
    const week = weekNumber(day);
    if (week === last + 1) report("contract_weekends", day, 2, 1);
    last = week;
  }
}

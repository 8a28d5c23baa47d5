import { INTERVAL_MS, type Period } from "@svara/calendar";
import { type AgentContext, availableOn, isFreeWeekend, type PlacedShift } from "./agent-context.ts";
import { dateOf, wallInstant, weekdayOf } from "./grid.ts";
import { isCutOut, overlapMs } from "./leave-days.ts";
import { isRest, type RosterShift, type ShiftPart } from "./roster.ts";
import type { FixedActivity, RosterAgent } from "./roster-agent.ts";
import { presenceMinutes, type ShiftPattern } from "./shift-pattern.ts";
import { wallStarts } from "./shift-start.ts";
import type { RosterRule } from "./violation.ts";

const MINUTE_MS = 60_000;

/** Told of each broken rule of a single shift; numbers in minutes where the rule has any. */
export type ShiftReport = (rule: RosterRule, actual?: number, limit?: number, detail?: string) => void;

/** What forbids an agent to work from one instant to another, whatever else the agent does: availability, leave, weekends. */
export function checkPlace(
  { agent, contract }: AgentContext,
  {
    day,
    from,
    to,
    parts = [],
  }: Pick<PlacedShift, "day" | "from" | "to"> & Partial<Pick<RosterShift, "parts">>,
  timeZone: string,
  report: ShiftReport,
): void {
  if (isFreeWeekend(contract, day)) report("contract_weekends");
  const available = availableOn(agent, day, timeZone);
  if (available === null) report("availability", undefined, undefined, "the agent cannot work on that day");
  else if (available && (from < available.from || to > available.to))
    report(
      "availability",
      undefined,
      undefined,
      `the agent can work ${wall(available.from, timeZone)}-${wall(available.to, timeZone)}`,
    );
  for (const leave of agent.leave ?? [])
    if (overlapMs(leave, { from, to }) > 0 && !isCutOut(leave, { from, to, parts })) report("leave");
}

/** Appointments that a shift would cut, or that a shift of that day leaves out. */
export function cutsActivity(
  { agent }: AgentContext,
  { from, to }: Pick<PlacedShift, "from" | "to">,
): boolean {
  return attended(agent).some(
    (activity) => activity.from < to && activity.to > from && (activity.from < from || activity.to > to),
  );
}

/** The appointments that leave does not touch. */
function attended({ activities = [], leave = [] }: RosterAgent): FixedActivity[] {
  return activities.filter((activity) => leave.every((period) => overlapMs(period, activity) === 0));
}

/** Whether the parts of a shift make sense: inside, ascending, apart. */
export function isWellFormed({ from, to, parts }: Pick<RosterShift, "from" | "to" | "parts">): boolean {
  let at = from;
  for (const part of parts) {
    if (part.from < at || part.to <= part.from) return false;
    at = part.to;
  }
  return at <= to && from < to;
}

/** A shift against its pattern: weekday, begin, length and breaks. */
export function checkPattern(
  shift: RosterShift,
  pattern: ShiftPattern,
  day: number,
  timeZone: string,
  report: ShiftReport,
): void {
  const date = dateOf(day);
  const weekday = weekdayOf(date);
  if (pattern.weekdays && !pattern.weekdays.includes(weekday))
    report("pattern_weekday", undefined, undefined, weekday);
  const starts = wallStarts(pattern).map((minutes) => wallInstant(date, minutes, timeZone));
  if (!starts.includes(shift.from)) report("pattern_start", undefined, undefined, wall(shift.from, timeZone));
  const length = (shift.to - shift.from) / MINUTE_MS;
  if (length !== presenceMinutes(pattern)) report("pattern_length", length, presenceMinutes(pattern));
  const rests = shift.parts.filter(isRest);
  const fits =
    rests.length === pattern.breaks.length &&
    pattern.breaks.every((rule, index) => {
      const part = rests[index];
      if (!part) return false;
      const after = (part.from - shift.from) / MINUTE_MS;
      return (
        part.kind === rule.kind &&
        part.paid === rule.paid &&
        part.to - part.from === rule.minutes * MINUTE_MS &&
        after >= rule.earliestAfterMinutes &&
        after <= rule.latestAfterMinutes &&
        (part.from - shift.from) % INTERVAL_MS === 0
      );
    });
  if (!fits) report("pattern_breaks", rests.length, pattern.breaks.length);
}

/** The longest time from one rest to the next, in minutes. */
export function longestWithoutRest({
  from,
  to,
  rests,
}: Period & { readonly rests: readonly Period[] }): number {
  let longest = 0;
  let at = from;
  for (const rest of rests) {
    longest = Math.max(longest, rest.from - at);
    at = rest.to;
  }
  return Math.max(longest, to - at) / MINUTE_MS;
}

/** Whether the shift holds the agent's appointments that lie in it, as parts of their own. */
export function missingActivity({ agent }: AgentContext, shift: RosterShift): string | undefined {
  const missing = attended(agent).find(
    ({ id, from, to }) =>
      from < shift.to &&
      to > shift.from &&
      !shift.parts.some((part: ShiftPart) => part.activityId === id && part.from === from && part.to === to),
  );
  return missing && (missing.name ?? missing.id);
}

/** `08:30` on the wall. */
function wall(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
}

import { addDays, dayOf, INTERVAL_MS, type LocalDate, minutesOf, WEEKDAYS, zoned } from "@svara/calendar";
import type { RosterGroupDraft } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { GroupRequirement } from "@svara/workforce/rostering";
import { queueSkill } from "./agent-skills.ts";

/** The days that a roster plans. */
export interface RosterDays {
  readonly timeZone: string;
  readonly from: LocalDate;
  readonly days: number;
  readonly fromAt: Instant;
  readonly toAt: Instant;
}

/** A group as it is stored: what was asked for, and the agents per quarter that came of it. */
export interface StoredGroup extends RosterGroupDraft {
  readonly required: readonly number[];
}

export function rosterDays(timeZone: string, from: LocalDate, days: number): RosterDays {
  const fromAt = dayOf(from, timeZone).from;
  const toAt = dayOf(addDays(from, days - 1), timeZone).to;
  return { timeZone, from, days, fromAt, toAt };
}

/** Quarters of an hour that the days have: 96 each, but where clocks change. */
export function quartersOf({ fromAt, toAt }: RosterDays): number {
  return Math.round((toAt - fromAt) / INTERVAL_MS);
}

/** Agents per quarter of a source that needs nothing else. */
export function plainRequirement(
  source: Exclude<RosterGroupDraft["source"], { kind: "forecast" }>,
  days: RosterDays,
): readonly number[] {
  const quarters = quartersOf(days);
  switch (source.kind) {
    case "flat":
      return Array.from({ length: quarters }, (_, index) =>
        isWithin(source, days.fromAt + index * INTERVAL_MS, days.timeZone) ? source.agents : 0,
      );
    case "typed":
      return source.required.slice(0, quarters);
  }
}

/** As the rosters reckon with it. */
export function groupOf({ id, name, queueId, skillIds, required }: StoredGroup): GroupRequirement {
  return {
    group: id,
    name,
    skills: [...(queueId === null ? [] : [queueSkill(queueId)]), ...skillIds],
    required,
  };
}

/** By the clocks of the zone; an end that is not after the begin lies on the next day. */
function isWithin(
  { from, to, weekdays }: Extract<RosterGroupDraft["source"], { kind: "flat" }>,
  at: Instant,
  timeZone: string,
): boolean {
  const wall = zoned(at, timeZone);
  const minute = wall.hour * 60 + wall.minute;
  const begin = minutesOf(from) ?? 0;
  const end = minutesOf(to) ?? 1440;
  const today = wall.dayOfWeek - 1;
  const on = (day: number): boolean => weekdays.some((weekday) => weekday === WEEKDAYS[(day + 7) % 7]);
  if (end > begin) return minute >= begin && minute < end && on(today);
  return (minute >= begin && on(today)) || (minute < end && on(today - 1));
}

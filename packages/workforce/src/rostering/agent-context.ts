import { dayOf, type Period } from "@svara/calendar";
import { type Instant, SvaraError } from "@svara/kernel";
import type { Contract } from "./contract.ts";
import {
  dateOf,
  dayNumber,
  type Grid,
  isWeekendDay,
  mondayOf,
  wallInstant,
  weekdayOf,
  weekNumber,
} from "./grid.ts";
import type { LabourRules } from "./labour-rules.ts";
import { type WeekLeave, weekLeave } from "./leave-days.ts";
import { isRest, paidMinutes, type RosterShift } from "./roster.ts";
import type { RosterAgent } from "./roster-agent.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { dateAt, wallMinutes } from "./shift-start.ts";

/** A shift as the rules look at it. */
export interface PlacedShift extends Period {
  /** Days since 1970-01-01 of its date. */
  readonly day: number;
  readonly paidMinutes: number;
  readonly isOvertime: boolean;
  /** Breaks and lunches, ascending. */
  readonly rests: readonly Period[];
}

/** A calendar week that the roster touches. */
export interface GridWeek extends Period {
  readonly week: number;
  /** All seven days are planned. */
  readonly isWhole: boolean;
}

/** What an agent may and must do in a week, leave reckoned in; at most as if every day off with room for a shift were worked. */
export interface WeekBounds {
  readonly days: { readonly min: number; readonly max: number };
  readonly minutes: { readonly min: number; readonly max: number };
  /** Days off for leave, where no shift is given all the same. */
  readonly daysOff: readonly number[];
}

/** An agent with everything that rules ask about, looked up once. */
export interface AgentContext {
  readonly agent: RosterAgent;
  readonly contract: Contract;
  readonly rules: LabourRules;
  readonly weeks: readonly GridWeek[];
  readonly bounds: ReadonlyMap<number, WeekBounds>;
  /** What stands before and after the days planned, ascending. */
  readonly outside: readonly PlacedShift[];
  /** Since when anything is known: the first week's begin, or the first shift of anybody that stands before it. */
  readonly knownFrom: Instant;
}

/** The contexts of all agents by id. Throws `roster.bad_problem` for a contract that is not there. */
export function agentContexts(problem: RosterProblem, grid: Grid): Map<string, AgentContext> {
  const contracts = new Map(problem.contracts.map((contract) => [contract.id, contract]));
  const weeks = weeksOf(grid);
  const knownFrom = (problem.shifts ?? []).reduce(
    (first, { from }) => Math.min(first, from),
    weeks[0]?.from ?? grid.from,
  );
  const shifts = Map.groupBy(problem.shifts ?? [], ({ agentId }) => agentId);
  const isOutside = ({ from }: RosterShift): boolean => from < grid.from || from >= grid.to;
  return new Map(
    problem.agents.map((agent): [string, AgentContext] => {
      const contract = contracts.get(agent.contractId);
      if (!contract)
        throw new SvaraError(`agent ${agent.id} has contract ${agent.contractId}, which is not there`, {
          code: "roster.bad_problem",
          httpStatus: 422,
        });
      const patterns = problem.patterns.filter(({ id }) => contract.patternIds.includes(id));
      const standing = new Set((shifts.get(agent.id) ?? []).map(({ date }) => dayNumber(date)));
      return [
        agent.id,
        {
          agent,
          contract,
          rules: agent.rules ?? problem.rules,
          weeks,
          knownFrom,
          bounds: new Map(
            weeks.map(({ week }) => {
              const leave = weekLeave(agent.leave ?? [], patterns, mondayOf(week), grid.timeZone);
              return [week, weekBounds(contract, leave, standing)];
            }),
          ),
          outside: (shifts.get(agent.id) ?? [])
            .filter(isOutside)
            .map(placed)
            .sort((a, b) => a.from - b.from),
        },
      ];
    }),
  );
}

/** A roster's shift as the rules look at it. */
export function placed(shift: RosterShift): PlacedShift {
  const { from, to, date, parts, overtime = false } = shift;
  return {
    from,
    to,
    day: dayNumber(date),
    paidMinutes: paidMinutes(shift),
    isOvertime: overtime,
    rests: parts.filter(isRest),
  };
}

function weeksOf(grid: Grid): GridWeek[] {
  const first = grid.days[0]?.number ?? 0;
  const last = grid.days.at(-1)?.number ?? first;
  const weeks: GridWeek[] = [];
  for (let week = weekNumber(first); week <= weekNumber(last); week++) {
    const monday = mondayOf(week);
    weeks.push({
      week,
      from: dayOf(dateOf(monday), grid.timeZone).from,
      to: dayOf(dateOf(monday + 6), grid.timeZone).to,
      isWhole: monday >= first && monday + 6 <= last,
    });
  }
  return weeks;
}

/** What the contract asks for and allows in a week, leave reckoned in. `standing` are the days with a shift that stands. */
function weekBounds(
  contract: Contract,
  { daysOff, minutes }: WeekLeave,
  standing: ReadonlySet<number>,
): WeekBounds {
  const { weeklyMinutes, daysPerWeek } = contract;
  const away = daysOff.filter(({ day }) => !standing.has(day));
  const most = weekMost(contract, away.filter(({ hasRoom }) => !hasRoom).length);
  const asked = weeklyMinutes.min * shareLeft(daysPerWeek.min, away.length);
  return {
    days: { min: Math.max(0, daysPerWeek.min - away.length), max: most.days },
    minutes: { min: Math.max(0, Math.floor(asked - minutes)), max: most.minutes },
    daysOff: daysOff.map(({ day }) => day),
  };
}

/** The days and paid minutes that a contract allows in a week with so many days off for leave. */
export function weekMost(
  { daysPerWeek, weeklyMinutes }: Contract,
  away: number,
): { readonly days: number; readonly minutes: number } {
  return {
    days: Math.max(0, daysPerWeek.max - away),
    minutes: Math.ceil(weeklyMinutes.max * shareLeft(daysPerWeek.max, away)),
  };
}

const WORKING_DAYS = 5;

/** The share of a week's hours that remains; where the contract knows no number of days, leave takes a fifth a day. */
function shareLeft(days: number, away: number): number {
  const all = days > 0 ? days : WORKING_DAYS;
  return Math.max(0, all - away) / all;
}

/** The stretch in which an agent may work a shift that begins on a day: null for none, undefined where nothing is said. */
export function availableOn(agent: RosterAgent, day: number, timeZone: string): Period | null | undefined {
  const date = dateOf(day);
  const said =
    agent.availability?.find((entry) => "date" in entry && entry.date === date) ??
    agent.availability?.find((entry) => "weekday" in entry && entry.weekday === weekdayOf(date));
  if (!said) return undefined;
  if (said.kind === "unavailable") return null;
  const begin = wallMinutes(said.from);
  const end = wallMinutes(said.to);
  return {
    from: wallInstant(date, begin, timeZone),
    to: wallInstant(date, end > begin ? end : end + 1440, timeZone),
  };
}

/** Whether a contract lets nobody work on a day. */
export function isFreeWeekend({ weekends }: Contract, day: number): boolean {
  return weekends === "none" && isWeekendDay(day);
}

/** The number of the day on which an instant lies. */
export function dayNumberAt(at: number, timeZone: string): number {
  return dayNumber(dateAt(at, timeZone));
}

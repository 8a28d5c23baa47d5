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

/** What an agent may and must do in a week, leave reckoned in. */
export interface WeekBounds {
  readonly days: { readonly min: number; readonly max: number };
  readonly minutes: { readonly min: number; readonly max: number };
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
  const outside = Map.groupBy(
    (problem.shifts ?? []).filter(({ from }) => from < grid.from || from >= grid.to),
    ({ agentId }) => agentId,
  );
  return new Map(
    problem.agents.map((agent): [string, AgentContext] => {
      const contract = contracts.get(agent.contractId);
      if (!contract)
        throw new SvaraError(`agent ${agent.id} has contract ${agent.contractId}, which is not there`, {
          code: "roster.bad_problem",
          httpStatus: 422,
        });
      return [
        agent.id,
        {
          agent,
          contract,
          rules: agent.rules ?? problem.rules,
          weeks,
          knownFrom,
          bounds: new Map(weeks.map((week) => [week.week, weekBounds(agent, contract, week, grid.timeZone)])),
          outside: (outside.get(agent.id) ?? []).map(placed).sort((a, b) => a.from - b.from),
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

/** A day of leave from Monday to Friday takes one day and its share of the hours off what the contract asks for and allows. */
function weekBounds(agent: RosterAgent, contract: Contract, week: GridWeek, timeZone: string): WeekBounds {
  const { weeklyMinutes, daysPerWeek } = contract;
  const away = leaveDays(agent, week, timeZone);
  const days = {
    min: Math.max(0, daysPerWeek.min - away),
    max: Math.max(0, daysPerWeek.max - away),
  };
  return {
    days,
    minutes: {
      min: Math.floor(weeklyMinutes.min * shareLeft(daysPerWeek.min, away)),
      max: Math.ceil(weeklyMinutes.max * shareLeft(daysPerWeek.max, away)),
    },
  };
}

const WORKING_DAYS = 5;

/** The share of a week's hours that remains; where the contract knows no number of days, leave takes a fifth a day. */
function shareLeft(days: number, away: number): number {
  const all = days > 0 ? days : WORKING_DAYS;
  return Math.max(0, all - away) / all;
}

function leaveDays({ leave = [] }: RosterAgent, { week }: GridWeek, timeZone: string): number {
  if (leave.length === 0) return 0;
  const monday = mondayOf(week);
  let count = 0;
  for (let day = monday; day < monday + 5; day++) {
    const { from, to } = dayOf(dateOf(day), timeZone);
    if (leave.some((period) => period.from < to && period.to > from)) count++;
  }
  return count;
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

import { type AgentContext, agentContexts, dayNumberAt, type PlacedShift, placed } from "./agent-context.ts";
import { dateOf, type Grid, gridOf } from "./grid.ts";
import type { Roster, RosterShift } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { checkBreaks, checkSequence, type Report } from "./sequence-rules.ts";
import type { ShiftPattern } from "./shift-pattern.ts";
import { checkPattern, checkPlace, cutsActivity, isWellFormed, missingActivity } from "./shift-rules.ts";
import { type Stretch, stretchesOf } from "./stretches.ts";
import type { RosterRule, Violation } from "./violation.ts";
import { messageOf, remedyOf } from "./violation-words.ts";

/**
 * Every rule that a roster breaks, by agent and date: shape, patterns, contracts, availability, leave, appointments and labour
 * rules. The problem's own shifts outside of its days count for rest, days in a row and weeks.
 */
export function checkRoster(problem: RosterProblem, roster: Roster): Violation[] {
  const check = rosterChecker(problem);
  const byAgent = Map.groupBy(roster.shifts, ({ agentId }) => agentId);
  const known = new Set<string>(problem.agents.map(({ id }) => id));
  const strangers = [...byAgent.keys()].filter((id) => !known.has(id));
  return [...problem.agents.map(({ id }) => id), ...strangers].flatMap((agentId) =>
    check(agentId, byAgent.get(agentId) ?? []),
  );
}

/** Checks one agent's shifts. */
export type RosterChecker = (agentId: string, shifts: readonly RosterShift[]) => Violation[];

/** A check of agents one by one, for whoever asks about few of them. */
export function rosterChecker(problem: RosterProblem): RosterChecker {
  const find = rosterFinder(problem);
  return (agentId, shifts) => find(agentId, shifts).map(({ violation }) => violation);
}

/** A broken rule, with the shift where one shift breaks it by itself. */
export interface Finding {
  readonly violation: Violation;
  readonly shift?: RosterShift;
}

/** Like `rosterChecker`, with the shifts. */
export function rosterFinder(
  problem: RosterProblem,
): (agentId: string, shifts: readonly RosterShift[]) => Finding[] {
  const grid = gridOf(problem);
  const contexts = agentContexts(problem, grid);
  const patterns = new Map(problem.patterns.map((pattern) => [pattern.id, pattern]));
  return (agentId, shifts) => {
    const context = contexts.get(agentId);
    const collector = new Collector(agentId);
    const sorted = [...shifts].sort((a, b) => a.from - b.from);
    if (!context) {
      for (const shift of sorted) collector.add("unknown_agent", shift.date, {}, shift);
      return collector.findings;
    }
    for (const shift of sorted) checkShift(context, shift, patterns, grid, collector);
    checkActivitiesCovered(context, sorted, grid, collector);
    const all: PlacedShift[] = [...context.outside, ...sorted.filter(isWellFormed).map(placed)].sort(
      (a, b) => a.from - b.from,
    );
    const stretches = stretchesOf(all);
    const report: Report = (rule, day, actual, limit) => collector.add(rule, dateOf(day), { actual, limit });
    const touchesDays = ({ from, to }: Stretch): boolean => from < grid.to && to > grid.from;
    checkBreaks(context.rules, stretches.filter(touchesDays), report);
    checkSequence(context, all, stretches, report);
    return collector.findings;
  };
}

interface Facts {
  readonly actual?: number | undefined;
  readonly limit?: number | undefined;
  readonly detail?: string | undefined;
}

class Collector {
  readonly findings: Finding[] = [];
  readonly #agentId: string;

  constructor(agentId: string) {
    this.#agentId = agentId;
  }

  add(rule: RosterRule, date: string, { actual, limit, detail }: Facts, shift?: RosterShift): void {
    const numbers = {
      ...(actual === undefined ? {} : { actual }),
      ...(limit === undefined ? {} : { limit }),
    };
    const violation = {
      rule,
      agentId: this.#agentId as Violation["agentId"],
      date,
      ...numbers,
      message: messageOf(rule, { agentId: this.#agentId, date, actual, limit, detail }),
      remedy: remedyOf(rule, { actual, limit }),
    };
    this.findings.push({ violation, ...(shift ? { shift } : {}) });
  }
}

function checkShift(
  context: AgentContext,
  shift: RosterShift,
  patterns: ReadonlyMap<string, ShiftPattern>,
  grid: Grid,
  collector: Collector,
): void {
  const { timeZone } = grid;
  const report = (rule: RosterRule, actual?: number, limit?: number, detail?: string): void =>
    collector.add(rule, shift.date, { actual, limit, detail }, shift);
  const { day } = placed(shift);
  if (!isWellFormed(shift) || dayNumberAt(shift.from, timeZone) !== day) return report("shift_shape");
  if (shift.from < grid.from || shift.from >= grid.to) report("outside_days");
  checkPlace(context, { day, from: shift.from, to: shift.to, parts: shift.parts }, timeZone, report);
  const missing = missingActivity(context, shift);
  if (cutsActivity(context, shift) || missing !== undefined)
    report("activity", undefined, undefined, missing);
  if (shift.patternId !== null && !shift.overtime) {
    const pattern = patterns.get(shift.patternId);
    if (!pattern) report("unknown_pattern", undefined, undefined, shift.patternId);
    else {
      checkPattern(shift, pattern, day, timeZone, report);
      if (!context.contract.patternIds.includes(pattern.id))
        report("pattern_not_in_contract", undefined, undefined, pattern.id);
    }
  }
}

/** Every appointment inside the days planned lies in a shift, unless the agent is on leave. */
function checkActivitiesCovered(
  { agent }: AgentContext,
  shifts: readonly RosterShift[],
  grid: Grid,
  collector: Collector,
): void {
  for (const { id, name, from, to } of agent.activities ?? []) {
    if (from < grid.from || from >= grid.to) continue;
    if ((agent.leave ?? []).some((leave) => leave.from < to && leave.to > from)) continue;
    if (shifts.some((shift) => shift.from < to && shift.to > from)) continue; // checked with the shift
    collector.add("activity", dateOf(dayNumberAt(from, grid.timeZone)), { detail: name ?? id });
  }
}

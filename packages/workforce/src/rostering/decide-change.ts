import type { Period } from "@svara/calendar";
import { SvaraError, unreachable } from "@svara/kernel";
import { rosterFinder } from "./check-roster.ts";
import { addDuty, coverageOf, dutyOf, standing } from "./coverage.ts";
import type { IntervalEffect, RosterChange, RosterDecision, RosterEffects } from "./decision.ts";
import { Demand } from "./demand.ts";
import { gridOf } from "./grid.ts";
import { isAbsence, overlapMs, withLeaveCutOut } from "./leave-days.ts";
import { newViolations } from "./new-violations.ts";
import { paidMinutes, type Roster, type RosterShift } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { dateAt } from "./shift-start.ts";

const QUARTER_MS = 900_000;

/**
 * Whether a change of a roster breaks rules that held before, and what it does to the cover. The roster is not changed; the
 * answer holds the shifts of the agents concerned as they would be. Throws `roster.no_shift` and `roster.no_part` when what
 * is to be changed is not there.
 */
export function decideChange(problem: RosterProblem, roster: Roster, change: RosterChange): RosterDecision {
  const { agents, shifts, problem: judged } = changed(problem, roster, change);
  const before = roster.shifts.filter(({ agentId }) => agents.includes(agentId));
  const checkBefore = rosterFinder(problem);
  const check = rosterFinder(judged);
  const of = (list: readonly RosterShift[], agent: string): RosterShift[] =>
    list.filter(({ agentId }) => agentId === agent);
  const violations = agents.flatMap((agent) =>
    newViolations(check(agent, of(shifts, agent)), checkBefore(agent, of(before, agent))),
  );
  return {
    allowed: violations.length === 0,
    violations,
    effects: effectsOf(problem, roster, before, shifts),
    shifts,
  };
}

type SwapOf<Side extends "mine" | "theirs"> = Extract<RosterChange, { type: "swap" }>[Side];

/**
 * For whoever asks about many swaps in one roster: whether one breaks no rule that held before. What is the same for all of
 * them is reckoned once, and only the two agents are looked at; the cover is not.
 */
export function swapJudge(
  problem: RosterProblem,
  roster: Roster,
): (mine: SwapOf<"mine">, theirs: SwapOf<"theirs">) => boolean {
  const check = rosterFinder(problem);
  const byAgent = Map.groupBy(roster.shifts, ({ agentId }): string => agentId);
  const of = (agent: string): RosterShift[] => byAgent.get(agent) ?? [];
  const known = new Map<string, ReturnType<typeof check>>();
  const before = (agent: string): ReturnType<typeof check> => {
    const found = known.get(agent) ?? check(agent, of(agent));
    known.set(agent, found);
    return found;
  };
  return (mine, theirs) => {
    const { agents, shifts } = swapped(problem, of, { type: "swap", mine, theirs });
    return agents.every((agent) => {
      const own = shifts.filter(({ agentId }) => agentId === agent);
      return newViolations(check(agent, own), before(agent)).length === 0;
    });
  };
}

/** The change carried out on the roster: everybody else's shifts stay. */
export function withChange(
  roster: Roster,
  { shifts }: Pick<RosterDecision, "shifts">,
  agents: readonly string[],
): Roster {
  const others = roster.shifts.filter(({ agentId }) => !agents.includes(agentId));
  return { ...roster, shifts: sorted([...others, ...shifts]) };
}

interface Changed {
  readonly agents: readonly string[];
  readonly shifts: readonly RosterShift[];
  readonly problem: RosterProblem;
}

function changed(problem: RosterProblem, roster: Roster, change: RosterChange): Changed {
  const of = (agent: string): RosterShift[] => roster.shifts.filter(({ agentId }) => agentId === agent);
  switch (change.type) {
    case "put_shift": {
      const { shift, instead } = change;
      const own = of(shift.agentId);
      const replaced = instead === undefined ? undefined : shiftAt(own, shift.agentId, instead);
      const rest = own.filter((other) => other !== replaced);
      return { agents: [shift.agentId], shifts: sorted([...rest, shift]), problem };
    }
    case "remove_shift": {
      const own = of(change.agentId);
      const gone = shiftAt(own, change.agentId, change.from);
      return { agents: [change.agentId], shifts: own.filter((shift) => shift !== gone), problem };
    }
    case "swap":
      return { ...swapped(problem, of, change), problem };
    case "leave": {
      const { agentId, from, to } = change;
      const agents = problem.agents.map((agent) =>
        agent.id === agentId ? { ...agent, leave: [...(agent.leave ?? []), { from, to }] } : agent,
      );
      const shifts = of(agentId).flatMap((shift) => shiftBesideLeave(shift, { from, to }));
      return { agents: [agentId], shifts, problem: { ...problem, agents } };
    }
    case "overtime":
      return { agents: [change.agentId], shifts: withOvertime(problem, of(change.agentId), change), problem };
    case "move_part":
      return { agents: [change.agentId], shifts: withPartMoved(of(change.agentId), change), problem };
    default:
      return unreachable(change);
  }
}

/** Nothing of a shift that leave covers by half or more; else the shift with the leave cut out. */
function shiftBesideLeave(shift: RosterShift, leave: Period): RosterShift[] {
  const away = overlapMs(shift, leave);
  if (away === 0) return [shift];
  return 2 * away >= shift.to - shift.from ? [] : [{ ...shift, parts: withLeaveCutOut(shift, leave) }];
}

/** The shifts change hands with their breaks; appointments stay with their agents. */
function swapped(
  problem: RosterProblem,
  of: (agent: string) => RosterShift[],
  { mine, theirs }: Extract<RosterChange, { type: "swap" }>,
): Omit<Changed, "problem"> {
  const own = of(mine.agentId);
  const others = of(theirs.agentId);
  const given = shiftAt(own, mine.agentId, mine.from);
  const taken = theirs.from === undefined ? undefined : shiftAt(others, theirs.agentId, theirs.from);
  const handTo = (shift: RosterShift, agentId: string): RosterShift => ({
    ...shift,
    agentId: agentId as RosterShift["agentId"],
    parts: withAppointments(
      problem,
      agentId,
      shift,
      shift.parts.filter((part) => part.activityId === undefined && !isAbsence(part)),
    ),
  });
  const shifts = [
    ...own.filter((shift) => shift !== given),
    ...others.filter((shift) => shift !== taken),
    handTo(given, theirs.agentId),
    ...(taken ? [handTo(taken, mine.agentId)] : []),
  ];
  return { agents: [...new Set<string>([mine.agentId, theirs.agentId])], shifts: sorted(shifts) };
}

/** The rests of a shift with the appointments of an agent that it holds whole. */
export function withAppointments(
  { agents }: RosterProblem,
  agentId: string,
  { from, to }: Pick<RosterShift, "from" | "to">,
  rests: RosterShift["parts"],
): RosterShift["parts"] {
  const appointments = (agents.find(({ id }) => id === agentId)?.activities ?? [])
    .filter((activity) => activity.from >= from && activity.to <= to)
    .map(({ id, kind, from: begin, to: end }) => ({
      kind,
      from: begin,
      to: end,
      paid: true,
      activityId: id,
    }));
  return [...rests, ...appointments].sort((a, b) => a.from - b.from);
}

/** Overtime is a record of its own, so that the agreed shift stays what it is. */
function withOvertime(
  { timeZone }: RosterProblem,
  own: readonly RosterShift[],
  { agentId, from, to }: Extract<RosterChange, { type: "overtime" }>,
): RosterShift[] {
  const shift: RosterShift = {
    agentId: agentId as RosterShift["agentId"],
    date: dateAt(from, timeZone),
    patternId: null,
    from,
    to,
    parts: [],
    overtime: true,
  };
  return sorted([...own, shift]);
}

function withPartMoved(
  own: readonly RosterShift[],
  { agentId, part, to }: Extract<RosterChange, { type: "move_part" }>,
): RosterShift[] {
  const holder = own.find(({ parts }) => parts.some(({ from }) => from === part));
  if (!holder)
    throw new SvaraError(`${agentId} has no break or appointment at ${iso(part)}: give the begin of one`, {
      code: "roster.no_part",
      httpStatus: 404,
      field: "part",
    });
  const parts = holder.parts
    .map((one) => (one.from === part ? { ...one, from: to, to: to + (one.to - one.from) } : one))
    .sort((a, b) => a.from - b.from);
  return own.map((shift) => (shift === holder ? { ...shift, parts } : shift));
}

function shiftAt(own: readonly RosterShift[], agentId: string, from: number): RosterShift {
  const found = own.find((shift) => shift.from === from);
  if (found) return found;
  throw new SvaraError(`${agentId} has no shift that begins at ${iso(from)}: give the begin of one`, {
    code: "roster.no_shift",
    httpStatus: 404,
    field: "from",
  });
}

function iso(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}

function sorted(shifts: readonly RosterShift[]): RosterShift[] {
  return [...shifts].sort((a, b) =>
    a.agentId < b.agentId ? -1 : a.agentId > b.agentId ? 1 : a.from - b.from,
  );
}

function effectsOf(
  problem: RosterProblem,
  roster: Roster,
  before: readonly RosterShift[],
  after: readonly RosterShift[],
): RosterEffects {
  const grid = gridOf(problem);
  const demand = new Demand(problem, grid);
  const duty = dutyOf(demand, grid, [...standing(problem, grid), ...roster.shifts]);
  const old = coverageOf(demand, grid, duty);
  const next = duty.map((row) => Float64Array.from(row));
  const add = (shift: RosterShift, times: number): void => {
    const row = next[demand.typeOf(shift.agentId)];
    if (row) addDuty(row, grid, shift, times);
  };
  for (const shift of before) add(shift, -1);
  for (const shift of after) add(shift, 1);
  const now = coverageOf(demand, grid, next);
  const intervals = old.groups.flatMap(({ group, required, scheduled }, index): IntervalEffect[] =>
    required.flatMap((need, quarter) => {
      const was = scheduled[quarter] ?? 0;
      const is = now.groups[index]?.scheduled[quarter] ?? 0;
      if (Math.abs(was - is) < 1e-6) return [];
      return [{ group, from: grid.from + quarter * QUARTER_MS, required: need, before: was, after: is }];
    }),
  );
  const paid = (shifts: readonly RosterShift[]): number =>
    shifts.reduce((sum, shift) => sum + paidMinutes(shift), 0);
  return {
    intervals: intervals.sort((a, b) => a.from - b.from),
    shortHoursDelta: now.shortHours - old.shortHours,
    overHoursDelta: now.overHours - old.overHours,
    paidMinutesDelta: paid(after) - paid(before),
  };
}

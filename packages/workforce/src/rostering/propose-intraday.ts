import { INTERVAL_MS } from "@svara/calendar";
import { erlangA, erlangC } from "../queueing/index.ts";
import type {
  IntradayAgent,
  IntradayDay,
  IntradayGroup,
  Proposal,
  ProposalEffect,
  ProposedAction,
} from "./intraday.ts";
import { isRest, type RosterShift } from "./roster.ts";

const MINUTE_MS = 60_000;
/** A break moves at most so far from where people expect it. */
const BREAK_MOVES_MINUTES = 90;
const OVERTIME_MINUTES = [30, 60, 90, 120];
/** An hour short weighs as much as so many hours too many. */
const SHORT_WEIGHT = 30;
const SECONDS_AN_HOUR = 3600;
const QUARTERS_AN_HOUR = 4;
const EPSILON = 1e-9;

/**
 * What a planner can do about the rest of a day, best first: move a break, offer overtime, let somebody go home, move somebody
 * to another group. Each proposal is reckoned as if those above it had been accepted; an agent is asked once. What would make
 * more hours short than it saves is not proposed. Whether rules allow it is for `decideChange` to say.
 */
export function proposeIntraday(day: IntradayDay, most = 10): Proposal[] {
  const floor = new Floor(day);
  const proposals: Proposal[] = [];
  const asked = new Set<string>();
  while (proposals.length < most) {
    let best: { action: ProposedAction; changes: readonly Change[]; worth: number } | undefined;
    for (const { action, changes } of possibleActions(day, floor)) {
      if (asked.has(action.agentId)) continue;
      const worth = floor.worth(changes);
      if (worth > (best?.worth ?? EPSILON) + EPSILON) best = { action, changes, worth };
    }
    if (!best) break;
    proposals.push(floor.carryOut(best.action, best.changes));
    asked.add(best.action.agentId);
  }
  return proposals;
}

/** So many agents more or fewer in a group and quarter. */
interface Change {
  readonly group: number;
  readonly quarter: number;
  readonly agents: number;
}

interface Possible {
  readonly action: ProposedAction;
  readonly changes: readonly Change[];
}

/** The agents of each group and quarter as proposals change them. */
class Floor {
  readonly #day: IntradayDay;
  readonly #scheduled: number[][];

  constructor(day: IntradayDay) {
    this.#day = day;
    this.#scheduled = day.groups.map(({ scheduled }) => [...scheduled]);
  }

  gap(group: number, quarter: number): number {
    return (this.#day.groups[group]?.required[quarter] ?? 0) - (this.#scheduled[group]?.[quarter] ?? 0);
  }

  /** By how much short and too many fall, in weighed quarters. */
  worth(changes: readonly Change[]): number {
    const { short, over } = this.#saved(changes);
    return SHORT_WEIGHT * short + over;
  }

  #saved(changes: readonly Change[]): { short: number; over: number } {
    let short = 0;
    let over = 0;
    for (const { group, quarter, agents } of changes) {
      const gap = this.gap(group, quarter);
      short += Math.max(0, gap) - Math.max(0, gap - agents);
      over += Math.max(0, -gap) - Math.max(0, agents - gap);
    }
    return { short, over };
  }

  carryOut(action: ProposedAction, changes: readonly Change[]): Proposal {
    const { short, over } = this.#saved(changes);
    const effects = changes.map((change) => this.#effect(change));
    for (const { group, quarter, agents } of changes) {
      const row = this.#scheduled[group];
      if (row) row[quarter] = (row[quarter] ?? 0) + agents;
    }
    return {
      ...action,
      effects,
      shortHoursSaved: short / QUARTERS_AN_HOUR,
      overHoursSaved: over / QUARTERS_AN_HOUR,
    };
  }

  #effect({ group: index, quarter, agents }: Change): ProposalEffect {
    const group = this.#day.groups[index];
    const before = this.#scheduled[index]?.[quarter] ?? 0;
    return {
      group: group?.group ?? "",
      from: this.#day.from + quarter * INTERVAL_MS,
      required: group?.required[quarter] ?? 0,
      before,
      after: before + agents,
      serviceLevelBefore: group ? predictedServiceLevel(group, quarter, before) : null,
      serviceLevelAfter: group ? predictedServiceLevel(group, quarter, before + agents) : null,
    };
  }
}

/** Answered within the threshold, of all who come: Erlang A with patience, Erlang C without, none when the queue would grow. */
function predictedServiceLevel(
  { expected, ahtS, patienceS, thresholdS = 20 }: IntradayGroup,
  quarter: number,
  agents: number,
): number | null {
  const contacts = expected?.[quarter];
  if (contacts === undefined || ahtS === undefined) return null;
  if (contacts <= 0) return 1;
  if (agents <= 0) return 0;
  const lambdaPerHour = contacts * QUARTERS_AN_HOUR;
  const load = { lambdaPerHour, ahtS, agents, thresholdsS: [thresholdS] };
  if (patienceS !== undefined)
    return erlangA({ ...load, meanPatienceS: patienceS }).within[0]?.serviceLevel.all ?? null;
  if ((lambdaPerHour * ahtS) / SECONDS_AN_HOUR >= agents) return 0;
  return erlangC(load).within[0]?.serviceLevel.all ?? null;
}

function* possibleActions(day: IntradayDay, floor: Floor): Iterable<Possible> {
  const agents = new Map(day.agents.map((agent) => [agent.id, agent]));
  for (const shift of day.shifts) {
    const agent = agents.get(shift.agentId);
    if (!agent || shift.to <= day.from) continue;
    const group = groupOf(day, agent);
    if (group < 0) continue;
    yield* breakMoves(day, shift, group);
    yield* overtime(day, shift, agent, group);
    yield* earlyLeave(day, shift, agent, group);
    yield* skillMoves(day, shift, agent, group, floor);
  }
}

/** The group that an agent counts for: the one said, else the first that the skills suffice for. */
function groupOf({ groups }: IntradayDay, { group, skills }: IntradayAgent): number {
  if (group !== undefined) return groups.findIndex((one) => one.group === group);
  return groups.findIndex((one) => one.skills.every((skill) => skills.includes(skill)));
}

function* breakMoves(day: IntradayDay, shift: RosterShift, group: number): Iterable<Possible> {
  for (const part of shift.parts) {
    if (!isRest(part) || part.from < day.from) continue;
    const ms = part.to - part.from;
    const others = shift.parts.filter((other) => other !== part);
    for (let minutes = -BREAK_MOVES_MINUTES; minutes <= BREAK_MOVES_MINUTES; minutes += 15) {
      const to = part.from + minutes * MINUTE_MS;
      const isFree = !others.some((other) => other.from < to + ms && other.to > to);
      if (minutes === 0 || to < day.from || to <= shift.from || to + ms >= shift.to || !isFree) continue;
      const changes = merged([
        ...changesOf(day, group, part.from, part.to, 1),
        ...changesOf(day, group, to, to + ms, -1),
      ]);
      yield { action: { kind: "move_break", agentId: shift.agentId, part: part.from, to }, changes };
    }
  }
}

function* overtime(
  day: IntradayDay,
  { agentId, to: end }: RosterShift,
  { overtimeMinutes = 0 }: IntradayAgent,
  group: number,
): Iterable<Possible> {
  for (const minutes of OVERTIME_MINUTES) {
    if (minutes > overtimeMinutes || end < day.from) continue;
    const to = end + minutes * MINUTE_MS;
    yield {
      action: { kind: "overtime", agentId, from: end, to },
      changes: changesOf(day, group, end, to, 1),
    };
  }
}

function* earlyLeave(
  day: IntradayDay,
  { agentId, from: begin, to, parts }: RosterShift,
  { mayLeaveEarly = false }: IntradayAgent,
  group: number,
): Iterable<Possible> {
  if (!mayLeaveEarly) return;
  for (
    let from = to - 4 * INTERVAL_MS;
    from >= Math.max(day.from, begin + INTERVAL_MS);
    from -= INTERVAL_MS
  ) {
    if (parts.some((part) => part.from < from && part.to > from)) continue;
    const onContacts = merged([
      ...changesOf(day, group, from, to, -1),
      ...parts
        .filter((part) => part.from >= from)
        .flatMap((part) => changesOf(day, group, part.from, part.to, 1)),
    ]);
    yield { action: { kind: "leave_early", agentId, from, to }, changes: onContacts };
  }
}

/** From the first quarter in which the other group is short to the last, as far as the shift goes without its parts. */
function* skillMoves(
  day: IntradayDay,
  { agentId, from: begin, to: end, parts }: RosterShift,
  { skills }: IntradayAgent,
  group: number,
  floor: Floor,
): Iterable<Possible> {
  for (const [other, { group: toGroup, skills: needed }] of day.groups.entries()) {
    if (other === group || !needed.every((skill) => skills.includes(skill))) continue;
    for (const [first, last] of shortRuns(day, other, floor)) {
      const from = Math.max(begin, day.from + first * INTERVAL_MS);
      const to = Math.min(end, day.from + (last + 1) * INTERVAL_MS);
      if (from >= to) continue;
      const away = parts.filter((part) => part.from < to && part.to > from);
      const both = (sign: number, target: number): Change[] => [
        ...changesOf(day, target, from, to, sign),
        ...away.flatMap((part) =>
          changesOf(day, target, Math.max(from, part.from), Math.min(to, part.to), -sign),
        ),
      ];
      const fromGroup = day.groups[group]?.group ?? "";
      yield {
        action: { kind: "move_skill", agentId, fromGroup, toGroup, from, to },
        changes: merged([...both(1, other), ...both(-1, group)]),
      };
    }
  }
}

/** The stretches in which a group is short. */
function shortRuns(day: IntradayDay, group: number, floor: Floor): [number, number][] {
  const runs: [number, number][] = [];
  const quarters = day.groups[group]?.required.length ?? 0;
  for (let quarter = 0; quarter < quarters; quarter++) {
    if (floor.gap(group, quarter) <= EPSILON) continue;
    const last = runs.at(-1);
    if (last && last[1] === quarter - 1) last[1] = quarter;
    else runs.push([quarter, quarter]);
  }
  return runs;
}

/** So many agents over a stretch, as shares of its quarters that lie in the day. */
function changesOf(day: IntradayDay, group: number, from: number, to: number, agents: number): Change[] {
  const quarters = day.groups[group]?.required.length ?? 0;
  const changes: Change[] = [];
  const first = Math.max(0, Math.floor((from - day.from) / INTERVAL_MS));
  for (let quarter = first; quarter < quarters; quarter++) {
    const at = day.from + quarter * INTERVAL_MS;
    if (at >= to) break;
    const ms = Math.min(to, at + INTERVAL_MS) - Math.max(from, at);
    if (ms > 0) changes.push({ group, quarter, agents: (agents * ms) / INTERVAL_MS });
  }
  return changes;
}

/** One change for each group and quarter, those without effect left out. */
function merged(changes: readonly Change[]): Change[] {
  const sums = new Map<string, Change>();
  for (const { group, quarter, agents } of changes) {
    const key = `${group} ${quarter}`;
    sums.set(key, { group, quarter, agents: agents + (sums.get(key)?.agents ?? 0) });
  }
  return [...sums.values()]
    .filter(({ agents }) => Math.abs(agents) > EPSILON)
    .sort((a, b) => a.group - b.group || a.quarter - b.quarter);
}

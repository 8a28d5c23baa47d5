import { INTERVAL_MS, intervalStart } from "@svara/calendar";
import type { TodayAgent, TodayProposal, TodayQueue } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import { serves } from "@svara/workforce";
import {
  type IntradayAgent,
  type IntradayGroup,
  type Proposal,
  paidMinutes,
  proposeIntraday,
  type RosterShift,
} from "@svara/workforce/rostering";
import type { CentreToday } from "./plan-today.ts";

interface Of {
  readonly centre: CentreToday;
  /** Those that the reader sees. */
  readonly queues: readonly TodayQueue[];
  /** Those whom the reader plans. */
  readonly agents: readonly TodayAgent[];
  /** Mean patience by queue, where it is known. */
  readonly patienceMs: ReadonlyMap<string, number>;
}

/** Overtime on offer to a team, or, without one, to a site or the centre. */
export interface OpenOffer {
  readonly teamId: string | null;
  readonly from: Instant;
  readonly to: Instant;
  /** That nobody has asked for. */
  readonly seats: number;
}

const MOST = 6;
const LONGEST_DAY_MINUTES = 600;
const LONGEST_OVERTIME_MINUTES = 120;

/**
 * What a planner could do now for the rest of the day, the best first. Who serves several queues counts for the one that lacks
 * agents most, as the router would send them there; who has not come or has gone does not count.
 */
export function todayProposals({ centre, queues, agents, patienceMs }: Of): TodayProposal[] {
  const from = intervalStart(centre.now) + INTERVAL_MS;
  const planned = queues.filter(({ hasRequirement }) => hasRequirement);
  if (centre.shifts.size === 0 || planned.length === 0 || from >= centre.to) return [];
  const gone = new Set(
    agents.filter(({ problem }) => problem === "late" || problem === "left").map(({ agentId }) => agentId),
  );
  const shifts = [...centre.shifts.values()]
    .flat()
    .filter(({ agentId, to }) => to > from && !gone.has(agentId) && centre.agents.has(agentId));
  const split = splitOf(shifts, planned, centre, from);
  const groups = planned.map(
    (queue): IntradayGroup => groupOf(queue, { centre, from, shifts, split, patienceMs }),
  );
  const people = agents.flatMap(({ agentId, name }): IntradayAgent[] => {
    const config = centre.agents.get(agentId);
    const group = split.get(agentId);
    const own = shifts.find((shift) => shift.agentId === agentId);
    if (!config || group === undefined || !own) return [];
    const left = Math.min(LONGEST_OVERTIME_MINUTES, LONGEST_DAY_MINUTES - paidMinutes(own));
    return [
      {
        id: agentId,
        name,
        skills: Object.keys(config.skills),
        group,
        overtimeMinutes: Math.max(0, left),
        mayLeaveEarly: true,
      },
    ];
  });
  const proposals = proposeIntraday({ from, groups, shifts, agents: people }, MOST).flatMap(
    (proposal) => viewOf(proposal, { centre, queues: planned, agents }) ?? [],
  );
  return withoutOffered(proposals, centre.offers);
}

/** A seat that is on offer already is not proposed again. */
export function withoutOffered(
  proposals: readonly TodayProposal[],
  offers: readonly OpenOffer[],
): TodayProposal[] {
  const seats = offers.map((offer) => ({ ...offer }));
  return proposals.filter(({ kind, teamId, from, to }) => {
    if (kind !== "overtime") return true;
    const offer = seats.find(
      (one) =>
        one.seats > 0 && one.from <= from && one.to >= to && (one.teamId === null || one.teamId === teamId),
    );
    if (offer) offer.seats--;
    return offer === undefined;
  });
}

/** The queue that each agent counts for: those with the least choice first, each where most agent-quarters are lacking. */
function splitOf(
  shifts: readonly RosterShift[],
  queues: readonly TodayQueue[],
  { agents, configs }: CentreToday,
  from: Instant,
): ReadonlyMap<string, string> {
  const lacking = new Map(
    queues.map(({ queue, intervals }) => [
      queue.id,
      intervals.reduce((sum, { at, required }) => (at >= from ? sum + (required ?? 0) : sum), 0),
    ]),
  );
  const choices = shifts.map((shift) => {
    const agent = agents.get(shift.agentId);
    const able = queues.flatMap(({ queue: { id } }) => {
      const queue = configs.get(id);
      return agent && queue && serves(agent, queue) ? [id] : [];
    });
    return { shift, able };
  });
  const split = new Map<string, string>();
  for (const { shift, able } of choices.toSorted((a, b) => a.able.length - b.able.length)) {
    const [first, ...others] = able;
    if (first === undefined) continue;
    const known = split.get(shift.agentId);
    const most =
      known ??
      others.reduce((best, id) => ((lacking.get(id) ?? 0) > (lacking.get(best) ?? 0) ? id : best), first);
    split.set(shift.agentId, most);
    const quarters = (shift.to - Math.max(from, shift.from)) / INTERVAL_MS;
    lacking.set(most, (lacking.get(most) ?? 0) - quarters);
  }
  return split;
}

function groupOf(
  { queue, intervals, thresholdMs }: TodayQueue,
  of: {
    readonly centre: CentreToday;
    readonly from: Instant;
    readonly shifts: readonly RosterShift[];
    readonly split: ReadonlyMap<string, string>;
    readonly patienceMs: ReadonlyMap<string, number>;
  },
): IntradayGroup {
  const rest = intervals.filter(({ at }) => at >= of.from);
  const own = of.shifts.filter(({ agentId }) => of.split.get(agentId) === queue.id);
  const needs = of.centre.requirements.get(queue.id)?.intervals ?? [];
  const contacts = needs.reduce((sum, need) => sum + need.contacts, 0);
  const load = needs.reduce((sum, need) => sum + need.load, 0);
  const patience = of.patienceMs.get(queue.id);
  return {
    group: queue.id,
    skills: of.centre.configs.get(queue.id)?.requiredSkills.map(({ skillId }) => skillId) ?? [],
    required: rest.map(({ required }) => required ?? 0),
    scheduled: rest.map(({ at }) => own.reduce((sum, shift) => sum + partAtWork(shift, at), 0)),
    expected: rest.map(({ reforecast, forecast }) => reforecast ?? forecast ?? 0),
    ...(contacts > 0 && load > 0 ? { ahtS: (load * INTERVAL_MS) / contacts / 1000 } : {}),
    ...(patience === undefined ? {} : { patienceS: patience / 1000 }),
    thresholdS: thresholdMs / 1000,
  };
}

/** The part of a quarter of an hour in which a shift's agent takes contacts. */
function partAtWork({ from, to, parts }: RosterShift, at: Instant): number {
  const within = (begin: Instant, end: Instant): number =>
    Math.max(0, Math.min(end, at + INTERVAL_MS) - Math.max(begin, at));
  return (within(from, to) - parts.reduce((sum, part) => sum + within(part.from, part.to), 0)) / INTERVAL_MS;
}

function viewOf(
  proposal: Proposal,
  { centre, queues, agents }: Pick<Of, "centre" | "queues" | "agents">,
): TodayProposal | undefined {
  const agent = agents.find(({ agentId }) => agentId === proposal.agentId);
  if (!agent) return undefined;
  const queueOf = (id: string) => queues.find(({ queue }) => queue.id === id)?.queue ?? null;
  const taken = proposal.kind === "move_skill" ? skillsApart(proposal, centre) : [];
  // without a skill that tells the queues apart nobody can be sent to one of them alone
  if (proposal.kind === "move_skill" && taken.length === 0) return undefined;
  return {
    kind: proposal.kind,
    agentId: agent.agentId,
    agentName: agent.name,
    teamId: agent.teamId,
    rosterId: centre.rosterIds.get(agent.agentId) ?? null,
    from: proposal.kind === "move_break" ? proposal.part : proposal.from,
    to: proposal.to,
    fromQueue: proposal.kind === "move_skill" ? queueOf(proposal.fromGroup) : null,
    toQueue: proposal.kind === "move_skill" ? queueOf(proposal.toGroup) : null,
    skills: taken,
    shortHoursSaved: proposal.shortHoursSaved,
    overHoursSaved: proposal.overHoursSaved,
    effects: proposal.effects.map(({ group, ...effect }) => ({ queueId: group, ...effect })),
  };
}

/** Skills that the agent needs for the one queue and not for the other. */
function skillsApart(
  { agentId, fromGroup, toGroup }: Extract<Proposal, { readonly kind: "move_skill" }>,
  { agents, configs }: CentreToday,
): { skillId: string; level: number }[] {
  const needed = new Set(configs.get(toGroup)?.requiredSkills.map(({ skillId }) => String(skillId)));
  const own: Readonly<Record<string, number>> = agents.get(agentId)?.skills ?? {};
  return (configs.get(fromGroup)?.requiredSkills ?? []).flatMap(({ skillId }) =>
    needed.has(skillId) ? [] : [{ skillId, level: own[skillId] ?? 1 }],
  );
}

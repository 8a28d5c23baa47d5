import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig } from "@svara/routing";
import type { Scenario } from "../scenario.ts";

/** Queues and agents as a scenario sets them last, and who is there when. */
export interface DayStaff {
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
  /** First log-in and last log-out (the end of the day without one); an agent who never comes is missing. */
  readonly there: ReadonlyMap<AgentId, { readonly from: Instant; readonly to: Instant }>;
}

/** Who could work on the day. */
export function dayStaff(scenario: Scenario): DayStaff {
  const queues = new Map<QueueId, QueueConfig>();
  const agents = new Map<AgentId, AgentConfig>();
  const there = new Map<AgentId, { from: Instant; to: Instant }>();
  const come = (agentId: AgentId, from: Instant): void => {
    there.set(agentId, { from: Math.min(from, there.get(agentId)?.from ?? from), to: scenario.to });
  };
  const leave = (agentId: AgentId, to: Instant): void => {
    const span = there.get(agentId);
    if (span) span.to = to;
  };
  const told = (input: Input, at: Instant): void => {
    if (input.type === "config.queue_set") queues.set(input.queue.id, input.queue);
    else if (input.type === "config.agent_set") agents.set(input.agent.id, input.agent);
    else if (input.type === "agent.logged_in") come(input.agentId, at);
    else if (input.type === "agent.logged_out") leave(input.agentId, at);
  };
  for (const input of scenario.configuration) told(input, scenario.from);
  for (const { at, input } of scenario.agenda ?? []) told(input, at);
  for (const { agentId, from, to } of scenario.shifts) {
    come(agentId, from);
    if (to !== undefined) leave(agentId, to);
  }
  return { queues, agents, there };
}

/** Whether the agent may be given the queue's usual contacts. */
export function serves(agent: AgentConfig, queue: QueueConfig): boolean {
  if (agent.queueIds && !agent.queueIds.includes(queue.id)) return false;
  if (!queue.media.some((medium) => (agent.slots[medium] ?? 0) > 0)) return false;
  const { requiredSkills, groups, sites, tiers } = queue;
  return (
    requiredSkills.every(({ skillId, minProficiency }) => (agent.skills[skillId] ?? 0) >= minProficiency) &&
    (!groups?.length || groups.some((group) => agent.groups?.includes(group) ?? false)) &&
    (!sites?.length || (agent.siteId !== undefined && sites.includes(agent.siteId))) &&
    (!tiers?.length || tiers.some((tier) => (agent.tiers ?? [1]).includes(tier)))
  );
}

/** Who serves the queue and is there at some time from `from` to `to`: those who serve the fewest other queues first. */
export function whoServes(
  staff: DayStaff,
  queueId: QueueId,
  span: { readonly from: Instant; readonly to: Instant },
): AgentId[] {
  const queue = staff.queues.get(queueId);
  if (!queue) return [];
  const able = [...staff.agents.values()].filter((agent) => {
    const there = staff.there.get(agent.id);
    return there !== undefined && there.from < span.to && there.to > span.from && serves(agent, queue);
  });
  const breadth = new Map(
    able.map((agent) => [
      agent.id,
      [...staff.queues.values()].filter((other) => serves(agent, other)).length,
    ]),
  );
  return able
    .map(({ id }) => id)
    .sort((a, b) => (breadth.get(a) ?? 0) - (breadth.get(b) ?? 0) || (a < b ? -1 : 1));
}

/** An agent who has just what the queue asks for, with so much proficiency in its skills at least. */
export function agentFor(queue: QueueConfig, level: number): Omit<AgentConfig, "id"> {
  return {
    skills: Object.fromEntries(
      queue.requiredSkills.map(({ skillId, minProficiency }) => [skillId, Math.max(level, minProficiency)]),
    ),
    ...(queue.groups?.length ? { groups: queue.groups } : {}),
    ...(queue.sites?.[0] === undefined ? {} : { siteId: queue.sites[0] }),
    ...(queue.tiers?.length ? { tiers: queue.tiers } : {}),
    queueIds: [queue.id],
    slots: Object.fromEntries(queue.media.map((medium) => [medium, 1])),
  };
}

import type { AgentId, QueueId } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig } from "@svara/routing";
import type { ArrivalStream, NextStay, RecordedItem, Scenario } from "../scenario.ts";
import { patched } from "../what-if/field-patch.ts";
import type { DayChange } from "./day-change.ts";

/** Other queues, agents, skills and rules of the centre, from the beginning and after each recorded change of them. */
export function alteredRules(scenario: Scenario, { rules, skills }: DayChange): Scenario {
  if (!rules && !skills?.length) return scenario;
  const queues = new Map((rules?.queues ?? []).map((patch) => [patch.id, patch]));
  const agents = new Map((rules?.agents ?? []).map((patch) => [patch.id, patch]));
  const seenQueues = new Set<QueueId>();
  const seenAgents = new Set<AgentId>();
  const skilled = (agent: AgentConfig): AgentConfig => {
    const own = { ...agent.skills };
    for (const { agentIds, skillId, level } of skills ?? []) {
      if (!agentIds.includes(agent.id)) continue;
      if (level === null) delete own[skillId];
      else own[skillId] = level;
    }
    return { ...agent, skills: own };
  };
  const altered = (input: Input): Input => {
    switch (input.type) {
      case "config.queue_set":
        seenQueues.add(input.queue.id);
        return { ...input, queue: patched(input.queue, queues.get(input.queue.id)) };
      case "config.agent_set":
        seenAgents.add(input.agent.id);
        return { ...input, agent: skilled(patched(input.agent, agents.get(input.agent.id))) };
      case "config.rules_set":
        return { ...input, rules: { ...input.rules, ...rules?.rules } };
      default:
        return input;
    }
  };
  const configuration = scenario.configuration.map(altered);
  const agenda = scenario.agenda?.map(({ at, input }) => ({ at, input: altered(input) }));
  const first: Input[] = rules?.rules ? [{ type: "config.rules_set", rules: rules.rules }] : [];
  for (const [id, patch] of queues) {
    if (!seenQueues.has(id))
      first.push({ type: "config.queue_set", queue: patched({}, patch) as QueueConfig });
  }
  for (const [id, patch] of agents) {
    if (!seenAgents.has(id))
      first.push({ type: "config.agent_set", agent: patched({}, patch) as AgentConfig });
  }
  return {
    ...scenario,
    configuration: [...first, ...configuration],
    ...(agenda ? { agenda } : {}),
    arrivals: scenario.arrivals.map((stream) => redirected(stream, rules?.redirect ?? {})),
  };
}

/** Contacts of one queue come to another; they take as long as they would have. */
function redirected(stream: ArrivalStream, to: Readonly<Record<QueueId, QueueId>>): ArrivalStream {
  if (Object.keys(to).length === 0) return stream;
  if (stream.kind === "poisson") {
    const { item } = stream;
    return { ...stream, item: { ...item, queueId: to[item.queueId] ?? item.queueId } };
  }
  const moved = <T extends RecordedItem | NextStay>(stay: T): T => ({
    ...stay,
    item: { ...stay.item, queueId: to[stay.item.queueId] ?? stay.item.queueId },
    ...(stay.next ? { next: moved(stay.next) } : {}),
  });
  return { ...stream, items: stream.items.map(moved) };
}

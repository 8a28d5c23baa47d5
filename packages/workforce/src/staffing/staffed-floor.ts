import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig } from "@svara/routing";
import type { Distribution } from "../simulation/distribution.ts";
import type { PoissonStream, Scenario, Shift } from "../simulation/scenario.ts";
import { handlingOf, type IntervalDemand } from "./offered-load.ts";

/** One queue whose staff changes by interval, for the simulator. */
export interface StaffedFloor {
  readonly demand: IntervalDemand;
  /** On duty in each interval, whole numbers; who leaves in a call finishes it first. */
  readonly agents: readonly number[];
  readonly patience: Distribution;
  /** Of the queue under test; the router's usual one if absent. */
  readonly queue?: QueueConfig;
}

const QUEUE: QueueConfig = {
  id: "queue" as QueueId,
  clientId: "client" as QueueConfig["clientId"],
  media: ["voice"],
  requiredSkills: [],
  priority: 0,
  ringTimeoutMs: 18_000,
  wrapUp: { mode: "off" },
};

/**
 * The floor as the simulator takes it: Poisson arrivals whose rate is constant by interval, and a shift for each stretch of
 * an agent. Contacts take the handling time of the interval in which they come.
 */
export function staffedFloor({ demand, agents, patience, queue = QUEUE }: StaffedFloor): Scenario {
  const { from, intervalMs, arrivals } = demand;
  const staff: AgentConfig[] = Array.from({ length: Math.max(0, ...agents) }, (_, number) => ({
    id: `agent-${String(number + 1).padStart(4, "0")}` as AgentId,
    skills: Object.fromEntries(queue.requiredSkills.map(({ skillId }) => [skillId, 5])),
    slots: { voice: 1 },
  }));
  return {
    from,
    to: from + Math.max(arrivals.length, agents.length) * intervalMs,
    atClose: "stop",
    configuration: [
      { type: "config.queue_set", queue },
      ...staff.map((agent): Input => ({ type: "config.agent_set", agent })),
    ],
    shifts: staff.flatMap(({ id }, number) => shiftsOf(id, number, { agents, from, intervalMs })),
    arrivals: streamsOf(demand, queue, patience),
  };
}

function shiftsOf(
  agentId: AgentId,
  number: number,
  profile: { readonly agents: readonly number[]; readonly from: Instant; readonly intervalMs: number },
): Shift[] {
  const { agents, from, intervalMs } = profile;
  const shifts: Shift[] = [];
  let since: number | undefined;
  for (let index = 0; index <= agents.length; index++) {
    const onDuty = (agents[index] ?? 0) > number;
    if (onDuty) since ??= index;
    else if (since !== undefined) {
      shifts.push({ agentId, from: from + since * intervalMs, to: from + index * intervalMs });
      since = undefined;
    }
  }
  return shifts;
}

/** One stream for each handling time, so that a time that changes over the day is that of the arrival. */
function streamsOf(demand: IntervalDemand, queue: QueueConfig, patience: Distribution): PoissonStream[] {
  const { from, intervalMs, arrivals } = demand;
  const perHour = 3_600_000 / intervalMs;
  const byTime = new Map<string, number[]>();
  arrivals.forEach((_, index) => {
    const key = JSON.stringify(handlingOf(demand, index));
    byTime.set(key, [...(byTime.get(key) ?? []), index]);
  });
  return [...byTime.values()].map((indexes) => ({
    kind: "poisson",
    item: {
      medium: queue.media[0] ?? "voice",
      clientId: queue.clientId,
      queueId: queue.id,
      initiation: "new",
    },
    rates: [...arrivals, 0].map((count, index) => ({
      from: from + index * intervalMs,
      perHour: indexes.includes(index) ? count * perHour : 0,
    })),
    talk: handlingOf(demand, indexes[0] ?? 0),
    patience,
  }));
}

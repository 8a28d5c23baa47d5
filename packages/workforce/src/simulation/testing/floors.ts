import type { AgentId, ClientId, QueueId } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig } from "@svara/routing";
import type { Distribution } from "../distribution.ts";
import type { PoissonStream, Scenario } from "../scenario.ts";

/** Test floors in the words of queueing theory. */

export const CLIENT = "client" as ClientId;
export const HOUR_MS = 3_600_000;
/** A time unit of models that have none: a minute, so that whole milliseconds are fine enough. */
export const UNIT_MS = 60_000;

export const exponential = (meanMs: number): Distribution => ({ kind: "exponential", meanMs });
export const NEVER: Distribution = { kind: "never" };

export function queueId(name: string): QueueId {
  return name as QueueId;
}

/** A queue without wrap-up, open to everybody. */
export function queue(name: string, more: Partial<QueueConfig> = {}): Input {
  const config: QueueConfig = {
    id: queueId(name),
    clientId: CLIENT,
    media: ["voice"],
    requiredSkills: [],
    priority: 0,
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "off" },
    ...more,
  };
  return { type: "config.queue_set", queue: config };
}

/** Agents `a000`, `a001`, ... with one call at a time. */
export function agents(name: string, count: number, more: Partial<AgentConfig> = {}): AgentConfig[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${name}${String(i).padStart(3, "0")}` as AgentId,
    skills: {},
    slots: { voice: 1 },
    ...more,
  }));
}

/** A Poisson stream into a queue, at a rate by the hour. */
export function stream(
  name: string,
  perHour: number,
  times: Pick<PoissonStream, "talk" | "patience"> & Partial<Pick<PoissonStream, "wrapUp" | "crossSell">>,
): PoissonStream {
  return {
    kind: "poisson",
    item: { medium: "voice", clientId: CLIENT, queueId: queueId(name), initiation: "new" },
    rates: [{ from: 0, perHour }],
    ...times,
  };
}

/** A floor whose agents are there all the time. */
export function floor(options: {
  readonly lengthMs: number;
  readonly queues: readonly Input[];
  readonly staff: readonly AgentConfig[];
  readonly arrivals: Scenario["arrivals"];
  readonly atClose?: Scenario["atClose"];
}): Scenario {
  const { lengthMs, queues, staff, arrivals, atClose = "drain" } = options;
  return {
    from: 0,
    to: Math.round(lengthMs),
    atClose,
    configuration: [...queues, ...staff.map((agent): Input => ({ type: "config.agent_set", agent }))],
    shifts: staff.map(({ id }) => ({ agentId: id, from: 0 })),
    arrivals,
  };
}

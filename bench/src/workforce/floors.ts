import type { AgentId, ClientId, QueueId } from "@svara/kernel";
import type { AgentConfig, QueueConfig } from "@svara/routing";
import type { PoissonStream, Scenario, Shift } from "@svara/workforce";

const CLIENT = "client" as ClientId;
const HOUR_MS = 3_600_000;

const queue = (id: string, over: Partial<QueueConfig> = {}): QueueConfig => ({
  id: id as QueueId,
  clientId: CLIENT,
  media: ["voice"],
  requiredSkills: [],
  priority: 0,
  ringTimeoutMs: 18_000,
  wrapUp: { mode: "off" },
  ...over,
});

function scenario(
  lengthMs: number,
  queues: readonly QueueConfig[],
  staff: readonly AgentConfig[],
  arrivals: readonly PoissonStream[],
  shift: Omit<Shift, "agentId">,
): Scenario {
  return {
    from: 0,
    to: Math.round(lengthMs),
    atClose: "drain",
    configuration: [
      ...queues.map((one) => ({ type: "config.queue_set", queue: one }) as const),
      ...staff.map((agent) => ({ type: "config.agent_set", agent }) as const),
    ],
    shifts: staff.map(({ id }) => ({ agentId: id, ...shift })),
    arrivals,
  };
}

/** The anchor: M/M/100 at a load of 0.95, everybody waits; about so many calls. */
export const ANCHOR = { agents: 100, callsPerHour: 1710, talkS: 200 } as const;

export function anchor(calls: number): Scenario {
  const { agents, callsPerHour, talkS } = ANCHOR;
  const staff = Array.from({ length: agents }, (_, n): AgentConfig => {
    return { id: `agent-${n}` as AgentId, skills: {}, slots: { voice: 1 } };
  });
  const stream: PoissonStream = {
    kind: "poisson",
    item: { medium: "voice", clientId: CLIENT, queueId: "calls" as QueueId, initiation: "new" },
    rates: [{ from: 0, perHour: callsPerHour }],
    talk: { kind: "exponential", meanMs: talkS * 1000 },
    patience: { kind: "never" },
  };
  return scenario((calls / callsPerHour) * HOUR_MS, [queue("calls")], staff, [stream], { from: 0 });
}

const SKILLS = 6;
const DAY_HOURS = 12;
const DAY_AGENTS = 110;

/** About ten thousand calls of six queues on a day of twelve hours; agents with two skills each, wrap-up, breaks, customers who hang up. */
export function multiSkillDay(): Scenario {
  const queues = Array.from({ length: SKILLS }, (_, n) =>
    queue(`queue-${n}`, {
      requiredSkills: [{ skillId: `skill-${n}`, minProficiency: 1 }],
      agentStrategy: "highest_proficiency",
      wrapUp: { mode: "timed", limitMs: 60_000 },
      priority: n % 2,
    }),
  );
  const staff = Array.from({ length: DAY_AGENTS }, (_, n): AgentConfig => {
    const skills = { [`skill-${n % SKILLS}`]: 5, [`skill-${(n + 1) % SKILLS}`]: 3 };
    return { id: `agent-${n}` as AgentId, skills, slots: { voice: 1 } };
  });
  const profile = [0.6, 0.9, 1.2, 1.3, 1.1, 1, 1, 1.1, 1.1, 1, 0.9, 0.8];
  const streams = queues.map(
    ({ id }): PoissonStream => ({
      kind: "poisson",
      item: { medium: "voice", clientId: CLIENT, queueId: id, initiation: "new" },
      rates: profile.map((share, hour) => ({
        from: hour * HOUR_MS,
        perHour: (share * 10_000) / SKILLS / DAY_HOURS,
      })),
      talk: { kind: "lognormal", meanMs: 280_000, scv: 1 },
      wrapUp: { kind: "exponential", meanMs: 20_000 },
      patience: { kind: "exponential", meanMs: 180_000 },
    }),
  );
  const made = scenario(DAY_HOURS * HOUR_MS, queues, staff, streams, { from: 0 });
  const shifts = made.shifts.map((shift, n): Shift => {
    const from = n % 2 === 0 ? 0 : 3 * HOUR_MS;
    const pause = from + (4 + (n % 3) / 2) * HOUR_MS;
    return { ...shift, from, to: from + 9 * HOUR_MS, breaks: [{ from: pause, to: pause + HOUR_MS / 2 }] };
  });
  return { ...made, shifts };
}

import {
  type AgentConfig,
  ENGINE_VERSION,
  entryLine,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  type JournalLine,
  type QueueConfig,
} from "@svara/routing";
import { type ArrivalStream, type Scenario, simulate } from "@svara/workforce";

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2026, 2, 2, 8);
const AGENTS = ["a1", "a2", "a3", "a4", "a5", "a6"];

/** The journal of two busy hours with two queues and six agents, as the lines of a file. */
export function simulatedDay(): JournalLine[] {
  const to = FROM + 2 * HOUR_MS;
  const queue = (id: string): QueueConfig => ({
    id,
    clientId: "client",
    media: ["voice"],
    requiredSkills: [],
    priority: 0,
    ringTimeoutMs: 20_000,
    wrapUp: { mode: "timed", limitMs: 20_000 },
  });
  const agent = (id: string): AgentConfig => ({ id, skills: {}, slots: { voice: 1 } });
  const calls = (queueId: string, perHour: number): ArrivalStream => ({
    kind: "poisson",
    item: { medium: "voice", clientId: "client", queueId, initiation: "new" },
    rates: [{ from: FROM, perHour }],
    talk: { kind: "exponential", meanMs: 180_000 },
    patience: { kind: "exponential", meanMs: 120_000 },
  });
  const scenario: Scenario = {
    from: FROM,
    to,
    atClose: "drain",
    configuration: [
      ...["sales", "help"].map((id) => ({ type: "config.queue_set", queue: queue(id) }) as const),
      ...AGENTS.map((id) => ({ type: "config.agent_set", agent: agent(id) }) as const),
    ],
    shifts: AGENTS.map((agentId) => ({ agentId, from: FROM, to })),
    arrivals: [calls("sales", 60), calls("help", 50)],
    answering: { delay: { kind: "uniform", fromMs: 2_000, toMs: 8_000 } },
  };
  const entries: JournalLine[] = [];
  let routerId = "";
  simulate(scenario, {
    seed: 1,
    journal: (entry) => {
      routerId = entry.routerId;
      entries.push(entryLine(entry));
    },
  });
  return [
    {
      type: "header",
      format: JOURNAL_FORMAT,
      version: JOURNAL_VERSION,
      routerId,
      engineVersion: ENGINE_VERSION,
    },
    ...entries,
    { type: "end", entries: entries.length },
  ];
}

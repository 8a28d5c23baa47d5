import { type AgentId, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig, RouterRules } from "@svara/routing";
import type { Distribution } from "../distribution.ts";
import type { Answering, Break, PoissonStream, Scenario, Shift } from "../scenario.ts";
import { agentFor } from "./who-serves.ts";

/** What is expected of a queue on a day. */
export interface PlannedQueue {
  readonly queue: QueueConfig;
  /** Contacts expected in each interval from the day's beginning on. */
  readonly contacts: readonly number[];
  readonly talk: Distribution;
  readonly wrapUp?: Distribution;
  readonly patience: Distribution;
  /** Agents for this queue alone in each interval; absent where agents come by roster. */
  readonly agents?: readonly number[];
}

/** An agent of a roster. */
export interface PlannedAgent {
  readonly agent: AgentConfig;
  readonly shifts: readonly {
    readonly from: Instant;
    readonly to: Instant;
    readonly breaks: readonly Break[];
  }[];
}

/** A day as it is planned. Plain JSON. */
export interface PlannedDay {
  readonly from: Instant;
  readonly to: Instant;
  readonly intervalMs: number;
  readonly queues: readonly PlannedQueue[];
  readonly roster: readonly PlannedAgent[];
  readonly rules: RouterRules;
  readonly answering?: Answering;
}

/**
 * The planned day as a scenario: contacts come by chance at the expected rates, agents keep their shifts exactly. Who waits
 * at the end is served; nobody comes after the last number of a queue. Throws `workforce.bad_scenario` for a day without
 * contacts or agents, or with a number that is none or is beyond the day.
 */
export function plannedScenario(day: PlannedDay): Scenario {
  const { from, to, intervalMs, queues, roster, rules } = day;
  const heads = queues.flatMap((planned) => headsOf(planned, day));
  if (!queues.some(({ contacts }) => contacts.some((count) => count > 0)))
    throw bad("queues", "nobody comes on this day: there is nothing to simulate");
  if (roster.length + heads.length === 0) throw bad("roster", "no agent works on this day");
  const configuration: Input[] = [
    { type: "config.rules_set", rules },
    ...queues.map(({ queue }): Input => ({ type: "config.queue_set", queue })),
    ...[...roster, ...heads].map(({ agent }): Input => ({ type: "config.agent_set", agent })),
  ];
  const shifts = [...roster, ...heads].flatMap(({ agent, shifts: own }) =>
    own.map((shift): Shift => ({ agentId: agent.id, ...shift, media: mediaOf(agent) })),
  );
  return {
    from,
    to,
    atClose: "drain",
    configuration,
    shifts,
    arrivals: queues.map(({ queue, contacts, talk, wrapUp, patience }): PoissonStream => {
      const [medium] = queue.media;
      if (medium === undefined) throw bad("queues", `queue ${queue.id} has no medium`);
      const most = Math.ceil((to - from) / intervalMs);
      if (contacts.length > most)
        throw bad("queues", `there are ${contacts.length} intervals of contacts, and the day has ${most}`);
      const rates = [...contacts, 0].map((count, i) => {
        if (!Number.isFinite(count) || count < 0)
          throw bad("queues", `${count} contacts can not be expected`);
        return { from: from + i * intervalMs, perHour: (count * 3_600_000) / intervalMs };
      });
      return {
        kind: "poisson",
        item: { medium, clientId: queue.clientId, queueId: queue.id, initiation: "new" },
        rates,
        talk,
        ...(wrapUp ? { wrapUp } : {}),
        patience,
      };
    }),
    ...(day.answering ? { answering: day.answering } : {}),
  };
}

function mediaOf({ slots }: AgentConfig): NonNullable<Shift["media"]> {
  return (Object.keys(slots) as NonNullable<Shift["media"]>).filter((medium) => (slots[medium] ?? 0) > 0);
}

/** A number of agents for each interval as people: the first is there whenever anybody is. */
function headsOf({ queue, agents }: PlannedQueue, { from, to, intervalMs }: PlannedDay): PlannedAgent[] {
  if (!agents) return [];
  const wanted = agents.map((count) => Math.max(0, Math.round(count)));
  const most = Math.max(0, ...wanted);
  return Array.from({ length: most }, (_, head): PlannedAgent => {
    const shifts: { from: Instant; to: Instant; breaks: [] }[] = [];
    for (const [i, count] of wanted.entries()) {
      if (count <= head) continue;
      const start = from + i * intervalMs;
      const last = shifts.at(-1);
      if (last && last.to === start) last.to = Math.min(to, start + intervalMs);
      else if (start < to) shifts.push({ from: start, to: Math.min(to, start + intervalMs), breaks: [] });
    }
    return { agent: { id: headId(queue.id, head), ...agentFor(queue, LEVEL) }, shifts };
  });
}

const LEVEL = 3; // neither a beginner nor an expert

function headId(queueId: QueueId, head: number): AgentId {
  return `${queueId}/${head + 1}` as AgentId;
}

function bad(field: string, message: string): SvaraError {
  return new SvaraError(message, { code: "workforce.bad_scenario", httpStatus: 422, field });
}

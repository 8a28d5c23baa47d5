import type { Input } from "../input.ts";
import type {
  AgentConfig,
  Medium,
  Presence,
  QueueConfig,
  SkillNeed,
  WorkItem,
  WrapUpRule,
} from "../model.ts";
import type { Router } from "../router.ts";

/** A choice among `n` things: an integer in [0, n). */
export type Pick = (n: number) => number;

const SKILLS = ["en", "sv", "uk"];
const FLOOR_MEDIA: readonly Medium[] = ["voice", "voice", "voice", "chat", "email"];

/** The next input at a random floor of a few agents and queues, with all sorts of nonsense among it. */
export function randomInput(pick: Pick, router: Router): Input {
  const agentId = `a${pick(6)}`;
  const queueId = `q${pick(3)}`;
  const kind = pick(100);
  if (kind < 5) return { type: "config.queue_set", queue: randomQueue(pick, queueId) };
  if (kind < 6 && pick(3) === 0) return { type: "config.queue_removed", queueId };
  if (kind < 9) return { type: "config.agent_set", agent: randomAgent(pick, agentId) };
  if (kind < 10 && pick(3) === 0) return { type: "config.agent_removed", agentId };
  if (kind < 17) return { type: "agent.logged_in", agentId, presence: randomPresence(pick) };
  if (kind < 18) return { type: "agent.logged_out", agentId, reason: "end_shift" };
  if (kind < 28) return { type: "agent.presence_set", agentId, presence: randomPresence(pick) };
  if (kind < 33) {
    return { type: "agent.reachable", agentId, medium: oneOf(pick, FLOOR_MEDIA), reachable: pick(8) > 0 };
  }
  if (kind < 35) return { type: "agent.busy_other", agentId, busy: pick(4) === 0 };
  if (kind < 55) return { type: "item.queued", item: randomItem(pick, queueId, router.now) };
  return randomWork(pick, router, agentId, queueId);
}

/** Inputs about waiting, offered and handled items, most of them about ones that exist. */
function randomWork(pick: Pick, router: Router, agentId: string, queueId: string): Input {
  const waiting = router.queueIds().flatMap((id) => router.waitingItems(id));
  const itemId = waiting.length > 0 && pick(8) > 0 ? oneOf(pick, waiting).id : `i${pick(30)}`;
  const agents = router.agents();
  const offerIds = agents.flatMap((agent) => agent.offerId ?? []);
  const offerId = offerIds.length > 0 && pick(10) > 0 ? oneOf(pick, offerIds) : "no-such-offer";
  const held = agents.flatMap((agent) =>
    agent.handlings.map((h) => ({ agentId: agent.agentId, itemId: h.itemId })),
  );
  const inHand = held.length > 0 && pick(10) > 0 ? oneOf(pick, held) : { agentId, itemId };
  const phases = ["dialing", "ringing", "talking", "held", "consulting", "conferenced"] as const;
  const kind = pick(20);
  if (kind < 6) return { type: "offer.accepted", offerId };
  if (kind < 7) return { type: "offer.refused", offerId };
  if (kind < 8) return { type: "offer.failed", offerId, reason: "unregistered" };
  if (kind < 10) return { type: "item.withdrawn", itemId, reason: "customer_gone" };
  if (kind < 11) {
    return {
      type: "item.moved",
      itemId,
      queueId,
      ...(pick(2) ? { priority: pick(2) ? null : pick(3) } : {}),
      ...(pick(3) ? {} : { requiredSkills: randomNeeds(pick) }),
      ...(pick(3) ? {} : { queuedAt: router.now }),
    };
  }
  if (kind < 12) {
    const medium = oneOf(pick, FLOOR_MEDIA);
    return {
      type: "item.assigned",
      agentId,
      itemId,
      medium,
      phase: oneOf(pick, phases),
      ...(pick(2) ? { queueId } : {}),
      ...(pick(3) ? {} : { wrapUp: randomWrapUp(pick) }),
    };
  }
  if (kind < 13) return { type: "item.phase_set", ...inHand, phase: oneOf(pick, phases) };
  if (kind < 17) return { type: "item.ended", ...inHand, ...(pick(5) ? {} : { wrapUp: "skip" as const }) };
  if (kind < 19) return { type: "wrapup.finished", ...inHand };
  return { type: "wrapup.extended", ...inHand, byMs: 1000 * pick(30) };
}

/** How far the clock moves before the next input: mostly seconds, now and then an hour, and sometimes backwards. */
export function randomStep(pick: Pick): number {
  const kind = pick(40);
  if (kind === 0) return -pick(60_000);
  if (kind === 1) return pick(3_600_000);
  return kind < 16 ? 0 : pick(8000);
}

function randomQueue(pick: Pick, id: string): QueueConfig {
  return {
    id,
    clientId: "client",
    media: ["voice", "chat"],
    requiredSkills: randomNeeds(pick),
    priority: pick(3),
    ringTimeoutMs: 1000 * (1 + pick(20)),
    wrapUp: randomWrapUp(pick),
    ...(pick(3) ? {} : { agentStrategy: "none" as const }),
  };
}

function randomWrapUp(pick: Pick): WrapUpRule {
  const kind = pick(4);
  if (kind === 0) return { mode: "off" };
  if (kind === 1) return { mode: "manual" };
  return { mode: kind === 2 ? "manual" : "timed", limitMs: 1000 * pick(30) };
}

function randomAgent(pick: Pick, id: string): AgentConfig {
  const skills = Object.fromEntries(SKILLS.filter(() => pick(3) > 0).map((skill) => [skill, 1 + pick(5)]));
  const queueIds = ["q0", "q1", "q2"].filter(() => pick(3) > 0);
  return {
    id,
    skills,
    slots: { voice: pick(5) ? 1 : 0, ...(pick(2) ? { chat: pick(4) } : {}) },
    ...(pick(3) ? {} : { queueIds }),
  };
}

function randomPresence(pick: Pick): Presence {
  if (pick(6)) return { state: "available" };
  const reason = oneOf(pick, ["break", "lunch"]);
  return { state: "not_ready", reason, paid: reason === "break", productive: false };
}

function randomItem(pick: Pick, queueId: string, now: number): WorkItem {
  return {
    id: `i${pick(30)}`,
    medium: oneOf(pick, FLOOR_MEDIA),
    clientId: "client",
    queueId,
    queuedAt: now - (pick(4) ? 0 : pick(60_000)),
    initiation: "new",
    ...(pick(4) ? {} : { priority: pick(4) }),
    ...(pick(4) ? {} : { requiredSkills: randomNeeds(pick) }),
    ...(pick(4) ? {} : { preferredAgentId: `a${pick(6)}` }),
  };
}

function randomNeeds(pick: Pick): SkillNeed[] {
  return SKILLS.filter(() => pick(6) === 0).map((skillId) => ({ skillId, minProficiency: 1 + pick(4) }));
}

function oneOf<T>(pick: Pick, values: readonly T[]): T {
  return values[pick(values.length)] as T;
}

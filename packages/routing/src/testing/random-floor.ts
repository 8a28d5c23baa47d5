import type { Input } from "../input.ts";
import { type HandlingPhase, MEDIA, type Medium, type WorkItem } from "../model.ts";
import type { NaiveFloor } from "./naive/floor.ts";
import {
  oneOf,
  type Pick,
  randomAgent,
  randomFacts,
  randomNeeds,
  randomPresence,
  randomQueue,
  randomRules,
  randomTiers,
  randomWrapUp,
} from "./random-rules.ts";

/** What kind of day it is: chosen once for a floor, so that some floors are small and plain and others have everything. */
export interface FloorKind {
  readonly agents: number;
  readonly queues: number;
  readonly media: readonly Medium[];
  /** 0: plain queues and agents .. 4: every rule that there is. */
  readonly richness: number;
  /** One of so many inputs is nonsense on purpose. */
  readonly sense: number;
  /** Arrivals in a hundred inputs. */
  readonly load: number;
  /** The clock moves by so many ms at the most between most inputs. */
  readonly pace: number;
  /** The clock stands still, or goes by whole seconds: many things are due at one instant. */
  readonly round: boolean;
}

export function randomKind(pick: Pick): FloorKind {
  return {
    agents: 1 + pick(7),
    queues: 1 + pick(4),
    media: pick(3)
      ? MEDIA
      : oneOf(pick, [["voice"], ["voice", "chat"], ["voice", "email", "chat"], ["voice", "email"]]),
    richness: pick(5),
    sense: 8 + pick(60),
    load: 12 + pick(25),
    pace: oneOf(pick, [1000, 3000, 8000]),
    round: pick(4) === 0,
  };
}

const agentIds = (kind: FloorKind): string[] => Array.from({ length: kind.agents }, (_, i) => `a${i}`);
const queueIds = (kind: FloorKind): string[] => Array.from({ length: kind.queues }, (_, i) => `q${i}`);

/** What is told before the doors open. */
export function openingInputs(pick: Pick, kind: FloorKind): Input[] {
  let revision = 1;
  return [
    ...(pick(2)
      ? [{ type: "config.rules_set", rules: randomRules(pick), revision: revision++ } as const]
      : []),
    ...queueIds(kind).map(
      (id): Input => ({ type: "config.queue_set", queue: randomQueue(pick, kind, id), revision: revision++ }),
    ),
    ...agentIds(kind).flatMap((agentId): Input[] => [
      { type: "config.agent_set", agent: randomAgent(pick, kind, agentId), revision: revision++ },
      { type: "agent.reachable", agentId, medium: "voice", reachable: true },
      ...(pick(2) ? [{ type: "agent.reachable", agentId, medium: "video", reachable: true } as const] : []),
      { type: "agent.logged_in", agentId, presence: { state: "available" } },
    ]),
  ];
}

/** How far the clock moves before the next input: mostly seconds, now and then an hour, and sometimes backwards. */
export function randomStep(pick: Pick, kind: FloorKind): number {
  const step = pick(60);
  const round = (ms: number): number => (kind.round ? Math.round(ms / 1000) * 1000 : ms);
  if (step === 0) return round(-pick(60_000));
  if (step === 1) return round(pick(3_600_000));
  if (step < 5) return round(pick(90_000));
  return step < 30 ? 0 : round(pick(kind.pace));
}

/** The next input, most of them sensible for the floor as it is. */
export function randomInput(pick: Pick, kind: FloorKind, floor: NaiveFloor, count: number): Input {
  const foreign = pick(kind.sense) === 0;
  const agentId = foreign ? oneOf(pick, ["nobody", "a0", "a1"]) : oneOf(pick, agentIds(kind));
  const queueId = foreign ? oneOf(pick, ["q0", "q9"]) : oneOf(pick, queueIds(kind));
  const roll = pick(100);
  if (roll < kind.load) return { type: "item.queued", item: randomItem(pick, kind, floor, queueId, count) };
  if (roll < kind.load + 5) return randomConfig(pick, kind, floor, agentId, queueId);
  if (roll < kind.load + 14) return randomAgentInput(pick, floor, agentId);
  if (roll < kind.load + 24) return randomLineInput(pick, kind, floor, agentId, queueId, foreign);
  const ringing = floor.offers.length > 0 && pick(3) > 0;
  const working = floor.people.some((person) => person.inHand.length > 0);
  if (ringing || pick(kind.sense) === 0) return randomAnswer(pick, floor, foreign);
  if (!working && pick(5) > 0) return randomAgentInput(pick, floor, agentId);
  return randomHandInput(pick, kind, floor, agentId, queueId, foreign);
}

function randomConfig(
  pick: Pick,
  kind: FloorKind,
  floor: NaiveFloor,
  agentId: string,
  queueId: string,
): Input {
  const revision = pick(8) ? { revision: floor.revision + 1 } : {};
  const roll = pick(20);
  if (roll < 9) return { type: "config.queue_set", queue: randomQueue(pick, kind, queueId), ...revision };
  if (roll < 10) return { type: "config.queue_removed", queueId, ...revision };
  if (roll < 17) return { type: "config.agent_set", agent: randomAgent(pick, kind, agentId), ...revision };
  if (roll < 18) return { type: "config.agent_removed", agentId, ...revision };
  return { type: "config.rules_set", rules: randomRules(pick), ...revision };
}

function randomAgentInput(pick: Pick, floor: NaiveFloor, someAgentId: string): Input {
  const working = floor.people.filter((person) => person.inHand.length > 0);
  const aside = working.filter((person) => person.inHand.some((h) => h.phase === "interrupted"));
  const ringing = floor.offers.map((offer) => offer.person);
  const busy = aside.length > 0 && pick(2) ? aside : [...ringing, ...working];
  const agentId = busy.length > 0 && pick(2) ? oneOf(pick, busy).config.id : someAgentId;
  const away = floor.people.filter(
    (p) => !p.loggedIn || p.leaving || !p.connected || p.presence.state !== "available",
  );
  const roll = pick(40);
  if (away.length > 0 && roll < 26) {
    const person = oneOf(pick, away);
    const { id } = person.config;
    if (!person.loggedIn || person.leaving) {
      return { type: "agent.logged_in", agentId: id, presence: randomPresence(pick) };
    }
    if (!person.connected) return { type: "agent.connection", agentId: id, connected: true };
    return { type: "agent.presence_set", agentId: id, presence: { state: "available" } };
  }
  if (roll < 27) return { type: "agent.presence_set", agentId, presence: randomPresence(pick), ...by(pick) };
  if (roll < 29) return { type: "agent.logged_out", agentId, reason: "end_shift" };
  if (roll < 31) {
    return { type: "agent.state_forced", agentId, presence: pick(3) ? randomPresence(pick) : null };
  }
  if (roll < 34) return { type: "agent.connection", agentId, connected: pick(2) === 0 };
  if (roll < 36) {
    const offer = floor.offers.find((offer) => offer.person.config.id === agentId);
    const medium = offer?.waiting.item.medium ?? oneOf(pick, MEDIA);
    return { type: "agent.reachable", agentId, medium, reachable: !offer && pick(3) > 0 };
  }
  if (roll < 39) return { type: "agent.busy_other", agentId, busy: pick(3) === 0 };
  return { type: "agent.logged_in", agentId, presence: randomPresence(pick) };
}

const by = (pick: Pick) => (pick(3) ? {} : { by: oneOf(pick, ["agent", "supervisor", "system"] as const) });

function randomLineInput(
  pick: Pick,
  kind: FloorKind,
  floor: NaiveFloor,
  agentId: string,
  queueId: string,
  foreign: boolean,
): Input {
  const waiting = floor.line.map((one) => one.item);
  const itemId = waiting.length > 0 && !foreign ? oneOf(pick, waiting).id : `i${pick(40)}`;
  const roll = pick(20);
  if (roll < 5) {
    return {
      type: "item.withdrawn",
      itemId,
      reason: pick(3) ? "customer_gone" : oneOf(pick, ["flow", "ended"]),
    };
  }
  if (roll < 8) {
    return {
      type: "item.moved",
      itemId,
      queueId,
      ...(pick(2) ? { priority: pick(2) ? null : pick(3) } : {}),
      ...(pick(3) ? {} : { requiredSkills: randomNeeds(pick) }),
      ...(pick(3) ? {} : { queuedAt: floor.now }),
      ...(pick(3) ? {} : { initiation: "transfer" as const }),
    };
  }
  if (roll < 11) return { type: "item.facts_set", itemId, facts: randomFacts(pick) };
  if (roll < 14) {
    const picker = floor.people.find((p) => p.config.pickQueueIds && pick(2));
    return { type: "item.picked", itemId, agentId: picker && !foreign ? picker.config.id : agentId };
  }
  if (roll < 17) return { type: "callback.requested", itemId, wish: randomWish(pick, floor.now) };
  return {
    type: "item.assigned",
    agentId,
    itemId: pick(2) ? itemId : `o${pick(20)}`,
    medium: oneOf(pick, kind.media),
    ...(pick(3) ? { phase: randomPhase(pick) } : {}),
    ...(pick(3) ? { queueId } : {}),
    ...(pick(3) ? {} : { wrapUp: randomWrapUp(pick) }),
  };
}

function randomAnswer(pick: Pick, floor: NaiveFloor, foreign: boolean): Input {
  const offer = floor.offers[pick(floor.offers.length)];
  const offerId = offer && !foreign ? offer.id : "no-such-offer";
  const roll = pick(20);
  if (roll < 16) return { type: "offer.accepted", offerId };
  if (roll < 18) return { type: "offer.refused", offerId };
  return {
    type: "offer.failed",
    offerId,
    reason: oneOf(pick, ["busy", "unregistered", "rejected", "no_route", "switch_error"]),
  };
}

function randomHandInput(
  pick: Pick,
  kind: FloorKind,
  floor: NaiveFloor,
  someAgentId: string,
  queueId: string,
  foreign: boolean,
): Input {
  const held = floor.people.flatMap((p) => p.inHand.map((h) => ({ agentId: p.config.id, h })));
  const some = held.length > 0 && !foreign ? oneOf(pick, held) : undefined;
  const named = {
    agentId: some?.agentId ?? someAgentId,
    itemId: some?.h.itemId ?? `i${pick(40)}`,
  };
  const phase = some?.h.phase;
  if (some?.h.attempting && pick(3)) {
    const outcomes = ["answered", "answered", "busy", "no_answer", "machine", "failed"] as const;
    return { type: "callback.attempted", ...named, outcome: oneOf(pick, outcomes) };
  }
  if (phase === "wrap_up" && pick(2)) {
    if (pick(3) === 0) return { type: "wrapup.extended", ...named, byMs: 1000 * pick(30) };
    return { type: "wrapup.finished", ...named };
  }
  if ((phase === "ringing" || phase === "dialing") && pick(3) === 0) {
    return { type: "item.phase_set", ...named, phase: randomPhase(pick) };
  }
  const roll = pick(40);
  if (roll < 22)
    return { type: "item.ended", ...named, ...(pick(5) ? {} : { wrapUp: oneOf(pick, ["skip", "queue"]) }) };
  if (roll < 26) return { type: "item.phase_set", ...named, phase: randomPhase(pick) };
  if (roll < 30) {
    return {
      type: "item.escalated",
      ...named,
      tier: oneOf(pick, randomTiers(pick)),
      ...(pick(2) ? {} : { queueId }),
      ...(pick(2) ? {} : { facts: randomFacts(pick) }),
      ...(pick(3) ? {} : { requiredSkills: randomNeeds(pick) }),
    };
  }
  if (roll < 33) return { type: "crosssell.asked", ...named };
  if (roll < 36) return { type: "wrapup.requested", ...named, wanted: pick(4) > 0 };
  if (roll < 37) return { type: "wrapup.finished", ...named };
  if (roll < 38) return { type: "wrapup.extended", ...named, byMs: 1000 * pick(30) - 5000 };
  if (roll < 39) return { type: "callback.attempted", ...named, outcome: "no_answer" };
  return { type: "item.assigned", ...named, medium: some?.h.medium ?? oneOf(pick, kind.media) };
}

function randomPhase(pick: Pick): Exclude<HandlingPhase, "wrap_up" | "interrupted"> {
  return oneOf(pick, ["dialing", "ringing", "talking", "held", "consulting", "conferenced"] as const);
}

function randomWish(pick: Pick, now: number) {
  const from = pick(2) ? now + 1000 * pick(120) : undefined;
  const until = pick(2) ? now + 1000 * pick(300) : undefined;
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function randomItem(
  pick: Pick,
  kind: FloorKind,
  floor: NaiveFloor,
  queueId: string,
  count: number,
): WorkItem {
  const waiting = floor.line.map((one) => one.item.id);
  const inHand = floor.people.flatMap((p) => p.inHand.map((h) => h.itemId));
  const known = [...waiting, ...inHand];
  const id = known.length > 0 && pick(kind.sense) === 0 ? oneOf(pick, known) : `i${count}`;
  const medium = oneOf(pick, kind.media);
  const seldom = (): boolean => pick(kind.richness > 1 ? 6 : 20) === 0;
  return {
    id,
    medium,
    clientId: "client",
    queueId,
    queuedAt: floor.now - (pick(4) ? 0 : pick(60_000) - (pick(30) ? 0 : 20_000)),
    initiation: "new",
    ...(seldom() ? { priority: pick(4) } : {}),
    ...(seldom() ? { requiredSkills: randomNeeds(pick) } : {}),
    ...(seldom() ? { preferredSkills: [oneOf(pick, ["en", "sv", "tax"])] } : {}),
    ...(seldom() ? { preferredAgentId: `a${pick(8)}` } : {}),
    ...(seldom() ? { preferredAgentId: `a${pick(8)}`, preferredWaitMs: pick(40_000) } : {}),
    ...(seldom() && pick(3) === 0 ? { onlyAgentId: `a${pick(8)}` } : {}),
    ...(kind.richness > 0 && pick(2) ? { facts: randomFacts(pick) } : {}),
    ...(kind.richness > 2 && seldom() ? { groups: [oneOf(pick, ["g1", "g2"])] } : {}),
    ...(kind.richness > 2 && seldom() ? { sites: [oneOf(pick, ["s1", "s2"])] } : {}),
    ...(kind.richness > 2 && seldom() ? { tiers: randomTiers(pick) } : {}),
    ...((medium === "voice" || pick(4) === 0) && seldom() ? { callback: randomWish(pick, floor.now) } : {}),
  };
}

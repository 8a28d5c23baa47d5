import { type AgentId, type Instant, type OfferId, SvaraError } from "@svara/kernel";
import { Agent, type Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import type { PresenceBy } from "./input.ts";
import { Item, Queue } from "./line.ts";
import type {
  AgentConfig,
  AgentState,
  HandlingPhase,
  ItemId,
  Medium,
  Presence,
  QueueConfig,
  WorkItem,
  WrapUpRule,
} from "./model.ts";

/** The whole state of a router as plain JSON. */
export interface RouterSnapshot {
  readonly version: 1;
  readonly engineVersion: string;
  readonly routerId: string;
  readonly epoch: number;
  readonly now: Instant;
  readonly seq: number;
  readonly offerCount: number;
  readonly rules: number;
  readonly queues: readonly QueueSnapshot[];
  readonly agents: readonly AgentSnapshot[];
  readonly items: readonly WorkItem[];
  readonly offers: readonly OfferSnapshot[];
  /** In the order in which they fire. */
  readonly timers: readonly TimerSnapshot[];
}

interface QueueSnapshot {
  readonly config: QueueConfig;
  readonly handled: number;
  readonly meanHandleMs: number;
}

interface AgentSnapshot {
  readonly config: AgentConfig;
  readonly loggedIn: boolean;
  readonly leaving: boolean;
  readonly retired: boolean;
  readonly presence: Presence;
  readonly presenceBy: PresenceBy;
  readonly reachable: number;
  readonly busyOther: boolean;
  readonly idleSince: Instant;
  readonly state: AgentState;
  readonly stateReason: string | null;
  readonly stateItemId: ItemId | null;
  readonly stateSince: Instant;
  readonly handlings: readonly HandlingSnapshot[];
}

interface HandlingSnapshot {
  readonly itemId: ItemId;
  readonly medium: Medium;
  readonly queueId: string | null;
  readonly startedAt: Instant;
  readonly wrapUp: WrapUpRule;
  readonly phase: HandlingPhase;
  readonly since: Instant;
  readonly until: Instant | null;
}

interface OfferSnapshot {
  readonly id: OfferId;
  readonly itemId: ItemId;
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
}

type TimerSnapshot =
  | { readonly due: Instant; readonly kind: "offer"; readonly offerId: OfferId }
  | { readonly due: Instant; readonly kind: "wrap_up"; readonly agentId: AgentId; readonly itemId: ItemId };

/** Writes the state between two steps. */
export function takeSnapshot(engine: Engine, engineVersion: string): RouterSnapshot {
  const { floor } = engine;
  return structuredClone({
    version: 1,
    engineVersion,
    routerId: engine.routerId,
    epoch: engine.epoch,
    now: engine.now,
    seq: engine.seq,
    offerCount: engine.offerCount,
    rules: engine.rules,
    queues: [...floor.queues.values()].map((queue) => ({
      config: queue.config,
      handled: queue.handled,
      meanHandleMs: queue.meanHandleMs,
    })),
    agents: [...floor.agents.values()].map(agentSnapshot),
    items: [...floor.items.values()].map((item) => item.work),
    offers: [...floor.offers.values()].map((offer) => ({
      id: offer.id,
      itemId: offer.item.id,
      agentId: offer.agent.id,
      expiresAt: offer.expiresAt,
    })),
    timers: engine.timers.entries().map(({ due, value }): TimerSnapshot => {
      if (value.kind === "offer") return { due, kind: "offer", offerId: value.offer.id };
      return { due, kind: "wrap_up", agentId: value.agent.id, itemId: value.handling.itemId };
    }),
  });
}

/** Fills an empty engine; the indexes are built anew. */
export function restoreEngine(engine: Engine, from: RouterSnapshot): void {
  const { floor } = engine;
  engine.now = from.now;
  engine.seq = from.seq;
  engine.offerCount = from.offerCount;
  engine.rules = from.rules;
  for (const { config, handled, meanHandleMs } of from.queues) {
    const queue = new Queue(config);
    queue.handled = handled;
    queue.meanHandleMs = meanHandleMs;
    floor.queues.set(config.id, queue);
  }
  for (const saved of from.agents) restoreAgent(engine, saved);
  for (const work of from.items) {
    const queue = found(floor.queues.get(work.queueId), work.queueId);
    const item = new Item(work, floor.classOf(queue, work.medium, work.requiredSkills));
    floor.items.set(work.id, item);
  }
  for (const { id, itemId, agentId, expiresAt } of from.offers) {
    const item = found(floor.items.get(itemId), itemId);
    const agent = found(floor.agents.get(agentId), agentId);
    const offer = { id, item, agent, expiresAt, timer: null };
    item.offer = offer;
    agent.offer = offer;
    floor.offers.set(id, offer);
  }
  for (const item of floor.items.values()) {
    if (item.offer) item.workClass.queue.offered.add(item);
    else item.workClass.items.add(item);
  }
  restoreTimers(engine, from);
  for (const agent of floor.agents.values()) engine.touch(agent);
  engine.endStep();
}

function agentSnapshot(agent: Agent): AgentSnapshot {
  return {
    config: agent.config,
    loggedIn: agent.loggedIn,
    leaving: agent.leaving,
    retired: agent.retired,
    presence: agent.presence,
    presenceBy: agent.presenceBy,
    reachable: agent.reachable,
    busyOther: agent.busyOther,
    idleSince: agent.idleSince,
    state: agent.state,
    stateReason: agent.stateReason,
    stateItemId: agent.stateItemId,
    stateSince: agent.stateSince,
    handlings: agent.handlings.map(({ timer: _timer, ...saved }) => saved),
  };
}

function restoreAgent(engine: Engine, saved: AgentSnapshot): void {
  const { config, handlings, ...facts } = saved;
  const set = engine.floor.setOf(config);
  const agent = new Agent(config, set);
  Object.assign(agent, facts);
  agent.handlings = handlings.map((h): Handling => ({ ...h, timer: null }));
  engine.floor.agents.set(config.id, agent);
  engine.floor.place(agent, set);
}

function restoreTimers(engine: Engine, from: RouterSnapshot): void {
  const { floor, timers } = engine;
  for (const timer of from.timers) {
    if (timer.kind === "offer") {
      const offer = found(floor.offers.get(timer.offerId), timer.offerId);
      offer.timer = timers.add(timer.due, { kind: "offer", offer });
    } else {
      const agent = found(floor.agents.get(timer.agentId), timer.agentId);
      const handling = found(
        agent.handlings.find((h) => h.itemId === timer.itemId),
        timer.itemId,
      );
      handling.timer = timers.add(timer.due, { kind: "wrap_up", agent, handling });
    }
  }
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) {
    throw new SvaraError(`the router snapshot names ${id}, which it does not hold`, {
      code: "routing.bad_snapshot",
    });
  }
  return value;
}

import { type AgentId, type Instant, type OfferId, SvaraError } from "@svara/kernel";
import {
  type AgentSnapshot,
  type AgentTimerSnapshot,
  agentSnapshot,
  agentTimerSnapshot,
  restoreAgent,
  restoreAgentTimer,
} from "./agent-snapshot.ts";
import { openMedia } from "./capacity.ts";
import type { Engine } from "./engine.ts";
import { Item, Queue } from "./line.ts";
import type { ItemId, QueueConfig, RouterRules, WorkItem } from "./model.ts";

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
  readonly centre: RouterRules;
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

interface OfferSnapshot {
  readonly id: OfferId;
  readonly itemId: ItemId;
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
}

type TimerSnapshot =
  | { readonly due: Instant; readonly kind: "offer"; readonly offerId: OfferId }
  | AgentTimerSnapshot;

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
    centre: engine.centre,
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
      return agentTimerSnapshot(due, value);
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
  engine.centre = from.centre;
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
  for (const agent of floor.agents.values()) {
    engine.touch(agent);
    agent.wasOpenFor = openMedia(agent); // nobody opens by being restored
  }
  engine.endStep();
}

function restoreTimers(engine: Engine, from: RouterSnapshot): void {
  const { floor, timers } = engine;
  for (const timer of from.timers) {
    if (timer.kind === "offer") {
      const offer = found(floor.offers.get(timer.offerId), timer.offerId);
      offer.timer = timers.add(timer.due, { kind: "offer", offer });
    } else if (!restoreAgentTimer(engine, timer)) {
      found(undefined, timer.agentId);
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

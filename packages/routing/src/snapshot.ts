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
import { addQueue } from "./config-inputs.ts";
import type { Engine } from "./engine.ts";
import { Queue } from "./line.ts";
import type { ItemId, QueueConfig, RouterRules } from "./model.ts";
import { Offer } from "./offer.ts";
import { countOfOffer } from "./offer-ids.ts";
import type { PatienceRecord } from "./patience.ts";
import { compareIds } from "./rank.ts";
import { type ServiceMinute, ServiceWindow } from "./service-window.ts";
import { ringAgain, stand } from "./standing.ts";
import { criteriaOf } from "./waiting.ts";
import { itemOf, stateOf, type WaitingState } from "./waiting-state.ts";

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
  readonly items: readonly WaitingState[];
  readonly offers: readonly OfferSnapshot[];
  /** In the order in which they fire. */
  readonly timers: readonly TimerSnapshot[];
  /** The place of the next timer among those of one instant. */
  readonly timerPlaces: number;
}

interface QueueSnapshot {
  readonly config: QueueConfig;
  readonly handled: number;
  readonly meanHandleMs: number;
  readonly service: readonly ServiceMinute[];
  readonly patience: PatienceRecord;
  readonly lastServed: { readonly at: Instant; readonly waitMs: number } | null;
}

interface OfferSnapshot {
  readonly id: OfferId;
  readonly itemId: ItemId;
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
}

type TimerSnapshot =
  | {
      readonly due: Instant;
      readonly place: number;
      readonly kind: "offer";
      readonly offerId: OfferId;
    }
  | { readonly due: Instant; readonly place: number; readonly kind: "item"; readonly itemId: ItemId }
  | { readonly due: Instant; readonly place: number; readonly kind: "held_back" }
  | AgentTimerSnapshot;

/**
 * Writes the state between two steps. What never changes in place (configurations, items as they were told) is shared with
 * the router, since copying it would hold up the thread for most of the time that a snapshot takes.
 */
export function takeSnapshot(engine: Engine, engineVersion: string): RouterSnapshot {
  const { floor } = engine;
  return {
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
      service: queue.service.minutes().map((minute) => ({ ...minute })),
      patience: queue.patience,
      lastServed: queue.lastServed,
    })),
    agents: [...floor.agents.values()].map(agentSnapshot),
    items: [...floor.items.values()].map(stateOf).sort((a, b) => a.entryOrder - b.entryOrder),
    offers: [...floor.offers.values()]
      .sort((a, b) => compareIds(a.id, b.id))
      .map((offer) => ({
        id: offer.id,
        itemId: offer.item.id,
        agentId: offer.agent.id,
        expiresAt: offer.expiresAt,
      })),
    timers: engine.timers.entries().map(({ due, place, value }): TimerSnapshot => {
      switch (value.kind) {
        case "offer":
          return { due, place, kind: "offer", offerId: value.id };
        case "item":
          return { due, place, kind: "item", itemId: value.item.id };
        case "held_back":
          return { due, place, kind: "held_back" };
        default:
          return agentTimerSnapshot(due, place, value);
      }
    }),
    timerPlaces: engine.timers.places,
  };
}

/** Fills an empty engine; the indexes are built anew. */
export function restoreEngine(engine: Engine, from: RouterSnapshot): void {
  const { floor } = engine;
  engine.now = from.now;
  engine.seq = from.seq;
  engine.offerCount = from.offerCount;
  engine.rules = from.rules;
  engine.centre = from.centre;
  for (const { config, service, ...learnt } of from.queues) {
    const queue = new Queue(config);
    Object.assign(queue, learnt, { service: new ServiceWindow(service) });
    addQueue(floor, queue);
  }
  for (const saved of from.agents) restoreAgent(engine, saved);
  for (const state of from.items) {
    const { queueId } = state.work;
    floor.items.add(itemOf(engine, state, found(floor.queues.get(queueId), queueId)));
  }
  for (const { id, itemId, agentId, expiresAt } of from.offers) {
    const item = found(floor.items.get(itemId), itemId);
    const agent = found(floor.agents.get(agentId), agentId);
    const offer = new Offer(id, item, agent, { madeAt: from.now, expiresAt, count: countOfOffer(id) });
    item.offer = offer;
    agent.offer = offer;
    floor.offers.add(offer);
  }
  for (const item of floor.items.values()) {
    item.criteria = criteriaOf(item);
    if (item.offer) ringAgain(engine, item);
    else stand(engine, item);
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
  timers.places = from.timerPlaces;
  for (const timer of from.timers) {
    const { due, place } = timer;
    switch (timer.kind) {
      case "offer": {
        const offer = found(floor.offers.get(timer.offerId), timer.offerId);
        offer.timer = timers.add(due, offer, place);
        break;
      }
      case "item": {
        const item = found(floor.items.get(timer.itemId), timer.itemId);
        item.timer = timers.add(due, { kind: "item", item }, place);
        break;
      }
      case "held_back":
        engine.heldBackTimer = timers.add(due, { kind: "held_back" }, place);
        break;
      default:
        if (!restoreAgentTimer(engine, timer)) found(undefined, timer.agentId);
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

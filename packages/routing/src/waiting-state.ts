import type { Instant, QueueId } from "@svara/kernel";
import type { Engine } from "./engine.ts";
import { homeOf, orphan } from "./home.ts";
import { Item, type OverflowMemory, type Queue } from "./line.ts";
import type { SiteId, WorkItem } from "./model.ts";
import { enterQueue, standAgain, underRules } from "./waiting.ts";

/** What an item must remember to wait again at its old place, as plain JSON; see `Item`. */
export interface WaitingState {
  readonly work: WorkItem;
  readonly enteredAt: Instant;
  readonly entryOrder: number;
  readonly step: number;
  readonly sites: readonly SiteId[] | null;
  readonly overflow: OverflowMemory | null;
  readonly visited: readonly QueueId[];
  readonly holdUntil: Instant | null;
  readonly isEverybodys: boolean;
  readonly dormantUntil: Instant | null;
  /** Call-back attempts made so far. */
  readonly attempts: number;
  /** Offers in a row that failed by our own doing. */
  readonly failures: number;
  readonly isToldLate: boolean;
}

/** The memory alone of an item, which is one itself. */
export function stateOf(item: WaitingState): WaitingState {
  return {
    work: item.work,
    enteredAt: item.enteredAt,
    entryOrder: item.entryOrder,
    step: item.step,
    sites: item.sites,
    overflow: copyOf(item.overflow),
    visited: item.visited,
    holdUntil: item.holdUntil,
    isEverybodys: item.isEverybodys,
    dormantUntil: item.dormantUntil,
    attempts: item.attempts,
    failures: item.failures,
    isToldLate: item.isToldLate,
  };
}

/** The one part of the memory that changes in place. */
function copyOf(memory: OverflowMemory | null): OverflowMemory | null {
  return memory && { next: [...memory.next], applied: [...memory.applied] };
}

/** The memory of an item that never waited. */
export function newState(work: WorkItem, queue: Queue): WaitingState {
  return {
    work,
    enteredAt: 0,
    entryOrder: 0,
    step: 0,
    sites: null,
    overflow: null,
    visited: queue.alone,
    holdUntil: null,
    isEverybodys: true,
    dormantUntil: null,
    attempts: 0,
    failures: 0,
    isToldLate: false,
  };
}

/** An item that stands nowhere yet, as it was. */
export function itemOf(engine: Engine, state: WaitingState, queue: Queue): Item {
  const { work } = state;
  const item = new Item(work, queue, engine.floor.classOf(queue, work.medium));
  item.enteredAt = state.enteredAt;
  item.entryOrder = state.entryOrder;
  item.step = state.step;
  item.sites = state.sites;
  item.overflow = copyOf(state.overflow);
  item.visited = state.visited;
  item.holdUntil = state.holdUntil;
  item.isEverybodys = state.isEverybodys;
  item.dormantUntil = state.dormantUntil;
  item.attempts = state.attempts;
  item.failures = state.failures;
  item.isToldLate = state.isToldLate;
  return item;
}

/** An item that was in hand waits again at its old place; what it did not wait for meanwhile counts as told. */
export function waitAgain(engine: Engine, state: WaitingState, dormantUntil: Instant | null): void {
  const queue = homeOf(engine, state.work);
  if (queue === undefined) {
    orphan(engine, state.work);
    return;
  }
  const until = state.work.callback?.until;
  const isToldLate = state.isToldLate || (until !== undefined && until <= engine.now);
  const isDormant = dormantUntil !== null && dormantUntil > engine.now;
  const item = itemOf(engine, { ...state, dormantUntil: isDormant ? dormantUntil : null, isToldLate }, queue);
  engine.floor.items.add(item);
  underRules(item);
  standAgain(engine, item);
}

/** The same, but the item enters its queue anew. */
export function enterAgain(engine: Engine, state: WaitingState): void {
  const queue = homeOf(engine, state.work);
  if (queue === undefined) {
    orphan(engine, state.work);
    return;
  }
  const item = itemOf(engine, state, queue);
  engine.floor.items.add(item);
  enterQueue(engine, item, queue);
}

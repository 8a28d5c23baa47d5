import type { Instant } from "@svara/kernel";
import type { Engine } from "./engine.ts";
import { Item } from "./line.ts";
import type { WorkItem } from "./model.ts";

/** What an item must remember to wait again at its old place, as plain JSON. */
export interface WaitingState {
  readonly work: WorkItem;
  /** Call-back attempts made so far. */
  readonly attempts: number;
}

/** The memory of an item that leaves the line. */
export function stateOf(item: Item): WaitingState {
  return { work: item.work, attempts: item.attempts };
}

/** Puts an item that was in hand back into the line of its queue, at its old place. */
export function waitAgain(engine: Engine, state: WaitingState, _dormantUntil: Instant | null): void {
  const { work } = state;
  const queue = engine.floor.queues.get(work.queueId);
  if (queue === undefined) {
    const { id: itemId, queueId, queuedAt } = work;
    engine.emit({ type: "item.orphaned", at: engine.now, itemId, queueId, queuedAt });
    return;
  }
  const workClass = engine.floor.classOf(queue, work.medium, work.requiredSkills);
  const again = new Item(work, workClass);
  again.attempts = state.attempts;
  engine.floor.items.set(again.id, again);
  workClass.items.add(again);
  engine.markDirty(workClass);
}

/** The same, but the item enters its queue anew. */
export function enterAgain(engine: Engine, state: WaitingState): void {
  waitAgain(engine, state, null);
}

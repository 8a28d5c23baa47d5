import type { Engine } from "./engine.ts";
import type { Item, Queue } from "./line.ts";
import type { WorkItem } from "./model.ts";
import { withdrawOffer } from "./offers.ts";
import { unstand } from "./standing.ts";
import { leaveRouter } from "./waiting.ts";

/** The queue in which an item may wait; none if it is gone, or if nobody but an agent who is gone may have the item (RT67). */
export function homeOf({ floor }: Engine, { queueId, onlyAgentId }: WorkItem): Queue | undefined {
  if (onlyAgentId !== undefined && floor.agents.get(onlyAgentId)?.retired !== false) return undefined;
  return floor.queues.get(queueId);
}

/** Tells the runtime that an item which is not in the router's hands needs another home. */
export function orphan(engine: Engine, { id: itemId, queueId, queuedAt }: WorkItem): void {
  engine.emit({ type: "item.orphaned", at: engine.now, itemId, queueId, queuedAt });
}

/** Hands waiting items back, in their order, after their offers were withdrawn (RT37, RT40). */
export function handBack(
  engine: Engine,
  items: readonly Item[],
  reason: "queue_removed" | "agent_removed",
): void {
  for (const item of items) {
    if (item.offer) withdrawOffer(engine, item.offer, reason);
    else unstand(engine, item);
  }
  for (const item of items) {
    leaveRouter(engine, item, "elsewhere");
    orphan(engine, item.work);
  }
}

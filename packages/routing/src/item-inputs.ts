import { requestCallback } from "./callbacks.ts";
import type { OfferWithdrawReason } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { escalate } from "./escalation.ts";
import { homeOf, orphan } from "./home.ts";
import type { Input } from "./input.ts";
import { Item } from "./line.ts";
import type { WorkItem } from "./model.ts";
import { withdrawOffer } from "./offers.ts";
import { pick } from "./picks.ts";
import { isFigureIfAny, isSoundItem } from "./sound-input.ts";
import { unstand } from "./standing.ts";
import { enterQueue, factsChanged, type Leaving, leaveQueue, leaveRouter, standAgain } from "./waiting.ts";

export type LineInput = Extract<
  Input,
  {
    readonly type:
      | "item.queued"
      | "item.withdrawn"
      | "item.moved"
      | "item.facts_set"
      | "item.picked"
      | "item.escalated"
      | "callback.requested";
  }
>;

/** Items enter, leave and change the line. */
export function handleLineInput(engine: Engine, input: LineInput): void {
  if (input.type === "item.queued") {
    enqueue(engine, input.item);
    return;
  }
  if (input.type === "item.escalated") {
    escalate(engine, input);
    return;
  }
  const item = engine.floor.items.get(input.itemId);
  if (item === undefined) {
    engine.ignore(input.type, "unknown_item", input.itemId);
    return;
  }
  switch (input.type) {
    case "item.withdrawn":
      takeOut(engine, item, input.reason);
      return;
    case "item.moved":
      move(engine, item, input);
      return;
    case "item.facts_set":
      item.tell({ ...item.work, facts: { ...item.work.facts, ...input.facts } });
      factsChanged(engine, item);
      return;
    case "item.picked":
      pick(engine, item, input.agentId);
      return;
    case "callback.requested":
      if (!isFigureIfAny(input.wish.from) || !isFigureIfAny(input.wish.until)) {
        engine.ignore(input.type, "not_allowed", item.id);
        return;
      }
      requestCallback(engine, item, input.wish);
      return;
  }
}

/** An item comes to its queue. */
export function enqueue(engine: Engine, work: WorkItem): void {
  const { floor } = engine;
  if (floor.items.has(work.id)) {
    engine.ignore("item.queued", "already_queued", work.id);
    return;
  }
  if (!isSoundItem(work)) {
    engine.ignore("item.queued", "not_allowed", work.id);
    return;
  }
  const queue = floor.queues.get(work.queueId);
  if (queue === undefined) {
    engine.ignore("item.queued", "unknown_queue", work.queueId);
    return;
  }
  if (homeOf(engine, work) === undefined) {
    orphan(engine, work);
    return;
  }
  const item = new Item(work, queue, floor.classOf(queue, work.medium));
  floor.items.add(item);
  enterQueue(engine, item, queue);
}

/** Takes a waiting item out of the line, its offer withdrawn first. */
export function takeOut(engine: Engine, item: Item, reason: OfferWithdrawReason): void {
  liftOut(engine, item, reason);
  const how: Leaving = reason === "customer_gone" ? "gone" : reason === "assigned" ? "assigned" : "elsewhere";
  leaveRouter(engine, item, how);
}

function liftOut(engine: Engine, item: Item, reason: OfferWithdrawReason): void {
  if (item.offer) withdrawOffer(engine, item.offer, reason);
  else unstand(engine, item);
}

/** RT38. Within its queue it changes priority and skills and keeps what counts from its entry. */
function move(engine: Engine, item: Item, input: Extract<LineInput, { readonly type: "item.moved" }>): void {
  const queue = engine.floor.queues.get(input.queueId);
  if (queue === undefined) {
    engine.ignore(input.type, "unknown_queue", input.queueId);
    return;
  }
  if (!isFigureIfAny(input.priority) || !isFigureIfAny(input.queuedAt)) {
    engine.ignore(input.type, "not_allowed", item.id);
    return;
  }
  liftOut(engine, item, "moved");
  const { priority: oldPriority, ...rest } = item.work;
  const priority = input.priority === undefined ? oldPriority : input.priority;
  const work: WorkItem = {
    ...rest,
    queueId: queue.id,
    initiation: input.initiation ?? rest.initiation,
    queuedAt: input.queuedAt ?? rest.queuedAt,
    ...(priority === undefined || priority === null ? {} : { priority }),
    ...(input.requiredSkills === undefined ? {} : { requiredSkills: input.requiredSkills }),
  };
  if (queue === item.queue) {
    item.tell(work);
    standAgain(engine, item);
    return;
  }
  leaveQueue(engine, item, "elsewhere");
  item.tell(work);
  enterQueue(engine, item, queue);
}

import type { OfferWithdrawReason } from "./decision.ts";
import type { Engine } from "./engine.ts";
import type { Input } from "./input.ts";
import { Item } from "./line.ts";
import type { WorkItem } from "./model.ts";
import { withdrawOffer } from "./offers.ts";

type LineInput = Extract<Input, { readonly type: "item.queued" | "item.withdrawn" | "item.moved" }>;
/** Items enter, leave and change the line. */
export function handleLineInput(engine: Engine, input: LineInput): void {
  switch (input.type) {
    case "item.queued":
      if (engine.floor.items.has(input.item.id)) {
        engine.ignore(input.type, "already_queued", input.item.id);
        return;
      }
      enqueue(engine, input.item, input.type);
      return;
    case "item.withdrawn": {
      const item = engine.floor.items.get(input.itemId);
      if (item === undefined) {
        engine.ignore(input.type, "unknown_item", input.itemId);
        return;
      }
      takeOut(engine, item, input.reason);
      return;
    }
    case "item.moved":
      move(engine, input);
      return;
  }
}

function enqueue(engine: Engine, work: WorkItem, input: LineInput["type"]): void {
  const queue = engine.floor.queues.get(work.queueId);
  if (queue === undefined) {
    engine.ignore(input, "unknown_queue", work.queueId);
    return;
  }
  const workClass = engine.floor.classOf(queue, work.medium, work.requiredSkills);
  const item = new Item(work, workClass);
  engine.floor.items.set(item.id, item);
  workClass.items.add(item);
  engine.markDirty(workClass);
}

/** Takes a waiting item out of the line, its offer withdrawn first. */
export function takeOut(engine: Engine, item: Item, reason: OfferWithdrawReason): void {
  if (item.offer) withdrawOffer(engine, item.offer, reason);
  else item.workClass.items.remove(item);
  engine.floor.items.delete(item.id);
}

function move(engine: Engine, input: Extract<LineInput, { readonly type: "item.moved" }>): void {
  const item = engine.floor.items.get(input.itemId);
  if (item === undefined) {
    engine.ignore(input.type, "unknown_item", input.itemId);
    return;
  }
  if (!engine.floor.queues.has(input.queueId)) {
    engine.ignore(input.type, "unknown_queue", input.queueId);
    return;
  }
  const { priority: oldPriority, ...rest } = item.work;
  const priority = input.priority === undefined ? oldPriority : input.priority;
  takeOut(engine, item, "moved");
  const work: WorkItem = {
    ...rest,
    queueId: input.queueId,
    initiation: input.initiation ?? item.work.initiation,
    queuedAt: input.queuedAt ?? item.work.queuedAt,
    ...(priority === undefined || priority === null ? {} : { priority }),
    ...(input.requiredSkills === undefined ? {} : { requiredSkills: input.requiredSkills }),
  };
  enqueue(engine, work, input.type);
}

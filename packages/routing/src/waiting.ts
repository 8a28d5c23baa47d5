import type { Instant } from "@svara/kernel";
import { holdsFor } from "./conditions.ts";
import type { Engine } from "./engine.ts";
import { armItem, disarmItem } from "./item-clock.ts";
import type { Item, Queue } from "./line.ts";
import type { OverflowRule, RoutingCriterion } from "./model.ts";
import { nextOverflow, overflowMemory } from "./overflow.ts";
import { learnPatience } from "./patience.ts";
import { restand, stand, unstand } from "./standing.ts";
import { targetMsOf } from "./target.ts";

/*
 *              enterQueue                    offer                       accepted
 *  (nowhere) -------------> in line <------------------> ringing ------------------> (an agent's hands)
 *                 |           ^ ^   |     backInLine
 *   call-back for |  wake     | |   | overflow, moved: leaveQueue, enterQueue
 *    later        v           | |   v
 *              dormant -------+ +--(another queue)
 */

/** Why an item leaves a queue. */
export type Leaving = "answered" | "assigned" | "gone" | "elsewhere";

/** An item that stands nowhere enters a queue: everything that counts from the entry begins. */
export function enterQueue(engine: Engine, item: Item, queue: Queue): void {
  const { now } = engine;
  const { work } = item;
  item.queue = queue;
  if (item.visited !== queue.alone && !item.visited.includes(queue.id))
    item.visited = [...item.visited, queue.id];
  item.enteredAt = now;
  item.entryOrder = engine.timers.reserve();
  item.step = 0;
  item.sites = null;
  item.overflow = queue.rules.overflow.length === 0 ? null : overflowMemory(queue, now, []);
  item.criteria = criteriaOf(item);
  const from = work.callback?.from;
  const wakesAt = Math.max(from ?? now, item.dormantUntil ?? now); // a pause after an attempt goes on
  item.dormantUntil = wakesAt > now ? wakesAt : null;
  item.isEverybodys = work.preferredAgentId === undefined || work.onlyAgentId !== undefined;
  item.holdUntil = holdUntilOf(item);
  takeSteps(engine, item);
  stand(engine, item);
  askLater(engine, item);
}

/** RT66: the wait for the preferred agent counts from the entry, or from when the customer wants to be called. */
export function holdUntilOf({ isEverybodys, enteredAt, work, queue }: Item): Instant | null {
  if (isEverybodys) return null;
  const waitMs = work.preferredWaitMs ?? queue.config.preferredWaitMs ?? 0;
  return Math.max(enteredAt, work.callback?.from ?? enteredAt) + waitMs;
}

/** An item that stands nowhere stands in its queue again, where it was away for a while: at an agent, or in other rules. */
export function standAgain(engine: Engine, item: Item): void {
  takeSteps(engine, item);
  stand(engine, item);
  askLater(engine, item);
}

/** The item's offer is over, and it goes on waiting. */
export function backInLine(engine: Engine, item: Item): void {
  engine.emit({
    type: "item.returned",
    at: engine.now,
    itemId: item.id,
    queueId: item.queue.id,
    queuedAt: item.queuedAt,
  });
  standAgain(engine, item);
}

/** An item that stands nowhere, since an offer is over or `unstand` took it, is out of its queue and of the router's hands. */
export function leaveRouter(engine: Engine, item: Item, how: Leaving): void {
  leaveQueue(engine, item, how);
  item.dormantUntil = null; // whoever takes it by hand ends its pause
  disarmItem(engine, item);
  engine.floor.items.remove(item);
}

/** What a queue learns of an item that leaves it. */
export function leaveQueue(engine: Engine, item: Item, how: Leaving): void {
  const { queue, work } = item;
  const { now } = engine;
  engine.floor.moves++;
  const waitedMs = now - item.enteredAt;
  if (how === "answered" || how === "assigned") queue.lastServed = { at: now, waitMs: waitedMs };
  if (work.callback !== undefined) return; // nobody is on the line
  queue.patience = learnPatience(queue.patience, waitedMs, how === "gone");
  const isInTarget = now - item.queuedAt <= targetMsOf(queue.config);
  if (how === "answered") queue.service.answered(now, isInTarget);
  else if (how === "gone" && !isInTarget) queue.service.goneLate(now);
}

/** The customer leaves the line though the item stays: so long this one was patient. */
export function becomesCallback(engine: Engine, { queue, work, enteredAt }: Item): void {
  if (work.callback !== undefined) return;
  queue.patience = learnPatience(queue.patience, engine.now - enteredAt, false);
}

/** The timer of an item fired. */
export function itemDue(engine: Engine, item: Item): void {
  item.timer = null;
  if (item.offer !== null) {
    restand(engine, item); // it ages; all else waits for its return
  } else {
    if (item.dormantUntil !== null && item.dormantUntil <= engine.now) {
      unstand(engine, item);
      item.dormantUntil = null;
      takeSteps(engine, item);
      stand(engine, item);
    } else {
      takeSteps(engine, item);
      restand(engine, item);
    }
  }
  askLater(engine, item);
}

/** Its facts changed: criteria are asked anew. */
export function factsChanged(engine: Engine, item: Item): void {
  item.criteria = criteriaOf(item);
  restand(engine, item);
}

/** The rules of its queue may have changed, while it stands nowhere: criteria and overflow rules are asked anew. */
export function underRules(item: Item): void {
  item.criteria = criteriaOf(item);
  item.overflow = overflowMemory(item.queue, item.enteredAt, item.overflow?.applied ?? []);
}

/** RT61: takes the steps whose time has come. After a change of the queue they may be fewer than before. */
function takeSteps(engine: Engine, item: Item): void {
  const { steps } = item.queue.rules;
  if (steps.length === 0 && item.step === 0) return;
  const before = item.step;
  const waitedMs = engine.now - item.enteredAt;
  let taken = 0;
  while (taken < steps.length && (steps[taken]?.afterMs ?? 0) <= waitedMs) taken++;
  item.step = taken;
  for (let step = before + 1; step <= taken; step++) {
    engine.emit({
      type: "item.stepped",
      at: engine.now,
      itemId: item.id,
      queueId: item.queue.id,
      step,
    });
  }
}

const NO_CRITERIA: readonly RoutingCriterion[] = [];

/** The criteria of its queue that hold for an item (RT62). */
export function criteriaOf({ queue, work }: Item): readonly RoutingCriterion[] {
  const { criteria } = queue.rules;
  if (criteria.length === 0) return NO_CRITERIA;
  const held = criteria.filter(({ when }) => holdsFor(when, work.facts));
  return held.length === 0 ? NO_CRITERIA : held.map(({ criterion }) => criterion);
}

/**
 * Leaves the questions about an item that waits to the end of the step, when it is known who of the agents is there; where
 * there are none, only its timer is set.
 */
function askLater(engine: Engine, item: Item): void {
  if (item.overflow !== null || item.work.callback?.until !== undefined) engine.ask(item);
  else if (
    item.timer !== null ||
    item.queue.rules.isTimed ||
    !item.isEverybodys ||
    item.dormantUntil !== null
  ) {
    armItem(engine, item);
  }
}

/** Asks the overflow rules that are due, in order, until one takes the item out of the queue; then looks at its promise. */
export function askNow(engine: Engine, item: Item): void {
  if (engine.floor.items.get(item.id) !== item) return;
  if (item.offer === null && item.dormantUntil === null) {
    for (let rule = nextOverflow(engine, item); rule; rule = nextOverflow(engine, item)) {
      if (!followOverflow(engine, item, rule)) return;
    }
  }
  tellLate(engine, item);
  armItem(engine, item);
}

/** RT83, RT84; whether the item is still in the queue. */
function followOverflow(engine: Engine, item: Item, rule: OverflowRule): boolean {
  const { to } = rule;
  const left = to.kind === "voicemail" || to.kind === "hang_up" || (to.kind === "message" && to.leaves);
  engine.emit({
    type: "item.overflowed",
    at: engine.now,
    itemId: item.id,
    queueId: item.queue.id,
    rule: rule.id,
    to,
    left,
  });
  if (left) {
    unstand(engine, item);
    leaveRouter(engine, item, "elsewhere");
    return false;
  }
  if (to.kind === "sites") {
    item.sites = to.siteIds;
    restand(engine, item);
  } else if (to.kind === "queue") {
    const queue = engine.floor.queues.get(to.queueId) as Queue; // `nextOverflow` looked
    unstand(engine, item);
    leaveQueue(engine, item, "elsewhere");
    const { priority = item.work.priority } = to;
    item.tell({
      ...item.work,
      queueId: queue.id,
      initiation: "overflow",
      ...(priority === undefined ? {} : { priority }),
    });
    enterQueue(engine, item, queue);
    return false;
  }
  return true;
}

/** RT91. */
function tellLate(engine: Engine, item: Item): void {
  const until = item.work.callback?.until;
  if (until === undefined || item.isToldLate || until > engine.now) return;
  item.isToldLate = true;
  engine.emit({
    type: "callback.late",
    at: engine.now,
    itemId: item.id,
    queueId: item.queue.id,
    until,
  });
}

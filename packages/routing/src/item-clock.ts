import type { Instant } from "@svara/kernel";
import type { Engine } from "./engine.ts";
import { type Item, NEVER } from "./line.ts";

/**
 * Arms the one timer of an item: for the next thing that comes due while it waits. What is due now, or came due while it
 * rang, is not the timer's affair: it happens when the item comes back. Timers of one instant fire in the order in which
 * their items entered their queues.
 */
export function armItem(engine: Engine, item: Item): void {
  const due = nextDue(item, engine.now);
  if (due === item.timer?.due) return;
  disarmItem(engine, item);
  if (due !== undefined) item.timer = engine.timers.add(due, { kind: "item", item }, item.entryOrder);
}

export function disarmItem(engine: Engine, item: Item): void {
  if (item.timer === null) return;
  engine.timers.cancel(item.timer);
  item.timer = null;
}

/** The first instant after `now` at which a rule looks at the item. */
function nextDue(item: Item, now: Instant): Instant | undefined {
  const { queue, enteredAt } = item;
  const { steps, ageing, isTimed } = queue.rules;
  let next = Number.POSITIVE_INFINITY;
  const consider = (at: Instant): void => {
    if (at > now && at < next) next = at;
  };
  if (item.dormantUntil !== null) consider(item.dormantUntil);
  if (!item.isEverybodys && item.holdUntil !== null) consider(item.holdUntil);
  if (item.work.callback?.until !== undefined && !item.isToldLate) consider(item.work.callback.until);
  if (isTimed) {
    const step = steps[item.step];
    if (step !== undefined) consider(enteredAt + step.afterMs);
    if (ageing !== null) {
      const times = Math.floor((now - enteredAt) / ageing.everyMs);
      if (times * ageing.by < ageing.most) consider(enteredAt + (times + 1) * ageing.everyMs);
    }
    for (const at of item.overflow?.next ?? NOTHING) if (at !== NEVER) consider(at);
  }
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

const NOTHING: readonly Instant[] = [];

import type { Agent } from "./agent.ts";
import type { Engine } from "./engine.ts";
import type { Item, WorkClass } from "./line.ts";

/*
 * Where an item stands. One that entered a queue stands among its dormant ones or in the line of a class; an offer takes it
 * out of its line to the ringing ones (`ring`, `unring`), and it stands again when the offer is over. What its place depends
 * on is worked out here and nowhere else.
 */

/** Puts an item that stands nowhere where it belongs. */
export function stand(engine: Engine, item: Item): void {
  const { queue } = item;
  item.priority = priorityOf(engine, item);
  if (item.dormantUntil !== null) {
    queue.dormant.add(item);
    return;
  }
  const work = classOf(engine, item);
  item.workClass = work;
  work.items.add(item);
  queue.length++;
  engine.floor.moves++;
  engine.markDirty(work);
}

/** Takes an item without an offer from where it stands. */
export function unstand(engine: Engine, item: Item): void {
  const { queue, workClass: work } = item;
  if (item.dormantUntil !== null) {
    queue.dormant.delete(item);
    return;
  }
  work.items.remove(item);
  queue.length--;
  engine.floor.moves++;
  if (work.owner !== null && work.items.size === 0) engine.floor.dropClass(work);
}

/** What the item's place depends on has changed. */
export function restand(engine: Engine, item: Item): void {
  const { queue } = item;
  const priority = priorityOf(engine, item);
  if (item.offer !== null) {
    if (priority === item.priority) return;
    queue.offered.remove(item);
    item.priority = priority;
    queue.offered.add(item);
    return;
  }
  if (item.dormantUntil === null && priority === item.priority && classOf(engine, item) === item.workClass) {
    return;
  }
  unstand(engine, item);
  stand(engine, item);
}

/** An offer takes the item out of its line. */
export function ring(engine: Engine, item: Item): void {
  unstand(engine, item);
  item.queue.offered.add(item);
}

/** A ringing item that stands nowhere for a moment, while the rules of its queue change. */
export function ringAgain(engine: Engine, item: Item): void {
  item.priority = priorityOf(engine, item);
  item.workClass = engine.floor.commonClassOf(item);
  item.queue.offered.add(item);
}

/** The offer is over: the item stands nowhere. */
export function unring(item: Item): void {
  item.queue.offered.remove(item);
}

/** RT63: its own priority or else the queue's, and the raises of criteria, steps and ageing. */
function priorityOf(engine: Engine, item: Item): number {
  const { config, rules } = item.queue;
  let priority = item.work.priority ?? config.priority;
  for (const criterion of item.criteria) priority += criterion.raise ?? 0;
  for (let n = 0; n < item.step; n++) priority += rules.steps[n]?.raise ?? 0;
  return priority + agedRaise(engine, item);
}

/** RT64. */
function agedRaise(engine: Engine, { queue, enteredAt }: Item): number {
  const { ageing } = queue.rules;
  if (ageing === null) return 0;
  return Math.min(ageing.most, Math.floor((engine.now - enteredAt) / ageing.everyMs) * ageing.by);
}

function classOf(engine: Engine, item: Item): WorkClass {
  const { floor } = engine;
  const { onlyAgentId, medium, preferredAgentId } = item.work;
  if (onlyAgentId !== undefined) return floor.onlyClassOf(item.queue, medium, onlyAgentId);
  const common = floor.commonClassOf(item);
  if (item.isEverybodys || preferredAgentId === undefined) return common;
  const preferred = floor.agents.get(preferredAgentId);
  if (preferred && item.holdUntil !== null && engine.now < item.holdUntil && waitsFor(preferred, common)) {
    return floor.heldClassOf(common, preferredAgentId);
  }
  item.isEverybodys = true; // and stays so in this queue (RT66)
  return common;
}

function waitsFor(agent: Agent, common: WorkClass): boolean {
  return agent.loggedIn && !agent.leaving && !agent.retired && common.servers.has(agent.set);
}

/** An agent's duty or skills may have changed: what waited for this agent in vain is everybody's (RT66). */
export function releaseHeld(engine: Engine, agent: Agent): void {
  const own = engine.floor.own.get(agent.id);
  if (own === undefined) return;
  for (const work of [...own]) {
    if (work.mode !== "held" || waitsFor(agent, work)) continue;
    for (const item of [...work.items]) restand(engine, item);
  }
}

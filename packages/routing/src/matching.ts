import type { AgentId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import type { Explanation } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { choiceOf, explained, explanation } from "./explanation.ts";
import { type Gate, gateOf, OPEN } from "./gate.ts";
import { compareItems, type Item, type WorkClass } from "./line.ts";
import { mediumBit } from "./medium-bits.ts";
import { makeOffer } from "./offers.ts";
import { compareIds, compareRanks } from "./rank.ts";
import { Shortlist } from "./shortlist.ts";
import type { ServedQueue, SkillSet } from "./skill-set.ts";
import { workStrategy } from "./strategies/registry.ts";
import type { AgentChoice, AgentStrategy, WorkChoice, WorkStrategy } from "./strategies/strategy.ts";

/**
 * Offers all that can be offered after a step (RT6, RT7). Before the step no open agent could get any waiting item, save
 * for what blending held back, so only agents who opened, classes that got an item and blended ones need a look. One agent
 * alone chooses its work; for all that is left, the best item that anyone open could get goes first, and an agent is chosen.
 */
export function settle(engine: Engine, opened: readonly Agent[], dirty: readonly WorkClass[]): void {
  const blended = engine.floor.blended.size === 0 ? NO_CLASSES : blendedClasses(engine);
  const [only] = opened;
  if (dirty.length === 0 && opened.length === 1 && only !== undefined) {
    offerWork(engine, only, only.openFor);
    if (blended.length > 0) offerAll(engine, blended);
    return;
  }
  let classes = dirty;
  if (opened.length + blended.length > 0) {
    const all = new Set(dirty);
    for (const agent of opened) {
      for (const served of agent.set.serves.values()) for (const work of served.classes) all.add(work);
      for (const work of engine.floor.own.get(agent.id) ?? NO_CLASSES) all.add(work);
    }
    for (const work of blended) all.add(work);
    classes = [...all];
  }
  offerAll(engine, classes);
}

/** The classes with waiting items of blended queues. */
export function blendedClasses({ floor }: Engine): WorkClass[] {
  const waiting: WorkClass[] = [];
  for (const queue of floor.blended) {
    if (queue.length === 0) continue;
    for (const work of queue.classes.values()) if (work.items.size > 0) waiting.push(work);
  }
  return waiting;
}

/** Offers the items of these classes, the best first, until no agent is open for any of them. */
function offerAll(engine: Engine, classes: readonly WorkClass[]): void {
  for (let item = bestServable(engine, classes); item; item = bestServable(engine, classes)) {
    offerToBest(engine, item);
  }
}

/** The same for one class. */
export function offerClass(engine: Engine, work: WorkClass): void {
  for (let head = work.items.first(); head !== undefined; head = work.items.first()) {
    if (!canBeOffered(engine, work)) return;
    offerToBest(engine, head);
  }
}

function bestServable(engine: Engine, classes: readonly WorkClass[]): Item | undefined {
  let best: Item | undefined;
  for (const work of classes) {
    const head = work.items.first();
    if (head === undefined || (best !== undefined && compareItems(best, head) <= 0)) continue;
    if (canBeOffered(engine, work)) best = head;
  }
  return best;
}

const NO_CLASSES: readonly WorkClass[] = [];

/** Whether somebody is open who can serve the class, whatever blending says. */
export function isAnyoneOpen(engine: Engine, work: WorkClass): boolean {
  if (work.owner !== null) return openOwner(engine, work) !== undefined;
  return engine.floor.hasOpenServer(work);
}

/** Whether an item of the class could be offered to somebody at this moment. */
export function canBeOffered(engine: Engine, work: WorkClass): boolean {
  if (!isAnyoneOpen(engine, work)) return false;
  const gate = gateOf(engine, work.queue);
  if (gate.state !== "open_to_some") return gate.state === "open";
  const owner = openOwner(engine, work);
  if (work.owner !== null) return owner !== undefined && gate.lets(owner);
  for (const set of engine.floor.openServers(work)) {
    for (const agent of set.open(work.medium, work.queue.strategy.order)) if (gate.lets(agent)) return true;
  }
  return false;
}

/** The agent for whom alone the items of a class wait, if open for them. */
function openOwner(engine: Engine, { owner, medium }: WorkClass): Agent | undefined {
  const agent = owner === null ? undefined : engine.floor.agents.get(owner);
  return agent && (agent.openFor & mediumBit(medium)) !== 0 ? agent : undefined;
}

/** Offers an agent that came free for some media the best work that it could get (RT70); whether there was any. */
export function offerWork(engine: Engine, agent: Agent, openFor: number): boolean {
  const own = bestOwn(engine, agent, openFor);
  if (own !== undefined) {
    makeOffer(engine, own, agent, isTold(engine) ? explanation(engine, own, choiceOf(own), agent) : null);
    return true;
  }
  const strategy = workStrategy(engine.centre.workStrategy);
  if (!isTold(engine)) {
    const chosen = chooseWork(engine, agent, openFor, strategy);
    if (chosen !== undefined) makeOffer(engine, chosen, agent, null);
    return chosen !== undefined;
  }
  const best = new Shortlist<Item>(engine.explains);
  let choice: WorkChoice | undefined;
  for (const served of agent.set.serves.values()) {
    const head = headFor(engine, agent, openFor, served);
    if (head === undefined) continue;
    choice ??= choiceNow(engine, agent, openFor, strategy);
    best.consider(head, strategy.rank(head, served.queue, choice));
  }
  const item = best.winner;
  if (item === undefined) return false;
  makeOffer(engine, item, agent, explained(engine, item, "item_for_agent", strategy, best));
  return true;
}

/** Whether decisions are told as objects: a listener hears no explanation. */
function isTold(engine: Engine): boolean {
  return engine.listener === null;
}

/** What `offerWork` would choose among the queues, for who asks for no reasons: ranks are compared only where there are several. */
function chooseWork(engine: Engine, agent: Agent, openFor: number, strategy: WorkStrategy): Item | undefined {
  let best: Item | undefined;
  let bestRank: readonly number[] | undefined;
  let choice: WorkChoice | undefined;
  let bestServed: ServedQueue | undefined;
  for (const served of agent.set.serves.values()) {
    const head = headFor(engine, agent, openFor, served);
    if (head === undefined) continue;
    if (best === undefined || bestServed === undefined) {
      best = head;
      bestServed = served;
      continue;
    }
    choice ??= choiceNow(engine, agent, openFor, strategy);
    bestRank ??= strategy.rank(best, bestServed.queue, choice);
    const rank = strategy.rank(head, served.queue, choice);
    if ((compareRanks(rank, bestRank) || compareIds(head.id, best.id)) < 0) {
      best = head;
      bestRank = rank;
    }
  }
  return best;
}

function choiceNow(engine: Engine, agent: Agent, openFor: number, strategy: WorkStrategy): WorkChoice {
  return { at: engine.now, ...(strategy.needsTotals ? totals(engine, agent, openFor) : NO_TOTALS) };
}

const NO_TOTALS = { totalLength: 0, totalShare: 0 };

/** The first item by RT7 of those that wait for this agent alone. */
function bestOwn(engine: Engine, agent: Agent, openFor: number): Item | undefined {
  if (engine.floor.own.size === 0) return undefined;
  let best: Item | undefined;
  for (const work of engine.floor.own.get(agent.id) ?? NO_CLASSES) {
    const head = headOf(work, openFor);
    if (head === undefined || (best !== undefined && compareItems(best, head) <= 0)) continue;
    if (gateOf(engine, work.queue).lets(agent)) best = head;
  }
  return best;
}

/** The first item of a queue by RT7 among those that the agent could get. */
function headFor(
  engine: Engine,
  agent: Agent,
  openFor: number,
  { queue, classes }: ServedQueue,
): Item | undefined {
  if (queue.length === 0) return undefined;
  let best: Item | undefined;
  for (const work of classes) {
    const head = headOf(work, openFor);
    if (head !== undefined && (best === undefined || compareItems(head, best) < 0)) best = head;
  }
  return best !== undefined && gateOf(engine, queue).lets(agent) ? best : undefined;
}

function headOf({ items, medium }: WorkClass, openFor: number): Item | undefined {
  return (openFor & mediumBit(medium)) === 0 ? undefined : items.first();
}

/** Over the queues of the agent, as RT78 has them; shares are added as whole numbers, so that their order does not matter. */
function totals(
  engine: Engine,
  agent: Agent,
  openFor: number,
): Pick<WorkChoice, "totalLength" | "totalShare"> {
  let totalLength = 0;
  let millionths = 0;
  for (const served of agent.set.serves.values()) {
    const { queue } = served;
    if (!engine.floor.canServe(agent.set, queue) && headFor(engine, agent, openFor, served) === undefined)
      continue;
    totalLength += queue.length;
    millionths += Math.round((queue.config.share ?? 1) * 1_000_000);
  }
  return { totalLength, totalShare: millionths / 1_000_000 };
}

/** Offers an item to the agent whom it waits for, to its preferred one, or to the best of the open ones: RT71. */
function offerToBest(engine: Engine, item: Item): void {
  const work = item.workClass;
  const gate = gateOf(engine, work.queue);
  const named = openOwner(engine, work) ?? openPreferred(engine, item, gate);
  if (named !== undefined) {
    const choice = work.owner === null ? "preferred_agent" : choiceOf(item);
    makeOffer(engine, item, named, isTold(engine) ? explanation(engine, item, choice, named) : null);
    return;
  }
  if (!isTold(engine) && gate === OPEN) {
    const only = onlyOpenSet(engine, work);
    // within a set ranks follow the strategy's order
    const first = only?.open(work.medium, work.queue.strategy.order).first();
    if (first !== undefined) {
      makeOffer(engine, item, first, null);
      return;
    }
  }
  const { strategy, config } = work.queue;
  const best = new Shortlist<Agent>(engine.explains);
  const choice = { at: engine.now, qualityWeight: Math.min(1, Math.max(0, config.qualityWeight ?? 0.5)) };
  for (const set of engine.floor.openServers(work)) considerSet(best, set, item, choice, gate);
  const agent = best.winner;
  if (agent === undefined) return;
  if (!isTold(engine)) {
    makeOffer(engine, item, agent, null);
    return;
  }
  const explain = explained(engine, item, "agent_for_item", strategy, best);
  if (strategy.weighs && engine.explains) {
    makeOffer(engine, item, agent, { ...explain, trade: tradeOf(engine, item, choice, gate) });
  } else {
    makeOffer(engine, item, agent, explain);
  }
}

/** The one skill set with somebody open for the class; none where there are several. */
function onlyOpenSet({ floor }: Engine, { medium, servers }: WorkClass): SkillSet | undefined {
  let only: SkillSet | undefined;
  for (const set of floor.openSets(medium)) {
    if (!servers.has(set)) continue;
    if (only !== undefined) return undefined;
    only = set;
  }
  return only;
}

function openPreferred(engine: Engine, { work: { preferredAgentId }, workClass: work }: Item, gate: Gate) {
  const agent = preferredAgentId === undefined ? undefined : engine.floor.agents.get(preferredAgentId);
  if (agent === undefined || (agent.openFor & mediumBit(work.medium)) === 0) return undefined;
  return work.servers.has(agent.set) && gate.lets(agent) ? agent : undefined;
}

/** Within a set ranks follow the strategy's order: the first few are enough. */
function considerSet(
  best: Shortlist<Agent>,
  set: SkillSet,
  item: Item,
  choice: AgentChoice,
  gate: Gate,
): void {
  const { queue, medium } = item.workClass;
  const { strategy } = queue;
  const open = set.open(medium, strategy.order);
  if (strategy.ignoresSkills && gate === OPEN && isBeaten(best.lastOfAll, open.first(), strategy)) {
    best.considered += open.size;
    return;
  }
  const fit = strategy.fit(set, item);
  const first = open.first();
  if (gate === OPEN && best.size === 1 && first !== undefined) {
    best.consider(first, strategy.rank(fit, first, choice));
    best.considered += open.size - 1;
    return;
  }
  let looked = 0;
  for (const agent of open) {
    if (gate !== OPEN && !gate.lets(agent)) continue;
    looked++;
    if (!best.consider(agent, strategy.rank(fit, agent, choice)) || looked === best.size) break;
  }
  if (gate === OPEN) best.considered += open.size - looked;
  else for (const agent of open) if (gate.lets(agent) && looked-- <= 0) best.considered++;
}

function isBeaten(last: Agent | undefined, first: Agent | undefined, { order }: AgentStrategy): boolean {
  if (last === undefined || first === undefined) return false;
  return (order.compare(last, first) || compareIds(last.id, first.id)) < 0;
}

/** Whom quality alone and whom efficiency alone would have chosen. */
function tradeOf(
  engine: Engine,
  item: Item,
  choice: AgentChoice,
  gate: Gate,
): NonNullable<Explanation["trade"]> {
  const winner = (qualityWeight: number): AgentId => {
    const best = new Shortlist<Agent>(false);
    for (const set of engine.floor.openServers(item.workClass)) {
      considerSet(best, set, item, { ...choice, qualityWeight }, gate);
    }
    return best.winner?.id ?? "";
  };
  return { quality: winner(1), efficiency: winner(0) };
}

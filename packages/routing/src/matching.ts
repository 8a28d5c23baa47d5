import type { AgentId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import type { Candidate, Explanation } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { compareItems, type Item, type WorkClass } from "./line.ts";
import { mediumBit } from "./medium-bits.ts";
import { makeOffer } from "./offers.ts";
import { compareIds, compareRanks } from "./rank.ts";
import { workStrategy } from "./strategies/registry.ts";

const TOLD_CANDIDATES = 5; // enough to see why the first won; the rest is found by replaying

/**
 * Offers all that can be offered after a step. Before the step no open agent could serve any waiting item, so only agents
 * who opened and classes that changed need a look. One agent alone chooses its work; otherwise the best item that anyone
 * open can serve goes first, and an agent is chosen for it.
 */
export function settle(engine: Engine, opened: readonly Agent[], dirty: readonly WorkClass[]): void {
  const [only, second] = opened;
  if (dirty.length === 0 && only !== undefined && second === undefined) {
    const choice = chooseWork(engine, only);
    if (choice) makeOffer(engine, choice.item, only, choice.explain);
    return;
  }
  let classes = dirty;
  if (opened.length > 0) {
    const all = new Set(dirty);
    for (const agent of opened) for (const work of agent.set.serves) all.add(work);
    classes = [...all];
  }
  for (;;) {
    const item = bestServable(engine, classes);
    if (item === undefined) return;
    const choice = chooseAgent(engine, item);
    if (choice === undefined) return;
    makeOffer(engine, item, choice.agent, choice.explain);
  }
}

function bestServable(engine: Engine, classes: readonly WorkClass[]): Item | undefined {
  let best: Item | undefined;
  for (const work of classes) {
    const head = work.items.first();
    if (head === undefined || (best !== undefined && compareItems(best, head) <= 0)) continue;
    if (anyOpen(engine, work)) best = head;
  }
  return best;
}

function anyOpen(engine: Engine, work: WorkClass): boolean {
  for (const _set of engine.floor.openServers(work)) return true;
  return false;
}

/** The work for an agent that came free: the best head among the classes that it may serve. */
function chooseWork(engine: Engine, agent: Agent): { item: Item; explain: Explanation } | undefined {
  const best = new Shortlist<Item>();
  const strategy = workStrategy("priority_then_oldest");
  for (const work of agent.set.serves) {
    const head = work.items.first();
    if (head === undefined || (agent.openFor & mediumBit(work.medium)) === 0) continue;
    best.consider(head, strategy.rank(head, work.queue, { at: engine.now, totalLength: 0, totalShare: 0 }));
  }
  const item = best.winner;
  if (item === undefined) return undefined;
  const explain: Explanation = {
    choice: "item_for_agent",
    strategy: strategy.name,
    rankedBy: strategy.rankedBy,
    candidates: best.candidates(),
    considered: best.considered,
    rules: engine.rules,
    step: 0,
  };
  return { item, explain };
}

/** The agent for an item: the preferred one if open, else the best of the open ones by the queue's strategy. */
function chooseAgent(engine: Engine, item: Item): { agent: Agent; explain: Explanation } | undefined {
  const work = item.workClass;
  const strategy = work.queue.strategy;
  const preferred = openPreferred(engine, item, work);
  if (preferred) {
    return {
      agent: preferred,
      explain: {
        choice: "agent_for_item",
        strategy: "preferred_agent",
        rankedBy: [],
        candidates: [{ id: preferred.id, rank: [] }],
        considered: 1,
        rules: engine.rules,
        step: 0,
      },
    };
  }
  const best = new Shortlist<Agent>();
  const choice = { at: engine.now, qualityWeight: work.queue.config.qualityWeight ?? 0.5 };
  for (const set of engine.floor.openServers(work)) {
    const open = set.open(work.medium, strategy.order);
    const fit = strategy.fit(set, item);
    let looked = 0;
    for (const agent of open) {
      if (looked++ === TOLD_CANDIDATES) break;
      if (!best.consider(agent, strategy.rank(fit, agent, choice))) break;
    }
    best.considered += open.size - Math.min(looked, open.size);
  }
  const agent = best.winner;
  if (agent === undefined) return undefined;
  const explain: Explanation = {
    choice: "agent_for_item",
    strategy: strategy.name,
    rankedBy: strategy.rankedBy,
    candidates: best.candidates(),
    considered: best.considered,
    rules: engine.rules,
    step: 0,
  };
  return { agent, explain };
}

function openPreferred(engine: Engine, item: Item, work: WorkClass): Agent | undefined {
  const id: AgentId | undefined = item.work.preferredAgentId;
  const agent = id === undefined ? undefined : engine.floor.agents.get(id);
  if (agent === undefined || (agent.openFor & mediumBit(work.medium)) === 0) return undefined;
  return work.servers.has(agent.set) ? agent : undefined;
}

/** The best few of those considered, in order. */
class Shortlist<T extends { readonly id: string }> {
  considered = 0;
  readonly #best: { value: T; rank: readonly number[] }[] = [];

  get winner(): T | undefined {
    return this.#best[0]?.value;
  }

  /** Whether the value is among the best few so far. */
  consider(value: T, rank: readonly number[]): boolean {
    this.considered++;
    const best = this.#best;
    let i = best.length;
    while (i > 0 && isBefore(value, rank, best[i - 1])) i--;
    if (i === TOLD_CANDIDATES) return false;
    best.splice(i, 0, { value, rank });
    if (best.length > TOLD_CANDIDATES) best.pop();
    return true;
  }

  candidates(): Candidate[] {
    return this.#best.map(({ value, rank }) => ({ id: value.id, rank }));
  }
}

function isBefore<T extends { readonly id: string }>(
  value: T,
  rank: readonly number[],
  other: { value: T; rank: readonly number[] } | undefined,
): boolean {
  if (other === undefined) return false;
  return (compareRanks(rank, other.rank) || compareIds(value.id, other.value.id)) < 0;
}

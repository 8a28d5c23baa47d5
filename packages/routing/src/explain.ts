import type { AgentId, Instant, OfferId, QueueId, SkillId } from "@svara/kernel";
import { type AgentReason, hindrancesOf, lacksOf, shared } from "./agent-reasons.ts";
import type { Engine } from "./engine.ts";
import { type BlendThreshold, gateOf, thresholdsOf } from "./gate.ts";
import { type Item, NEVER } from "./line.ts";
import type { ItemId, OverflowTarget, Requirement, WaitEstimate } from "./model.ts";
import { compareIds } from "./rank.ts";
import { type Asking, preferredOf, requirementOf } from "./requirement.ts";
import type { SkillSet } from "./skill-set.ts";
import { positionOf, waitOf } from "./waits.ts";

/** Why a contact waits, as it stands now: data for a screen to say. */
export interface WaitExplanation {
  readonly itemId: ItemId;
  readonly queueId: QueueId;
  /** When this was true. */
  readonly at: Instant;
  /** Its original entry, and that into this queue. */
  readonly queuedAt: Instant;
  readonly enteredAt: Instant;
  readonly priority: number;
  /** 1 is next; null while it is dormant. */
  readonly position: number | null;
  /** Null: unknown. */
  readonly estimate: WaitEstimate | null;
  /** What is asked of an agent now, with the steps taken. */
  readonly requirement: Requirement;
  readonly preferredSkills: readonly SkillId[];
  /** The ids of the queue's criteria that hold. */
  readonly criteria: readonly string[];
  /** How many steps it has taken, of how many. */
  readonly step: number;
  readonly steps: number;
  /** It rings there. */
  readonly offer: {
    readonly offerId: OfferId;
    readonly agentId: AgentId;
    readonly expiresAt: Instant;
  } | null;
  /** It waits for that agent alone: until then, or (`until` null) for ever. */
  readonly waitsFor: { readonly agentId: AgentId; readonly until: Instant | null } | null;
  /** It may not be offered before: the customer wished it so, or the last attempt failed. */
  readonly dormant: { readonly until: Instant; readonly because: "wish" | "retry" } | null;
  /** The thresholds of blending that hold it back now. */
  readonly heldBackBy: readonly BlendThreshold[];
  /** What comes due for it if it goes on waiting, the earliest first. */
  readonly next: readonly WaitEvent[];
  /** Every configured agent once, by the first reason why not; `agents` of no reason could get it at this moment. */
  readonly agents: readonly { readonly reason: AgentReason | null; readonly agents: number }[];
}

/** Something that comes due for a waiting item. */
export type WaitEvent = { readonly at: Instant } & (
  | { readonly kind: "step"; readonly step: number }
  | { readonly kind: "overflow_question"; readonly rule: string; readonly to: OverflowTarget }
  | { readonly kind: "priority_ages"; readonly by: number }
  | { readonly kind: "everybodys" }
  | { readonly kind: "wakes" }
  | { readonly kind: "promise" }
);

/** See `Router.explainWait`. */
export function explainWait(engine: Engine, itemId: ItemId): WaitExplanation | undefined {
  const item = engine.floor.items.get(itemId);
  if (item === undefined) return undefined;
  const { queue, work, offer, dormantUntil } = item;
  const asking = askingOf(item);
  const requirement = requirementOf(asking);
  return {
    itemId,
    queueId: queue.id,
    at: engine.now,
    queuedAt: work.queuedAt,
    enteredAt: item.enteredAt,
    priority: item.priority,
    position: dormantUntil === null ? positionOf(item) : null,
    estimate: waitOf(engine, item),
    requirement,
    preferredSkills: preferredOf(asking),
    criteria: item.criteria.map(({ id }) => id),
    step: item.step,
    steps: queue.rules.steps.length,
    offer: offer && { offerId: offer.id, agentId: offer.agent.id, expiresAt: offer.expiresAt },
    waitsFor: waitsFor(item),
    dormant:
      dormantUntil === null
        ? null
        : { until: dormantUntil, because: work.callback?.from === dormantUntil ? "wish" : "retry" },
    heldBackBy: offer === null ? thresholdsOf(engine, queue).filter(({ isKept }) => !isKept) : [],
    next: comingDue(engine, item),
    agents: countReasons(engine, item, requirement),
  };
}

/** See `Router.whyNot`. */
export function whyNot(engine: Engine, itemId: ItemId, agentId: AgentId): AgentReason[] | undefined {
  const item = engine.floor.items.get(itemId);
  const agent = engine.floor.agents.get(agentId);
  if (item === undefined || agent === undefined) return undefined;
  const { queue, work } = item;
  const { onlyAgentId } = work;
  const requirement = requirementOf(askingOf(item));
  return [
    ...(onlyAgentId === undefined || onlyAgentId === agentId ? [] : [forAnother(onlyAgentId)]),
    ...lacksOf(agent.set, queue.id, work.medium, requirement).filter(
      ({ code }) => onlyAgentId === undefined || code === "no_slot",
    ),
    ...hindrancesOf(agent, item, gateOf(engine, queue)),
  ];
}

function forAnother(agentId: AgentId): AgentReason {
  return { code: "for_another_only", agentId };
}

function askingOf({ queue, criteria, work, sites, step }: Item): Asking {
  return { queue: queue.config, criteria, own: work, steps: queue.rules.steps.slice(0, step), sites };
}

function waitsFor({ work, workClass, offer, holdUntil }: Item): WaitExplanation["waitsFor"] {
  if (work.onlyAgentId !== undefined) return { agentId: work.onlyAgentId, until: null };
  if (workClass.mode !== "held" || workClass.owner === null || offer !== null) return null;
  return { agentId: workClass.owner, until: holdUntil };
}

interface ReasonCount {
  readonly reason: AgentReason | null;
  readonly agents: number;
}

/** Each agent by the first reason why not. Those of one skill set lack the same: what they lack is worked out once. */
function countReasons(engine: Engine, item: Item, requirement: Requirement): ReasonCount[] {
  const { queue, work } = item;
  const { onlyAgentId } = work;
  const gate = gateOf(engine, queue);
  const tally = new ReasonTally();
  const others = onlyAgentId === undefined ? null : tally.of(forAnother(onlyAgentId));
  const lacks = new Map<SkillSet, Counter | null>();
  const lackOf = (set: SkillSet): Counter | null => {
    let counter = lacks.get(set);
    if (counter === undefined) {
      const [first] = lacksOf(set, queue.id, work.medium, requirement).filter(
        ({ code }) => onlyAgentId === undefined || code === "no_slot",
      );
      counter = first === undefined ? null : tally.of(first);
      lacks.set(set, counter);
    }
    return counter;
  };
  for (const agent of engine.floor.agents.values()) {
    const counter =
      (agent.id === onlyAgentId ? null : others) ??
      lackOf(agent.set) ??
      tally.of(hindrancesOf(agent, item, gate)[0] ?? null);
    counter.agents++;
  }
  return tally.counts();
}

interface Counter extends ReasonCount {
  agents: number;
}

/** Counts by reason, without what is one agent's own. */
class ReasonTally {
  readonly #counters = new Map<string, Counter>();

  of(first: AgentReason | null): Counter {
    const reason = first && shared(first);
    const key = JSON.stringify(reason);
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = { reason, agents: 0 };
      this.#counters.set(key, counter);
    }
    return counter;
  }

  /** The most frequent first. */
  counts(): ReasonCount[] {
    return [...this.#counters]
      .filter(([, { agents }]) => agents > 0)
      .sort(([a, x], [b, y]) => y.agents - x.agents || compareIds(a, b))
      .map(([, counter]) => counter);
  }
}

function comingDue(engine: Engine, item: Item): WaitEvent[] {
  const { queue, enteredAt, work } = item;
  const { steps, ageing, overflow } = queue.rules;
  const events: WaitEvent[] = [];
  if (item.dormantUntil !== null) events.push({ at: item.dormantUntil, kind: "wakes" });
  for (let step = item.step; step < steps.length; step++) {
    events.push({ at: enteredAt + (steps[step]?.afterMs ?? 0), kind: "step", step: step + 1 });
  }
  if (item.workClass.mode === "held" && item.offer === null && item.holdUntil !== null) {
    events.push({ at: item.holdUntil, kind: "everybodys" });
  }
  for (const [i, { rule }] of overflow.entries()) {
    const at = item.overflow?.next[i] ?? NEVER;
    if (at !== NEVER) events.push({ at, kind: "overflow_question", rule: rule.id, to: rule.to });
  }
  if (ageing !== null) {
    const times = Math.floor((engine.now - enteredAt) / ageing.everyMs);
    const by = Math.min(ageing.most, (times + 1) * ageing.by) - Math.min(ageing.most, times * ageing.by);
    if (by > 0) events.push({ at: enteredAt + (times + 1) * ageing.everyMs, kind: "priority_ages", by });
  }
  const until = work.callback?.until;
  if (until !== undefined && !item.isToldLate) events.push({ at: until, kind: "promise" });
  return events.sort((a, b) => a.at - b.at);
}

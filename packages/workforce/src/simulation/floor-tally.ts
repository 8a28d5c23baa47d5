import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type { AgentState, Decision, Input, ItemId, WithdrawReason } from "@svara/routing";
import { AgentTally, type AgentTime } from "./agent-tally.ts";
import type { BlockPlan } from "./block-plan.ts";
import { QueueTally, type StayOutcome } from "./queue-tally.ts";

/** By what a floor is judged. */
export interface TallyOptions {
  readonly plan: BlockPlan;
  /** Asked once for each queue, when its first item comes; `DEFAULT_POLICY` if absent. */
  readonly policyOf?: (queueId: QueueId) => QueuePolicy;
  /** Agents are counted by the name that this gives; all as `all` if absent. */
  readonly groupOf?: (agentId: AgentId) => string;
}

/** Every agent, where nobody told groups apart. */
export const ALL_AGENTS = "all";

/** Where an item waits, and since when; null: nowhere. */
export interface Stay {
  queue: QueueTally | null;
  enteredAt: Instant;
}

/** Who knows stays by their items. */
export interface KnownStays {
  get(itemId: ItemId): Stay | undefined;
}

/**
 * Counts what a router was told and what it decided, live or simulated alike: feed each step in order. One stay of an
 * item in one queue is one "offered". An escalated item must name its queue.
 */
export class FloorTally {
  readonly queues = new Map<QueueId, QueueTally>();
  readonly groups = new Map<string, AgentTally>();
  readonly #options: TallyOptions;
  readonly #stays = new Map<ItemId, Stay>();
  /** Whoever feeds the tally may keep the stays with the items, and need not have them looked up. */
  #known: KnownStays | undefined;
  /** The one group, where groups are not told apart. */
  #everybody: AgentTally | undefined;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  get plan(): BlockPlan {
    return this.#options.plan;
  }

  /** From now on stays of items that `known` knows are kept there. */
  keepStaysIn(known: KnownStays): void {
    this.#known = known;
  }

  /** A step: the input, if there was one, and what was decided, timers that fired before it included. */
  observe(input: Input | undefined, at: Instant, decisions: readonly Decision[]): void {
    let next = 0;
    for (; next < decisions.length; next++) {
      const decision = decisions[next];
      if (decision === undefined || decision.at >= at) break;
      this.decided(decision);
    }
    if (input && !isRefused(input, at, decisions)) this.told(input, at);
    for (; next < decisions.length; next++) {
      const decision = decisions[next];
      if (decision) this.decided(decision);
    }
  }

  crossSold(queueId: QueueId, at: Instant): void {
    this.#queue(queueId).crossSold(at);
  }

  /** The program started anew: whoever waited was cut off, and nobody is logged in. */
  restart(at: Instant): void {
    for (const itemId of [...this.#stays.keys()]) this.#leave(itemId, "failed", at);
    for (const group of this.groups.values()) group.restart(at);
  }

  /** An agent's state before anything was told of it. */
  begin(agentId: AgentId, state: AgentState, at: Instant): void {
    this.#group(agentId).enter(agentId, state, at);
  }

  /** Measures what lasts up to `at`. */
  close(at: Instant): void {
    for (const queue of this.queues.values()) queue.close(at);
    for (const group of this.groups.values()) group.close(at);
  }

  /** An input that was not refused. */
  told(input: Input, at: Instant): void {
    switch (input.type) {
      case "item.queued":
        this.#enter(input.item.id, input.item.queueId, at);
        return;
      case "item.withdrawn":
        this.#leave(input.itemId, outcomeOf(input.reason), at);
        return;
      case "item.moved":
        if (!this.#waits(input.itemId)) return;
        if (this.#stayOf(input.itemId)?.queue === this.#queue(input.queueId)) return;
        this.#leave(input.itemId, "flow_out", at);
        this.#enter(input.itemId, input.queueId, at);
        return;
      case "item.assigned":
        this.#leave(input.itemId, "answered", at);
        return;
      case "item.escalated":
        if (input.queueId !== undefined) this.#enter(input.itemId, input.queueId, at);
        return;
      default:
        return;
    }
  }

  /** One decision. */
  decided(decision: Decision): void {
    switch (decision.type) {
      case "offer.accepted":
        this.answered(decision.itemId, decision.at);
        return;
      case "item.returned":
        // after a missed offer it waited all the time; set-aside work that an agent leaves behind waits anew
        if (!this.#waits(decision.itemId)) this.#enter(decision.itemId, decision.queueId, decision.at);
        return;
      case "agent.state_changed":
        this.entered(decision.agentId, decision.to, decision.at);
        return;
      case "item.overflowed":
        if (decision.to.kind === "queue") {
          this.#leave(decision.itemId, "flow_out", decision.at);
          this.#enter(decision.itemId, decision.to.queueId, decision.at);
        } else if (decision.left) this.#leave(decision.itemId, "flow_out", decision.at);
        return;
      case "item.orphaned":
        this.#leave(decision.itemId, "flow_out", decision.at);
        return;
      case "callback.promised":
        this.#leave(decision.itemId, "callback", decision.at);
        return;
      default:
        return;
    }
  }

  /** An agent enters a state. */
  entered(agentId: AgentId, state: AgentState, at: Instant): void {
    this.#group(agentId).enter(agentId, state, at);
  }

  /** The time of an agent, for who does not want it looked up each time. */
  timeOf(agentId: AgentId): AgentTime {
    return this.#group(agentId).agent(agentId);
  }

  /** An agent took the item. */
  answered(itemId: ItemId, at: Instant): void {
    this.#leave(itemId, "answered", at);
  }

  /** A stay begins. */
  come(stay: Stay, queueId: QueueId, at: Instant): void {
    const queue = this.#queue(queueId);
    queue.enter(at);
    stay.queue = queue;
    stay.enteredAt = at;
  }

  /** A stay is over; one that is over already is not counted twice. */
  go(stay: Stay, outcome: StayOutcome, at: Instant): void {
    const { queue } = stay;
    if (queue === null) return;
    stay.queue = null;
    queue.leave(outcome, stay.enteredAt, at);
  }

  /** A stay that was no stay: the router refused it. */
  retract(stay: Stay, at: Instant): void {
    stay.queue?.retract(stay.enteredAt, at);
    stay.queue = null;
  }

  #stayOf(itemId: ItemId): Stay | undefined {
    return this.#known?.get(itemId) ?? this.#stays.get(itemId);
  }

  #waits(itemId: ItemId): boolean {
    return (this.#stayOf(itemId)?.queue ?? null) !== null;
  }

  #enter(itemId: ItemId, queueId: QueueId, at: Instant): void {
    let stay = this.#stayOf(itemId);
    if (stay === undefined) {
      stay = { queue: null, enteredAt: at };
      this.#stays.set(itemId, stay);
    }
    this.come(stay, queueId, at);
  }

  #leave(itemId: ItemId, outcome: StayOutcome, at: Instant): void {
    const stay = this.#stayOf(itemId);
    if (stay === undefined) return;
    this.go(stay, outcome, at);
    this.#stays.delete(itemId);
  }

  #queue(queueId: QueueId): QueueTally {
    let queue = this.queues.get(queueId);
    if (queue === undefined) {
      queue = new QueueTally(
        queueId,
        this.#options.plan,
        this.#options.policyOf?.(queueId) ?? DEFAULT_POLICY,
      );
      this.queues.set(queueId, queue);
    }
    return queue;
  }

  #group(agentId: AgentId): AgentTally {
    const { groupOf } = this.#options;
    if (groupOf === undefined && this.#everybody) return this.#everybody;
    const name = groupOf?.(agentId) ?? ALL_AGENTS;
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new AgentTally(this.#options.plan);
      this.groups.set(name, group);
      if (groupOf === undefined) this.#everybody = group;
    }
    return group;
  }
}

/** Whether the router answered the input of a step by `ignored`. */
export function isRefused(input: Input, at: Instant, decisions: readonly Decision[]): boolean {
  for (const decision of decisions) {
    if (decision.type === "ignored" && decision.at === at && decision.input === input.type) return true;
  }
  return false;
}

/** How a stay ended that was withdrawn for this reason. */
export function outcomeOf(reason: WithdrawReason): StayOutcome {
  switch (reason) {
    case "customer_gone":
      return "abandoned";
    case "callback":
      return "callback";
    case "ended":
      return "failed"; // our own doing
    case "transferred":
    case "overflow":
    case "flow":
      return "flow_out";
  }
}

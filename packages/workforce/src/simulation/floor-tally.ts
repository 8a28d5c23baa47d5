import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type { AgentState, Decision, Input, ItemId, WithdrawReason } from "@svara/routing";
import { AgentTally } from "./agent-tally.ts";
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

interface Stay {
  readonly queue: QueueTally;
  readonly enteredAt: Instant;
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
  /** The one group, where groups are not told apart. */
  #everybody: AgentTally | undefined;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  get plan(): BlockPlan {
    return this.#options.plan;
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#stays.size;
  }

  /** A step: the input, if there was one, and what was decided, timers that fired before it included. */
  observe(input: Input | undefined, at: Instant, decisions: readonly Decision[]): void {
    let next = 0;
    for (; next < decisions.length; next++) {
      const decision = decisions[next];
      if (decision === undefined || decision.at >= at) break;
      this.#decided(decision);
    }
    if (input && !isRefused(input, at, decisions)) this.#told(input, at);
    for (; next < decisions.length; next++) {
      const decision = decisions[next];
      if (decision) this.#decided(decision);
    }
  }

  /** Whether the item waits in a queue. */
  waits(itemId: ItemId): boolean {
    return this.#stays.has(itemId);
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

  #told(input: Input, at: Instant): void {
    switch (input.type) {
      case "item.queued":
        this.#enter(input.item.id, input.item.queueId, at);
        return;
      case "item.withdrawn":
        this.#leave(input.itemId, outcomeOf(input.reason), at);
        return;
      case "item.moved":
        if (!this.#stays.has(input.itemId)) return;
        if (this.#stays.get(input.itemId)?.queue === this.#queue(input.queueId)) return;
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

  #decided(decision: Decision): void {
    switch (decision.type) {
      case "offer.accepted":
        this.#leave(decision.itemId, "answered", decision.at);
        return;
      case "item.returned":
        // after a missed offer it waited all the time; set-aside work that an agent leaves behind waits anew
        if (!this.#stays.has(decision.itemId)) this.#enter(decision.itemId, decision.queueId, decision.at);
        return;
      case "agent.state_changed":
        this.#group(decision.agentId).enter(decision.agentId, decision.to, decision.at);
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

  #enter(itemId: ItemId, queueId: QueueId, at: Instant): void {
    const queue = this.#queue(queueId);
    queue.enter(at);
    this.#stays.set(itemId, { queue, enteredAt: at });
  }

  #leave(itemId: ItemId, outcome: StayOutcome, at: Instant): void {
    const stay = this.#stays.get(itemId);
    if (stay === undefined) return;
    this.#stays.delete(itemId);
    stay.queue.leave(outcome, stay.enteredAt, at);
  }

  #queue(queueId: QueueId): QueueTally {
    let queue = this.queues.get(queueId);
    if (queue === undefined) {
      queue = new QueueTally(this.#options.plan, this.#options.policyOf?.(queueId) ?? DEFAULT_POLICY);
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

function outcomeOf(reason: WithdrawReason): StayOutcome {
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

import { type Instant, type QueueId, TimerHeap } from "@svara/kernel";
import { type Agent, type Due, type Hands, stateIndex } from "./agent.ts";
import { deriveState, isWork, occupancyAt } from "./agent-state.ts";
import { openMedia } from "./capacity.ts";
import type { Decision, IgnoreCode } from "./decision.ts";
import { Floor } from "./floor.ts";
import { takeUpAgain } from "./handling.ts";
import type { InputType } from "./input.ts";
import type { WorkClass } from "./line.ts";
import { settle } from "./matching.ts";
import { DEFAULT_RULES, type RouterRules } from "./model.ts";
import { digest12 } from "./offer-id.ts";

/**
 * The state of a router during one step. A step is one input or one timer: the rules change the floor, `touch`ing each
 * agent before they change it and marking each class that got an item; `endStep` then matches what can be matched and
 * tells which agents changed state. Rules stand in `*-inputs.ts`, `offers.ts` and `handling.ts`.
 */
export class Engine {
  readonly routerId: string;
  readonly epoch: number;
  readonly digest: string;
  readonly floor = new Floor();
  readonly timers = new TimerHeap<Due>();
  now: Instant = 0;
  /** Inputs processed so far. */
  seq = 0;
  offerCount = 0;
  /** The number of the last configuration change. */
  rules = 0;
  /** What holds for the whole centre. */
  centre: RouterRules = DEFAULT_RULES;
  readonly #hands = new Map<QueueId, Hands>();
  #out: Decision[] = [];
  #touched: Agent[] = [];
  #dirty: WorkClass[] = [];

  constructor(routerId: string, epoch: number) {
    this.routerId = routerId;
    this.epoch = epoch;
    this.digest = digest12(routerId);
  }

  /** What agents hold of a queue's items, whether it is still there or not. */
  handsOf(queueId: QueueId): Hands {
    let hands = this.#hands.get(queueId);
    if (hands === undefined) {
      hands = { count: 0 };
      this.#hands.set(queueId, hands);
    }
    return hands;
  }

  emit(decision: Decision): void {
    this.#out.push(decision);
  }

  ignore(input: InputType, code: IgnoreCode, id: string): void {
    this.emit({ type: "ignored", at: this.now, input, code, id });
  }

  takeDecisions(): Decision[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Shuts the agent for work before it is changed, so that no sorted list holds a key that moves. */
  touch(agent: Agent): void {
    if (!agent.touched) agent.wasOpenFor = agent.openFor;
    this.floor.setOpen(agent, 0);
    if (agent.touched) return;
    agent.touched = true;
    this.#touched.push(agent);
  }

  /** An item came to this class, or its servers changed. */
  markDirty(work: WorkClass): void {
    if (work.dirty) return;
    work.dirty = true;
    this.#dirty.push(work);
  }

  endStep(): void {
    const opened: Agent[] = [];
    for (const agent of this.#touched) {
      takeUpAgain(this, agent);
      const openFor = openMedia(agent);
      if (openFor === 0) continue;
      if (agent.wasOpenFor === 0) agent.occupancy = occupancyAt(agent, this.now);
      this.floor.setOpen(agent, openFor);
      opened.push(agent);
    }
    if (opened.length > 0 || this.#dirty.length > 0) {
      for (const work of this.#dirty) work.dirty = false;
      const dirty = this.#dirty;
      this.#dirty = [];
      settle(this, opened, dirty);
    }
    // settling touches no agent that was not open, and those it reserves are appended
    for (const agent of this.#touched) {
      agent.touched = false;
      this.#tellState(agent);
    }
    this.#touched = [];
  }

  #tellState(agent: Agent): void {
    const next = deriveState(agent);
    const onDuty = agent.loggedIn && !agent.leaving && !agent.retired;
    const counted = agent.set.agents.has(agent);
    if (onDuty !== agent.countedOnDuty) {
      agent.countedOnDuty = onDuty;
      if (counted) agent.set.onDuty += onDuty ? 1 : -1;
    }
    if (
      next.state !== agent.state ||
      next.reason !== agent.stateReason ||
      next.itemId !== agent.stateItemId
    ) {
      this.emit({
        type: "agent.state_changed",
        at: this.now,
        agentId: agent.id,
        from: agent.state,
        fromSince: agent.stateSince,
        to: next.state,
        reason: next.reason,
        paid: next.paid,
        productive: next.productive,
        presence: agent.presence,
        medium: next.medium,
        itemId: next.itemId,
      });
      if (counted) {
        const counts = agent.set.counts;
        counts[stateIndex(agent.state)] = (counts[stateIndex(agent.state)] ?? 0) - 1;
        counts[stateIndex(next.state)] = (counts[stateIndex(next.state)] ?? 0) + 1;
      }
      if (isWork(agent.state)) agent.workMs += this.now - agent.stateSince;
      agent.state = next.state;
      agent.stateReason = next.reason;
      agent.stateItemId = next.itemId;
      agent.stateSince = this.now;
    }
    if (agent.retired && !agent.loggedIn && agent.handlings.length === 0) {
      this.floor.leave(agent);
      this.floor.agents.delete(agent.id);
    }
  }
}

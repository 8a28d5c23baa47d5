import { type Instant, type QueueId, type TimerHandle, TimerHeap } from "@svara/kernel";
import type { Agent, Due, Hands } from "./agent.ts";
import { deriveState, isWork, occupancyAt } from "./agent-state.ts";
import { settleBlended } from "./blending.ts";
import { openMedia } from "./capacity.ts";
import type { Decision, IgnoreCode } from "./decision.ts";
import { Floor } from "./floor.ts";
import type { InputType } from "./input.ts";
import { takeUpAgain } from "./interruption.ts";
import { leaveIfDone } from "./leaving.ts";
import type { Item, WorkClass } from "./line.ts";
import { offerWork, settle } from "./matching.ts";
import { type AgentState, DEFAULT_RULES, type RouterRules } from "./model.ts";
import { OfferIds } from "./offer-ids.ts";
import { releaseHeld } from "./standing.ts";
import { askNow } from "./waiting.ts";

/**
 * The state of a router during one step. A step is one input or one timer: the rules change the floor, `touch`ing each
 * agent before they change it and marking each class that got an item; `endStep` then matches what can be matched and
 * tells which agents changed state. Rules stand in `*-inputs.ts`, `offers.ts` and `handling.ts`.
 */
export class Engine {
  readonly routerId: string;
  readonly epoch: number;
  readonly offerIds: OfferIds;
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
  /** Whether explanations name candidates. */
  readonly explains: boolean;
  /** The next look at what blending holds back. */
  heldBackTimer: TimerHandle<Due> | null = null;
  readonly #hands = new Map<QueueId, Hands>();
  #out: Decision[] = [];
  readonly #touched: Agent[] = [];
  readonly #opened: Agent[] = [];
  readonly #dirty: WorkClass[] = [];
  readonly #asked: Item[] = [];

  constructor(routerId: string, epoch: number, explains = true) {
    this.routerId = routerId;
    this.epoch = epoch;
    this.offerIds = new OfferIds(routerId, epoch);
    this.explains = explains;
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

  /** Overflow and promise of this item are looked at in this step, when it is known which agents are there. */
  ask(item: Item): void {
    this.#asked.push(item);
  }

  endStep(): void {
    const opened = this.#reopen();
    this.#askAll();
    const dirty = this.#dirty;
    if (opened.length > 0 || dirty.length > 0) {
      for (const work of dirty) work.dirty = false;
      settle(this, opened, dirty);
      dirty.length = 0;
      opened.length = 0;
    }
    if (this.floor.blended.size > 0) settleBlended(this);
    // settling touches no agent that was not open, and those it reserves are appended
    for (const agent of this.#touched) {
      agent.touched = false;
      agent.isChanged = false;
      this.#tellState(agent);
    }
    this.#touched.length = 0;
  }

  /** Opens the agents that were touched for what they may be offered now; those who may be offered more than before. */
  #reopen(): Agent[] {
    const opened = this.#opened;
    for (const agent of this.#touched) {
      if (agent.leaving) leaveIfDone(this, agent);
      takeUpAgain(this, agent);
      if (this.floor.own.size > 0) releaseHeld(this, agent);
      const openFor = openMedia(agent);
      if (openFor === 0) continue;
      if (agent.wasOpenFor === 0) agent.occupancy = occupancyAt(agent, this.now);
      const isOpened = agent.isChanged || (openFor & ~agent.wasOpenFor) !== 0;
      if (isOpened && this.#isAlone() && offerWork(this, agent, openFor)) continue;
      this.floor.setOpen(agent, openFor);
      if (isOpened) opened.push(agent);
    }
    return opened;
  }

  /** Nothing but one agent changed: what `settle` would find for that agent is found before the agent is opened at all. */
  #isAlone(): boolean {
    return (
      this.#touched.length === 1 &&
      this.#dirty.length === 0 &&
      this.#asked.length === 0 &&
      this.floor.blended.size === 0
    );
  }

  #askAll(): void {
    if (this.#asked.length === 0) return;
    for (const agent of this.#touched) this.#recount(agent, deriveState(agent).state);
    for (const item of this.#asked) askNow(this, item); // a move to another queue appends
    this.#asked.length = 0;
  }

  /** Puts what others count of the agent up to date. */
  #recount(agent: Agent, state: AgentState): void {
    const onDuty = agent.loggedIn && !agent.leaving && !agent.retired;
    if (state === agent.countedState && onDuty === agent.countedOnDuty) return;
    const isCounted = agent.set.agents.has(agent);
    if (isCounted) agent.set.count(agent, -1);
    agent.countedState = state;
    agent.countedOnDuty = onDuty;
    if (isCounted) agent.set.count(agent, 1);
  }

  #tellState(agent: Agent): void {
    const next = deriveState(agent);
    this.#recount(agent, next.state);
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

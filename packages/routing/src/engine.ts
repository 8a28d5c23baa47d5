import { type Instant, type QueueId, type TimerHandle, TimerHeap } from "@svara/kernel";
import { type Agent, type Due, type Hands, stateIndex } from "./agent.ts";
import { deriveState, isWork, occupancyAt } from "./agent-state.ts";
import { watchHeldBack } from "./blending.ts";
import { openMedia } from "./capacity.ts";
import type { Decision, IgnoreCode } from "./decision.ts";
import { Floor } from "./floor.ts";
import type { InputType } from "./input.ts";
import { takeUpAgain } from "./interruption.ts";
import { leaveIfDone } from "./leaving.ts";
import type { Item, WorkClass } from "./line.ts";
import type { OtherDecision, RouterListener } from "./listener.ts";
import { offerClass, offerWork, settle } from "./matching.ts";
import { type AgentState, DEFAULT_RULES, type RouterRules } from "./model.ts";
import { OfferIds } from "./offer-ids.ts";
import { Scratch } from "./scratch.ts";
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
  /** Hears of decisions instead of their being kept for who takes them. */
  readonly listener: RouterListener | null;
  /** Timers that have fired since the engine was made. */
  fired = 0;
  /** The next look at what blending holds back. */
  heldBackTimer: TimerHandle<Due> | null = null;
  readonly #hands = new Map<QueueId, Hands>();
  readonly #out = new Scratch<Decision>();
  readonly #touched = new Scratch<Agent>();
  readonly #opened = new Scratch<Agent>();
  readonly #dirty = new Scratch<WorkClass>();
  readonly #asked = new Scratch<Item>();

  constructor(routerId: string, epoch: number, explains = true, listener: RouterListener | null = null) {
    this.routerId = routerId;
    this.epoch = epoch;
    this.offerIds = new OfferIds(routerId, epoch);
    this.explains = explains;
    this.listener = listener;
  }

  /** What agents hold of a queue's items, whether it is still there or not. */
  handsOf(queueId: QueueId): Hands {
    let hands = this.#hands.get(queueId);
    if (hands === undefined) {
      hands = { count: 0, holders: 0 };
      this.#hands.set(queueId, hands);
    }
    return hands;
  }

  /** Forgets what was counted of a queue that is gone, once no agent holds anything of it. */
  forgetHands(queueId: QueueId): void {
    if (this.#hands.get(queueId)?.holders === 0 && !this.floor.queues.has(queueId))
      this.#hands.delete(queueId);
  }

  emit(decision: OtherDecision): void {
    if (this.listener === null) this.#out.add(decision);
    else this.listener.decided(decision);
  }

  /** A decision of which a listener hears by a call of its own. */
  keep(decision: Decision): void {
    this.#out.add(decision);
  }

  ignore(input: InputType, code: IgnoreCode, id: string): void {
    this.emit({ type: "ignored", at: this.now, input, code, id });
  }

  takeDecisions(): Decision[] {
    return this.#out.take();
  }

  /** Shuts the agent for work before it is changed, so that no sorted list holds a key that moves. */
  touch(agent: Agent): void {
    if (!agent.touched) agent.wasOpenFor = agent.openFor;
    this.floor.setOpen(agent, 0);
    if (agent.touched) return;
    agent.touched = true;
    this.#touched.add(agent);
  }

  /** An item came to this class, or its servers changed. */
  markDirty(work: WorkClass): void {
    if (work.dirty) return;
    work.dirty = true;
    this.#dirty.add(work);
  }

  /** Overflow and promise of this item are looked at in this step, when it is known which agents are there. */
  ask(item: Item): void {
    this.#asked.add(item);
  }

  endStep(): void {
    this.#reopen();
    this.#askAll();
    const blends = this.floor.blended.size > 0;
    if (!blends && this.#opened.size === 0 && this.#dirty.size === 1) {
      const only = this.#dirty.at(0); // the usual step: an item came
      this.#dirty.clear();
      only.dirty = false;
      offerClass(this, only);
    } else if (blends || this.#opened.size + this.#dirty.size > 0) {
      const dirty = this.#dirty.take();
      for (const work of dirty) work.dirty = false;
      settle(this, this.#opened.take(), dirty);
    }
    if (blends) watchHeldBack(this);
    // settling touches no agent that was not open, and those it reserves are appended
    for (let i = 0; i < this.#touched.size; i++) {
      const agent = this.#touched.at(i);
      agent.touched = false;
      agent.isChanged = false;
      this.#tellState(agent);
    }
    this.#touched.clear();
  }

  /** Opens the agents that were touched for what they may be offered now, and notes who may be offered more than before. */
  #reopen(): void {
    for (let i = 0; i < this.#touched.size; i++) {
      const agent = this.#touched.at(i);
      if (agent.leaving) leaveIfDone(this, agent);
      takeUpAgain(this, agent);
      if (this.floor.own.size > 0) releaseHeld(this, agent);
      const openFor = openMedia(agent);
      if (openFor === 0) continue;
      if (agent.wasOpenFor === 0) agent.occupancy = occupancyAt(agent, this.now);
      const isOpened = agent.isChanged || (openFor & ~agent.wasOpenFor) !== 0;
      const isAlone = isOpened && this.#isAlone();
      if (isAlone && offerWork(this, agent, openFor)) continue;
      this.floor.setOpen(agent, openFor);
      if (isOpened && !isAlone) this.#opened.add(agent);
    }
  }

  /** Nothing but one agent changed: what `settle` would find for that agent is found before the agent is opened at all. */
  #isAlone(): boolean {
    return (
      this.#touched.size === 1 &&
      this.#dirty.size === 0 &&
      this.#asked.size === 0 &&
      this.floor.blended.size === 0
    );
  }

  #askAll(): void {
    if (this.#asked.size === 0) return;
    for (let i = 0; i < this.#touched.size; i++) {
      const agent = this.#touched.at(i);
      this.#recount(agent, deriveState(agent).state);
    }
    for (let i = 0; i < this.#asked.size; i++) askNow(this, this.#asked.at(i)); // a move to another queue appends
    this.#asked.clear();
  }

  /** Puts what others count of the agent up to date. */
  #recount(agent: Agent, state: AgentState): void {
    const onDuty = agent.loggedIn && !agent.leaving && !agent.retired;
    if (state === agent.countedState && onDuty === agent.countedOnDuty) return;
    if (agent.isPlaced) agent.set.count(agent, -1);
    agent.countedState = state;
    agent.countedPlace = stateIndex(state);
    agent.countedOnDuty = onDuty;
    if (agent.isPlaced) agent.set.count(agent, 1);
  }

  #tellState(agent: Agent): void {
    const next = deriveState(agent);
    this.#recount(agent, next.state);
    if (
      next.state !== agent.state ||
      next.reason !== agent.stateReason ||
      next.itemId !== agent.stateItemId
    ) {
      if (this.listener !== null) this.listener.stateChanged(agent, next.state, this.now);
      else {
        this.keep({
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

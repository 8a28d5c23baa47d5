import type { Instant, QueueId } from "@svara/kernel";
import type { Agent, Handling, LivePhase } from "./agent.ts";
import type { Decision } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { mediumBit, mediumIndex } from "./medium-bits.ts";
import { DEFAULT_CALLBACK, type HandlingPhase, type ItemId, type Medium, type WrapUpRule } from "./model.ts";
import { forgive } from "./presence.ts";
import { enterAgain, type WaitingState } from "./waiting-state.ts";

/** The agent's part in an item; what may be known of it when it begins. */
export interface Taken {
  readonly itemId: ItemId;
  readonly medium: Medium;
  readonly queueId: QueueId | null;
  readonly phase: LivePhase;
  readonly wrapUp: WrapUpRule;
  readonly waiting: WaitingState | null;
  /** Of a call-back, 1 is the first; 0: nobody is called back. */
  readonly attempt: number;
}

/*
 *            taken                              ended                 finished, limit, supervisor, log-out
 *  (nobody) -------> ringing, dialing, talking -------> wrap_up ----------------------------------------> (nobody)
 *                    held, consulting, ...     <-------
 *                     | ^                      assigned again
 *      work comes     v |  what interrupted it is over
 *      that interrupts  interrupted -----> (waits in the line again, if the agent logs out)
 *
 * Ringing and dialing stand under a lease. `enter` alone changes a phase, so that counters and timers follow it.
 */

/** Puts an item into an agent's hands, and sets aside what it interrupts. */
export function startHandling(engine: Engine, agent: Agent, taken: Taken): void {
  engine.touch(agent);
  setAside(engine, agent, taken.medium, taken.itemId);
  agent.idleSince = engine.now;
  const handling: Handling = {
    itemId: taken.itemId,
    medium: taken.medium,
    queueId: taken.queueId,
    startedAt: engine.now,
    wrapUp: taken.wrapUp,
    waiting: taken.waiting,
    phase: taken.phase,
    since: engine.now,
    until: null,
    wrapUpWanted: false,
    forced: false,
    attempt: taken.attempt,
    asideFrom: null,
    asideBy: null,
    asideMs: 0,
    hands: taken.queueId === null ? null : engine.handsOf(taken.queueId),
    timer: null,
  };
  agent.handlings.push(handling);
  countIn(agent, handling, 1);
  if (isLeased(handling.phase)) armLease(engine, agent, handling);
}

/** Work that was in hand when a snapshot was taken, without its timer. */
export function restoreHandling(
  engine: Engine,
  agent: Agent,
  saved: Omit<Handling, "timer" | "hands">,
): void {
  const hands = saved.queueId === null ? null : engine.handsOf(saved.queueId);
  const handling: Handling = { ...saved, hands, timer: null };
  agent.handlings.push(handling);
  countIn(agent, handling, 1);
}

/** What the agent has in hand of an item. */
export function handlingOf(agent: Agent, itemId: ItemId): Handling | undefined {
  for (const handling of agent.handlings) if (handling.itemId === itemId) return handling;
  return undefined;
}

/** Tells an agent's work a phase that the runtime saw; what is set aside comes back with it. */
export function setPhase(engine: Engine, agent: Agent, handling: Handling, phase: LivePhase): void {
  engine.touch(agent);
  if (!isLeased(phase)) handling.attempt = 0;
  if (handling.phase === "interrupted") handling.asideFrom = phase;
  else enter(engine, agent, handling, phase);
}

/** The phase of live work, told as if nothing had set it aside. */
export function livePhase(handling: Handling): HandlingPhase {
  return handling.asideFrom ?? handling.phase;
}

/** The live part is over: wrap-up by the rule of the queue as it is now, or as it was when the queue is gone. */
export function endLivePart(engine: Engine, agent: Agent, handling: Handling, skipWrapUp: boolean): void {
  engine.touch(agent);
  if (isLeased(livePhase(handling))) {
    dropHandling(engine, agent, handling);
    return;
  }
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const rule = queue?.config.wrapUp ?? handling.wrapUp;
  const isWanted = rule.mode !== "off" && (rule.mode !== "requested" || handling.wrapUpWanted);
  if (skipWrapUp || !isWanted || !agent.loggedIn || agent.leaving) {
    finishHandling(engine, agent, handling);
    return;
  }
  handling.until = rule.limitMs === undefined ? null : engine.now + rule.limitMs;
  handling.forced = rule.mode === "timed_forced";
  enter(engine, agent, handling, "wrap_up");
  engine.emit({
    type: "wrapup.started",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    queueId: handling.queueId,
    until: handling.until,
  });
}

/** A limited wrap-up ends later. */
export function extendWrapUp(engine: Engine, agent: Agent, handling: Handling, until: Instant): void {
  handling.until = until;
  armWrapUp(engine, agent, handling);
  engine.emit({
    type: "wrapup.extended",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    until,
  });
}

/** Takes an agent from the wrap-up of an item back to work on it; the limit no longer counts. */
export function resumeFromWrapUp(engine: Engine, agent: Agent, handling: Handling, phase: LivePhase): void {
  engine.touch(agent);
  setAside(engine, agent, handling.medium, handling.itemId);
  engine.emit(wrapUpEnded(engine, agent, handling, "resumed"));
  handling.until = null;
  handling.forced = false;
  enter(engine, agent, handling, phase);
}

/** Who ended a wrap-up. */
type WrapUpEnd = Extract<Decision, { readonly type: "wrapup.ended" }>["by"];

/** Ends a wrap-up, by whomever. */
export function endWrapUp(engine: Engine, agent: Agent, handling: Handling, by: WrapUpEnd): void {
  engine.touch(agent);
  engine.emit(wrapUpEnded(engine, agent, handling, by));
  finishHandling(engine, agent, handling);
}

/** Ends every wrap-up of the agent, forced ones too. */
export function endWrapUps(engine: Engine, agent: Agent, by: WrapUpEnd): void {
  for (const handling of [...agent.handlings]) {
    if (handling.phase === "wrap_up") endWrapUp(engine, agent, handling, by);
  }
}

function wrapUpEnded(engine: Engine, agent: Agent, handling: Handling, by: WrapUpEnd): Decision {
  return {
    type: "wrapup.ended",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    queueId: handling.queueId,
    by,
    durationMs: engine.now - handling.since,
  };
}

/** Logs an agent out whose work in hand has ended; neither a wrap-up nor work set aside holds the person back. */
export function leaveIfDone(engine: Engine, agent: Agent): void {
  if (!agent.leaving) return;
  for (const handling of agent.handlings) if (holdsBack(handling)) return;
  engine.touch(agent);
  agent.leaving = false;
  agent.loggedIn = false;
  agent.connected = true;
  stopGrace(engine, agent);
  forgive(engine, agent);
  for (const handling of [...agent.handlings]) {
    if (handling.phase === "wrap_up") endWrapUp(engine, agent, handling, "logout");
    else giveBackWork(engine, agent, handling);
  }
}

function holdsBack({ phase, waiting }: Handling): boolean {
  return phase !== "wrap_up" && (phase !== "interrupted" || waiting === null);
}

/** A log-out is on its way, or the connection is back: the router need not log the agent out any more. */
export function stopGrace(engine: Engine, agent: Agent): void {
  if (agent.grace) engine.timers.cancel(agent.grace);
  agent.grace = null;
}

/** Work set aside waits for this agent at its old place. */
function giveBackWork(engine: Engine, agent: Agent, handling: Handling): void {
  dropHandling(engine, agent, handling);
  const { waiting } = handling;
  if (waiting === null || engine.floor.items.has(waiting.work.id)) return;
  const { id: itemId, queueId, queuedAt, handledBy = [] } = waiting.work;
  if (engine.floor.queues.has(queueId)) {
    engine.emit({ type: "item.returned", at: engine.now, itemId, queueId, queuedAt });
  }
  const work = { ...waiting.work, preferredAgentId: agent.id, handledBy: [...handledBy, agent.id] };
  enterAgain(engine, { ...waiting, work });
}

/** The work is done, and its queue learns how long it took. */
export function finishHandling(engine: Engine, agent: Agent, handling: Handling): void {
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const asideMs = handling.phase === "interrupted" ? engine.now - handling.since : 0;
  queue?.learn(engine.now - handling.startedAt - handling.asideMs - asideMs);
  dropHandling(engine, agent, handling);
}

/** Takes work out of the agent's hands, without a word. */
export function dropHandling(engine: Engine, agent: Agent, handling: Handling): void {
  engine.touch(agent);
  if (handling.timer) engine.timers.cancel(handling.timer);
  handling.timer = null;
  countIn(agent, handling, -1);
  const { handlings } = agent;
  if (handlings.at(-1) === handling) handlings.pop();
  else handlings.splice(handlings.indexOf(handling), 1);
  agent.idleSince = engine.now;
  leaveIfDone(engine, agent);
}

/** What the medium interrupts gives way to it. */
function setAside(engine: Engine, agent: Agent, medium: Medium, byItemId: ItemId): void {
  const gives = agent.capacity.interrupts[mediumIndex(medium)] as number;
  if (gives === 0) return;
  for (const handling of agent.handlings) {
    const { phase } = handling;
    if (phase === "wrap_up" || phase === "interrupted" || (gives & mediumBit(handling.medium)) === 0)
      continue;
    handling.asideFrom = phase;
    handling.asideBy = byItemId;
    enter(engine, agent, handling, "interrupted");
    const { itemId } = handling;
    engine.emit({ type: "item.interrupted", at: engine.now, itemId, agentId: agent.id, byItemId });
  }
}

/** Takes up again what nothing in hand interrupts any more; if nothing else is left to do, all of it. */
export function takeUpAgain(engine: Engine, agent: Agent): void {
  if (agent.aside === 0) return;
  const before = agent.aside;
  for (const handling of agent.handlings) {
    if (handling.phase === "interrupted" && !isInterrupted(agent, handling)) {
      takeUp(engine, agent, handling);
    }
  }
  if (agent.aside < before || agent.aside < agent.handlings.length) return;
  for (const handling of agent.handlings) takeUp(engine, agent, handling);
}

function isInterrupted(agent: Agent, { medium }: Handling): boolean {
  const by = agent.capacity.interruptedBy[mediumIndex(medium)] as number;
  for (const other of agent.handlings) if ((by & mediumBit(other.medium)) !== 0) return true;
  return false;
}

function takeUp(engine: Engine, agent: Agent, handling: Handling): void {
  const { itemId, asideFrom, asideBy } = handling;
  if (asideFrom === null || asideBy === null) return;
  handling.asideMs += engine.now - handling.since;
  handling.asideFrom = null;
  handling.asideBy = null;
  enter(engine, agent, handling, asideFrom);
  engine.emit({ type: "item.resumed", at: engine.now, itemId, agentId: agent.id, byItemId: asideBy });
}

function enter(engine: Engine, agent: Agent, handling: Handling, phase: HandlingPhase): void {
  const goesOn = isLeased(handling.phase) && isLeased(phase);
  if (handling.timer && !goesOn) {
    engine.timers.cancel(handling.timer);
    handling.timer = null;
  }
  countIn(agent, handling, -1);
  if (phase === "wrap_up" && handling.phase === "interrupted") {
    handling.asideMs += engine.now - handling.since;
    handling.asideFrom = null;
    handling.asideBy = null;
  }
  handling.phase = phase;
  handling.since = engine.now;
  countIn(agent, handling, 1);
  if (phase === "wrap_up") armWrapUp(engine, agent, handling);
  else if (isLeased(phase) && !goesOn) armLease(engine, agent, handling);
}

/** Counts the work at its agent, and, while it is not wrapped up, at its queue. */
function countIn(agent: Agent, handling: Handling, by: 1 | -1): void {
  if (handling.phase === "interrupted") agent.aside += by;
  else agent.inHand[mediumIndex(handling.medium)] = (agent.inHand[mediumIndex(handling.medium)] ?? 0) + by;
  if (handling.phase !== "wrap_up" && handling.hands !== null) handling.hands.count += by;
}

function armWrapUp(engine: Engine, agent: Agent, handling: Handling): void {
  if (handling.timer) engine.timers.cancel(handling.timer);
  handling.timer =
    handling.until === null ? null : engine.timers.add(handling.until, { kind: "wrap_up", agent, handling });
}

function armLease(engine: Engine, agent: Agent, handling: Handling): void {
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const leaseMs =
    handling.attempt > 0
      ? (queue?.config.callback ?? DEFAULT_CALLBACK).attemptLeaseMs
      : engine.centre.assignmentLeaseMs;
  handling.timer = engine.timers.add(engine.now + leaseMs, { kind: "lease", agent, handling });
}

function isLeased(phase: HandlingPhase): boolean {
  return phase === "ringing" || phase === "dialing";
}

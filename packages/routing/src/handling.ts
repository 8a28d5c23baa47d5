import type { QueueId } from "@svara/kernel";
import type { Agent, Handling, LivePhase } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { mediumIndex } from "./medium-bits.ts";
import { DEFAULT_CALLBACK, type HandlingPhase, type ItemId, type Medium, type WrapUpRule } from "./model.ts";
import type { WaitingState } from "./waiting-state.ts";

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

/** Puts an item into an agent's hands. What it interrupts was set aside before: see `taking.ts`. */
export function addHandling(engine: Engine, agent: Agent, taken: Taken): void {
  engine.touch(agent);
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
  if (handling.hands !== null) handling.hands.holders++;
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
  if (hands !== null) hands.holders++;
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
  const { hands, queueId } = handling;
  if (hands !== null && queueId !== null && --hands.holders === 0) engine.forgetHands(queueId);
  const { handlings } = agent;
  if (handlings.at(-1) === handling) handlings.pop();
  else handlings.splice(handlings.indexOf(handling), 1);
  agent.idleSince = engine.now;
}

/** The one door for a change of phase. */
export function enter(engine: Engine, agent: Agent, handling: Handling, phase: HandlingPhase): void {
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
  else {
    const i = mediumIndex(handling.medium);
    agent.inHand[i] = (agent.inHand[i] as number) + by;
  }
  if (handling.phase !== "wrap_up" && handling.hands !== null) handling.hands.count += by;
}

/** Arms the end of a limited wrap-up anew. */
export function armWrapUp(engine: Engine, agent: Agent, handling: Handling): void {
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

/** Whether a phase is under a lease. */
export function isLeased(phase: HandlingPhase): boolean {
  return phase === "ringing" || phase === "dialing";
}

import type { Instant } from "@svara/kernel";
import type { Agent, Handling } from "./agent.ts";
import { isReachable } from "./capacity.ts";
import type { AgentState, HandlingPhase, ItemId, Medium } from "./model.ts";

/** The derived state of an agent with what makes it so. */
interface DerivedState {
  readonly state: AgentState;
  readonly reason: string | null;
  readonly paid: boolean;
  readonly productive: boolean;
  readonly medium: Medium | null;
  readonly itemId: ItemId | null;
}

/*
 *            agent.logged_in                offer                 accepted               item.ended
 * logged_out ---------------> available <----------> reserved -----------------> talking -----------> wrap_up
 *      ^                        ^   |  withdrawn                                  | ^ phase_set          |
 *      |                 presence   v                                             v |                    |
 *      +------------------- not_ready <---- refused, failed, timed out          held, consulting, ...    |
 *                               ^                                                                        |
 *                               +------------------------ wrapup.finished, time-out --------------------+
 *
 * With several slots the busiest piece of work decides. Some words of not_ready are the system's: `keptFromWork`.
 */
const BUSYNESS: Readonly<Record<HandlingPhase | "busy_other" | "reserved", number>> = {
  talking: 0,
  conferenced: 1,
  consulting: 2,
  held: 3,
  dialing: 4,
  busy_other: 5,
  wrap_up: 6,
  reserved: 7,
  ringing: 8,
  interrupted: 9, // never looked at
};

/** What the agent does now, to be read before the next one is asked for; every instant has exactly one answer, so that durations tile the time logged in. */
export function deriveState(agent: Agent): DerivedState {
  if (!agent.loggedIn) return LOGGED_OUT;
  const busiest = busiestOf(agent);
  if (agent.busyOther && (busiest === undefined || BUSYNESS[busiest.phase] > BUSYNESS.busy_other)) {
    return BUSY_OTHER;
  }
  if (agent.offer && (busiest === undefined || BUSYNESS[busiest.phase] > BUSYNESS.reserved)) {
    const { id, work } = agent.offer.item;
    return working("reserved", { itemId: id, medium: work.medium });
  }
  if (busiest && busiest.phase !== "interrupted") {
    return working(busiest.phase === "ringing" ? "reserved" : busiest.phase, busiest);
  }
  if (agent.presence.state === "not_ready") {
    return idle("not_ready", agent.presence.reason, agent.presence.paid, agent.presence.productive);
  }
  const reason = keptFromWork(agent);
  return reason === null ? AVAILABLE : idle("not_ready", reason, true, false);
}

/** Why one who chose to be available is offered nothing. */
function keptFromWork(agent: Agent): string | null {
  if (!agent.connected) return "connection_lost";
  if (agent.rest !== null) return agent.restReason;
  return isReachable(agent) ? null : "unreachable";
}

/** Among equals the one taken first; what is set aside makes no state. */
function busiestOf(agent: Agent): Handling | undefined {
  let best: Handling | undefined;
  for (const handling of agent.handlings) {
    if (handling.phase === "interrupted") continue;
    if (best === undefined || BUSYNESS[handling.phase] < BUSYNESS[best.phase]) best = handling;
  }
  return best;
}

/** Whether the agent holds work that a chosen presence must wait for. */
export function isBusy(agent: Agent): boolean {
  return agent.handlings.length > 0 || agent.busyOther;
}

/** Whether time in the state counts as work for the occupancy (RT72). */
export function isWork(state: AgentState): boolean {
  return state !== "available" && state !== "not_ready" && state !== "logged_out";
}

/** The share of work in the time since the log-in, in millionths, with the state that lasts until now. */
export function occupancyAt(agent: Agent, now: Instant): number {
  const loggedInMs = now - agent.loggedInAt;
  if (loggedInMs <= 0) return 0;
  const workMs = agent.workMs + (isWork(agent.state) ? now - agent.stateSince : 0);
  return Math.floor((workMs * 1_000_000) / loggedInMs);
}

function idle(state: AgentState, reason: string | null, paid: boolean, productive: boolean): DerivedState {
  return { state, reason, paid, productive, medium: null, itemId: null };
}

const LOGGED_OUT = idle("logged_out", null, false, false);
const BUSY_OTHER = idle("busy_other", null, true, true);
const AVAILABLE = idle("available", null, true, true);

/** Told of every step and kept by nobody: there is only one. */
const atWork: { -readonly [K in keyof DerivedState]: DerivedState[K] } = { ...AVAILABLE };

function working(state: AgentState, work: Pick<Handling, "itemId" | "medium">): DerivedState {
  atWork.state = state;
  atWork.medium = work.medium;
  atWork.itemId = work.itemId;
  return atWork;
}

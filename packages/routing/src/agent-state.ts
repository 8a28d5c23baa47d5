import type { Agent, Handling } from "./agent.ts";
import { isReachable } from "./capacity.ts";
import type { AgentState, HandlingPhase, ItemId, Medium } from "./model.ts";

/** The derived state of an agent with what makes it so. */
export interface DerivedState {
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
 * With several slots the busiest piece of work decides.
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
  interrupted: 9,
};

/** What the agent does now; every instant has exactly one answer, so that durations tile the time logged in. */
export function deriveState(agent: Agent): DerivedState {
  if (!agent.loggedIn) return idle("logged_out", null, false, false);
  const busiest = busiestOf(agent);
  if (agent.busyOther && (busiest === undefined || BUSYNESS[busiest.phase] > BUSYNESS.busy_other)) {
    return idle("busy_other", null, true, true);
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
  if (!isReachable(agent)) return idle("not_ready", "unreachable", true, false);
  return idle("available", null, true, true);
}

/** Among equals the one taken first. */
function busiestOf(agent: Agent): Handling | undefined {
  let best: Handling | undefined;
  for (const handling of agent.handlings) {
    if (best === undefined || BUSYNESS[handling.phase] < BUSYNESS[best.phase]) best = handling;
  }
  return best;
}

/** Whether the agent holds work that a chosen presence must wait for. */
export function isBusy(agent: Agent): boolean {
  return agent.handlings.length > 0 || agent.busyOther;
}

function idle(state: AgentState, reason: string | null, paid: boolean, productive: boolean): DerivedState {
  return { state, reason, paid, productive, medium: null, itemId: null };
}

function working(state: AgentState, work: Pick<Handling, "itemId" | "medium">): DerivedState {
  return {
    state,
    reason: null,
    paid: true,
    productive: true,
    medium: work.medium,
    itemId: work.itemId,
  };
}

import { isReachable } from "./capacity.ts";
import type { Agent, Handling } from "./floor.ts";
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
 * With several slots the busiest piece of work decides. `busy_other` stands between the live phases and wrap-up.
 */
const LIVE: readonly HandlingPhase[] = ["talking", "conferenced", "consulting", "held", "dialing"];

/** What the agent does now; every instant has exactly one answer, so that durations tile the time logged in. */
export function deriveState(agent: Agent): DerivedState {
  if (!agent.loggedIn) return idle("logged_out", null, false, false);
  for (const phase of LIVE) {
    const handling = agent.handlings.find((h) => h.phase === phase);
    if (handling) return working(phase as AgentState, handling);
  }
  if (agent.busyOther) return idle("busy_other", null, true, true);
  const wrapUp = agent.handlings.find((h) => h.phase === "wrap_up");
  if (wrapUp) return working("wrap_up", wrapUp);
  if (agent.offer) {
    const { id, work } = agent.offer.item;
    return working("reserved", { itemId: id, medium: work.medium });
  }
  const ringing = agent.handlings.find((h) => h.phase === "ringing");
  if (ringing) return working("reserved", ringing);
  if (agent.presence.state === "not_ready") {
    return idle("not_ready", agent.presence.reason, agent.presence.paid, agent.presence.productive);
  }
  if (!isReachable(agent)) return idle("not_ready", "unreachable", true, false);
  return idle("available", null, true, true);
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

import type { AgentId } from "@svara/kernel";
import { callOther } from "./consult.ts";
import { enterHandler, releaseAgent, startHandler, unreserve } from "./handlers.ts";
import type { Destination, Refusal, VisitorInput } from "./inputs.ts";
import { agentLeg, join, legOf, play, writeMoved } from "./legs.ts";
import type { Handler, Leg, SideCall } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 * A call between colleagues goes on to another: who stays hears ring-back as if they had called, who gives it waits for word.
 *
 * talking ──► ringing (giver waits) ──► talking (giver gone) | talking (with the giver again) | over (giver gone, not reached)
 */

/** The colleague who stays when this agent goes. */
function stays(turn: Turn, side: SideCall, agentId: AgentId): AgentId | undefined {
  if (side.state !== "talking") return undefined;
  const other = side.other?.kind === "agent" ? side.other.agentId : undefined;
  const [one] = [side.asker, other].filter((id) => id !== agentId);
  return one !== undefined && turn.state.handlers[one]?.state === "talking" ? one : undefined;
}

/** Blind: the other is rung; only its answer lets the agent go. */
export function transferInternal(turn: Turn, handler: Handler, to: Destination): Refusal | undefined {
  const { side } = turn.state;
  const { agentId } = handler;
  if (side === undefined || side.giver !== undefined || handler.state !== "talking") return "wrong_state";
  if (to.kind !== "agent" && to.kind !== "number") return "wrong_state";
  const stayer = stays(turn, side, agentId);
  const leg = stayer && agentLeg(turn, stayer);
  if (stayer === undefined || leg === undefined || handler.legId === undefined) return "wrong_state";
  side.asker = stayer;
  side.giver = agentId;
  side.to = to;
  enterHandler(turn, agentId, "parked");
  enterHandler(turn, stayer, "dialing");
  play(turn, leg, "ringback");
  play(turn, handler.legId, "music");
  callOther(turn, to);
  return undefined;
}

/** The other answered: the agent who gave the call is off it. */
export function internalTaken(turn: Turn, side: SideCall): void {
  tellSettled(turn, side, true, "answered");
}

/** The other did not come: the two talk again. When the agent who gave the call is gone, it is over. */
export function internalNotTaken(turn: Turn, side: SideCall, cause: string): void {
  const { giver, asker, other } = side;
  const own = agentLeg(turn, asker);
  const back = giver && agentLeg(turn, giver);
  if (other?.kind === "agent" && turn.state.handlers[other.agentId]?.legId === other.legId)
    unreserve(turn, other.agentId, cause, "not_answered");
  if (giver === undefined || own === undefined || back === undefined) return;
  delete side.giver;
  side.other = { kind: "agent", agentId: giver, legId: back };
  side.to = { kind: "agent", agentId: giver };
  side.state = "talking";
  join(turn, "side", own);
  join(turn, "side", back);
  enterHandler(turn, asker, "talking");
  enterHandler(turn, giver, "talking");
  const { contactId } = turn;
  turn.emit({ to: "house", type: "transfer.settled", contactId, agentId: giver, done: false, cause });
}

/** Who gave the call waits no longer: they hung up, are lost, or it is over. */
export function letGiverGo(turn: Turn, side: SideCall, cause: string): void {
  tellSettled(turn, side, cause === "hung_up" || cause === "lost", cause);
}

function tellSettled(turn: Turn, side: SideCall, done: boolean, cause: string): void {
  const { giver } = side;
  if (giver === undefined) return;
  delete side.giver;
  releaseAgent(turn, giver, { reason: "transferred", wrapUp: false, by: "agent" });
  const { contactId } = turn;
  turn.emit({ to: "house", type: "transfer.settled", contactId, agentId: giver, done, cause });
}

/** Attended: the far party of another call of this agent comes in the agent's place. */
export function takeInternal(
  turn: Turn,
  handler: Handler,
  { party, fromContactId }: Extract<VisitorInput, { type: "merge.take" }>,
): Refusal | undefined {
  const { contactId, state } = turn;
  const { side } = state;
  const { agentId } = handler;
  if (side === undefined || side.giver !== undefined || state.legs[party.legId]) return "wrong_state";
  const stayer = stays(turn, side, agentId);
  const own = legOf(turn, stayer && agentLeg(turn, stayer));
  if (stayer === undefined || own === undefined) return "wrong_state";
  const there = party.kind === "agent" ? state.handlers[party.agentId] : undefined;
  if (there !== undefined && there.state !== "wrap_up") return "same_agent";
  const leg: Leg = {
    legId: party.legId,
    role: party.kind,
    direction: "out",
    purpose: "merge",
    contactId,
    state: "up",
    ...(party.kind === "agent" && { agentId: party.agentId }),
  };
  state.legs[leg.legId] = leg;
  writeMoved(turn, leg, "from", contactId, fromContactId);
  if (party.kind === "agent") {
    turn.emit({ to: "router", type: "item.assigned", contactId, agentId: party.agentId, purpose: "merge" });
    const { legId } = party;
    startHandler(turn, { agentId: party.agentId, contactId, purpose: "merge", legId, state: "talking" });
  }
  side.asker = stayer;
  side.other = party;
  releaseAgent(turn, agentId, { reason: "transferred", wrapUp: false, by: "agent" });
  join(turn, "side", own.legId);
  join(turn, "side", leg.legId);
  return undefined;
}

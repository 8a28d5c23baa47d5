import type { AgentId } from "@svara/kernel";
import { connectAgent, connectExternal } from "./connect.ts";
import { endInternal } from "./consult.ts";
import { dismissCustomer } from "./customer.ts";
import { leaveHandler, releaseAgent, startHandler } from "./handlers.ts";
import type { Refusal, VisitorInput } from "./inputs.ts";
import { agentLeg, giveLeg, legOf, writeMoved } from "./legs.ts";
import type { Handler, Leg } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 * The two halves of an attended transfer between two contacts of one agent's phone: the customer's contact takes the far
 * party of the other, which lets it go and ends. `leg.moved` in both ledgers links them.
 */

type Take = Extract<VisitorInput, { type: "merge.take" }>;
type Give = Extract<VisitorInput, { type: "merge.give" }>;

/** The customer's contact: the far party has the customer from now. The caller has checked that `handler` may transfer. */
export function takeParty(turn: Turn, handler: Handler, { party, fromContactId }: Take): Refusal | undefined {
  const { contactId, state } = turn;
  if (state.legs[party.legId]) return "wrong_state";
  const other = party.kind === "agent" ? state.handlers[party.agentId] : undefined;
  if (other !== undefined && other.state !== "wrap_up") return "same_agent";
  const { legId } = party;
  const target =
    party.kind === "agent"
      ? ({ kind: "agent", agentId: party.agentId } as const)
      : ({ kind: "number" } as const);
  const about = { transferId: turn.ids.next(), kind: "consult", target } as const;
  turn.write("transfer.started", { agentId: handler.agentId }, about);
  turn.write("transfer.completed", { agentId: handler.agentId }, about);
  const leg: Leg = {
    legId,
    role: party.kind,
    direction: "out",
    purpose: "merge",
    contactId,
    state: "up",
    ...(party.kind === "agent" && { agentId: party.agentId }),
  };
  state.legs[legId] = leg;
  writeMoved(turn, leg, "from", contactId, fromContactId);
  if (party.kind === "agent") {
    const { agentId } = party;
    const purpose = "merge";
    turn.emit({ to: "router", type: "item.assigned", contactId, agentId, purpose });
    startHandler(turn, { agentId, contactId, purpose, legId, state: "talking" });
    connectAgent(turn, agentId, legId);
  } else {
    connectExternal(turn, legId);
  }
  releaseAgent(turn, handler.agentId, { reason: "transferred", wrapUp: true, by: "agent" });
  return undefined;
}

/** The other contact: the leg goes on elsewhere, and with it the call is over here. */
export function givePart(turn: Turn, { agentId, legId, toContactId }: Give): Refusal | undefined {
  const { side, place, conference } = turn.state;
  const leg = legOf(turn, legId);
  if (leg?.state !== "up" || leg.greetingUntil !== undefined) return "not_answered_yet";
  if (side?.internal) return giveColleague(turn, agentId, leg, toContactId);
  if (side) return "consult_running";
  if (conference) return "conference_running";
  const has = (place.at === "talk" && place.with.kind === "agent") || place.at === "hold";
  if (!has || place.legId !== legId) return "wrong_state";
  giveLeg(turn, leg, toContactId);
  dismissCustomer(turn, { outcome: "answered", by: "agent", reason: "transferred" });
  releaseAgent(turn, agentId, { reason: "transferred", wrapUp: true, by: "agent" });
  return undefined;
}

function giveColleague(turn: Turn, agentId: AgentId, leg: Leg, toContactId: string): Refusal | undefined {
  const { side } = turn.state;
  if (side?.state !== "talking") return "not_answered_yet";
  const far = leg.agentId;
  if (far === agentId) return "same_agent";
  const isFar = side.other?.legId === leg.legId || (far !== undefined && agentLeg(turn, far) === leg.legId);
  if (!isFar) return "no_such_party";
  giveLeg(turn, leg, toContactId);
  const { contactId } = turn;
  if (far !== undefined && turn.state.handlers[far]) {
    leaveHandler(turn, far, "transferred");
    turn.emit({ to: "router", type: "item.ended", contactId, agentId: far, wrapUp: false, lost: false });
  }
  endInternal(turn, side, "answered", "agent");
  return undefined;
}

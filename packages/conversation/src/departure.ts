import type { AgentId } from "@svara/kernel";
import type { ContactOutcome, Doer, SegmentEnd } from "@svara/ledger";
import {
  agentLeaves,
  endConference,
  externalLeaves,
  goOnAlone,
  loseFromConference,
  partyOf,
} from "./conference.ts";
import { completeConsult, consultToBlind, customerLeftConsult, endConsult, endInternal } from "./consult.ts";
import { agentOf, dismissCustomer } from "./customer.ts";
import { announcedAgentGone, isAnnouncing } from "./greeting.ts";
import { releaseAgent, unreserve } from "./handlers.ts";
import { letGiverGo } from "./internal-transfer.ts";
import { hang, legOf } from "./legs.ts";
import { abandonPark } from "./park.ts";
import { leaveQueue, offerNotAnswered, withdrawItem } from "./queueing.ts";
import { detach } from "./reattach.ts";
import { outboundFailed } from "./start.ts";
import type { Leg, Place, SideCall } from "./state.ts";
import { abandonTransfer, requeueOrPart } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** Causes with which an agent's answered leg is lost rather than hung up: the agent may come back. */
const LOST = new Set(["media_timeout", "transport_lost", "not_registered", "congestion", "failed"]);

/** Whether the end of an agent's answered leg means that we have lost them. */
export function isLoss(by: Doer, cause: string): boolean {
  return by !== "agent" || LOST.has(cause);
}

/** The customer's leg is over (or will be: we hung it up for them). */
export function customerEnded(turn: Turn, by: Doer, cause: string): void {
  const { place } = turn.state;
  const reason: SegmentEnd = by === "customer" ? "customer_ended" : "failed_tech";
  const failed = by === "customer" ? undefined : "failed_tech";
  switch (place.at) {
    case "none":
    case "gone":
      return;
    case "dialing": {
      const dialer = turn.handlers().find((h) => h.state === "dialing");
      if (dialer) outboundFailed(turn, dialer.agentId, by, cause);
      return;
    }
    case "flow":
      turn.emit({ to: "flow", type: "flow.stop" });
      return dismissCustomer(turn, {
        outcome: turn.state.promised ? "callback_requested" : (failed ?? leftFlow(turn)),
        by,
        reason,
      });
    case "queue":
      withdrawItem(turn, "customer_ended", "customer_ended");
      leaveQueue(turn, failed ?? "abandoned");
      turn.emit({ to: "flow", type: "flow.stop" });
      return dismissCustomer(turn, { outcome: failed ?? "abandoned_queue", by, reason });
    case "announcing":
      leaveQueue(turn, failed ?? "abandoned");
      releaseAgent(turn, place.agentId, { reason, wrapUp: false, by });
      return dismissCustomer(turn, { outcome: failed ?? "abandoned_queue", by, reason });
    case "talk":
    case "hold":
    case "conference":
    case "detached":
      return customerLeft(turn, place, by, reason);
    case "parked":
      abandonPark(turn, "customer_ended");
      return dismissCustomer(turn, { outcome: "answered", by, reason });
    case "transferring":
      abandonTransfer(turn);
      return dismissCustomer(turn, { outcome: "answered", by, reason });
    case "farewell":
      return dismissCustomer(turn, { outcome: place.outcome, by, reason });
  }
}

/** A customer whom an agent sent back into a flow has been served. */
function leftFlow(turn: Turn): ContactOutcome {
  return turn.state.served ? "answered" : "abandoned_ivr";
}

function customerLeft(
  turn: Turn,
  place: Extract<Place, { at: "talk" | "hold" | "conference" | "detached" }>,
  by: Doer,
  reason: SegmentEnd,
): void {
  if (place.at === "talk" && place.with.kind === "external") {
    dismissCustomer(turn, { outcome: "transferred_out", by, reason });
    return hang(turn, place.with.legId, "normal", by);
  }
  const agentId = agentOf(place);
  dismissCustomer(turn, { outcome: "answered", by, reason });
  endConference(turn, by, "customer_ended");
  const { side } = turn.state;
  if (side && !side.internal) customerLeftConsult(turn, side);
  // a consultation that goes on keeps its agent; it ends into after-contact work
  if (agentId !== undefined && turn.state.side === undefined)
    releaseAgent(turn, agentId, { reason, wrapUp: true, by });
}

/** An agent hung up (by telephone or by button) after having answered. */
export function agentHungUp(turn: Turn, agentId: AgentId): void {
  const handler = turn.state.handlers[agentId];
  const { side, place } = turn.state;
  if (handler === undefined) return;
  if (side?.giver === agentId) return letGiverGo(turn, side, "hung_up");
  if (side?.internal)
    return endInternal(turn, side, side.state === "talking" ? "answered" : "cancelled", "agent");
  if (handler.state === "dialing") return outboundFailed(turn, agentId, "agent", "cancelled");
  if (side && side.asker === agentId) {
    if (place.at === "gone")
      return endConsult(turn, side, { by: "agent", outcome: "answered", reason: "customer_ended" });
    const answered = side.state === "talking" || side.state === "parked";
    return answered ? completeConsult(turn, side) : consultToBlind(turn, side);
  }
  if (side?.other?.kind === "agent" && side.other.agentId === agentId) {
    return endConsult(turn, side, { by: "agent", outcome: "answered", reason: "agent" });
  }
  if (handler.state === "wrap_up") return;
  if (isAnnouncing(turn, legOf(turn, handler.legId))) return announcedAgentGone(turn);
  if (handler.state === "conferenced") return agentLeaves(turn, agentId, "left");
  goOnAlone(turn, agentId);
  dismissCustomer(turn, { outcome: "answered", by: "agent", reason: "agent_ended" });
  releaseAgent(turn, agentId, { reason: "agent_ended", wrapUp: true, by: "agent" });
}

/**
 * An agent's answered leg is gone without their doing. With a customer: comfort music and a grace in which the agent
 * may come back. Without one: the call is over.
 */
export function agentLost(turn: Turn, agentId: AgentId): void {
  const handler = turn.state.handlers[agentId];
  const { side } = turn.state;
  if (handler === undefined || handler.state === "wrap_up" || handler.state === "detached") return;
  const announcing = isAnnouncing(turn, legOf(turn, handler.legId));
  if (handler.state === "ringing" && !announcing) return;
  hang(turn, handler.legId, "failed", "carrier");
  if (announcing) return announcedAgentGone(turn);
  if (side?.giver === agentId) return letGiverGo(turn, side, "lost");
  if (side?.internal)
    return endInternal(turn, side, side.state === "talking" ? "answered" : "failed_tech", "carrier");
  if (handler.state === "dialing") return outboundFailed(turn, agentId, "carrier", "failed");
  if (handler.state === "conferenced") return loseFromConference(turn, agentId);
  goOnAlone(turn, agentId);
  if (side && side.asker === agentId) {
    // without a customer there is nothing to come back to but the third party: the consultation is over
    if (turn.state.place.at === "gone") endAskersConsult(turn, side);
  } else if (side?.other?.kind === "agent" && side.other.agentId === agentId) {
    return endConsult(turn, side, { by: "carrier", outcome: "answered", reason: "failed" });
  }
  detach(turn, agentId);
}

function endAskersConsult(turn: Turn, side: SideCall): void {
  const answered = side.state === "talking" || side.state === "parked";
  endConsult(turn, side, {
    by: "carrier",
    outcome: answered ? "answered" : "failed_tech",
    reason: "failed",
  });
}

/** The grace is over: the customer goes back to the front of the queue. */
export function graceOver(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "detached") return;
  const { agentId } = place;
  const { side } = turn.state;
  if (side?.asker === agentId) endAskersConsult(turn, side);
  requeueOrPart(turn);
  releaseAgent(turn, agentId, { reason: "failed_tech", wrapUp: false, lost: true });
}

/** A party outside the house is gone: from the customer, or from a consultation. */
export function externalEnded(turn: Turn, leg: Leg, by: Doer): void {
  const { place, side } = turn.state;
  if (place.at === "talk" && place.with.kind === "external" && place.with.legId === leg.legId)
    return dismissCustomer(turn, { outcome: "transferred_out", by, reason: "completed" });
  if (partyOf(turn, leg)) return externalLeaves(turn, leg, "left", by);
  if (side?.other?.legId !== leg.legId) return;
  if (side.internal) endInternal(turn, side, "answered", by);
  else endConsult(turn, side, { by, outcome: "answered", reason: "agent" });
}

/** We end the contact: everybody is hung up. */
export function endByUs(turn: Turn, outcome: ContactOutcome): void {
  const { side, place } = turn.state;
  if (side?.internal) endInternal(turn, side, outcome, "us");
  else if (side) endConsult(turn, side, { by: "us", outcome, reason: "failed" });
  if (place.at === "queue") {
    withdrawItem(turn, "us", "queue_left");
    leaveQueue(turn, "failed_tech");
  }
  if (place.at === "announcing") {
    leaveQueue(turn, "failed_tech");
    releaseAgent(turn, place.agentId, { reason: "failed_tech", wrapUp: false });
  }
  if (place.at === "parked") abandonPark(turn, "ended");
  endConference(turn, "us", "ended");
  if (place.at === "queue" || place.at === "flow") turn.emit({ to: "flow", type: "flow.stop" });
  // the offer of a call-back is not withdrawn by the router, which does not know
  if (place.at === "none")
    for (const offer of Object.values(turn.state.offers)) offerNotAnswered(turn, offer, "us", "ended");
  if (place.at === "transferring") abandonTransfer(turn);
  if (place.at === "talk" && place.with.kind === "external") hang(turn, place.with.legId, "normal", "us");
  dismissCustomer(turn, { outcome, by: "us", reason: "failed_tech" });
  turn.state.result ??= { outcome, endedBy: "us" };
  for (const { agentId, state } of turn.handlers()) {
    if (state === "ringing") unreserve(turn, agentId, "ended", "withdrawn");
    else releaseAgent(turn, agentId, { reason: "failed_tech", wrapUp: state !== "dialing" });
  }
}

import type { AgentId } from "@svara/kernel";
import type { ContactOutcome, Doer, SegmentEnd } from "@svara/ledger";
import { completeConsult, consultToBlind, customerLeftConsult, endConsult, endInternal } from "./consult.ts";
import { dismissCustomer, enterPlace } from "./customer.ts";
import { enterHandler, releaseAgent, unreserve } from "./handlers.ts";
import { hang, play, ring } from "./legs.ts";
import { leaveQueue, offerNotAnswered, withdrawItem } from "./queueing.ts";
import { outboundFailed } from "./start.ts";
import type { Leg, Place } from "./state.ts";
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
        outcome: turn.state.promised ? "callback_requested" : (failed ?? "abandoned_ivr"),
        by,
        reason,
      });
    case "queue":
      withdrawItem(turn, "customer_ended", "customer_ended");
      leaveQueue(turn, failed ?? "abandoned");
      turn.emit({ to: "flow", type: "flow.stop" });
      return dismissCustomer(turn, { outcome: failed ?? "abandoned_queue", by, reason });
    case "talk":
    case "hold":
    case "detached":
      return customerLeft(turn, place, by, reason);
    case "transferring":
      abandonTransfer(turn);
      return dismissCustomer(turn, { outcome: "answered", by, reason });
    case "farewell":
      return dismissCustomer(turn, { outcome: place.outcome, by, reason });
  }
}

function customerLeft(
  turn: Turn,
  place: Extract<Place, { at: "talk" | "hold" | "detached" }>,
  by: Doer,
  reason: SegmentEnd,
): void {
  if (place.at === "talk" && place.with.kind === "external") {
    dismissCustomer(turn, { outcome: "transferred_out", by, reason });
    return hang(turn, place.with.legId, "normal", by);
  }
  const agentId = place.at === "talk" && place.with.kind === "agent" ? place.with.agentId : agentAt(place);
  dismissCustomer(turn, { outcome: "answered", by, reason });
  const { side } = turn.state;
  if (side && !side.internal) customerLeftConsult(turn, side);
  // a consultation that goes on keeps its agent; it ends into after-contact work
  if (agentId !== undefined && turn.state.side === undefined)
    releaseAgent(turn, agentId, { reason, wrapUp: true, by });
}

function agentAt(place: Place): AgentId | undefined {
  return place.at === "hold" || place.at === "detached" ? place.agentId : undefined;
}

/** An agent hung up (by telephone or by button) after having answered. */
export function agentHungUp(turn: Turn, agentId: AgentId): void {
  const handler = turn.state.handlers[agentId];
  const { side, place } = turn.state;
  if (handler === undefined) return;
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
  if (handler === undefined || handler.state === "ringing" || handler.state === "wrap_up") return;
  if (handler.state === "detached") return;
  hang(turn, handler.legId, "failed", "carrier");
  if (side?.internal)
    return endInternal(turn, side, side.state === "talking" ? "answered" : "failed_tech", "carrier");
  if (handler.state === "dialing") return outboundFailed(turn, agentId, "carrier", "failed");
  if (side && side.asker === agentId) {
    const answered = side.state === "talking" || side.state === "parked";
    endConsult(turn, side, {
      by: "carrier",
      outcome: answered ? "answered" : "failed_tech",
      reason: "failed",
    });
  } else if (side?.other?.kind === "agent" && side.other.agentId === agentId) {
    return endConsult(turn, side, { by: "carrier", outcome: "answered", reason: "failed" });
  }
  detach(turn, agentId);
}

function detach(turn: Turn, agentId: AgentId): void {
  const { place } = turn.state;
  if (place.at !== "talk" && place.at !== "hold") return;
  const { legId } = place;
  play(turn, legId, "comfort");
  const handler = turn.state.handlers[agentId];
  if (handler) delete handler.legId;
  enterHandler(turn, agentId, "detached", "failed_tech");
  const { reattachGraceMs = 30_000 } = turn.settings;
  enterPlace(turn, { at: "detached", legId, agentId, until: turn.at + reattachGraceMs });
}

/** The lost agent can be called again: ring them at once; a call to an older registration is given up. */
export function agentReturned(turn: Turn, agentId: AgentId): void {
  const { place } = turn.state;
  const handler = turn.state.handlers[agentId];
  if (place.at !== "detached" || place.agentId !== agentId || handler === undefined) return;
  hang(turn, handler.legId, "cancelled", "us");
  const leg = ring(turn, {
    target: { kind: "agent", agentId },
    role: "agent",
    purpose: "reattach",
    contactId: turn.contactId,
    timeoutMs: Math.max(1_000, place.until - turn.at),
  });
  delete leg.ringUntil;
  handler.legId = leg.legId;
}

/** The call to the lost agent came to nothing; there is still the rest of the grace. */
export function reattachNotAnswered(turn: Turn, leg: Leg): void {
  const handler = leg.agentId === undefined ? undefined : turn.state.handlers[leg.agentId];
  if (handler?.legId === leg.legId) delete handler.legId;
}

/** The grace is over: the customer goes back to the front of the queue. */
export function graceOver(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "detached") return;
  const { agentId } = place;
  requeueOrPart(turn);
  releaseAgent(turn, agentId, { reason: "failed_tech", wrapUp: false, lost: true });
}

/** A party outside the house is gone: from the customer, or from a consultation. */
export function externalEnded(turn: Turn, leg: Leg, by: Doer): void {
  const { place, side } = turn.state;
  if (place.at === "talk" && place.with.kind === "external" && place.with.legId === leg.legId)
    return dismissCustomer(turn, { outcome: "transferred_out", by, reason: "completed" });
  if (side?.other?.legId === leg.legId) endConsult(turn, side, { by, outcome: "answered", reason: "agent" });
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

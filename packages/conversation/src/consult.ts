import type { AgentId, ContactId } from "@svara/kernel";
import type { ContactOutcome, Doer } from "@svara/ledger";
import { connectAgent, connectExternal, customerLeg } from "./connect.ts";
import { enterPlace } from "./customer.ts";
import { enterHandler, moveHandler, releaseAgent, startHandler, unreserve } from "./handlers.ts";
import { answerInitiator, wordOf } from "./initiator.ts";
import type { ConsultDestination, Target } from "./inputs.ts";
import { internalTaken, letGiverGo } from "./internal-transfer.ts";
import {
  adoptLeg,
  agentLeg,
  destroyBridge,
  hang,
  join,
  leave,
  play,
  ring,
  ringLimitMs,
  silence,
} from "./legs.ts";
import { enterQueue, withdrawOffer } from "./queueing.ts";
import type { Leg, SideCall } from "./state.ts";
import { hearRinging, ledgerTarget } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/**
 * asker_ringing ──► ringing ──► talking ◄──► parked          (asker_ringing: internal calls only)
 *        queued ────────────────► ▲                           every state ──► (over)
 */

/** Puts the customer on hold and calls a third party on the agent's own leg; the call is a contact of its own. */
export function startConsult(turn: Turn, agentId: AgentId, to: ConsultDestination): void {
  const customer = customerLeg(turn);
  const own = agentLeg(turn, agentId);
  if (customer === undefined || own === undefined) return;
  const side: SideCall = {
    contactId: turn.ids.next(),
    internal: false,
    transferId: turn.ids.next(),
    asker: agentId,
    to,
    state: to.kind === "queue" ? "queued" : "ringing",
  };
  turn.write("transfer.started", { agentId }, transferOf(side));
  turn.write(
    "contact.created",
    { contactId: side.contactId, agentId },
    { medium: "voice", direction: "internal", origin: "agent", linkedTo: turn.contactId },
  );
  turn.state.side = side;
  play(turn, customer, "music");
  enterPlace(turn, { at: "hold", legId: customer, agentId, remote: false });
  enterHandler(turn, agentId, "consulting");
  play(turn, own, "ringback");
  if (to.kind !== "queue") return callOther(turn, to);
  queueConsult(turn, side, to);
}

/** The consultation waits for an agent of a queue, as an internal item under its own contact. */
export function queueConsult(
  turn: Turn,
  side: SideCall,
  to: Extract<ConsultDestination, { kind: "queue" }>,
): void {
  side.state = "queued";
  turn.emit({
    to: "router",
    type: "item.queued",
    contactId: side.contactId,
    queueId: to.queueId,
    initiation: "transfer",
    ...(to.priority !== undefined && { priority: to.priority }),
    queuedAt: turn.at,
    internal: true,
  });
}

/** Rings the third party (or the colleague of an internal call). */
export function callOther(turn: Turn, target: Target): void {
  const { side } = turn.state;
  if (side === undefined) return;
  const { contactId } = side;
  const purpose = side.internal ? "internal" : "consult";
  side.state = "ringing";
  if (target.kind === "agent")
    turn.emit({ to: "router", type: "agent.reserved", agentId: target.agentId, contactId, purpose });
  const near = agentLeg(turn, side.asker);
  const leg = ring(turn, {
    target,
    role: target.kind === "agent" ? "agent" : "external",
    purpose,
    contactId,
    timeoutMs: ringLimitMs(turn, target),
    ...(near && { near }),
  });
  if (target.kind === "agent") {
    side.other = { kind: "agent", agentId: target.agentId, legId: leg.legId };
    startHandler(turn, { agentId: target.agentId, contactId, purpose, legId: leg.legId });
  } else {
    side.other = { kind: "external", legId: leg.legId };
  }
}

/** The third party answered. */
export function sideAnswered(turn: Turn, leg: Leg): void {
  const { side } = turn.state;
  if (side === undefined) return;
  const own = agentLeg(turn, side.asker);
  if (own !== undefined && answerInitiator(turn, own)) return;
  const askerLost = turn.state.handlers[side.asker]?.state === "detached";
  const { contactId } = side;
  if (leg.agentId !== undefined) {
    side.other = { kind: "agent", agentId: leg.agentId, legId: leg.legId };
    if (leg.purpose !== "offer")
      turn.emit({
        to: "router",
        type: "item.assigned",
        contactId,
        agentId: leg.agentId,
        purpose: side.internal ? "internal" : "consult",
      });
    enterHandler(turn, leg.agentId, "talking");
  }
  side.state = "talking";
  if (askerLost || own === undefined) return void play(turn, leg.legId, "comfort");
  join(turn, "side", own);
  join(turn, "side", leg.legId);
  if (!side.internal) return;
  enterHandler(turn, side.asker, "talking");
  if (side.giver !== undefined) internalTaken(turn, side);
}

/** The asking agent goes over to the customer, or back to the third party; the other of the two hears music. */
export function swapConsult(turn: Turn, side: SideCall): void {
  const customer = customerLeg(turn);
  const own = agentLeg(turn, side.asker);
  const { other } = side;
  if (customer === undefined || own === undefined || other === undefined) return;
  if (side.state === "talking") {
    side.state = "parked";
    play(turn, other.legId, "music");
    if (other.kind === "agent") enterHandler(turn, other.agentId, "parked");
    connectAgent(turn, side.asker, own);
  } else {
    side.state = "talking";
    play(turn, customer, "music");
    enterPlace(turn, { at: "hold", legId: customer, agentId: side.asker, remote: false });
    rejoinConsult(turn, side);
  }
}

/** Asking agent and third party talk again. */
export function rejoinConsult(turn: Turn, side: SideCall): void {
  const own = agentLeg(turn, side.asker);
  const { other } = side;
  if (own === undefined || other === undefined) return;
  side.state = "talking";
  join(turn, "side", own);
  join(turn, "side", other.legId);
  enterHandler(turn, side.asker, "consulting");
  if (other.kind === "agent") enterHandler(turn, other.agentId, "talking");
}

/** Gives the customer to the third party, who has answered; the asking agent goes into after-contact work. */
export function completeConsult(turn: Turn, side: SideCall): void {
  const { other, asker } = side;
  if (other === undefined) return;
  turn.write("transfer.completed", { agentId: asker }, transferOf(side));
  adoptLeg(turn, other.legId);
  const { contactId } = turn;
  if (other.kind === "agent") {
    // assigned before the consultation ends, so that the router never sees the agent free in between
    turn.emit({
      to: "router",
      type: "item.assigned",
      contactId,
      agentId: other.agentId,
      purpose: "transfer",
    });
    moveHandler(turn, other.agentId, contactId, "talking");
    endItem(turn, side, other.agentId);
    connectAgent(turn, other.agentId, other.legId);
  } else {
    connectExternal(turn, other.legId);
  }
  closeSide(turn, side, "answered", "agent");
  releaseAgent(turn, asker, { reason: "transferred", wrapUp: true, by: "agent" });
}

/** The asking agent hung up before the third party answered: the consultation becomes a blind transfer. */
export function consultToBlind(turn: Turn, side: SideCall): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const { other, asker, to } = side;
  if (to.kind === "queue") {
    withdrawSideItem(turn, side, "transferred");
    turn.write("transfer.completed", { agentId: asker }, transferOf(side));
    closeSide(turn, side, "cancelled", "agent");
    silence(turn, customer);
    leave(turn, customer);
    enterQueue(turn, {
      queueId: to.queueId,
      initiation: "transfer",
      ...(to.priority !== undefined && { priority: to.priority }),
    });
  } else if (other !== undefined) {
    adoptLeg(turn, other.legId);
    if (other.kind === "agent") {
      turn.emit({
        to: "router",
        type: "agent.reserved",
        agentId: other.agentId,
        contactId: turn.contactId,
        purpose: "transfer",
      });
      moveHandler(turn, other.agentId, turn.contactId, "ringing");
      turn.emit({
        to: "router",
        type: "agent.released",
        agentId: other.agentId,
        contactId: side.contactId,
        cause: "transferred",
      });
    }
    closeSide(turn, side, "cancelled", "agent");
    hearRinging(turn, other.legId);
    const { transferId } = side;
    enterPlace(
      turn,
      {
        at: "transferring",
        legId: customer,
        transfer: {
          transferId,
          kind: "consult",
          from: asker,
          target: to,
          ringing: other.legId,
          returning: false,
        },
      },
      "transferred",
    );
  }
  releaseAgent(turn, asker, { reason: "transferred", wrapUp: true, by: "agent" });
}

/**
 * Ends the consultation without a transfer. The asking agent goes back to the customer: at once when `retrieve`, else
 * the customer stays on hold. When the customer is gone, the agent goes into after-contact work.
 */
export function endConsult(
  turn: Turn,
  side: SideCall,
  end: {
    readonly by: Doer;
    readonly outcome: ContactOutcome;
    readonly reason: "agent" | "customer_ended" | "not_answered" | "failed";
    readonly cause?: string;
    readonly retrieve?: boolean;
  },
): void {
  const { asker, state } = side;
  if (state === "queued") withdrawSideItem(turn, side, "consult_ended");
  dropOther(turn, side, end.by, end.cause ?? end.reason);
  turn.write("transfer.cancelled", { agentId: asker }, { ...transferOf(side), reason: end.reason });
  closeSide(turn, side, end.outcome, end.by);
  const own = agentLeg(turn, asker);
  const handler = turn.state.handlers[asker];
  if (handler === undefined) return;
  if (turn.state.place.at === "gone") {
    releaseAgent(turn, asker, { reason: "customer_ended", wrapUp: true, by: end.by });
  } else if (handler.state === "consulting" && own !== undefined) {
    if (end.retrieve) return connectAgent(turn, asker, own);
    join(turn, "main", own);
    enterHandler(turn, asker, "held");
  }
}

/** The customer hung up. What has been answered goes on between the two; what still rings or waits is over. */
export function customerLeftConsult(turn: Turn, side: SideCall): void {
  const lost = turn.state.handlers[side.asker]?.state === "detached";
  if (side.state === "parked" && !lost) return rejoinConsult(turn, side);
  if (side.state === "talking" && !lost) return;
  endConsult(turn, side, { by: "customer", outcome: "cancelled", reason: "customer_ended" });
}

/** An internal call is over: both colleagues are free, nothing follows. */
export function endInternal(turn: Turn, side: SideCall, outcome: ContactOutcome, by: Doer): void {
  dropOther(turn, side, by, outcome);
  if (side.giver !== undefined) letGiverGo(turn, side, outcome);
  const handler = turn.state.handlers[side.asker];
  if (handler?.state === "ringing") unreserve(turn, side.asker, outcome, "not_answered");
  else
    releaseAgent(turn, side.asker, {
      reason: by === "us" ? "failed_tech" : "completed",
      wrapUp: false,
      by,
      word: wordOf(outcome),
    });
  turn.state.result = { outcome, endedBy: by };
  delete turn.state.side;
  destroyBridge(turn, "side");
}

function dropOther(turn: Turn, side: SideCall, by: Doer, cause: string): void {
  const { other } = side;
  if (other === undefined) return;
  if (other.kind === "external") return hang(turn, other.legId, "normal", by);
  const handler = turn.state.handlers[other.agentId];
  if (handler?.legId !== other.legId) return;
  if (handler.state === "ringing") unreserve(turn, other.agentId, cause, "not_answered");
  else releaseAgent(turn, other.agentId, { reason: "completed", wrapUp: false, by });
}

function withdrawSideItem(turn: Turn, side: SideCall, reason: "consult_ended" | "transferred"): void {
  if (side.to.kind !== "queue") return;
  withdrawOffer(turn, side.contactId, "queue_left");
  const { contactId } = side;
  turn.emit({ to: "router", type: "item.withdrawn", contactId, queueId: side.to.queueId, reason });
}

export function endItem(turn: Turn, side: SideCall, agentId: AgentId): void {
  const contactId: ContactId = side.contactId;
  turn.emit({ to: "router", type: "item.ended", contactId, agentId, wrapUp: false, lost: false });
}

/** The consultation's own contact is over; the ledger closes it when its legs have ended. */
export function closeSide(turn: Turn, side: SideCall, outcome: ContactOutcome, by: Doer): void {
  delete turn.state.side;
  destroyBridge(turn, "side");
  turn.state.sidesClosing.push({ contactId: side.contactId, outcome, endedBy: by });
}

/** The consultation as the ledger tells it. */
export function transferOf(side: SideCall) {
  const { transferId, to } = side;
  return { transferId, kind: "consult", target: ledgerTarget(to) } as const;
}

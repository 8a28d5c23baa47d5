import type { AgentId, ContactId, LegId, OfferId, PromptId, QueueId } from "@svara/kernel";
import type { Initiation, OfferExplanation, QueueOutcome } from "@svara/ledger";
import { connectAgent, customerLeg } from "./connect.ts";
import { enterPlace, isWaiting } from "./customer.ts";
import { dialCustomer } from "./dial-customer.ts";
import type { HangupWord } from "./effects.ts";
import { announce } from "./greeting.ts";
import { leaveHandler, startHandler } from "./handlers.ts";
import { addIncoming, hang, legOf, ring } from "./legs.ts";
import type { Offer } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The customer begins to wait. The flow plays to them: the first one goes on, after a transfer a new one is asked for. */
export function enterQueue(
  turn: Turn,
  entry: {
    readonly queueId: QueueId;
    readonly initiation: Initiation;
    readonly priority?: number;
    /** Keep the place of the first queue entry. */
    readonly front?: boolean;
    /** The router knows already. */
    readonly byRouter?: boolean;
    /** No flow plays to the customer now: one is asked for. */
    readonly wait?: boolean;
  },
): void {
  const { state } = turn;
  if (!("legId" in state.place)) return;
  const { queueId, initiation, priority, front = false, byRouter = false, wait = false } = entry;
  enterPlace(turn, { at: "queue", legId: state.place.legId, queueId, initiation, enteredAt: turn.at });
  state.lastQueueId = queueId;
  state.firstQueuedAt ??= turn.at;
  turn.write("queue.entered", { queueId }, { medium: "voice", initiation, priority: priority ?? 0 });
  if (!byRouter)
    turn.emit({
      to: "router",
      type: "item.queued",
      contactId: turn.contactId,
      queueId,
      initiation,
      ...(priority !== undefined && { priority }),
      queuedAt: front ? state.firstQueuedAt : turn.at,
      internal: false,
    });
  if (initiation === "transfer" || wait) turn.emit({ to: "flow", type: "flow.wait", queueId, initiation });
}

/** The router moved the customer to another queue: an entry of its own, at the old place. */
export function moveQueue(turn: Turn, to: { readonly queueId: QueueId; readonly priority?: number }): void {
  if (turn.state.place.at !== "queue") return;
  withdrawOffer(turn, turn.contactId, "queue_left");
  leaveQueue(turn, "overflow", to.queueId);
  enterQueue(turn, { ...to, initiation: "overflow", byRouter: true });
}

/** Notes the end of the queue entry; the caller moves the customer on. */
export function leaveQueue(turn: Turn, outcome: QueueOutcome, toQueueId?: QueueId): void {
  const { place } = turn.state;
  if (!isWaiting(place)) return;
  turn.write(
    "queue.left",
    { queueId: place.queueId },
    { outcome, waitMs: turn.at - place.enteredAt, ...(toQueueId && { toQueueId }) },
  );
}

/** Takes the waiting customer away from the router: an offer that rings is withdrawn first. */
export function withdrawItem(
  turn: Turn,
  reason: "customer_ended" | "flow" | "us",
  offerReason: "customer_ended" | "queue_left",
): void {
  const { place } = turn.state;
  if (place.at !== "queue") return;
  withdrawOffer(turn, turn.contactId, offerReason);
  turn.emit({
    to: "router",
    type: "item.withdrawn",
    contactId: turn.contactId,
    queueId: place.queueId,
    reason,
  });
}

function offerOf(turn: Turn, contactId: ContactId): Offer | undefined {
  return Object.values(turn.state.offers).find((offer) => offer.contactId === contactId);
}

/** Rings the agent: for voice the offer is the INVITE. */
export function makeOffer(
  turn: Turn,
  offer: {
    readonly offerId: OfferId;
    readonly contactId: ContactId;
    readonly agentId: AgentId;
    readonly ringTimeoutMs: number;
    readonly explain?: OfferExplanation;
    readonly autoAnswer?: boolean;
    readonly announcement?: PromptId;
    readonly legId?: LegId;
  },
): void {
  const { offerId, contactId, agentId } = offer;
  const { place, side, handlers } = turn.state;
  const waits = contactId === turn.contactId ? place.at === "queue" : side?.state === "queued";
  const busyHere = handlers[agentId] !== undefined && handlers[agentId].state !== "wrap_up";
  if (!waits || busyHere || offerOf(turn, contactId)) {
    turn.emit({ to: "router", type: "offer.failed", offerId, contactId, agentId, cause: "not_waiting" });
    // a phone that called in for it came too late
    if (offer.legId)
      turn.emit({ to: "switch", type: "leg.hangup", legId: offer.legId, cause: "answered_elsewhere" });
    return;
  }
  ringOffer(turn, offer);
}

/** Notes the offer and rings its agent. */
export function ringOffer(
  turn: Turn,
  offer: {
    readonly offerId: OfferId;
    readonly contactId: ContactId;
    readonly agentId: AgentId;
    readonly ringTimeoutMs: number;
    readonly explain?: OfferExplanation;
    readonly autoAnswer?: boolean;
    readonly announcement?: PromptId;
    readonly legId?: LegId;
  },
): void {
  const { offerId, contactId, agentId, ringTimeoutMs, explain, autoAnswer, announcement } = offer;
  const near = customerLeg(turn);
  turn.write(
    "offer.made",
    { contactId, agentId, ...queueOf(turn, contactId) },
    { offerId, ringMs: ringTimeoutMs, ...(explain && { explain }) },
  );
  const leg = offer.legId
    ? addIncoming(turn, { legId: offer.legId, role: "agent", purpose: "offer", contactId, agentId })
    : ring(turn, {
        target: { kind: "agent", agentId, ...(autoAnswer && { autoAnswer }) },
        role: "agent",
        purpose: "offer",
        contactId,
        offerId,
        timeoutMs: ringTimeoutMs,
        ...(announcement && { announcement }),
        ...(near && { near }),
      });
  turn.state.offers[offerId] = { offerId, contactId, agentId, legId: leg.legId, madeAt: turn.at };
  startHandler(turn, { agentId, contactId, purpose: "offer", legId: leg.legId });
}

/** The 200 of the offered leg: the agent has the contact. */
export function acceptOffer(turn: Turn, offer: Offer): void {
  const { offerId, contactId, agentId } = offer;
  writeOfferEnd(turn, offer, "offer.accepted");
  delete turn.state.offers[offerId];
  turn.emit({ to: "router", type: "offer.accepted", offerId, contactId, agentId });
  if (contactId !== turn.contactId) return;
  if (turn.state.place.at === "none") return dialCustomer(turn, agentId, offer.legId);
  turn.emit({ to: "flow", type: "flow.stop" });
  const leg = legOf(turn, offer.legId);
  if (leg && announce(turn, offer, leg)) return;
  leaveQueue(turn, "answered");
  connectAgent(turn, agentId, offer.legId);
}

/** The offered leg ended before an answer, or the agent pressed refuse. The customer goes on waiting. */
export function offerNotAnswered(turn: Turn, offer: Offer, by: string, cause: string): void {
  const { offerId, contactId, agentId } = offer;
  const refused = by === "agent" && (cause === "busy" || cause === "refused");
  const timedOut = cause === "no_answer";
  if (refused) writeOfferEnd(turn, offer, "offer.refused");
  else if (timedOut) writeOfferEnd(turn, offer, "offer.timed_out");
  else writeWithdrawn(turn, offer, "leg_failed");
  dropOffer(turn, offer, refused ? "agent_ended" : "not_answered");
  turn.emit({
    to: "router",
    type: refused ? "offer.refused" : "offer.failed",
    offerId,
    contactId,
    agentId,
    cause,
  });
}

/** The router's ring limit has passed. */
export function offerTimedOut(turn: Turn, offer: Offer): void {
  writeOfferEnd(turn, offer, "offer.timed_out");
  dropOffer(turn, offer, "timed_out");
}

export function withdrawOffer(
  turn: Turn,
  contactId: ContactId,
  reason: "customer_ended" | "answered_elsewhere" | "leg_failed" | "supervisor" | "queue_left",
): void {
  const offer = offerOf(turn, contactId);
  if (offer === undefined) return;
  writeWithdrawn(turn, offer, reason);
  dropOffer(turn, offer, "withdrawn", reason === "answered_elsewhere" ? reason : "cancelled");
}

function dropOffer(
  turn: Turn,
  offer: Offer,
  reason: "agent_ended" | "not_answered" | "timed_out" | "withdrawn",
  word: HangupWord = "cancelled",
): void {
  delete turn.state.offers[offer.offerId];
  leaveHandler(turn, offer.agentId, reason);
  hang(turn, offer.legId, word, "us");
  // the customer is called by the next agent, in a contact of its own
  if (turn.state.callback && turn.state.place.at === "none")
    turn.state.result ??= { outcome: "cancelled", endedBy: reason === "agent_ended" ? "agent" : "us" };
}

function writeOfferEnd(
  turn: Turn,
  offer: Offer,
  type: "offer.accepted" | "offer.refused" | "offer.timed_out",
): void {
  const { offerId, contactId, agentId, madeAt } = offer;
  turn.write(
    type,
    { contactId, agentId, ...queueOf(turn, contactId) },
    { offerId, ringMs: turn.at - madeAt },
  );
}

function writeWithdrawn(
  turn: Turn,
  offer: Offer,
  reason: "customer_ended" | "answered_elsewhere" | "leg_failed" | "supervisor" | "queue_left",
): void {
  const { offerId, contactId, agentId, madeAt } = offer;
  turn.write(
    "offer.withdrawn",
    { contactId, agentId, ...queueOf(turn, contactId) },
    { offerId, ringMs: turn.at - madeAt, reason },
  );
}

function queueOf(turn: Turn, contactId: ContactId): { queueId?: QueueId } {
  const { place, side } = turn.state;
  const { callback } = turn.state;
  if (contactId === turn.contactId && callback && place.at === "none") return { queueId: callback.queueId };
  if (contactId === turn.contactId) return place.at === "queue" ? { queueId: place.queueId } : {};
  return side?.to.kind === "queue" ? { queueId: side.to.queueId } : {};
}

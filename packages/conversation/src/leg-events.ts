import { type AgentId, unreachable } from "@svara/kernel";
import { partyAnswered, partyNotAnswered, partyOf } from "./conference.ts";
import { endConsult, endInternal, sideAnswered } from "./consult.ts";
import { agentHungUp, agentLost, customerEnded, externalEnded, isLoss } from "./departure.ts";
import { announced, announcedAgentGone, greet, greetedBy, isAnnouncing } from "./greeting.ts";
import { holdByPhone, resumeByPhone } from "./hold.ts";
import type { LegEnding, LegInput } from "./inputs.ts";
import { internalNotTaken } from "./internal-transfer.ts";
import { agentLeg, currentAgentOf, hang, isLive, join, legOf, markEnded, playAgain } from "./legs.ts";
import { monitorAnswered, monitorLegEnded } from "./monitor.ts";
import { parkedFetched, parkedNotFetched } from "./park.ts";
import { acceptOffer, offerNotAnswered } from "./queueing.ts";
import { agentIsBack, deviceMoved, deviceNotMoved, reattachNotAnswered } from "./reattach.ts";
import { alignRecording, recordingFailed } from "./recording.ts";
import { initiatorAnswered, initiatorNotAnswered, outboundAnswered } from "./start.ts";
import type { Leg } from "./state.ts";
import { farewellOver, hearRinging, transferAnswered, transferNotAnswered } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** What the switch reports of a leg, brought to the part of the conversation that it matters to. */
export function onLeg(turn: Turn, input: LegInput): void {
  if (input.type === "playback.ended") {
    const { place } = turn.state;
    if (place.at === "farewell" && place.playbackId === input.playbackId) farewellOver(turn);
    const greeted = greetedBy(turn, input.playbackId);
    if (greeted) greetingOver(turn, greeted);
    return;
  }
  if (input.type === "recording.failed") return recordingFailed(turn, input.recordingId);
  const leg = legOf(turn, input.legId);
  if (leg === undefined) return;
  switch (input.type) {
    case "leg.ringing":
      return;
    case "leg.early_media":
      return onEarlyMedia(turn, leg);
    case "leg.media_lost":
    case "leg.media_restored":
      return onMedia(turn, leg, input.type);
    case "leg.quality":
      leg.quality = input.quality;
      return;
    case "leg.answered":
      return onAnswered(turn, leg);
    case "leg.ended":
      return onEnded(turn, leg, input);
    case "leg.silent":
      if (leg.state === "up") onSilent(turn, leg);
      return;
    case "leg.held":
      return holdByPhone(turn, leg);
    case "leg.resumed":
      return resumeByPhone(turn, leg);
    case "leg.dtmf":
      if (leg.role === "customer" && (turn.state.place.at === "flow" || turn.state.place.at === "queue"))
        turn.emit({ to: "flow", type: "flow.dtmf", digit: input.digit });
      return;
    default:
      return unreachable(input);
  }
}

function onAnswered(turn: Turn, leg: Leg): void {
  if (leg.state === "hung") {
    // a 200 that crossed our CANCEL: the switch is told again
    turn.emit({ to: "switch", type: "leg.hangup", legId: leg.legId, cause: "normal" });
    return;
  }
  if (leg.state !== "incoming" && leg.state !== "dialing") return;
  leg.state = "up";
  delete leg.ringUntil;
  const { contactId, legId, agentId } = leg;
  turn.write("leg.answered", { contactId, legId, ...(agentId && { agentId }) }, {});
  // an offer is accepted first; its agent is greeted while the customer still waits
  if (leg.purpose === "offer" || !greet(turn, leg)) takePart(turn, leg);
}

/** The agent has heard what was to be heard before the join. */
export function greetingOver(turn: Turn, leg: Leg): void {
  delete leg.greetingUntil;
  if (isAnnouncing(turn, leg)) return announced(turn);
  takePart(turn, leg);
}

/** Whoever answered takes the part for which they were called. */
function takePart(turn: Turn, leg: Leg): void {
  const { contactId, legId } = leg;
  switch (leg.purpose) {
    case "customer": {
      const dialer = turn.handlers().find((h) => h.state === "dialing");
      if (turn.state.place.at === "dialing" && dialer) outboundAnswered(turn, dialer.agentId);
      return;
    }
    case "offer": {
      const offer = Object.values(turn.state.offers).find((o) => o.legId === legId);
      if (offer === undefined) return;
      acceptOffer(turn, offer);
      if (contactId !== turn.contactId) sideAnswered(turn, leg);
      return;
    }
    case "transfer":
    case "return":
    case "direct":
      return transferAnswered(turn, leg);
    case "consult":
    case "internal":
    case "outbound":
      return onDirectAnswer(turn, leg);
    case "reattach":
      return agentIsBack(turn, leg);
    case "conference":
      return partyAnswered(turn, leg);
    case "move":
      return deviceMoved(turn, leg);
    case "pickup":
      return parkedFetched(turn, leg);
    case "monitor":
      return monitorAnswered(turn, leg);
    case "take_over":
    case "merge":
      return;
    default:
      return unreachable(leg.purpose);
  }
}

/** A leg of a consultation, an internal call or an outbound call: by whom it reaches, not by what it was made for. */
function onDirectAnswer(turn: Turn, leg: Leg): void {
  const { side, place } = turn.state;
  if (place.at === "transferring" && place.transfer.ringing === leg.legId) return transferAnswered(turn, leg);
  if (side?.other?.legId === leg.legId) return sideAnswered(turn, leg);
  const { agentId } = leg;
  if (agentId === undefined) return;
  if (turn.state.handlers[agentId]?.state === "ringing") return initiatorAnswered(turn, agentId, leg.legId);
  initiatorUp(turn, agentId);
}

/** The phone that called in has been answered, since the other party was before. */
function initiatorUp(turn: Turn, agentId: AgentId): void {
  const { side, place } = turn.state;
  const other = legOf(turn, side?.internal ? side.other?.legId : "legId" in place ? place.legId : undefined);
  if (other?.state !== "up") return;
  if (side?.internal) sideAnswered(turn, other);
  else if (place.at === "dialing") outboundAnswered(turn, agentId);
}

/** The leg of a phone that called in to make a call, and has not been answered. */
function isInitiators(leg: Leg): boolean {
  return leg.state === "incoming" && (leg.purpose === "internal" || leg.purpose === "outbound");
}

function onEnded(turn: Turn, leg: Leg, ending: LegEnding): void {
  const called = isInitiators(leg);
  const greeted = leg.greetingUntil !== undefined;
  const announcing = isAnnouncing(turn, leg);
  const before = markEnded(turn, leg.legId, ending);
  if (before === undefined || before === "hung") return;
  if (leg.role === "supervisor")
    return monitorLegEnded(
      turn,
      leg,
      before === "up",
      isLoss(ending.by, ending.cause) ? "lost" : "supervisor",
    );
  if (announcing) return announcedAgentGone(turn);
  if (leg.role === "customer") return customerEnded(turn, ending.by, ending.cause);
  if (greeted || (before === "ringing" && !called)) return notAnswered(turn, leg, ending);
  if (leg.role === "external") return externalEnded(turn, leg, ending.by);
  const agentId = currentAgentOf(turn, leg);
  if (agentId === undefined) return;
  if (isLoss(ending.by, ending.cause)) agentLost(turn, agentId);
  else agentHungUp(turn, agentId);
}

/** A leg that rang is over without an answer: refused, unanswered, unreachable, or out of time. */
export function notAnswered(turn: Turn, leg: Leg, { by, cause }: LegEnding): void {
  const { side, place } = turn.state;
  if (leg.purpose === "offer") {
    const offer = Object.values(turn.state.offers).find((o) => o.legId === leg.legId);
    if (offer) offerNotAnswered(turn, offer, by, cause);
    return;
  }
  if (leg.purpose === "reattach") return reattachNotAnswered(turn, leg);
  if (leg.purpose === "move") return deviceNotMoved(turn, leg);
  if (leg.purpose === "monitor") return monitorLegEnded(turn, leg, false, "lost");
  if (leg.purpose === "pickup") return parkedNotFetched(turn, leg, cause);
  if (partyOf(turn, leg)) return partyNotAnswered(turn, leg, cause);
  if (place.at === "transferring" && place.transfer.ringing === leg.legId)
    return transferNotAnswered(turn, leg, cause);
  const outcome = notReached(cause);
  if (side?.giver !== undefined && side.other?.legId === leg.legId)
    return internalNotTaken(turn, side, cause);
  if (side?.internal) return endInternal(turn, side, outcome, by);
  if (side?.other?.legId === leg.legId) {
    const reason = outcome === "failed_tech" ? "failed" : "not_answered";
    return endConsult(turn, side, { by, outcome, reason, cause });
  }
  if (leg.agentId !== undefined) initiatorNotAnswered(turn, leg.agentId, cause);
}

/** The called network plays: whoever waits for the answer hears it instead of our ring-back. */
function onEarlyMedia(turn: Turn, leg: Leg): void {
  const { place, side } = turn.state;
  if (leg.state !== "dialing" || leg.role === "agent" || leg.role === "supervisor") return;
  leg.early = true;
  if (place.at === "transferring" && place.transfer.ringing === leg.legId)
    return hearRinging(turn, leg.legId);
  const asks = side?.other?.legId === leg.legId ? side.asker : undefined;
  const own = legOf(turn, agentLeg(turn, asks ?? dialerOf(turn, leg) ?? ""));
  // a phone that called in and is not answered yet hears ring-back of its own
  if (own?.state !== "up") return;
  const bridge = asks === undefined ? "main" : "side";
  join(turn, bridge, own.legId);
  join(turn, bridge, leg.legId);
}

function dialerOf(turn: Turn, leg: Leg): AgentId | undefined {
  const { place } = turn.state;
  if (place.at !== "dialing" || place.legId !== leg.legId) return undefined;
  return turn.handlers().find((handler) => handler.state === "dialing")?.agentId;
}

/** Nothing ends by it. What played to the leg until stopped, and its recording, begin anew. */
function onMedia(turn: Turn, leg: Leg, type: "leg.media_lost" | "leg.media_restored"): void {
  const { contactId, legId, agentId } = leg;
  if (!isLive(leg)) return;
  turn.write(type, { contactId, legId, ...(agentId && { agentId }) }, {});
  if (type === "leg.media_lost") return;
  playAgain(turn, leg);
  if (leg.role === "customer") alignRecording(turn);
}

function onSilent(turn: Turn, leg: Leg): void {
  if (leg.role === "supervisor") {
    hang(turn, leg.legId, "failed", "carrier");
    return monitorLegEnded(turn, leg, true, "lost");
  }
  if (leg.role === "agent") {
    const agentId = currentAgentOf(turn, leg);
    if (agentId !== undefined) agentLost(turn, agentId);
    return;
  }
  hang(turn, leg.legId, "failed", "carrier");
  if (leg.role === "customer") customerEnded(turn, "carrier", "media_timeout");
  else externalEnded(turn, leg, "carrier");
}

/** Why a leg that rang was not answered, in the words of a contact's outcome. */
function notReached(cause: string): "busy" | "no_answer" | "rejected" | "failed_tech" {
  if (cause === "busy" || cause === "no_answer") return cause;
  return cause === "refused" ? "rejected" : "failed_tech";
}

/**
 * The endpoint of an agent who is rung for a transfer, a consultation or a call is gone: no use in waiting. True when
 * that was so. An offer is the router's to withdraw.
 */
export function rungAgentLost(turn: Turn, agentId: AgentId): boolean {
  const handler = turn.state.handlers[agentId];
  const leg = legOf(turn, handler?.legId);
  if (handler?.state !== "ringing" || handler.purpose === "offer" || leg === undefined) return false;
  hang(turn, leg.legId, "cancelled", "carrier");
  notAnswered(turn, leg, { by: "carrier", cause: "not_registered" });
  return true;
}

/** The ring limit of a leg that rings without an offer. */
export function ringOver(turn: Turn, leg: Leg): void {
  hang(turn, leg.legId, "cancelled", "us");
  if (leg.role === "customer") customerEnded(turn, "us", "no_answer");
  else notAnswered(turn, leg, { by: "us", cause: "no_answer" });
}

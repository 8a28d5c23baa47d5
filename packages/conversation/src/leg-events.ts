import { type AgentId, unreachable } from "@svara/kernel";
import { connectAgent } from "./connect.ts";
import { endConsult, endInternal, sideAnswered } from "./consult.ts";
import {
  agentHungUp,
  agentLost,
  customerEnded,
  externalEnded,
  isLoss,
  reattachNotAnswered,
} from "./departure.ts";
import { holdByPhone, resumeByPhone } from "./hold.ts";
import type { LegEnding, LegInput } from "./inputs.ts";
import { currentAgentOf, hang, legOf, markEnded } from "./legs.ts";
import { acceptOffer, offerNotAnswered } from "./queueing.ts";
import { initiatorAnswered, initiatorNotAnswered, outboundAnswered } from "./start.ts";
import type { Leg } from "./state.ts";
import { farewellOver, transferAnswered, transferNotAnswered } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** What the switch reports of a leg, brought to the part of the conversation that it matters to. */
export function onLeg(turn: Turn, input: LegInput): void {
  if (input.type === "playback.ended") {
    const { place } = turn.state;
    if (place.at === "farewell" && place.playbackId === input.playbackId) farewellOver(turn);
    return;
  }
  if (input.type === "recording.failed") {
    if (turn.state.recording?.recordingId === input.recordingId) delete turn.state.recording;
    return;
  }
  const leg = legOf(turn, input.legId);
  if (leg === undefined) return;
  switch (input.type) {
    case "leg.ringing":
    case "leg.early_media":
    case "leg.media_lost":
    case "leg.media_restored":
    case "leg.quality":
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
      return transferAnswered(turn, leg);
    case "consult":
    case "internal":
    case "outbound":
      return onDirectAnswer(turn, leg);
    case "reattach":
      if (agentId !== undefined && turn.state.place.at === "detached") connectAgent(turn, agentId, legId);
      return;
    case "conference":
    case "move":
    case "pickup":
    case "monitor":
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
  if (leg.agentId !== undefined && turn.state.handlers[leg.agentId]?.state === "ringing")
    initiatorAnswered(turn, leg.agentId, leg.legId);
}

function onEnded(turn: Turn, leg: Leg, ending: LegEnding): void {
  const before = markEnded(turn, leg.legId, ending);
  if (before === undefined || before === "hung") return;
  if (leg.role === "customer") return customerEnded(turn, ending.by, ending.cause);
  if (before === "ringing") return notAnswered(turn, leg, ending);
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
  if (place.at === "transferring" && place.transfer.ringing === leg.legId)
    return transferNotAnswered(turn, leg, cause);
  const outcome = notReached(cause);
  if (side?.internal) return endInternal(turn, side, outcome, by);
  if (side?.other?.legId === leg.legId) {
    const reason = outcome === "failed_tech" ? "failed" : "not_answered";
    return endConsult(turn, side, { by, outcome, reason, cause });
  }
  if (leg.agentId !== undefined) initiatorNotAnswered(turn, leg.agentId, cause);
}

function onSilent(turn: Turn, leg: Leg): void {
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

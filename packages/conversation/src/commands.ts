import { unreachable } from "@svara/kernel";
import {
  addParty,
  agentLeaves,
  dropParty,
  findParty,
  mergeConsult,
  wouldLeaveOutsiders,
} from "./conference.ts";
import { completeConsult, endConsult, startConsult, swapConsult } from "./consult.ts";
import { agentHungUp } from "./departure.ts";
import { announcedAgentGone, isAnnouncing } from "./greeting.ts";
import { holdCustomer, resumeCustomer } from "./hold.ts";
import type { CommandInput, ConsultDestination, Destination, Refusal, Target } from "./inputs.ts";
import { transferInternal } from "./internal-transfer.ts";
import { notAnswered } from "./leg-events.ts";
import { hang, isLive, legOf } from "./legs.ts";
import { parkCustomer } from "./park.ts";
import { moveDevice } from "./reattach.ts";
import { pauseByAgent, resumeByAgent } from "./recording.ts";
import type { Handler } from "./state.ts";
import { escalate, transferBlind } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** Obeys a command, or says why not; then nothing has changed. */
export function handleCommand(turn: Turn, command: CommandInput): Refusal | undefined {
  const handler = turn.state.handlers[command.agentId];
  if (handler === undefined || handler.state === "wrap_up") return "not_on_contact";
  switch (command.type) {
    case "hold":
      return hold(turn, handler);
    case "resume":
      return resume(turn, handler);
    case "hang_up":
      return hangUp(turn, handler);
    case "send_dtmf":
      return sendDtmf(turn, handler, command.digits);
    case "transfer":
      return transfer(turn, handler, command.to);
    case "escalate": {
      const refusal = withCustomer(turn, handler);
      if (refusal) return refusal;
      const { queueId, tier, reason } = command;
      escalate(turn, handler.agentId, { queueId, tier, ...(reason !== undefined && { reason }) });
      return undefined;
    }
    case "consult":
      return consult(turn, handler, command.to);
    case "consult.swap":
    case "consult.complete":
    case "consult.cancel":
      return consulting(turn, handler, command.type);
    case "recording.pause":
      return pauseByAgent(turn, command.reason) ? undefined : "not_recording";
    case "recording.resume":
      return resumeByAgent(turn) ? undefined : "not_recording";
    case "conference.merge":
    case "conference.add":
    case "conference.leave":
    case "conference.drop":
      return conferencing(turn, handler, command);
    case "park": {
      const refusal = withCustomer(turn, handler);
      if (refusal) return refusal;
      parkCustomer(turn, handler.agentId, command.timeoutMs);
      return undefined;
    }
    case "move_device":
      return moveDevice(turn, handler, command);
    default:
      return unreachable(command);
  }
}

/** Why this agent cannot dispose of the customer now. */
export function withCustomer(turn: Turn, handler: Handler): Refusal | undefined {
  const { place, side } = turn.state;
  if (place.at === "none" || place.at === "gone") return "no_customer";
  if (place.at === "transferring") return "transfer_running";
  if (side) return "consult_running";
  if (turn.state.conference) return "conference_running";
  if (handler.state !== "talking" && handler.state !== "held") return "wrong_state";
  return place.at === "talk" || place.at === "hold" ? undefined : "wrong_state";
}

function hold(turn: Turn, handler: Handler): Refusal | undefined {
  const { at } = turn.state.place;
  if (at === "hold" && (handler.state === "held" || handler.state === "conferenced")) return "already_held";
  const refusal = mayHold(turn, handler);
  if (refusal) return refusal;
  holdCustomer(turn, handler.agentId, false);
  return undefined;
}

/** A conference may hold its customer, too; and an agent while somebody is called to it. */
function mayHold(turn: Turn, handler: Handler): Refusal | undefined {
  if (turn.state.conference === undefined) return withCustomer(turn, handler);
  const { at } = turn.state.place;
  const inIt = handler.state === "conferenced" || handler.state === "talking" || handler.state === "held";
  return inIt && (at === "conference" || at === "talk" || at === "hold") ? undefined : "wrong_state";
}

function resume(turn: Turn, handler: Handler): Refusal | undefined {
  const refusal = mayHold(turn, handler);
  if (refusal) return refusal;
  if (turn.state.place.at !== "hold") return "not_held";
  resumeCustomer(turn, handler.agentId);
  return undefined;
}

/** Before the answer it is a refusal, after it the end of the call (or of the agent's part in a consultation). */
function hangUp(turn: Turn, handler: Handler): Refusal | undefined {
  const leg = legOf(turn, handler.legId);
  if (handler.state === "detached") return "wrong_state";
  if (leg === undefined || !isLive(leg)) return "wrong_state";
  const rings = handler.state === "ringing" && !isAnnouncing(turn, leg);
  const announcing = isAnnouncing(turn, leg);
  hang(turn, leg.legId, rings ? "busy" : "normal", "agent");
  if (announcing) announcedAgentGone(turn);
  else if (rings) notAnswered(turn, leg, { by: "agent", cause: "refused" });
  else agentHungUp(turn, handler.agentId);
  return undefined;
}

/** Digits go to whom the agent speaks with: the customer, the other party of a consultation, all outside in a conference. */
function sendDtmf(turn: Turn, handler: Handler, digits: string): Refusal | undefined {
  const own = legOf(turn, handler.legId);
  const partners = turn
    .legs()
    .filter((leg) => own?.bridge && leg.bridge === own.bridge && leg !== own && leg.state === "up")
    .filter((leg) => leg.role !== "supervisor" && (leg.role !== "agent" || handler.state !== "conferenced"));
  if (partners.length === 0) return "wrong_state";
  for (const { legId } of partners) turn.emit({ to: "switch", type: "dtmf.send", legId, digits });
  return undefined;
}

/** Why nobody can be called there: they have a part in the contact already. */
export function targetRefusal(turn: Turn, to: Destination): Refusal | undefined {
  if (to.kind !== "agent") return undefined;
  const other = turn.state.handlers[to.agentId];
  if (turn.state.monitors[to.agentId]) return "same_agent";
  return other === undefined || other.state === "wrap_up" ? undefined : "same_agent";
}

function transfer(turn: Turn, handler: Handler, to: Destination): Refusal | undefined {
  if (turn.state.side?.internal) return targetRefusal(turn, to) ?? transferInternal(turn, handler, to);
  const refusal = withCustomer(turn, handler) ?? targetRefusal(turn, to);
  if (refusal) return refusal;
  transferBlind(turn, handler.agentId, to);
  return undefined;
}

function consult(turn: Turn, handler: Handler, to: ConsultDestination): Refusal | undefined {
  const refusal = withCustomer(turn, handler) ?? targetRefusal(turn, to);
  if (refusal) return refusal;
  startConsult(turn, handler.agentId, to);
  return undefined;
}

function consulting(
  turn: Turn,
  handler: Handler,
  command: "consult.swap" | "consult.complete" | "consult.cancel" | "conference.merge",
): Refusal | undefined {
  const { side, place } = turn.state;
  if (side === undefined || side.internal || side.asker !== handler.agentId) return "no_consult";
  if (handler.state === "detached") return "wrong_state";
  const answered = side.state === "talking" || side.state === "parked";
  if (command === "consult.cancel") {
    endConsult(turn, side, {
      by: "agent",
      outcome: answered ? "answered" : "cancelled",
      reason: "agent",
      retrieve: true,
    });
    return undefined;
  }
  if (place.at === "gone") return "no_customer";
  if (!answered) return "not_answered_yet";
  if (command === "consult.swap") swapConsult(turn, side);
  else if (command === "conference.merge") mergeConsult(turn, side);
  else completeConsult(turn, side);
  return undefined;
}

function conferencing(
  turn: Turn,
  handler: Handler,
  command: Extract<
    CommandInput,
    { type: "conference.merge" | "conference.add" | "conference.leave" | "conference.drop" }
  >,
): Refusal | undefined {
  switch (command.type) {
    case "conference.merge":
      return consulting(turn, handler, command.type);
    case "conference.add":
      return add(turn, handler, command.to);
    case "conference.leave":
      if (handler.state !== "conferenced") return "no_conference";
      if (wouldLeaveOutsiders(turn, handler.agentId)) return "last_agent";
      agentLeaves(turn, handler.agentId, "left");
      return undefined;
    case "conference.drop": {
      if (turn.state.conference === undefined || mayHold(turn, handler) !== undefined) return "no_conference";
      const { party } = command;
      if (party.kind === "agent" && party.agentId === handler.agentId) return "same_agent";
      const found = findParty(turn, party);
      if (found === undefined) return "no_such_party";
      dropParty(turn, found);
      return undefined;
    }
  }
}

function add(turn: Turn, handler: Handler, to: Target): Refusal | undefined {
  const { conference } = turn.state;
  const refusal = mayHold(turn, handler) ?? targetRefusal(turn, to);
  if (refusal) return refusal;
  const { conferenceLimit = 10 } = turn.settings;
  // the customer, and whoever is there or rings
  if (1 + (conference?.parties.length ?? 1) >= conferenceLimit) return "conference_full";
  addParty(turn, handler.agentId, to);
  return undefined;
}

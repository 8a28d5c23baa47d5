import { unreachable } from "@svara/kernel";
import { completeConsult, endConsult, startConsult, swapConsult } from "./consult.ts";
import { agentHungUp } from "./departure.ts";
import { holdCustomer, resumeCustomer } from "./hold.ts";
import type { CommandInput, ConsultDestination, Destination, Refusal } from "./inputs.ts";
import { notAnswered } from "./leg-events.ts";
import { hang, isLive, legOf } from "./legs.ts";
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
    case "park":
    case "move_device":
      return "wrong_state";
    default:
      return unreachable(command);
  }
}

/** Why this agent cannot dispose of the customer now. */
function withCustomer(turn: Turn, handler: Handler): Refusal | undefined {
  const { place, side } = turn.state;
  if (place.at === "none" || place.at === "gone") return "no_customer";
  if (place.at === "transferring") return "transfer_running";
  if (side) return "consult_running";
  if (handler.state !== "talking" && handler.state !== "held") return "wrong_state";
  return place.at === "talk" || place.at === "hold" ? undefined : "wrong_state";
}

function hold(turn: Turn, handler: Handler): Refusal | undefined {
  if (turn.state.place.at === "hold" && handler.state === "held") return "already_held";
  const refusal = withCustomer(turn, handler);
  if (refusal) return refusal;
  holdCustomer(turn, handler.agentId, false);
  return undefined;
}

function resume(turn: Turn, handler: Handler): Refusal | undefined {
  const refusal = withCustomer(turn, handler);
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
  hang(turn, leg.legId, handler.state === "ringing" ? "busy" : "normal", "agent");
  if (handler.state === "ringing") notAnswered(turn, leg, { by: "agent", cause: "refused" });
  else agentHungUp(turn, handler.agentId);
  return undefined;
}

/** Digits go to whoever the agent speaks with: the customer, or the other party of a consultation. */
function sendDtmf(turn: Turn, handler: Handler, digits: string): Refusal | undefined {
  const own = legOf(turn, handler.legId);
  const partner = turn.legs().find((leg) => own?.bridge && leg.bridge === own.bridge && leg !== own);
  if (partner?.state !== "up") return "wrong_state";
  turn.emit({ to: "switch", type: "dtmf.send", legId: partner.legId, digits });
  return undefined;
}

function targetRefusal(turn: Turn, to: Destination): Refusal | undefined {
  if (to.kind !== "agent") return undefined;
  const other = turn.state.handlers[to.agentId];
  return other === undefined || other.state === "wrap_up" ? undefined : "same_agent";
}

function transfer(turn: Turn, handler: Handler, to: Destination): Refusal | undefined {
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
  command: "consult.swap" | "consult.complete" | "consult.cancel",
): Refusal | undefined {
  const { side, place } = turn.state;
  if (side === undefined || side.internal || side.asker !== handler.agentId) return "no_consult";
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
  else completeConsult(turn, side);
  return undefined;
}

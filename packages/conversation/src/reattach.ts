import type { AgentId, EndpointId, LegId } from "@svara/kernel";
import { partyAnswered } from "./conference.ts";
import { connectAgent } from "./connect.ts";
import { rejoinConsult } from "./consult.ts";
import { enterPlace } from "./customer.ts";
import { enterHandler } from "./handlers.ts";
import type { Refusal } from "./inputs.ts";
import { addIncoming, hang, isLive, join, legOf, play, ring, ringLimitMs } from "./legs.ts";
import type { Handler, Leg } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The customer hears comfort music, and the agent is awaited. A consultation of theirs is kept. */
export function detach(turn: Turn, agentId: AgentId): void {
  const { place, side } = turn.state;
  if (place.at !== "talk" && place.at !== "hold") return;
  const { legId } = place;
  play(turn, legId, "comfort");
  if (side?.asker === agentId && side.state === "talking" && side.other)
    play(turn, side.other.legId, "comfort");
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
  if (handler?.state !== "detached") return;
  const until = place.at === "detached" && place.agentId === agentId ? place.until : handler.until;
  if (until === undefined) return;
  hang(turn, handler.legId, "cancelled", "us");
  const near = "legId" in place ? place.legId : undefined;
  const leg = ring(turn, {
    target: { kind: "agent", agentId },
    role: "agent",
    purpose: "reattach",
    contactId: turn.contactId,
    timeoutMs: Math.max(1_000, until - turn.at),
    ...(near && { near }),
  });
  // the grace is the limit
  delete leg.ringUntil;
  handler.legId = leg.legId;
}

/** A leg of the lost agent is up again: everything as it was. */
export function agentIsBack(turn: Turn, leg: Leg): void {
  const { place, side } = turn.state;
  const handler = leg.agentId === undefined ? undefined : turn.state.handlers[leg.agentId];
  if (handler?.state !== "detached") return;
  const { agentId } = handler;
  if (handler.legId !== leg.legId) hang(turn, handler.legId, "cancelled", "us");
  handler.legId = leg.legId;
  if (handler.until !== undefined) return partyAnswered(turn, leg);
  if (place.at !== "detached") return;
  if (side?.asker !== agentId || side.state === "parked") return connectAgent(turn, agentId, leg.legId);
  play(turn, place.legId, "music");
  enterHandler(turn, agentId, "consulting");
  enterPlace(turn, { at: "hold", legId: place.legId, agentId, remote: false });
  if (side.state === "talking") rejoinConsult(turn, side);
  else play(turn, leg.legId, "ringback");
}

/** The call to the lost agent came to nothing; there is still the rest of the grace. */
export function reattachNotAnswered(turn: Turn, leg: Leg): void {
  const handler = leg.agentId === undefined ? undefined : turn.state.handlers[leg.agentId];
  if (handler?.legId === leg.legId) delete handler.legId;
}

/** The agent wants to go on at another device of theirs. */
export function moveDevice(
  turn: Turn,
  handler: Handler,
  to: { readonly endpointId?: EndpointId; readonly legId?: LegId },
): Refusal | undefined {
  const { agentId, contactId, state } = handler;
  if (handler.moving !== undefined) return "taken";
  if (state === "ringing" || state === "dialing" || state === "detached") return "wrong_state";
  const target = { kind: "agent", agentId, ...(to.endpointId && { endpointId: to.endpointId }) } as const;
  const purpose = "move";
  const timeoutMs = ringLimitMs(turn, target);
  const near = handler.legId;
  const leg =
    to.legId === undefined
      ? ring(turn, { target, role: "agent", purpose, contactId, timeoutMs, ...(near && { near }) })
      : addIncoming(turn, { legId: to.legId, role: "agent", purpose, contactId, agentId });
  handler.moving = leg.legId;
  return undefined;
}

/** The other device answered: it takes the old one's place, and only then the old one is hung up. */
export function deviceMoved(turn: Turn, leg: Leg): void {
  const handler = leg.agentId === undefined ? undefined : turn.state.handlers[leg.agentId];
  if (handler?.moving !== leg.legId) return hang(turn, leg.legId, "normal", "us");
  delete handler.moving;
  if (handler.state === "detached") return agentIsBack(turn, leg);
  const old = legOf(turn, handler.legId);
  if (!isLive(old)) return hang(turn, leg.legId, "normal", "us");
  const { bridge, playing } = old;
  leg.contactId = old.contactId;
  handler.legId = leg.legId;
  if (bridge) join(turn, bridge, leg.legId);
  else if (playing) play(turn, leg.legId, playing.sound);
  replaceOther(turn, old.legId, leg.legId);
  hang(turn, old.legId, "normal", "agent");
}

/** The other device did not answer; the agent stays where they are. */
export function deviceNotMoved(turn: Turn, leg: Leg): void {
  const handler = leg.agentId === undefined ? undefined : turn.state.handlers[leg.agentId];
  if (handler?.moving === leg.legId) delete handler.moving;
}

function replaceOther(turn: Turn, old: LegId, now: LegId): void {
  const { side } = turn.state;
  if (side?.other?.legId === old) side.other = { ...side.other, legId: now };
}

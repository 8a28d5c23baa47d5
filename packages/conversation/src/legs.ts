import type { AgentId, ContactId, EndpointId, LegId, OfferId, PromptId } from "@svara/kernel";
import type { Doer } from "@svara/ledger";
import type { BridgeRole, HangupWord, LegPurpose, Sound } from "./effects.ts";
import type { DivertedFrom, LegEnding, Target } from "./inputs.ts";
import type { BridgeName, Greeting, Leg, LegRole } from "./state.ts";
import type { Turn } from "./turn.ts";

/** A leg that can be given commands: it has neither ended nor been hung up. */
export function isLive(leg: Leg | undefined): leg is Leg {
  return leg !== undefined && leg.state !== "hung" && leg.state !== "ended";
}

export function legOf(turn: Turn, legId: LegId | undefined): Leg | undefined {
  return legId === undefined ? undefined : turn.state.legs[legId];
}

/** Takes note of a leg that exists or that we are about to make. */
export function addLeg(
  turn: Turn,
  leg: Leg,
  more: { readonly endpointId?: EndpointId; readonly divertedFrom?: DivertedFrom } = {},
): Leg {
  turn.state.legs[leg.legId] = leg;
  turn.write(
    "leg.started",
    { contactId: leg.contactId, legId: leg.legId, ...(leg.agentId && { agentId: leg.agentId }) },
    {
      party: leg.role,
      direction: leg.direction,
      switchId: turn.settings.switchId,
      ...(leg.trunkId && { trunkId: leg.trunkId }),
      ...more,
    },
  );
  return leg;
}

/** A phone has called in by itself to take part: it is answered. */
export function addIncoming(
  turn: Turn,
  leg: Pick<Leg, "legId" | "role" | "purpose" | "contactId" | "agentId">,
): Leg {
  const added = addLeg(turn, { ...leg, direction: "in", state: "incoming" });
  turn.emit({ to: "switch", type: "leg.answer", legId: leg.legId });
  return added;
}

/** Purposes for which the person called has just asked: their device answers by itself, without a beep. */
const ASKED_FOR: ReadonlySet<LegPurpose> = new Set(["reattach", "move", "pickup", "monitor"]);

/** Calls an agent or a number. Without an offer the ring limit is ours; with one it is the router's. */
export function ring(
  turn: Turn,
  call: {
    readonly target: Target;
    readonly role: LegRole;
    readonly purpose: LegPurpose;
    readonly contactId: ContactId;
    readonly timeoutMs: number;
    readonly offerId?: OfferId;
    /** Told before the join. */
    readonly announcement?: PromptId;
    /** The agent has just asked for this call. */
    readonly asked?: boolean;
    /** A leg with which it will share a bridge. */
    readonly near?: LegId;
  },
): Leg {
  const { target, role, purpose, contactId, timeoutMs, offerId, announcement } = call;
  const asked = call.asked === true || ASKED_FOR.has(purpose);
  const beep = !asked && target.kind === "agent" && target.autoAnswer === true;
  const callerId = (target.kind === "number" ? target.callerId : undefined) ?? turn.settings.callerId;
  const leg = addLeg(turn, {
    legId: turn.ids.next(),
    role,
    direction: "out",
    purpose: role === "customer" ? "customer" : purpose,
    contactId,
    state: "dialing",
    ...(target.kind === "agent"
      ? { agentId: target.agentId }
      : target.trunkId && { trunkId: target.trunkId }),
    ...(offerId === undefined && { ringUntil: turn.at + timeoutMs }),
    ...((beep || announcement) && { greet: { beep, ...(announcement && { announcement }) } }),
  });
  turn.emit({
    to: "switch",
    type: "leg.originate",
    legId: leg.legId,
    target,
    purpose,
    contactId,
    ...(offerId && { offerId }),
    ...(target.kind === "number" && callerId !== undefined && { callerId }),
    ...((asked || beep) && { autoAnswer: true }),
    ...(call.near && isLive(legOf(turn, call.near)) && { near: call.near }),
    // the switch's own limit is a net below ours and the router's
    timeoutMs: timeoutMs + 5_000,
  });
  return leg;
}

/** How long a directly called target rings. */
export function ringLimitMs(turn: Turn, target: Target): number {
  const { ringTimeoutMs = 20_000, numberRingTimeoutMs = 45_000 } = turn.settings;
  return target.kind === "agent" ? ringTimeoutMs : numberRingTimeoutMs;
}

/** Hangs up: the switch takes the leg out of its bridge and stops what plays on it. Twice is harmless. */
export function hang(turn: Turn, legId: LegId | undefined, cause: HangupWord, by: Doer): void {
  const leg = legOf(turn, legId);
  if (!isLive(leg)) return;
  leg.state = "hung";
  leg.hungBy = by;
  forget(leg);
  turn.emit({ to: "switch", type: "leg.hangup", legId: leg.legId, cause });
}

/** The switch says that the leg is over. Returns how it stood before, or undefined when there is nothing to do. */
export function markEnded(
  turn: Turn,
  legId: LegId,
  ending: LegEnding,
): "hung" | "ringing" | "up" | undefined {
  const leg = legOf(turn, legId);
  if (leg === undefined || leg.state === "ended") return undefined;
  const before = leg.state === "hung" || leg.state === "up" ? leg.state : "ringing";
  leg.state = "ended";
  forget(leg);
  const { quality } = leg;
  turn.write(
    "leg.ended",
    { contactId: leg.contactId, legId, ...(leg.agentId && { agentId: leg.agentId }) },
    {
      by: before === "hung" && ending.by === "us" && leg.hungBy ? leg.hungBy : ending.by,
      cause: ending.cause,
      direction: leg.direction,
      ...(ending.sipStatus !== undefined && { sipStatus: ending.sipStatus }),
      ...(leg.trunkId && { trunkId: leg.trunkId }),
      ...(quality && { quality }),
    },
  );
  return before;
}

/** The leg goes on in another contact, which answers for it from now. */
export function giveLeg(turn: Turn, leg: Leg, toContactId: ContactId): void {
  writeMoved(turn, leg, "to", leg.contactId, toContactId);
  leg.state = "ended";
  forget(leg);
}

/** The third party's leg goes on under the customer's contact. */
export function adoptLeg(turn: Turn, legId: LegId): void {
  const leg = legOf(turn, legId);
  if (leg === undefined || leg.contactId === turn.contactId) return;
  const before = leg.contactId;
  writeMoved(turn, leg, "to", before, turn.contactId);
  leg.contactId = turn.contactId;
  writeMoved(turn, leg, "from", turn.contactId, before);
}

export function writeMoved(
  turn: Turn,
  leg: Leg,
  way: "to" | "from",
  contactId: ContactId,
  otherContactId: ContactId,
): void {
  const { legId, agentId, role, direction } = leg;
  const party = role === "supervisor" ? "agent" : role;
  turn.write(
    "leg.moved",
    { contactId, legId, ...(agentId && { agentId }) },
    { way, otherContactId, party, direction },
  );
}

function forget(leg: Leg): void {
  delete leg.bridge;
  delete leg.bridgeRole;
  delete leg.greetingUntil;
  delete leg.playing;
  delete leg.ringUntil;
}

/** Puts a leg into a bridge (made when first needed), out of any other, and silences what we play on it. */
export function join(turn: Turn, name: BridgeName, legId: LegId, role?: BridgeRole): void {
  const leg = legOf(turn, legId);
  if (!isLive(leg)) return;
  if (leg.bridge === name && sameRole(leg.bridgeRole, role)) return;
  if (leg.bridge !== name) {
    leave(turn, legId);
    silence(turn, legId);
  }
  let bridgeId = turn.state.bridges[name];
  if (bridgeId === undefined) {
    bridgeId = turn.ids.next();
    turn.state.bridges[name] = bridgeId;
    turn.emit({ to: "switch", type: "bridge.create", bridgeId });
  }
  leg.bridge = name;
  delete leg.bridgeRole;
  if (role) leg.bridgeRole = role;
  turn.emit({ to: "switch", type: "bridge.join", bridgeId, legId, ...(role && { role }) });
}

function sameRole(one: BridgeRole | undefined, other: BridgeRole | undefined): boolean {
  if (one?.type !== other?.type) return false;
  return one?.type !== "whisper" || other?.type !== "whisper" || one.to.join() === other.to.join();
}

export function leave(turn: Turn, legId: LegId): void {
  const leg = legOf(turn, legId);
  const bridgeId = leg?.bridge && turn.state.bridges[leg.bridge];
  if (!isLive(leg) || bridgeId === undefined) return;
  delete leg.bridge;
  delete leg.bridgeRole;
  turn.emit({ to: "switch", type: "bridge.leave", bridgeId, legId });
}

export function destroyBridge(turn: Turn, name: BridgeName): void {
  const bridgeId = turn.state.bridges[name];
  if (bridgeId === undefined) return;
  for (const leg of turn.legs()) if (leg.bridge === name) leave(turn, leg.legId);
  delete turn.state.bridges[name];
  turn.emit({ to: "switch", type: "bridge.destroy", bridgeId });
}

/** Plays to one party alone, out of any bridge, until silenced, joined or hung up. Returns the playback's id. */
export function play(turn: Turn, legId: LegId, sound: Sound, greeting?: Greeting): string | undefined {
  const leg = legOf(turn, legId);
  if (!isLive(leg) || (leg.state === "incoming" && leg.role === "agent")) return undefined; // a phone that rings makes its own tone
  if (leg.playing?.sound === sound) return leg.playing.playbackId;
  leave(turn, legId);
  silence(turn, legId);
  const playbackId = turn.ids.next();
  leg.playing = { playbackId, sound };
  const message = greeting?.announcement && { announcement: greeting.announcement, beep: greeting.beep };
  turn.emit({
    to: "switch",
    type: "play.start",
    playbackId,
    legId,
    sound,
    ...message,
    loop: LOOPED.has(sound),
  });
  return playbackId;
}

const LOOPED: ReadonlySet<Sound> = new Set(["music", "comfort", "ringback"]);

/** The switch has set the leg's media up anew: what went on until stopped goes on. */
export function playAgain(turn: Turn, leg: Leg): void {
  const sound = leg.playing?.sound;
  if (sound === undefined || !LOOPED.has(sound)) return;
  silence(turn, leg.legId);
  play(turn, leg.legId, sound);
}

export function silence(turn: Turn, legId: LegId): void {
  const leg = legOf(turn, legId);
  if (!isLive(leg) || leg.playing === undefined) return;
  turn.emit({ to: "switch", type: "play.stop", playbackId: leg.playing.playbackId, legId });
  delete leg.playing;
}

/** The agent's leg on this contact, while it has one. */
export function agentLeg(turn: Turn, agentId: AgentId): LegId | undefined {
  return turn.state.handlers[agentId]?.legId;
}

/** The agent whose live leg this is, unless the leg is an old one of theirs. */
export function currentAgentOf(turn: Turn, leg: Leg): AgentId | undefined {
  if (leg.agentId === undefined) return undefined;
  return legOf(turn, agentLeg(turn, leg.agentId))?.legId === leg.legId ? leg.agentId : undefined;
}

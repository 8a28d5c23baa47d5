import type { AgentId, LegId } from "@svara/kernel";
import type { Doer, PayloadOf } from "@svara/ledger";
import { connectAgent, connectExternal, customerLeg } from "./connect.ts";
import { closeSide, endItem, transferOf } from "./consult.ts";
import { dismissCustomer, enterPlace } from "./customer.ts";
import { enterHandler, moveHandler, releaseAgent, startHandler, unreserve } from "./handlers.ts";
import type { ConferenceParty, Target } from "./inputs.ts";
import { adoptLeg, agentLeg, hang, join, legOf, play, ring, ringLimitMs } from "./legs.ts";
import type { Leg, SideCall } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 * A conference: customer and parties in the main bridge. `state.conference` lists the parties, those that ring and those
 * that are lost and awaited included; it is there from the first ring to the last party beside one agent.
 *
 * talk, hold ──► (somebody rings) ──► conference ◄──► hold ──► talk | hold (one agent) | talk (outside) | detached
 */

type Left = PayloadOf<"conference.left">["reason"];

/** How long an agent who is lost out of a conference is awaited. */
function awaitedUntil(turn: Turn): number {
  return turn.at + (turn.settings.reattachGraceMs ?? 30_000);
}

/** Whether the conference has come about: an agent is in it. */
export function isConference(turn: Turn): boolean {
  return turn.handlers().some((handler) => handler.state === "conferenced");
}

/** On the line, in the conference's bridge. */
function isPresent(turn: Turn, party: ConferenceParty): boolean {
  if (party.kind === "external") return legOf(turn, party.legId)?.state === "up";
  return turn.state.handlers[party.agentId]?.state === "conferenced";
}

function partyLeg(turn: Turn, party: ConferenceParty): LegId | undefined {
  return party.kind === "external" ? party.legId : agentLeg(turn, party.agentId);
}

function sameParty(one: ConferenceParty, other: ConferenceParty): boolean {
  if (one.kind === "agent") return other.kind === "agent" && one.agentId === other.agentId;
  return other.kind === "external" && one.legId === other.legId;
}

/** The party whose leg it is. */
export function partyOf(turn: Turn, leg: Leg): ConferenceParty | undefined {
  return turn.state.conference?.parties.find((party) => partyLeg(turn, party) === leg.legId);
}

function writeJoined(turn: Turn, party: ConferenceParty): void {
  const legId = partyLeg(turn, party);
  if (legId === undefined) return;
  const agentId = party.kind === "agent" ? party.agentId : undefined;
  turn.write("conference.joined", { legId, ...(agentId && { agentId }) }, { party: party.kind });
}

function writeLeft(turn: Turn, party: ConferenceParty, reason: Left): void {
  const legId = partyLeg(turn, party);
  if (legId === undefined) return;
  const agentId = party.kind === "agent" ? party.agentId : undefined;
  turn.write("conference.left", { legId, ...(agentId && { agentId }) }, { party: party.kind, reason });
}

/** The consultation becomes a conference: the asking agent brings customer and third party together. */
export function mergeConsult(turn: Turn, side: SideCall): void {
  const customer = customerLeg(turn);
  const own = agentLeg(turn, side.asker);
  const { other, asker } = side;
  if (customer === undefined || own === undefined || other === undefined) return;
  const { contactId } = turn;
  turn.write("transfer.cancelled", { agentId: asker }, { ...transferOf(side), reason: "merged" });
  adoptLeg(turn, other.legId);
  const party: ConferenceParty =
    other.kind === "agent"
      ? { kind: "agent", agentId: other.agentId }
      : { kind: "external", legId: other.legId };
  turn.state.conference = { parties: [{ kind: "agent", agentId: asker }, party] };
  if (other.kind === "agent") {
    const { agentId } = other;
    turn.emit({ to: "router", type: "item.assigned", contactId, agentId, purpose: "conference" });
    moveHandler(turn, agentId, contactId, "conferenced");
    endItem(turn, side, agentId);
  }
  for (const legId of [customer, own, other.legId]) join(turn, "main", legId);
  closeSide(turn, side, "answered", "agent");
  enterHandler(turn, asker, "conferenced");
  for (const one of turn.state.conference.parties) writeJoined(turn, one);
  enterPlace(turn, { at: "conference", legId: customer, agentId: asker });
}

/** Calls one more party; the others talk on. */
export function addParty(turn: Turn, agentId: AgentId, target: Target): void {
  const { contactId, state } = turn;
  const purpose = "conference";
  if (target.kind === "agent")
    turn.emit({ to: "router", type: "agent.reserved", agentId: target.agentId, contactId, purpose });
  const near = customerLeg(turn);
  const leg = ring(turn, {
    target,
    role: target.kind === "agent" ? "agent" : "external",
    purpose,
    contactId,
    timeoutMs: ringLimitMs(turn, target),
    ...(near && { near }),
  });
  state.conference ??= { parties: [{ kind: "agent", agentId }] };
  if (target.kind === "agent") {
    startHandler(turn, { agentId: target.agentId, contactId, purpose, legId: leg.legId });
    state.conference.parties.push({ kind: "agent", agentId: target.agentId });
  } else {
    state.conference.parties.push({ kind: "external", legId: leg.legId });
  }
}

/** A party that was called, or a lost agent who was called back, has answered. */
export function partyAnswered(turn: Turn, leg: Leg): void {
  const { conference } = turn.state;
  const party = partyOf(turn, leg);
  if (conference === undefined || party === undefined) return;
  if (party.kind === "agent") {
    const handler = turn.state.handlers[party.agentId];
    const { agentId } = party;
    if (handler?.state === "ringing")
      turn.emit({
        to: "router",
        type: "item.assigned",
        contactId: turn.contactId,
        agentId,
        purpose: "conference",
      });
    // whoever was away comes last
    conference.parties = [...conference.parties.filter((one) => one !== party), party];
    enterHandler(turn, agentId, "conferenced");
  }
  for (const one of conference.parties) {
    const handler = one.kind === "agent" ? turn.state.handlers[one.agentId] : undefined;
    if (handler?.state !== "talking" && handler?.state !== "held") continue;
    enterHandler(turn, handler.agentId, "conferenced");
    writeJoined(turn, one);
  }
  join(turn, "main", leg.legId);
  writeJoined(turn, party);
  bringTogether(turn);
}

/** The customer is with the conference, unless on hold; the first agent in it has them. */
function bringTogether(turn: Turn): void {
  const { place, conference } = turn.state;
  const customer = customerLeg(turn);
  const first = conference?.parties.find((party) => party.kind === "agent" && isPresent(turn, party));
  const lost = conference?.parties.find((party) => party.kind === "agent");
  const holder = first ?? lost;
  if (customer === undefined || holder?.kind !== "agent") return;
  const { agentId } = holder;
  if (place.at === "hold") return enterPlace(turn, { ...place, agentId });
  join(turn, "main", customer);
  turn.state.served = true;
  enterPlace(turn, { at: "conference", legId: customer, agentId });
}

/** The customer comes back from hold into the conference. */
export function resumeConference(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "hold") return;
  join(turn, "main", place.legId);
  enterPlace(turn, { at: "conference", legId: place.legId, agentId: place.agentId });
}

/** A party that rings will not come: refused, unanswered, or called off. */
export function partyNotAnswered(turn: Turn, leg: Leg, cause: string): void {
  const party = partyOf(turn, leg);
  if (party === undefined) return;
  remove(turn, party);
  hang(turn, leg.legId, "cancelled", "us");
  if (party.kind === "agent") unreserve(turn, party.agentId, cause, "not_answered");
  settleConference(turn);
}

/** Whether the agent's leaving would leave the customer with two or more parties outside the house. */
export function wouldLeaveOutsiders(turn: Turn, agentId: AgentId): boolean {
  const others = turn.state.conference?.parties.filter(
    (party) => party.kind !== "agent" || party.agentId !== agentId,
  );
  const present = others?.filter((party) => isPresent(turn, party)) ?? [];
  const agents = others?.some((party) => party.kind === "agent" && isAwaitedOrPresent(turn, party.agentId));
  return !agents && present.length > 1;
}

function isAwaitedOrPresent(turn: Turn, agentId: AgentId): boolean {
  const state = turn.state.handlers[agentId]?.state;
  return state === "conferenced" || state === "detached";
}

/** An agent goes out of the conference, or is sent out; the others talk on. */
export function agentLeaves(turn: Turn, agentId: AgentId, reason: "left" | "dropped"): void {
  const party: ConferenceParty = { kind: "agent", agentId };
  if (wouldLeaveOutsiders(turn, agentId)) return hangUpAll(turn, "agent");
  writeLeft(turn, party, reason);
  remove(turn, party);
  const wrapUp = turn.state.handlers[agentId]?.had === true;
  releaseAgent(turn, agentId, { reason: "agent_ended", wrapUp, by: "agent" });
  settleConference(turn);
}

/** A number outside is gone, or is sent out. */
export function externalLeaves(turn: Turn, leg: Leg, reason: "left" | "dropped", by: Doer): void {
  const party: ConferenceParty = { kind: "external", legId: leg.legId };
  writeLeft(turn, party, reason);
  remove(turn, party);
  hang(turn, leg.legId, "normal", by);
  settleConference(turn);
}

/** Another party is sent off by an agent; one that rings is called off. */
export function dropParty(turn: Turn, party: ConferenceParty): void {
  const leg = legOf(turn, partyLeg(turn, party));
  if (party.kind === "agent" && turn.state.handlers[party.agentId]?.state === "detached")
    return giveUpAwaited(turn, party.agentId);
  if (leg === undefined) return;
  if (!isPresent(turn, party)) return partyNotAnswered(turn, leg, "called_off");
  if (party.kind === "agent") agentLeaves(turn, party.agentId, "dropped");
  else externalLeaves(turn, leg, "dropped", "agent");
}

/** The party of a conference, as an agent names it. */
export function findParty(turn: Turn, wanted: ConferenceParty): ConferenceParty | undefined {
  return turn.state.conference?.parties.find((party) => sameParty(party, wanted));
}

/** The agent's leg is gone: they may come back, the others talk on. */
export function loseFromConference(turn: Turn, agentId: AgentId): void {
  const handler = turn.state.handlers[agentId];
  if (handler === undefined) return;
  writeLeft(turn, { kind: "agent", agentId }, "lost");
  delete handler.legId;
  enterHandler(turn, agentId, "detached", "failed_tech");
  handler.until = awaitedUntil(turn);
  settleConference(turn);
}

/** A lost agent has not come back in time. */
export function giveUpAwaited(turn: Turn, agentId: AgentId): void {
  remove(turn, { kind: "agent", agentId });
  releaseAgent(turn, agentId, { reason: "failed_tech", wrapUp: false, lost: true });
  settleConference(turn);
}

/** The agent goes on without the others: who rings is called off, who is awaited is awaited no more. */
export function goOnAlone(turn: Turn, agentId: AgentId): void {
  const { conference } = turn.state;
  if (conference === undefined) return;
  callOff(turn);
  for (const party of conference.parties) {
    if (party.kind !== "agent" || party.agentId === agentId) continue;
    releaseAgent(turn, party.agentId, { reason: "failed_tech", wrapUp: false, lost: true });
  }
  delete turn.state.conference;
}

/** Brings everything in step after a party has gone: whoever is left talks on, by two if need be. */
function settleConference(turn: Turn): void {
  const { conference, place } = turn.state;
  const customer = customerLeg(turn);
  if (conference === undefined || customer === undefined) return;
  if (!isConference(turn) && place.at !== "conference" && place.at !== "hold") return forgetIfAlone(turn);
  const present = conference.parties.filter((party) => isPresent(turn, party));
  const agents = present.filter((party) => party.kind === "agent");
  const [agent] = agents;
  if (agent !== undefined) {
    if (present.length > 1) return bringTogether(turn);
    return backToTwo(turn, agent.agentId);
  }
  if (!isConference(turn) && place.at === "hold" && turn.state.handlers[place.agentId]?.state === "held")
    return forgetIfAlone(turn);
  const awaited = conference.parties.filter(
    (party) => party.kind === "agent" && turn.state.handlers[party.agentId]?.state === "detached",
  );
  const [outside] = present;
  if (awaited.length > 0 && outside !== undefined) return bringTogether(turn);
  if (awaited.length > 0) return awaitOne(turn, awaited);
  if (present.length > 1) return hangUpAll(turn, "us");
  callOff(turn);
  if (outside?.kind === "external") return leaveOutside(turn, outside.legId);
  delete turn.state.conference;
  dismissCustomer(turn, { outcome: "answered", by: "agent", reason: "agent_ended" });
}

/** One agent is left with the customer: a talk (or a hold) as any. Who still rings may make it a conference again. */
function backToTwo(turn: Turn, agentId: AgentId): void {
  const { place } = turn.state;
  const own = agentLeg(turn, agentId);
  if (own === undefined) return;
  writeLeft(turn, { kind: "agent", agentId }, "ended");
  forgetIfAlone(turn);
  if (place.at !== "hold") return connectAgent(turn, agentId, own);
  enterHandler(turn, agentId, "held");
  enterPlace(turn, { ...place, agentId });
}

/** The customer is alone with a number outside: as after a transfer to it. */
function leaveOutside(turn: Turn, legId: LegId): void {
  writeLeft(turn, { kind: "external", legId }, "ended");
  delete turn.state.conference;
  connectExternal(turn, legId);
}

/** Nobody but the customer is there, and lost agents are awaited: one of them, as after any loss. */
function awaitOne(turn: Turn, awaited: readonly ConferenceParty[]): void {
  const customer = customerLeg(turn);
  const [first, ...others] = awaited;
  if (customer === undefined || first?.kind !== "agent") return;
  for (const party of others) {
    if (party.kind !== "agent") continue;
    remove(turn, party);
    releaseAgent(turn, party.agentId, { reason: "failed_tech", wrapUp: false, lost: true });
  }
  const handler = turn.state.handlers[first.agentId];
  const until = handler?.until ?? awaitedUntil(turn);
  if (handler) delete handler.until;
  callOff(turn);
  delete turn.state.conference;
  play(turn, customer, "comfort");
  enterPlace(turn, { at: "detached", legId: customer, agentId: first.agentId, until });
}

/** Whoever rings need not come. */
function callOff(turn: Turn): void {
  for (const party of turn.state.conference?.parties ?? []) {
    const leg = legOf(turn, partyLeg(turn, party));
    if (leg === undefined || isPresent(turn, party)) continue;
    if (party.kind === "agent" && turn.state.handlers[party.agentId]?.state !== "ringing") continue;
    remove(turn, party);
    hang(turn, leg.legId, "cancelled", "us");
    if (party.kind === "agent") unreserve(turn, party.agentId, "called_off", "withdrawn");
  }
}

function forgetIfAlone(turn: Turn): void {
  if ((turn.state.conference?.parties.length ?? 0) <= 1) delete turn.state.conference;
}

function remove(turn: Turn, gone: ConferenceParty): void {
  const { conference } = turn.state;
  if (conference) conference.parties = conference.parties.filter((party) => !sameParty(party, gone));
}

/** Nobody of ours is left with the customer and several parties outside: all are hung up. */
function hangUpAll(turn: Turn, by: Doer): void {
  endConference(turn, by, "ended");
  dismissCustomer(turn, { outcome: "answered", by, reason: "agent_ended" });
}

/** The conference is over for everybody: the customer is gone, or we end it. */
export function endConference(turn: Turn, by: Doer, reason: "customer_ended" | "ended"): void {
  const { conference } = turn.state;
  if (conference === undefined) return;
  const present = conference.parties.filter((party) => isPresent(turn, party));
  callOff(turn);
  for (const party of present) writeLeft(turn, party, reason);
  const { parties } = conference;
  delete turn.state.conference;
  for (const party of parties) {
    if (party.kind === "external") hang(turn, party.legId, "normal", by);
    else
      releaseAgent(turn, party.agentId, {
        reason: reason === "customer_ended" ? "customer_ended" : "agent_ended",
        wrapUp: turn.state.handlers[party.agentId]?.had === true,
        by,
      });
  }
}

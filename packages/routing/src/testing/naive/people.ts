import type { Instant } from "@svara/kernel";
import type { OfferWithdrawReason } from "../../decision.ts";
import type { PresenceBy } from "../../input.ts";
import { type AgentConfig, MEDIA, type Medium, type Presence, type QueueConfig } from "../../model.ts";
import { emit, type InHand, type NaiveFloor, offerTo, type Person, remove } from "./floor.ts";
import { endWrapUp, giveBack } from "./hands.ts";
import { withdrawOffer } from "./lines.ts";
import { canServeQueue } from "./requirement.ts";

export function newPerson(config: AgentConfig, now: Instant): Person {
  return {
    config,
    loggedIn: false,
    leaving: false,
    retired: false,
    presence: { state: "not_ready", reason: "not_logged_in", paid: false, productive: false },
    connected: true,
    graceUntil: null,
    graceArmed: 0,
    unreachable: ["voice", "video"],
    busyOther: false,
    misses: 0,
    restUntil: null,
    restReason: "rona",
    restArmed: 0,
    idleSince: 0,
    loggedInAt: 0,
    workedMs: 0,
    occupancy: 0,
    lastOffer: 0,
    inHand: [],
    wasOpen: [],
    changed: false,
    told: { state: "logged_out", reason: null, itemId: null, since: now },
  };
}

export const onDuty = (person: Person): boolean => person.loggedIn && !person.leaving && !person.retired;

/** RT33, RT51, RT52 */
export function hasRoom({ config, inHand }: Person, medium: Medium): boolean {
  const interruptedBy = (one: Medium): readonly Medium[] => {
    return (config.capacity?.interrupts?.[one] ?? []).filter((other) => other !== one);
  };
  const active = inHand.filter((h) => h.phase !== "interrupted");
  if (active.some((h) => interruptedBy(h.medium).includes(medium))) return false;
  const inTheWay = active.filter((h) => h.phase === "wrap_up" || !interruptedBy(medium).includes(h.medium));
  const apart = (config.capacity?.apart ?? []).filter((set) => set.includes(medium));
  if (inTheWay.some((h) => h.medium !== medium && apart.some((set) => set.includes(h.medium)))) return false;
  return inTheWay.filter((h) => h.medium === medium).length < (config.slots[medium] ?? 0);
}

/** RT5 and the words above the rules. */
export function isOpen(floor: NaiveFloor, person: Person, medium: Medium): boolean {
  return (
    onDuty(person) &&
    person.connected &&
    person.presence.state === "available" &&
    person.restUntil === null &&
    !person.unreachable.includes(medium) &&
    !person.busyOther &&
    offerTo(floor, person) === undefined &&
    hasRoom(person, medium)
  );
}

export const openMedia = (floor: NaiveFloor, person: Person): Medium[] =>
  MEDIA.filter((medium) => isOpen(floor, person, medium));

export function isOpenFor(floor: NaiveFloor, person: Person, queue: QueueConfig): boolean {
  return queue.media.some((medium) => isOpen(floor, person, medium)) && canServeQueue(person, queue);
}

export function present(floor: NaiveFloor, person: Person, presence: Presence, by: PresenceBy): void {
  if (presence.state === "available" && person.presence.state !== "available") person.idleSince = floor.now;
  person.presence = presence;
  const pending = person.inHand.length > 0 || person.busyOther;
  emit(floor, {
    type: "presence.changed",
    at: floor.now,
    agentId: person.config.id,
    presence,
    by,
    pending,
  });
}

/** RT49: what a person does of themselves, or has done to them, begins anew. */
export function forgetMisses(person: Person): void {
  person.misses = 0;
  person.restUntil = null;
}

/** RT28, RT50, RT53, RT40 */
export function logOut(floor: NaiveFloor, person: Person, why: OfferWithdrawReason): void {
  const offer = offerTo(floor, person);
  if (offer) withdrawOffer(floor, offer, why, true);
  person.graceUntil = null;
  forgetMisses(person);
  person.leaving = person.loggedIn;
  leaveIfDone(floor, person);
}

const goesOn = (h: InHand): boolean => h.phase !== "wrap_up" && (h.phase !== "interrupted" || !h.waiting);

export function leaveIfDone(floor: NaiveFloor, person: Person): void {
  if (!person.leaving || person.inHand.some(goesOn)) return;
  person.leaving = false;
  person.loggedIn = false;
  person.graceUntil = null;
  for (const h of [...person.inHand]) {
    if (h.phase === "wrap_up") endWrapUp(floor, person, h, "logout");
    else giveBack(floor, person, h);
  }
}

/** RT24, RT25, RT29: tells the state if it is another. */
export function tellState(floor: NaiveFloor, person: Person): void {
  const next = stateOf(floor, person);
  const { told } = person;
  if (next.state !== told.state || next.reason !== told.reason || next.itemId !== told.itemId) {
    if (isWork(told.state)) person.workedMs += floor.now - told.since;
    emit(floor, {
      type: "agent.state_changed",
      at: floor.now,
      agentId: person.config.id,
      from: told.state,
      fromSince: told.since,
      to: next.state,
      reason: next.reason,
      paid: next.paid,
      productive: next.productive,
      presence: person.presence,
      medium: next.medium,
      itemId: next.itemId,
    } as Parameters<typeof emit>[1]);
    person.told = { state: next.state, reason: next.reason, itemId: next.itemId, since: floor.now };
  }
  if (person.retired && !person.loggedIn && person.inHand.length === 0) remove(floor.people, person);
}

const isWork = (state: string): boolean => !["logged_out", "not_ready", "available"].includes(state);

/** RT72, now */
export function occupancyOf(floor: NaiveFloor, person: Person): number {
  const { told, loggedInAt } = person;
  const worked = person.workedMs + (isWork(told.state) ? floor.now - told.since : 0);
  return floor.now > loggedInAt ? Math.floor((1_000_000 * worked) / (floor.now - loggedInAt)) : 0;
}

export function stateOf(floor: NaiveFloor, person: Person) {
  const idle = (state: string, reason: string | null, paid: boolean, productive: boolean) => {
    return { state, reason, paid, productive, medium: null as Medium | null, itemId: null as string | null };
  };
  const work = (state: string, medium: Medium, itemId: string) => {
    return { state, reason: null, paid: true, productive: true, medium, itemId };
  };
  if (!person.loggedIn) return idle("logged_out", null, false, false);
  const order = ["talking", "conferenced", "consulting", "held", "dialing", "busy_other", "wrap_up"];
  for (const phase of [...order, "offer", "ringing"]) {
    if (phase === "busy_other" && person.busyOther) return idle("busy_other", null, true, true);
    const offer = offerTo(floor, person);
    if (phase === "offer" && offer) return work("reserved", offer.waiting.item.medium, offer.waiting.item.id);
    const h = person.inHand.find((one) => one.phase === phase);
    if (h) return work(phase === "ringing" ? "reserved" : phase, h.medium, h.itemId);
  }
  const { presence } = person;
  if (presence.state === "not_ready") {
    return idle("not_ready", presence.reason, presence.paid, presence.productive);
  }
  if (!person.connected) return idle("not_ready", "connection_lost", true, false);
  if (person.restUntil !== null) return idle("not_ready", person.restReason, true, false);
  const media = MEDIA.filter((medium) => (person.config.slots[medium] ?? 0) > 0);
  if (media.every((medium) => person.unreachable.includes(medium)))
    return idle("not_ready", "unreachable", true, false);
  return idle("available", null, true, true);
}

import type { Effect, LegPurpose, RouterEffect, SwitchEffect } from "@svara/conversation";
import type { FlowEffect } from "@svara/flows";
import type { AgentId, Clock, ContactId, LegId, RecordingId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { OfferFailure } from "@svara/routing";
import type { DialTarget, HangupCause, Switch } from "@svara/telephony";
import type { CallGate } from "./call-gate.ts";
import type { CentreModel } from "./centre-model.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { AgentPart, ContactPort, LiveContact } from "./live-contact.ts";
import type { ContactChange, LiveStore } from "./live-store.ts";
import type { RecordingKeeper } from "./recording-keeper.ts";
import { itemOf, type RouterLink } from "./router-link.ts";
import type { Sounds } from "./sounds.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface ContactRunnerDeps {
  readonly clock: Clock;
  readonly loop: WorkLoop;
  readonly switch: Switch;
  readonly link: () => RouterLink;
  readonly agents: LiveAgents;
  readonly gate: CallGate;
  readonly recordings: RecordingKeeper;
  readonly sounds: Sounds;
  readonly store: LiveStore;
  readonly model: () => CentreModel;
  readonly append: (draft: LedgerDraft) => void;
  readonly changed: (contact: LiveContact) => void;
  /** A contact has left this agent's hands. */
  readonly agentFree: (agentId: AgentId) => void;
  readonly warn: (message: string, detail: object) => void;
}

/** Wrap-up where no queue says anything: after a call that the agent made. */
const OWN_CALL_WRAP_UP = { mode: "timed", limitMs: 60_000 } as const; // a note and a disposition

/** Carries out what conversations and flows decide: on the switch, at the router, in the ledger and in the rows beside it. */
export class ContactRunner implements ContactPort {
  readonly #deps: ContactRunnerDeps;
  readonly #live = new Set<LiveContact>();
  /** By id, and by the id of a consultation's own contact. */
  readonly #contacts = new Map<ContactId, LiveContact>();
  readonly #legs = new Map<LegId, LiveContact>();
  readonly #playbacks = new Map<string, LiveContact>();
  /** Media commands of one contact go to the switch one after another. */
  readonly #tails = new Map<LiveContact, Promise<void>>();
  readonly #reserved = new Set<string>();
  readonly #hands = new Map<AgentId, Set<LiveContact>>();

  constructor(deps: ContactRunnerDeps) {
    this.#deps = deps;
  }

  /** Contacts that are going on. */
  get size(): number {
    return this.#live.size;
  }

  all(): LiveContact[] {
    return [...this.#live];
  }

  /** Takes a new contact under its care; `legId` is the leg that began it. */
  add(contact: LiveContact, legId?: LegId): void {
    this.#live.add(contact);
    this.#contacts.set(contact.id, contact);
    if (legId) this.#legs.set(legId, contact);
    if (legId) contact.legIds.add(legId);
  }

  /** The contact, or the one whose consultation has this id. */
  byId(contactId: ContactId): LiveContact | undefined {
    return this.#contacts.get(contactId);
  }

  byLeg(legId: LegId): LiveContact | undefined {
    return this.#legs.get(legId);
  }

  /** The contacts in an agent's hands, in the order in which they came. */
  ofAgent(agentId: AgentId): LiveContact[] {
    return [...(this.#hands.get(agentId) ?? [])];
  }

  perform(contact: LiveContact, effect: Effect): void {
    switch (effect.to) {
      case "switch":
        return this.#performSwitch(contact, effect);
      case "router":
        return this.#deps.loop.run(() => this.#performRouter(contact, effect));
      case "flow":
        if (effect.type === "flow.stop") return contact.stopFlow();
        if (effect.type === "flow.wait")
          return this.#deps.loop.run(() => contact.waitInQueue(effect.queueId));
        return this.#deps.loop.run(() => contact.flowInput({ type: "dtmf", digit: effect.digit }));
      case "ledger":
        return this.#record(contact, effect.event);
    }
  }

  performFlow(contact: LiveContact, effect: FlowEffect): void {
    const { clock, append, loop, sounds } = this.#deps;
    const about = { at: clock.now(), clientId: contact.clientId, contactId: contact.id };
    switch (effect.type) {
      case "play.start":
        return this.#play(contact, effect.playbackId, sounds.prompts(effect.prompts), false);
      case "music.start":
        return this.#play(contact, effect.playbackId, sounds.music(effect.music), true);
      case "play.stop":
        return this.#media(contact, () => this.#deps.switch.stopPlayback(effect.playbackId));
      case "queue.enter":
        return loop.run(() => {
          contact.input({ type: "queue.entered", queueId: effect.queueId, initiation: effect.initiation });
        });
      case "queue.leave":
        return loop.run(() => {
          contact.input({ type: "queue.left", outcome: effect.outcome });
        });
      case "hangup":
        return loop.run(() => {
          contact.input({ type: "flow.ended", outcome: effect.outcome });
        });
      case "flow.step": {
        const { type, ...payload } = effect;
        return append({ ...about, type, payload });
      }
      case "notice.played": {
        const { type, ...payload } = effect;
        return append({ ...about, type, payload });
      }
    }
  }

  changed(contact: LiveContact): void {
    this.#deps.changed(contact);
  }

  closed(contact: LiveContact): void {
    this.#live.delete(contact);
    for (const id of contact.contactIds) this.#contacts.delete(id);
    for (const id of contact.legIds) this.#legs.delete(id);
    for (const id of contact.playbackIds) this.#playbacks.delete(id);
    for (const agentId of [...contact.parts.keys()]) this.#drop(contact, agentId);
    this.#tails.delete(contact);
    this.#deps.changed(contact);
  }

  /** A playback of the contact is over. */
  playbackOver(playbackId: string): LiveContact | undefined {
    const contact = this.#playbacks.get(playbackId);
    this.#playbacks.delete(playbackId);
    contact?.playbackIds.delete(playbackId);
    return contact;
  }

  /** The wrap-up is over, or never was: the agent's part is done. */
  partOver(contact: LiveContact, agentId: AgentId): void {
    this.#drop(contact, agentId);
    this.#deps.changed(contact);
  }

  /** The offer was presented to this agent. */
  partOffered(
    contact: LiveContact,
    agentId: AgentId,
    contactId: ContactId,
    offer: { offerId: string; expiresAt: number },
  ): void {
    this.#part(contact, agentId, contactId).offer = offer;
  }

  /** The agent has nothing more to do with the contact. */
  #drop(contact: LiveContact, agentId: AgentId): void {
    contact.parts.delete(agentId);
    const hand = this.#hands.get(agentId);
    hand?.delete(contact);
    if (hand?.size === 0) this.#hands.delete(agentId);
    this.#deps.agentFree(agentId);
  }

  #performSwitch(contact: LiveContact, effect: SwitchEffect): void {
    const sw = this.#deps.switch;
    switch (effect.type) {
      case "leg.answer":
        return this.#send(() => sw.answer(effect.legId));
      case "leg.originate":
        return this.#originate(contact, effect);
      case "leg.hangup":
        return this.#send(() => sw.hangup(effect.legId, hangupCause(effect.cause)));
      case "bridge.create":
        return this.#media(contact, () => sw.createBridge(effect.bridgeId));
      case "bridge.join":
        return this.#media(contact, () => sw.join(effect.bridgeId, effect.legId));
      case "bridge.leave":
        return this.#media(contact, () => sw.leave(effect.bridgeId, effect.legId));
      case "bridge.destroy":
        return this.#media(contact, () => sw.destroyBridge(effect.bridgeId));
      case "play.start": {
        const items = this.#deps.sounds.sound(effect.sound, contact.facts.language);
        return this.#media(contact, () =>
          sw.play(effect.playbackId, effect.legId, items, { loop: effect.loop }),
        );
      }
      case "play.stop":
        return this.#media(contact, () => sw.stopPlayback(effect.playbackId));
      case "record.start":
        return this.#startRecording(contact, effect.recordingId, effect.legId);
      case "record.pause":
        return this.#media(contact, () => sw.pauseRecording(effect.recordingId));
      case "record.resume":
        return this.#media(contact, () => sw.resumeRecording(effect.recordingId));
      case "record.stop":
        return this.#media(contact, () => sw.stopRecording(effect.recordingId));
      case "dtmf.send":
        return this.#media(contact, () => sw.sendDtmf(effect.legId, effect.digits));
    }
  }

  #originate(contact: LiveContact, effect: Extract<SwitchEffect, { type: "leg.originate" }>): void {
    const { legId, target, purpose } = effect;
    this.#legs.set(legId, contact);
    contact.legIds.add(legId);
    this.#alias(contact, effect.contactId);
    if (target.kind === "number" && purpose === "outbound") contact.customerLegId = legId;
    if (target.kind === "agent") {
      const part = this.#part(contact, target.agentId, effect.contactId);
      part.legId = legId;
      part.purpose = purpose;
    }
    const dial = this.#route(contact, effect);
    if (typeof dial === "string") {
      const { append, clock, loop } = this.#deps;
      append({
        type: "call.blocked",
        at: clock.now(),
        clientId: contact.clientId,
        contactId: contact.id,
        payload: { reason: dial, direction: "outbound" },
      });
      return loop.run(() => {
        contact.input({ type: "leg.ended", legId, by: "us", cause: "no_route" });
      });
    }
    this.#send(() =>
      this.#deps.switch.originate({
        legId,
        target: dial.target,
        ...(dial.callerNumber ? { callerNumber: dial.callerNumber } : {}),
        ...(dial.callerName ? { callerName: dial.callerName } : {}),
        ringTimeoutMs: effect.timeoutMs,
        headers: headersOf(contact, effect),
      }),
    );
  }

  #route(
    contact: LiveContact,
    effect: Extract<SwitchEffect, { type: "leg.originate" }>,
  ):
    | { target: DialTarget; callerNumber?: string; callerName?: string }
    | "no_lines"
    | "not_allowed"
    | "malformed"
    | "draining" {
    const { agents, gate, model } = this.#deps;
    const { target } = effect;
    if (target.kind === "agent") {
      const { remoteNumber, remoteName } = contact.facts;
      return {
        target: { kind: "endpoint", endpointId: agents.endpointOf(target.agentId) },
        callerNumber: remoteNumber ?? "anonymous",
        ...(remoteName ? { callerName: remoteName } : {}),
      };
    }
    const verdict = gate.placeCall(
      { number: target.number, ...(target.trunkId ? { trunkId: target.trunkId } : {}) },
      model(),
    );
    if (!verdict.allowed) return verdict.reason;
    const callerNumber = target.callerId ?? effect.callerId ?? verdict.callerNumber;
    return {
      target: { kind: "number", number: target.number, trunkId: verdict.trunkId },
      ...(callerNumber ? { callerNumber } : {}),
    };
  }

  #performRouter(contact: LiveContact, effect: RouterEffect): void {
    const link = this.#deps.link();
    const itemId = itemOf(effect.contactId);
    switch (effect.type) {
      case "item.queued": {
        this.#alias(contact, effect.contactId);
        if (!effect.internal) {
          contact.queueId = effect.queueId;
          contact.queuedAt = this.#deps.clock.now();
        }
        link.handle({
          type: "item.queued",
          item: {
            id: itemId,
            medium: "voice",
            clientId: contact.clientId,
            queueId: effect.queueId,
            queuedAt: effect.queuedAt,
            initiation: effect.initiation,
            ...(effect.priority === undefined ? {} : { priority: effect.priority }),
          },
        });
        return;
      }
      case "item.withdrawn":
        link.handle({ type: "item.withdrawn", itemId, reason: withdrawReason(effect.reason) });
        return;
      case "offer.accepted": {
        const part = this.#part(contact, effect.agentId, effect.contactId);
        delete part.offer;
        part.answeredAt = this.#deps.clock.now();
        if (contact.queuedAt !== undefined) contact.waitedMs = part.answeredAt - contact.queuedAt;
        link.handle({ type: "offer.accepted", offerId: effect.offerId });
        return this.#deps.changed(contact);
      }
      case "offer.refused":
        this.#drop(contact, effect.agentId);
        link.handle({ type: "offer.refused", offerId: effect.offerId });
        return this.#deps.changed(contact);
      case "offer.failed":
        this.#drop(contact, effect.agentId);
        link.handle({ type: "offer.failed", offerId: effect.offerId, reason: offerFailure(effect.cause) });
        return this.#deps.changed(contact);
      case "agent.reserved": {
        this.#reserved.add(`${effect.contactId}/${effect.agentId}`);
        this.#part(contact, effect.agentId, effect.contactId);
        const phase = effect.purpose === "outbound" || effect.purpose === "internal" ? "dialing" : "ringing";
        link.handle({
          type: "item.assigned",
          itemId,
          agentId: effect.agentId,
          medium: "voice",
          phase,
          ...this.#wrapUpRule(contact, effect.purpose),
        });
        return this.#deps.changed(contact);
      }
      case "agent.released":
        this.#reserved.delete(`${effect.contactId}/${effect.agentId}`);
        this.#drop(contact, effect.agentId);
        link.handle({ type: "item.ended", itemId, agentId: effect.agentId, wrapUp: "skip" });
        return this.#deps.changed(contact);
      case "item.assigned": {
        const part = this.#part(contact, effect.agentId, effect.contactId);
        part.answeredAt ??= this.#deps.clock.now();
        if (this.#reserved.delete(`${effect.contactId}/${effect.agentId}`)) {
          link.handle({ type: "item.phase_set", itemId, agentId: effect.agentId, phase: "talking" });
        } else {
          link.handle({
            type: "item.assigned",
            itemId,
            agentId: effect.agentId,
            medium: "voice",
            ...this.#wrapUpRule(contact, effect.purpose),
          });
        }
        return this.#deps.changed(contact);
      }
      case "agent.activity":
        link.handle({
          type: "item.phase_set",
          itemId,
          agentId: effect.agentId,
          phase: effect.activity === "detached" ? "held" : effect.activity,
        });
        return;
      case "item.ended":
        return this.#agentDone(contact, effect);
    }
  }

  #agentDone(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.ended" }>): void {
    const { agentId, contactId } = effect;
    const decisions = this.#deps.link().handle({
      type: "item.ended",
      itemId: itemOf(contactId),
      agentId,
      wrapUp: effect.wrapUp ? "queue" : "skip",
    });
    const wraps = decisions.some((d) => d.type === "wrapup.started" && d.agentId === agentId);
    if (effect.wrapUp && !wraps) contact.input({ type: "wrap_up.finished", agentId, reason: "completed" });
    if (!wraps) this.#drop(contact, agentId);
    this.#deps.changed(contact);
  }

  #wrapUpRule(
    contact: LiveContact,
    purpose: LegPurpose,
  ): { queueId?: NonNullable<LiveContact["queueId"]>; wrapUp?: typeof OWN_CALL_WRAP_UP } {
    if (purpose === "consult" || purpose === "internal") return {};
    return contact.queueId ? { queueId: contact.queueId } : { wrapUp: OWN_CALL_WRAP_UP };
  }

  /** Keeps the rows beside the ledger in step with what the ledger says. */
  #record(contact: LiveContact, event: LedgerDraft): void {
    this.#deps.append(event);
    if (event.contactId !== contact.id) return;
    switch (event.type) {
      case "queue.entered":
        return this.#row(contact, { queueId: event.queueId });
      case "queue.left":
        if (event.payload.outcome === "answered") contact.tally.waitMs ??= event.payload.waitMs;
        return;
      case "segment.started":
        return this.#segmentStarted(contact, event);
      case "segment.ended":
        if (event.payload.party !== "customer") return;
        contact.tally.customerEndedAt = event.at;
        if (contact.tally.talkSince !== undefined) contact.tally.talkMs += event.at - contact.tally.talkSince;
        contact.tally.talkSince = undefined;
        return;
      case "contact.closed": {
        const { waitMs, talkMs, customerEndedAt } = contact.tally;
        return this.#row(contact, {
          closedAt: event.at,
          outcome: event.payload.outcome,
          talkMs,
          ...(waitMs === undefined ? {} : { waitMs }),
          ...(customerEndedAt === undefined ? {} : { customerEndedAt }),
        });
      }
      default:
        return;
    }
  }

  #segmentStarted(contact: LiveContact, event: LedgerDraft<"segment.started">): void {
    if (event.payload.party !== "customer" || event.payload.kind !== "talk") return;
    contact.tally.talkSince = event.at;
    const first = contact.tally.answered ? {} : { answeredAt: event.at };
    contact.tally.answered = true;
    if (event.agentId) this.#row(contact, { agentId: event.agentId, ...first });
  }

  /** What comes while an earlier change still waits to be written goes along with it: fewer transactions under load. */
  #row(contact: LiveContact, change: ContactChange): void {
    const waiting = contact.unwritten;
    if (waiting && goTogether(waiting, change)) {
      contact.unwritten = Object.assign(waiting, change);
      return;
    }
    const written = { ...change };
    contact.unwritten = written;
    this.#inOrder(contact, () => {
      if (contact.unwritten === written) contact.unwritten = undefined;
      return this.#deps.store.contactChanged(contact.clientId, contact.id, written);
    });
  }

  #inOrder(contact: LiveContact, write: () => Promise<unknown>): void {
    contact.rows = contact.rows
      .then(write)
      .catch((error: unknown) =>
        this.#deps.warn("a contact's row was not written", { contactId: contact.id, error: String(error) }),
      );
  }

  #startRecording(contact: LiveContact, recordingId: RecordingId, legId: LegId): void {
    const talking = contact.view().agents.find((a) => a.state === "talking" || a.state === "dialing");
    const { prefix, written } = this.#deps.recordings.begin(contact.rows, {
      recordingId,
      contactId: contact.id,
      clientId: contact.clientId,
      ...(talking ? { agentId: talking.agentId } : {}),
    });
    contact.rows = written;
    this.#media(contact, () => this.#deps.switch.startRecording(recordingId, legId, prefix));
  }

  #play(contact: LiveContact, playbackId: string, items: Parameters<Switch["play"]>[2], loop: boolean): void {
    const legId = contact.customerLegId;
    if (!legId) return;
    this.#playbacks.set(playbackId, contact);
    contact.playbackIds.add(playbackId);
    this.#media(contact, () => this.#deps.switch.play(playbackId, legId, items, { loop }));
  }

  #part(contact: LiveContact, agentId: AgentId, asContact: ContactId): AgentPart {
    const known = contact.parts.get(agentId);
    if (known) return known;
    const part: AgentPart = { asContact };
    contact.parts.set(agentId, part);
    const hand = this.#hands.get(agentId) ?? new Set();
    this.#hands.set(agentId, hand.add(contact));
    return part;
  }

  #alias(contact: LiveContact, contactId: ContactId): void {
    this.#contacts.set(contactId, contact);
    contact.contactIds.add(contactId);
  }

  #send(command: () => Promise<void>): void {
    command().catch((error: unknown) =>
      this.#deps.warn("the switch refused a command", { error: String(error) }),
    );
  }

  #media(contact: LiveContact, command: () => Promise<void>): void {
    const before = this.#tails.get(contact) ?? Promise.resolve();
    const next = before
      .then(command)
      .catch((error: unknown) =>
        this.#deps.warn("the switch refused a command", { contactId: contact.id, error: String(error) }),
      );
    this.#tails.set(contact, next);
  }
}

/** Each queue and each agent leaves a row of its own: the second of them is not written over the first. */
function goTogether(waiting: ContactChange, change: ContactChange): boolean {
  return (["queueId", "agentId"] as const).every(
    (key) => waiting[key] === undefined || change[key] === undefined || waiting[key] === change[key],
  );
}

function headersOf(
  contact: LiveContact,
  effect: Extract<SwitchEffect, { type: "leg.originate" }>,
): Record<string, string> {
  if (effect.target.kind !== "agent") return {};
  const headers: Record<string, string> = { "X-Svara-Contact": effect.contactId };
  if (effect.offerId) headers["X-Svara-Offer"] = effect.offerId;
  if (effect.purpose === "reattach") headers["X-Svara-Reattach"] = "1";
  if (effect.target.agentId === contact.facts.callerAgentId) headers["X-Svara-Auto-Answer"] = "1";
  return headers;
}

function hangupCause(word: Extract<SwitchEffect, { type: "leg.hangup" }>["cause"]): HangupCause {
  switch (word) {
    case "normal":
    case "cancelled":
      return "normal";
    case "busy":
      return "busy";
    case "unavailable":
      return "unavailable";
    case "failed":
      return "congestion";
  }
}

function withdrawReason(
  reason: Extract<RouterEffect, { type: "item.withdrawn" }>["reason"],
): "customer_gone" | "transferred" | "flow" | "ended" {
  switch (reason) {
    case "customer_ended":
      return "customer_gone";
    case "transferred":
      return "transferred";
    case "flow":
      return "flow";
    case "consult_ended":
    case "us":
      return "ended";
  }
}

function offerFailure(cause: string): OfferFailure {
  switch (cause) {
    case "busy":
      return "busy";
    case "not_registered":
    case "transport_lost":
      return "unregistered";
    case "no_route":
      return "no_route";
    case "refused":
    case "forbidden":
      return "rejected";
    default:
      return "switch_error";
  }
}

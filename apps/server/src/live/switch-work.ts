import type { SwitchEffect } from "@svara/conversation";
import type { AgentId, Clock, LegId, RecordingId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { DialTarget, Diversion, HangupCause, PlaybackItem, Switch } from "@svara/telephony";
import type { CallGate, CallRefusal } from "./call-gate.ts";
import { callerNumberOf } from "./caller-numbers.ts";
import type { CentreModel } from "./centre-model.ts";
import type { ContactRows } from "./contact-rows.ts";
import { DIVERSION_REASON } from "./direct-calls.ts";
import type { Diverter } from "./diverter.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { RecordingKeeper } from "./recording-keeper.ts";
import type { Sounds } from "./sounds.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface SwitchWorkDeps {
  readonly clock: Clock;
  readonly loop: WorkLoop;
  readonly switch: Switch;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly gate: CallGate;
  readonly recordings: RecordingKeeper;
  readonly rows: ContactRows;
  readonly sounds: Sounds;
  readonly diverter: () => Diverter;
  readonly model: () => CentreModel;
  readonly append: (draft: LedgerDraft) => void;
  readonly warn: (message: string, detail: object) => void;
}

type LegOriginate = Extract<SwitchEffect, { type: "leg.originate" }>;
type Route = { readonly target: DialTarget; readonly callerNumber?: string; readonly callerName?: string };
type NoRoute = CallRefusal | "no_device";

/** Carries out on the switch what conversations and flows decide. */
export class SwitchWork {
  readonly #deps: SwitchWorkDeps;
  /** Media commands of one contact go to the switch one after another. */
  readonly #tails = new WeakMap<LiveContact, Promise<void>>();

  constructor(deps: SwitchWorkDeps) {
    this.#deps = deps;
  }

  perform(contact: LiveContact, effect: SwitchEffect): void {
    const sw = this.#deps.switch;
    switch (effect.type) {
      case "leg.ring":
        return this.#call(contact, effect.legId, () => sw.ring(effect.legId));
      case "leg.answer":
        return this.#call(contact, effect.legId, () => sw.answer(effect.legId));
      case "leg.originate":
        return this.#originate(contact, effect);
      case "leg.hangup":
        return this.#call(contact, effect.legId, () => sw.hangup(effect.legId, hangupCause(effect.cause)));
      case "bridge.create":
        return this.#media(contact, () => sw.createBridge(effect.bridgeId));
      case "bridge.join":
        return this.#media(contact, () => sw.join(effect.bridgeId, effect.legId, effect.role));
      case "bridge.leave":
        return this.#media(contact, () => sw.leave(effect.bridgeId, effect.legId));
      case "bridge.destroy":
        return this.#media(contact, () => sw.destroyBridge(effect.bridgeId));
      case "play.start": {
        const items = this.#deps.sounds.sound(effect.sound, contact.facts.language, effect);
        return this.#media(contact, () =>
          sw.play(effect.playbackId, effect.legId, items, { loop: effect.loop }),
        );
      }
      case "play.stop":
        return this.stop(contact, effect.playbackId);
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

  /** Plays to the customer for the flow, which hears when it is over, or could not be. */
  play(contact: LiveContact, playbackId: string, items: readonly PlaybackItem[], loop: boolean): void {
    const { contacts, loop: work, switch: sw } = this.#deps;
    const legId = contact.customerLegId;
    if (!legId || contact.closed) return;
    contacts.addPlayback(contact, playbackId);
    this.#media(contact, () =>
      sw.play(playbackId, legId, items, { loop }).catch((error: unknown) => {
        work.run(() =>
          contacts
            .takePlayback(playbackId)
            ?.flowInput({ type: "playback.ended", playbackId, reason: "failed" }),
        );
        throw error;
      }),
    );
  }

  stop(contact: LiveContact, playbackId: string): void {
    this.#media(contact, () => this.#deps.switch.stopPlayback(playbackId));
  }

  /** Ends a leg for which no conversation speaks. */
  hangUp(legId: LegId): void {
    this.send(() => this.#deps.switch.hangup(legId, "unavailable"));
  }

  /** A command outside of any contact's order; a refusal is told to the log. */
  send(command: () => Promise<void>): void {
    command().catch((error: unknown) => this.#refused(undefined, error));
  }

  #originate(contact: LiveContact, effect: LegOriginate): void {
    const { contacts, switch: sw } = this.#deps;
    const { legId, target, purpose } = effect;
    contacts.addLeg(contact, legId);
    contacts.addId(contact, effect.contactId);
    if (target.kind === "number") contact.dialled.set(legId, target.number);
    if (target.kind === "number" && purpose === "outbound") contact.customerLegId = legId;
    const route = this.#route(contact, effect);
    if (typeof route === "string") return this.#blocked(contact, legId, route);
    if (target.kind === "agent") this.#rings(contact, effect, target.agentId, route);
    if (target.kind === "agent") this.#deps.diverter().rings(contact, legId, target.agentId, purpose);
    const divertedFrom = target.kind === "number" ? divertedFromOf(contact) : undefined;
    this.#call(contact, legId, () =>
      sw.originate({
        legId,
        target: route.target,
        ...(route.callerNumber ? { callerNumber: route.callerNumber } : {}),
        ...(route.callerName ? { callerName: route.callerName } : {}),
        ringTimeoutMs: effect.timeoutMs,
        ...(effect.autoAnswer ? { autoAnswer: true } : {}),
        ...(effect.near ? { near: effect.near } : {}),
        ...(divertedFrom ? { divertedFrom } : {}),
        headers: headersOf(contact, effect),
      }),
    );
  }

  /** The agent's part knows the leg that is to be theirs. A supervisor has no part in the contact. */
  #rings(contact: LiveContact, effect: LegOriginate, agentId: AgentId, { target }: Route): void {
    const { legId, purpose } = effect;
    if (target.kind === "endpoint") this.#deps.contacts.setDevice(legId, target.endpointId);
    if (purpose === "monitor") return;
    const part = this.#deps.contacts.part(contact, agentId, effect.contactId);
    const endpoint = target.kind === "endpoint" ? { endpointId: target.endpointId } : {};
    if (purpose === "move") {
      part.moving = { legId, ...endpoint }; // until it answers the other device has them
      return;
    }
    part.legId = legId;
    delete part.muted; // a new leg is heard
    if (effect.autoAnswer) part.autoAnswer = true;
    else delete part.autoAnswer;
    Object.assign(part, endpoint);
  }

  /** Nobody can be called: the leg, which the switch never saw, is over. */
  #blocked(contact: LiveContact, legId: LegId, reason: NoRoute): void {
    const { append, clock, loop } = this.#deps;
    if (reason !== "no_device") {
      append({
        type: "call.blocked",
        at: clock.now(),
        clientId: contact.clientId,
        contactId: contact.id,
        payload: { reason, direction: "outbound" },
      });
    }
    const cause = reason === "no_device" ? "not_registered" : "no_route";
    loop.run(() => {
      contact.input({ type: "leg.ended", legId, by: "us", cause });
    });
  }

  #route(contact: LiveContact, effect: LegOriginate): Route | NoRoute {
    const { agents, gate, model } = this.#deps;
    const { target, purpose } = effect;
    if (target.kind === "agent") {
      const { remoteNumber, remoteName } = contact.facts;
      if (!model().agents.has(target.agentId)) return "no_device";
      return {
        target: { kind: "endpoint", endpointId: target.endpointId ?? agents.endpointOf(target.agentId) },
        callerNumber: remoteNumber ?? "anonymous",
        ...(remoteName ? { callerName: remoteName } : {}),
      };
    }
    const agentId = callerOf(contact);
    const call = {
      number: target.number,
      clientId: contact.clientId,
      begins: purpose === "outbound",
      agentId,
      asked: purpose === "outbound" && contact.facts.callerAgentId !== undefined,
      trunkId: target.trunkId,
      callerNumber: target.callerId ?? effect.callerId ?? callerNumberOf(model(), contact),
    };
    const verdict = gate.placeCall(call);
    if (!verdict.allowed) return verdict.reason;
    gate.begun(effect.legId, call, verdict);
    return { target: { kind: "number", routes: verdict.routes } };
  }

  #startRecording(contact: LiveContact, recordingId: RecordingId, legId: LegId): void {
    const { recordings, rows, switch: sw } = this.#deps;
    const talking = contact.view().agents.find((a) => a.state === "talking" || a.state === "dialing");
    let prefix = "";
    rows.after(contact, (before) => {
      const begun = recordings.begin(before, {
        recordingId,
        contactId: contact.id,
        clientId: contact.clientId,
        ...(talking ? { agentId: talking.agentId } : {}),
      });
      prefix = begun.prefix;
      return begun.written;
    });
    this.#media(contact, () => sw.startRecording(recordingId, legId, prefix));
  }

  /** A command by which a leg lives or ends: when the switch refuses it, the leg is over for the conversation. */
  #call(contact: LiveContact, legId: LegId, command: () => Promise<void>): void {
    command().catch((error: unknown) => {
      this.#refused(contact, error);
      this.#deps.gate.ended(legId); // the switch may never have had it
      this.#deps.loop.run(() => {
        contact.input({ type: "leg.ended", legId, by: "us", cause: "failed" });
      });
    });
  }

  #media(contact: LiveContact, command: () => Promise<void>): void {
    const before = this.#tails.get(contact) ?? Promise.resolve();
    const next = before.then(command).catch((error: unknown) => this.#refused(contact, error));
    this.#tails.set(contact, next);
  }

  #refused(contact: LiveContact | undefined, error: unknown): void {
    this.#deps.warn("the switch refused a command", {
      ...(contact ? { contactId: contact.id } : {}),
      error: String(error),
    });
  }
}

/** The called network is told for whom the call was meant, and why it comes to it. */
function divertedFromOf({ via, facts }: LiveContact): Diversion | undefined {
  const last = via.at(-1);
  if (!last || !facts.calledNumber) return undefined;
  return { number: facts.calledNumber, reason: DIVERSION_REASON[last.when] };
}

/** Whose call it is: who asks for it now, who began the contact, who is in it, or who diverted it. */
function callerOf({ asker, facts, parts, via }: LiveContact): AgentId | undefined {
  const { value } = parts.keys().next();
  const diverter = via.at(-1)?.agentId;
  if (facts.direction === "internal" && diverter !== undefined) return asker ?? diverter;
  return asker ?? facts.callerAgentId ?? value ?? diverter;
}

function headersOf(contact: LiveContact, effect: LegOriginate): Record<string, string> {
  if (effect.target.kind !== "agent") return {};
  const headers: Record<string, string> = { "X-Svara-Contact": effect.contactId };
  if (effect.offerId) headers["X-Svara-Offer"] = effect.offerId;
  if (effect.purpose === "reattach") headers["X-Svara-Reattach"] = "1";
  if (effect.autoAnswer || effect.target.agentId === contact.facts.callerAgentId)
    headers["X-Svara-Auto-Answer"] = "1";
  return headers;
}

function hangupCause(word: Extract<SwitchEffect, { type: "leg.hangup" }>["cause"]): HangupCause {
  switch (word) {
    case "normal":
    case "cancelled":
      return "normal";
    case "answered_elsewhere":
      return "normal";
    case "busy":
      return "busy";
    case "unavailable":
    case "not_found":
      return word;
    case "failed":
      return "congestion";
  }
}

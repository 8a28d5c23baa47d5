import type { LegEnding } from "@svara/conversation";
import type { AgentId, EndpointId } from "@svara/kernel";
import type { LegQuality, SwitchEvent } from "@svara/telephony";
import type { Announcer } from "./announcer.ts";
import type { CallGate } from "./call-gate.ts";
import type { CentreModel } from "./centre-model.ts";
import type { DirectArrivals } from "./direct-arrivals.ts";
import type { Diverter } from "./diverter.ts";
import type { HelpCalls } from "./help-calls.ts";
import { lineQuality } from "./line-quality.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { Monitoring } from "./monitoring.ts";
import type { NewCalls } from "./new-calls.ts";
import type { PhoneTransfers } from "./phone-transfers.ts";
import type { RecordingKeeper } from "./recording-keeper.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface SwitchEventsDeps {
  readonly loop: WorkLoop;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly calls: NewCalls;
  readonly gate: CallGate;
  readonly help: HelpCalls;
  readonly transfers: PhoneTransfers;
  readonly announcer: Announcer;
  readonly diverter: Diverter;
  readonly arrivals: DirectArrivals;
  readonly monitoring: Monitoring;
  readonly recordings: RecordingKeeper;
  /** A number that the switch serves without a contact. */
  readonly isService: (number: string) => boolean;
  readonly model: () => CentreModel;
  readonly changed: (contact: LiveContact) => void;
  readonly warn: (message: string, detail: object) => void;
}

type EventOf<T extends SwitchEvent["type"]> = Extract<SwitchEvent, { readonly type: T }>;

/** A device that loses its call again and again is called back this often in one contact. */
const MOST_FETCHES = 3;

/** Nobody notices so short a silence after the answer; the database mostly needs a tenth of it. */
const CUSTOMER_PATIENCE_MS = 250;

/** A phone over TCP that is alive connects again within a few seconds. */
const PHONE_RETURNS_MS = 5_000;

/** Brings what the switch reports to the contact, agent or recording that it is about. */
export class SwitchEvents {
  readonly #deps: SwitchEventsDeps;

  constructor(deps: SwitchEventsDeps) {
    this.#deps = deps;
  }

  handle(event: SwitchEvent): void {
    const { announcer, calls, contacts, gate, recordings, transfers, warn } = this.#deps;
    gate.follow(event);
    if (announcer.follow(event) || this.#deps.help.follow(event)) return;
    switch (event.type) {
      case "leg.incoming":
        if (this.#deps.isService(event.calledNumber)) return;
        return calls.incoming(event);
      case "leg.answered":
        return this.#answered(event);
      case "leg.ringing":
      case "leg.held":
      case "leg.resumed":
      case "leg.early_media":
      case "leg.media_lost":
      case "leg.media_restored":
        contacts.byLeg(event.legId)?.input({ type: event.type, legId: event.legId });
        return;
      case "leg.dtmf":
        contacts.byLeg(event.legId)?.input({ type: "leg.dtmf", legId: event.legId, digit: event.digit });
        return;
      case "leg.quality":
        return this.#quality(event.legId, event.quality);
      case "leg.ended":
        return this.#ended(event);
      case "leg.transfer_asked":
        return transfers.asked(event);
      case "playback.ended":
        return this.#playbackEnded(event);
      case "recording.stored":
        return recordings.stored(event.recordingId, event.tracks);
      case "recording.failed":
        recordings.failed(event.recordingId, event.reason);
        contacts.byLeg(event.legId)?.input({ type: "recording.failed", recordingId: event.recordingId });
        return;
      case "endpoint.registered":
        return this.#endpointUp(event.endpointId);
      case "endpoint.unregistered":
        return this.#endpointDown(event.endpointId, event.reason);
      case "trunk.up":
      case "trunk.down":
        return warn(`trunk ${event.type === "trunk.up" ? "up" : "down"}`, { trunkId: event.trunkId });
      case "source.banned":
        return warn("an address is banned", { address: event.address, reason: event.reason });
      case "leg.media":
      case "leg.routed":
      case "leg.detected":
      case "bridge.destroyed":
        return;
    }
  }

  /** An agent who was lost in a call, and whose device can be called all the same, is called again. */
  fetchBack(contact: LiveContact, agentId: AgentId): void {
    const { agents, loop, model } = this.#deps;
    const handler = contact.handlerOf(agentId);
    const part = contact.parts.get(agentId);
    if (handler?.state !== "detached" || handler.legId || !part) return;
    if (!model().agents.has(agentId) || !agents.isRegistered(agentId)) return;
    part.fetched = (part.fetched ?? 0) + 1;
    if (part.fetched > MOST_FETCHES) return; // the device answers and loses the call each time: the queue takes over
    loop.run(() => {
      contact.input({ type: "agent.returned", agentId });
    });
  }

  #answered({ legId }: EventOf<"leg.answered">): void {
    const contact = this.#deps.contacts.byLeg(legId);
    if (!contact) return;
    for (const part of contact.parts.values()) {
      if (part.moving?.legId !== legId) continue;
      part.legId = legId;
      if (part.moving.endpointId) part.endpointId = part.moving.endpointId;
      delete part.moving;
    }
    this.#deps.diverter.over(legId);
    contact.input({ type: "leg.answered", legId });
    this.#deps.monitoring.answered(contact);
    if (contact.customerLegId !== legId || contact.facts.direction !== "inbound") return;
    const { directTo } = contact.facts;
    if (directTo) this.#deps.arrivals.begin(contact, directTo);
    else contact.begin(this.#asksForCustomer(contact), CUSTOMER_PATIENCE_MS);
  }

  /** The flow's own playbacks go on with the flow; the conversation's (a fault message) with the conversation. */
  #playbackEnded({ playbackId, reason, legId }: EventOf<"playback.ended">): void {
    const { contacts } = this.#deps;
    const contact = contacts.takePlayback(playbackId);
    if (contact) return contact.flowInput({ type: "playback.ended", playbackId, reason });
    if (reason !== "stopped") contacts.byLeg(legId)?.input({ type: "playback.ended", playbackId });
  }

  #quality(legId: EventOf<"leg.quality">["legId"], quality: LegQuality): void {
    const contact = this.#deps.contacts.byLeg(legId);
    if (!contact) return;
    const { mos, remoteMos, codec, lossShare, jitterMs, roundTripMs } = quality;
    contact.input({
      type: "leg.quality",
      legId,
      quality: {
        mos,
        codec: codec.toLowerCase(), // a word of the ledger
        lossShare,
        jitterMs,
        ...(remoteMos === undefined ? {} : { remoteMos }),
        ...(roundTripMs === undefined ? {} : { roundTripMs }),
      },
    });
    if (legId !== contact.customerLegId) return;
    const word = lineQuality(quality);
    if (contact.quality === word) return;
    contact.quality = word;
    this.#deps.changed(contact);
  }

  #ended({ legId, end }: EventOf<"leg.ended">): void {
    const contact = this.#deps.contacts.byLeg(legId);
    if (!contact) return;
    const { doing, cause, status } = end;
    const role = contact.roleOf(legId);
    const isOurs = role === "agent" || role === "supervisor";
    const by: LegEnding["by"] = doing === "far_end" ? (isOurs ? "agent" : "customer") : doing;
    const agent = contact.view().agents.find((a) => a.legId === legId);
    for (const part of contact.parts.values()) if (part.moving?.legId === legId) delete part.moving;
    this.#deps.diverter.notReached(legId, cause); // then the end of the leg is nobody's any more
    contact.input({
      type: "leg.ended",
      legId,
      by,
      cause,
      ...(status === undefined ? {} : { sipStatus: status }),
    });
    // a call that was to fetch them back is not followed by another: the device does not answer
    if (agent && agent.state !== "detached") this.fetchBack(contact, agent.agentId);
  }

  #endpointUp(endpointId: EndpointId): void {
    const { agents, contacts } = this.#deps;
    const agentId = agents.endpointChanged(endpointId);
    if (!agentId || agents.endpointOf(agentId) !== endpointId) return;
    for (const contact of contacts.ofAgent(agentId)) contact.input({ type: "agent.returned", agentId });
  }

  #endpointDown(endpointId: EndpointId, reason: EventOf<"endpoint.unregistered">["reason"]): void {
    const { agents, loop, model } = this.#deps;
    const agentId = agents.endpointChanged(endpointId);
    // A desk phone whose registration lapses may well go on talking; a browser whose socket is gone has lost its page.
    if (!agentId || reason === "expired") return;
    if (!model().phones.has(endpointId)) return this.#lost(agentId, endpointId);
    // A phone whose connection broke mostly makes another one at once, and its call goes on.
    if (reason === "connection_lost")
      loop.after(PHONE_RETURNS_MS, () => {
        if (!agents.endpointRegistered(endpointId)) this.#lost(agentId, endpointId);
      });
  }

  #lost(agentId: AgentId, endpointId: EndpointId): void {
    const { contacts } = this.#deps;
    for (const contact of contacts.ofAgent(agentId)) {
      if (contact.parts.get(agentId)?.endpointId !== endpointId) continue; // talks on another device
      contact.input({ type: "agent.lost", agentId });
      this.fetchBack(contact, agentId);
    }
  }

  /** Whether the queue to which the flow leads looks at who the customer is. */
  #asksForCustomer(contact: LiveContact): boolean {
    const queueId = contact.facts.entryPoint?.form.queueId;
    const queue = queueId === undefined ? undefined : this.#deps.model().queues.get(queueId);
    if (queue === undefined) return false;
    return (
      queue.lastAgentDays !== null ||
      (queue.criteria ?? []).length > 0 ||
      (queue.overflow ?? []).some((rule) => rule.when !== undefined)
    );
  }
}

import { isOpen } from "@svara/calendar";
import type { Destination, LegEnding } from "@svara/conversation";
import type { FlowWorld } from "@svara/flows";
import type {
  AgentId,
  ClientId,
  Clock,
  ContactId,
  EndpointId,
  Ids,
  LegId,
  QueueId,
  Random,
} from "@svara/kernel";
import { Disposables, Signal, SvaraError } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { ENGINE_VERSION, type JournalEntry, JournalledRouter, Router } from "@svara/routing";
import type { Switch, SwitchEvent } from "@svara/telephony";
import { CallGate, type CallRule } from "./call-gate.ts";
import type { CentreModel, ModelNumber } from "./centre-model.ts";
import { ContactRunner } from "./contact-runner.ts";
import { LiveAgents } from "./live-agents.ts";
import { type ContactFacts, LiveContact } from "./live-contact.ts";
import type { LiveStore } from "./live-store.ts";
import { type composeRecording, RecordingKeeper } from "./recording-keeper.ts";
import { contactOf, type DecisionOf, type DecisionSink, itemOf, RouterLink } from "./router-link.ts";
import { Sounds } from "./sounds.ts";
import { WorkLoop } from "./work-loop.ts";

export interface LiveRuntimeDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly epoch: number;
  readonly switch: Switch;
  readonly model: CentreModel;
  readonly store: LiveStore;
  /** The ledger's and the journal's writers; both take what they are given at once and store it within 100 ms. */
  readonly append: (draft: LedgerDraft) => void;
  readonly journal: (entry: JournalEntry) => void;
  readonly recordingsFolder: string;
  readonly compose?: typeof composeRecording;
  readonly callRules?: readonly CallRule[];
  readonly warn: (message: string, detail: object) => void;
}

/** The one router of the centre. */
export const ROUTER_ID = "main";

/**
 * The live centre: takes what the switch, the router, the desks and the configuration say, one thing after another, and
 * has conversations and flows decide what follows. It is the single writer of the ledger's contact and agent events.
 */
export class LiveRuntime {
  /** A contact changed: what desks and floor show of it. */
  readonly contactChanged = new Signal<LiveContact>();
  readonly agentChanged = new Signal<AgentId>();
  readonly modelChanged = new Signal<CentreModel>();
  readonly agents: LiveAgents;
  readonly contacts: ContactRunner;
  readonly recordings: RecordingKeeper;
  readonly link: RouterLink;
  readonly #deps: LiveRuntimeDeps;
  readonly #loop: WorkLoop;
  readonly #open = new Disposables();
  readonly #flowAnswers: Pick<FlowWorld, "isOpen" | "queue">;
  readonly #journalled: JournalledRouter;
  readonly #idle = new Signal<void>();
  #model: CentreModel;
  #draining = false;

  constructor(deps: LiveRuntimeDeps) {
    this.#deps = deps;
    this.#model = deps.model;
    const { ids, append, store, warn } = deps;
    const clock = new WorkLoop(deps.clock, (error) => warn("live work failed", { error: errorText(error) }));
    this.#loop = clock;
    const model = (): CentreModel => this.#model;
    const link = (): RouterLink => this.link;
    this.agents = new LiveAgents({
      clock,
      ids,
      model,
      link,
      append,
      isRegistered: (endpointId) => deps.switch.isRegistered(endpointId),
    });
    this.#open.add(this.agents.changed.on((agentId) => this.agentChanged.emit(agentId)));
    this.recordings = new RecordingKeeper({
      clock,
      folder: deps.recordingsFolder,
      store,
      append,
      warn,
      ...(deps.compose ? { compose: deps.compose } : {}),
    });
    this.contacts = new ContactRunner({
      clock,
      loop: this.#loop,
      switch: deps.switch,
      link,
      agents: this.agents,
      gate: new CallGate([() => (this.#draining ? "draining" : undefined), ...(deps.callRules ?? [])]),
      recordings: this.recordings,
      sounds: new Sounds((id) => this.#model.prompts.get(id)),
      store,
      model,
      append,
      changed: (contact) => this.#contactChanged(contact),
      agentFree: (agentId) => this.agentChanged.emit(agentId),
      warn,
    });
    const router = new Router({ routerId: ROUTER_ID, epoch: deps.epoch });
    this.#journalled = new JournalledRouter(router, deps.journal);
    this.link = new RouterLink({
      clock,
      router,
      journalled: this.#journalled,
      append,
      sink: this.#sink(),
      warn,
    });
    this.#flowAnswers = {
      isOpen: (hoursId, at) => {
        const hours = this.#model.hours.get(hoursId);
        return hours === undefined || isOpen(hours, at);
      },
      queue: (queueId) => ({ staffed: router.staffed(queueId) > 0, full: this.#isFull(queueId) }),
    };
    this.#open.add(deps.switch.events.on((event) => this.#loop.run(() => this.#switchEvent(event))));
    this.#loop.run(() => this.link.configure(this.#model));
  }

  get model(): CentreModel {
    return this.#model;
  }

  /** The present as the live centre sees it: it stands still while one event is worked on. */
  get clock(): Clock {
    return this.#loop;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Does `work` in turn with everything else, so that it sees the centre between two events; throws what it throws. */
  act<T>(work: () => T): T {
    let result: { value: T } | { error: unknown } | undefined;
    this.#loop.run(() => {
      this.link.advance();
      try {
        result = { value: work() };
      } catch (error) {
        result = { error };
      }
    });
    if (result === undefined)
      throw new SvaraError("called from within live work", { code: "live.reentered" });
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** Takes over a changed configuration at once; no call is dropped. */
  applyModel(model: CentreModel): void {
    this.#loop.run(() => {
      this.#model = model;
      this.link.configure(model);
      for (const agent of this.agents.loggedIn()) {
        if (!model.agents.has(agent.agentId)) continue;
        if (agent.device.kind === "phone" && !model.phones.has(agent.device.endpointId))
          agent.device = { kind: "browser" };
        this.agents.refreshReachable(agent.agentId);
      }
      this.modelChanged.emit(model);
    });
  }

  /** An agent calls a number outside, shown to the desk as a contact of its own. */
  dial(agentId: AgentId, number: string, clientId: ClientId, legId?: LegId): ContactId {
    const contact = this.#newContact({
      clientId,
      direction: "outbound",
      remoteNumber: number,
      callerAgentId: agentId,
      ...this.#clientFacts(clientId),
    });
    this.contacts.add(contact, legId);
    this.#register(contact, "agent");
    contact.input({
      type: "start.outbound",
      agentId,
      to: { kind: "number", number },
      ...(legId ? { legId } : {}),
    });
    return contact.id;
  }

  /** An agent calls a colleague. */
  dialColleague(agentId: AgentId, toAgentId: AgentId, legId?: LegId): ContactId {
    const clientId = this.#anyClient();
    const contact = this.#newContact({
      clientId,
      direction: "internal",
      callerAgentId: agentId,
      remoteName: this.#model.agents.get(agentId)?.name ?? "",
      ...(this.#model.agents.get(agentId)?.extension
        ? { remoteNumber: this.#model.agents.get(agentId)?.extension ?? "" }
        : {}),
      ...this.#clientFacts(clientId),
      record: false,
    });
    this.contacts.add(contact, legId);
    this.#register(contact, "agent");
    contact.input({ type: "start.internal", agentId, toAgentId, ...(legId ? { legId } : {}) });
    return contact.id;
  }

  /** The agent refuses by the button: the leg that rings is refused as the device would do it. */
  refuseLeg(contact: LiveContact, legId: LegId): void {
    void this.#deps.switch.hangup(legId, "normal");
    contact.input({ type: "leg.ended", legId, by: "agent", cause: "refused", sipStatus: 603 });
  }

  /** The router as it stands, with the number of the last input that it contains. */
  routerSnapshot(): { seq: number; at: number; engineVersion: string; snapshot: unknown } {
    return {
      seq: this.link.router.seq,
      at: this.link.router.now,
      engineVersion: ENGINE_VERSION,
      snapshot: this.link.router.snapshot(),
    };
  }

  /** No new calls from now; resolves when nothing is going on or `limitMs` is over. */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    this.#deps.switch.drain();
    if (this.contacts.size === 0) return;
    await new Promise<void>((resolve) => {
      const limit = this.clock.after(limitMs, resolve);
      this.#idle.on(() => {
        limit.dispose();
        resolve();
      });
    });
  }

  /** Ends what still goes on, writes its truth, and lets go of the switch. */
  async close(): Promise<void> {
    this.#loop.run(() => {
      for (const contact of this.contacts.all()) contact.input({ type: "end", outcome: "failed_tech" });
      for (const agent of this.agents.loggedIn()) this.agents.logOut(agent.agentId, "forced");
    });
    await this.#deps.switch.close();
    await this.recordings.settled();
    this.#open.dispose();
    this.link.close();
    for (const contact of this.contacts.all()) contact.dispose();
  }

  #contactChanged(contact: LiveContact): void {
    this.contactChanged.emit(contact);
    for (const agentId of contact.parts.keys()) this.agentChanged.emit(agentId);
    if (this.contacts.size === 0) this.#idle.emit();
  }

  #sink(): DecisionSink {
    return {
      offered: (d) => this.#loop.run(() => this.#offered(d)),
      offerOver: (d) => this.#loop.run(() => this.#offerOver(d)),
      orphaned: (d) => this.#loop.run(() => this.#orphaned(d)),
      wrapUpStarted: (d) => {
        const part = this.contacts.byId(contactOf(d.itemId))?.parts.get(d.agentId);
        if (part)
          part.wrapUp = d.until === null ? { startedAt: d.at } : { startedAt: d.at, limitAt: d.until };
      },
      wrapUpEnded: (d) =>
        this.#loop.run(() => {
          const contact = this.contacts.byId(contactOf(d.itemId));
          if (!contact) return;
          if (d.by === "resumed") {
            delete contact.parts.get(d.agentId)?.wrapUp;
            return this.#contactChanged(contact);
          }
          const reason = d.by === "timeout" ? "timed_out" : "completed";
          contact.input({ type: "wrap_up.finished", agentId: d.agentId, reason });
          this.contacts.partOver(contact, d.agentId);
        }),
      agentChanged: (agentId) => {
        this.agents.settleLogOut(agentId);
        this.agentChanged.emit(agentId);
      },
    };
  }

  #offered(decision: DecisionOf<"offer">): void {
    const contactId = contactOf(decision.itemId);
    const contact = this.contacts.byId(contactId);
    const { offerId, agentId, at, expiresAt, explain } = decision;
    if (!contact) {
      this.link.handle({ type: "item.withdrawn", itemId: decision.itemId, reason: "ended" });
      return;
    }
    this.contacts.partOffered(contact, agentId, contactId, { offerId, expiresAt });
    contact.input({
      type: "offer.made",
      offerId,
      contactId,
      agentId,
      ringTimeoutMs: expiresAt - at,
      explain: {
        rule: `${explain.choice}.${explain.strategy}`,
        engineVersion: ENGINE_VERSION,
        candidates: explain.candidates.map((c) => ({ agentId: c.id as AgentId, rank: c.rank })),
      },
    });
  }

  #offerOver(decision: DecisionOf<"offer.timed_out"> | DecisionOf<"offer.withdrawn">): void {
    const contact = this.contacts.byId(contactOf(decision.itemId));
    if (!contact) return;
    const { offerId, agentId } = decision;
    if (decision.type === "offer.timed_out") contact.input({ type: "offer.timed_out", offerId });
    else contact.input({ type: "offer.withdrawn", offerId, reason: withdrawn(decision.reason) });
    if (contact.parts.get(agentId)?.offer?.offerId === offerId) this.contacts.partOver(contact, agentId);
  }

  /** The queue of a waiting contact is gone: another queue of the same client takes it, or it ends with the truth. */
  #orphaned(decision: DecisionOf<"item.orphaned">): void {
    const contact = this.contacts.byId(contactOf(decision.itemId));
    if (!contact) return;
    const other = [...this.#model.queues.values()].find((q) => q.clientId === contact.clientId);
    if (other) contact.input({ type: "queue.entered", queueId: other.id, initiation: "overflow" });
    else contact.input({ type: "end", outcome: "failed_tech" });
  }

  #switchEvent(event: SwitchEvent): void {
    this.link.advance();
    switch (event.type) {
      case "leg.incoming":
        return this.#incoming(event);
      case "leg.answered": {
        const contact = this.contacts.byLeg(event.legId);
        contact?.input({ type: "leg.answered", legId: event.legId });
        if (contact?.customerLegId === event.legId && contact.facts.direction === "inbound")
          contact.startFlow();
        return;
      }
      case "leg.ringing":
      case "leg.held":
      case "leg.resumed":
        this.contacts.byLeg(event.legId)?.input({ type: event.type, legId: event.legId });
        return;
      case "leg.dtmf":
        this.contacts.byLeg(event.legId)?.input({ type: "leg.dtmf", legId: event.legId, digit: event.digit });
        return;
      case "leg.ended":
        return this.#legEnded(event);
      case "leg.transfer_asked":
        return this.#transferAsked(event);
      case "playback.ended":
        return this.#playbackEnded(event);
      case "recording.stored":
        return this.recordings.stored(event.recordingId, event.tracks);
      case "recording.failed": {
        this.recordings.failed(event.recordingId, event.reason);
        this.contacts.byLeg(event.legId)?.input({ type: "recording.failed", recordingId: event.recordingId });
        return;
      }
      case "endpoint.registered":
        return this.#endpointUp(event.endpointId);
      case "endpoint.unregistered":
        return this.#endpointDown(event.endpointId, event.reason);
      case "trunk.up":
      case "trunk.down":
        this.#deps.warn(`trunk ${event.type === "trunk.up" ? "up" : "down"}`, { trunkId: event.trunkId });
        return;
      case "leg.media":
      case "bridge.destroyed":
        return;
    }
  }

  /** The flow's own playbacks go on with the flow; the conversation's (a fault message) with the conversation. */
  #playbackEnded(event: Extract<SwitchEvent, { type: "playback.ended" }>): void {
    const { playbackId, reason, legId } = event;
    const contact = this.contacts.playbackOver(playbackId);
    if (contact) return contact.flowInput({ type: "playback.ended", playbackId, reason });
    if (reason !== "stopped") this.contacts.byLeg(legId)?.input({ type: "playback.ended", playbackId });
  }

  #incoming(event: Extract<SwitchEvent, { type: "leg.incoming" }>): void {
    const { legId, party, calledNumber } = event;
    const agentId = party.kind === "endpoint" ? this.agents.ownerOf(party.endpointId) : undefined;
    const number =
      this.#model.numbers.get(calledNumber) ?? this.#model.numbers.get(withoutPlus(calledNumber));
    if (number?.entryPointId) return this.#customerArrives(event, number);
    const colleague = [...this.#model.agents.values()].find((a) => a.extension === calledNumber);
    if (agentId && colleague) {
      this.dialColleague(agentId, colleague.id, legId);
      return;
    }
    if (agentId && this.#model.agents.has(agentId) && /^\+?[0-9]{3,20}$/.test(calledNumber)) {
      this.dial(agentId, calledNumber, this.#anyClient(), legId);
      return;
    }
    this.#deps.append({
      type: "call.blocked",
      at: this.clock.now(),
      payload: {
        reason: "unknown_number",
        direction: "inbound",
        ...(party.kind === "trunk" ? { trunkId: party.trunkId } : {}),
      },
    });
    void this.#deps.switch.hangup(legId, "not_found");
  }

  #customerArrives(event: Extract<SwitchEvent, { type: "leg.incoming" }>, number: ModelNumber): void {
    const { legId, party, callerNumber, callerName, calledNumber } = event;
    const entryPoint = number.entryPointId ? this.#model.entryPoints.get(number.entryPointId) : undefined;
    if (!entryPoint) return void this.#deps.switch.hangup(legId, "not_found");
    const contact = this.#newContact({
      clientId: number.clientId,
      direction: "inbound",
      entryPoint,
      calledNumber,
      fallbackQueueId: entryPoint.form.queueId,
      ...(callerNumber ? { remoteNumber: callerNumber } : {}),
      ...(callerName ? { remoteName: callerName } : {}),
      ...this.#clientFacts(number.clientId),
      language: entryPoint.form.language,
    });
    contact.customerLegId = legId;
    this.contacts.add(contact, legId);
    this.#register(contact, "customer");
    contact.input({
      type: "start.inbound",
      legId,
      entryPointId: entryPoint.id,
      ...(party.kind === "trunk" ? { trunkId: party.trunkId } : { endpointId: party.endpointId }),
    });
  }

  #newContact(facts: Omit<ContactFacts, "contactId" | "startedAt" | "switchId">): LiveContact {
    const { ids } = this.#deps;
    const clock = this.#loop;
    const contactId = ids.next() as ContactId;
    return new LiveContact(
      { ...facts, contactId, startedAt: clock.now(), switchId: this.#deps.switch.switchId },
      { clock, ids, flowWorld: this.#worldOf(contactId), port: this.contacts },
    );
  }

  /** What a flow may ask; each contact sees its own place in the queue. */
  #worldOf(contactId: ContactId): FlowWorld {
    const { router } = this.link;
    return {
      ...this.#flowAnswers,
      waiting: () => {
        const position = router.position(itemOf(contactId));
        const estimatedWaitMs = router.estimatedWaitMs(itemOf(contactId));
        return {
          ...(position === undefined ? {} : { position }),
          ...(estimatedWaitMs === undefined ? {} : { estimatedWaitMs }),
        };
      },
    };
  }

  #clientFacts(clientId: ClientId): Pick<ContactFacts, "record" | "language"> {
    return { record: this.#model.clients.get(clientId)?.recordCalls ?? true, language: "en" };
  }

  #anyClient(): ClientId {
    const client = this.#model.clients.keys().next().value;
    if (client === undefined)
      throw new SvaraError("there is no client yet", { code: "no_client", httpStatus: 409 });
    return client;
  }

  /** Writes the contact's row and learns its number and customer; the call does not wait for it. */
  #register(contact: LiveContact, origin: "customer" | "agent"): void {
    const { facts } = contact;
    contact.rows = this.#deps.store
      .contactBegun({
        contactId: facts.contactId,
        clientId: facts.clientId,
        direction: facts.direction,
        origin,
        startedAt: facts.startedAt,
        ...(facts.entryPoint ? { entryPointId: facts.entryPoint.id } : {}),
        ...(facts.remoteNumber ? { remoteNumber: facts.remoteNumber } : {}),
        ...(facts.remoteName ? { remoteName: facts.remoteName } : {}),
        ...(facts.calledNumber ? { calledNumber: facts.calledNumber } : {}),
      })
      .then(({ shortNumber, customer }) =>
        this.#loop.run(() => {
          contact.shortNumber = shortNumber;
          contact.customer = customer;
          if (customer) {
            this.#deps.append({
              type: "contact.classified",
              at: this.clock.now(),
              clientId: facts.clientId,
              contactId: facts.contactId,
              payload: { customerId: customer.id, by: "caller_id" },
            });
          }
          this.#contactChanged(contact);
        }),
      )
      .catch((error: unknown) =>
        this.#deps.warn("contact row not written", { contactId: facts.contactId, error: errorText(error) }),
      );
  }

  #legEnded(event: Extract<SwitchEvent, { type: "leg.ended" }>): void {
    const contact = this.contacts.byLeg(event.legId);
    if (!contact) return;
    const { doing, cause, status } = event.end;
    const role = contact.roleOf(event.legId);
    const by: LegEnding["by"] = doing === "far_end" ? (role === "agent" ? "agent" : "customer") : doing;
    contact.input({
      type: "leg.ended",
      legId: event.legId,
      by,
      cause,
      ...(status === undefined ? {} : { sipStatus: status }),
    });
  }

  /** A desk phone asked for a transfer by REFER: an attended one completes the consultation, a blind one begins. */
  #transferAsked(event: Extract<SwitchEvent, { type: "leg.transfer_asked" }>): void {
    const contact = this.contacts.byLeg(event.legId);
    const agentId = contact && [...contact.parts].find(([, part]) => part.legId === event.legId)?.[0];
    if (!contact || !agentId) return void this.#deps.switch.refuseTransfer(event.legId, 403);
    const refusal =
      event.replacesLegId !== undefined
        ? contact.input({ type: "consult.complete", agentId })
        : contact.input({ type: "transfer", agentId, to: this.destination(event.number) });
    if (refusal) return void this.#deps.switch.refuseTransfer(event.legId, 488);
    void this.#deps.switch.acceptTransfer(event.legId);
  }

  /** What dialled digits mean as the goal of a transfer: a colleague's extension, one of our numbers, or the world outside. */
  destination(number: string): Destination {
    const colleague = [...this.#model.agents.values()].find((a) => a.extension === number);
    if (colleague) return { kind: "agent", agentId: colleague.id };
    const own = this.#model.numbers.get(number);
    const entryPoint = own?.entryPointId ? this.#model.entryPoints.get(own.entryPointId) : undefined;
    if (entryPoint) return { kind: "queue", queueId: entryPoint.form.queueId };
    return { kind: "number", number };
  }

  #endpointUp(endpointId: EndpointId): void {
    const agentId = this.agents.endpointChanged(endpointId);
    if (!agentId || this.agents.endpointOf(agentId) !== endpointId) return;
    for (const contact of this.contacts.ofAgent(agentId)) contact.input({ type: "agent.returned", agentId });
  }

  #endpointDown(endpointId: EndpointId, reason: "removed" | "expired" | "connection_lost"): void {
    const agentId = this.agents.endpointChanged(endpointId);
    // A desk phone whose registration lapses may well go on talking; a browser whose socket is gone has lost its page.
    if (!agentId || reason === "expired" || this.#model.phones.has(endpointId)) return;
    if (this.agents.endpointOf(agentId) !== endpointId) return;
    for (const contact of this.contacts.ofAgent(agentId)) contact.input({ type: "agent.lost", agentId });
  }

  #isFull(queueId: QueueId): boolean {
    const limit = this.#model.queues.get(queueId)?.maxWaiting ?? null;
    return limit !== null && (this.link.router.queueStats(queueId)?.waiting ?? 0) >= limit;
  }
}

function withdrawn(
  reason: DecisionOf<"offer.withdrawn">["reason"],
): "leg_failed" | "supervisor" | "queue_left" {
  switch (reason) {
    case "agent_unreachable":
    case "agent_busy":
      return "leg_failed";
    case "agent_not_ready":
    case "agent_logged_out":
    case "agent_removed":
      return "supervisor";
    default:
      return "queue_left";
  }
}

function withoutPlus(number: string): string {
  return number.startsWith("+") ? number.slice(1) : `+${number}`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

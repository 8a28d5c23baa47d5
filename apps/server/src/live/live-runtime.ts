import { isOpen } from "@svara/calendar";
import type { Destination, LegEnding } from "@svara/conversation";
import type { FlowWorld } from "@svara/flows";
import {
  type AgentId,
  type ClientId,
  type Clock,
  type ContactId,
  type CustomerId,
  Disposables,
  type EndpointId,
  type EntryPointId,
  type Ids,
  type LegId,
  type QueueId,
  type Random,
  Signal,
  SvaraError,
} from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { ENGINE_VERSION, type JournalEntry, JournalledRouter, Router } from "@svara/routing";
import type { Switch, SwitchEvent } from "@svara/telephony";
import { AgentCallings } from "./agent-callings.ts";
import { CallGate, type CallRule, type Verdict } from "./call-gate.ts";
import { Callbacks } from "./callbacks.ts";
import type { CentreModel } from "./centre-model.ts";
import { ContactRows } from "./contact-rows.ts";
import { ContactRunner } from "./contact-runner.ts";
import { DecisionWork } from "./decision-work.ts";
import { itemOf } from "./item-id.ts";
import { type Device, LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import { LiveContacts } from "./live-contacts.ts";
import type { LiveStore } from "./live-store.ts";
import { NewCalls } from "./new-calls.ts";
import { Parking } from "./parking.ts";
import { type composeRecording, RecordingKeeper } from "./recording-keeper.ts";
import { RouterLink } from "./router-link.ts";
import { RouterWork } from "./router-work.ts";
import { Sounds } from "./sounds.ts";
import { SwitchWork } from "./switch-work.ts";
import { WorkLoop } from "./work-loop.ts";

/** Numbers that somebody else serves on the switch by itself. */
export interface ServiceNumbers {
  has(number: string): boolean;
  dispose(): void;
}

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
  readonly serviceNumbers?: ServiceNumbers;
  readonly warn: (message: string, detail: object) => void;
}

/** A device that loses its call again and again is called back this often in one contact. */
const MOST_FETCHES = 3;

/** Nobody notices so short a silence after the answer; the database mostly needs a tenth of it. */
const CUSTOMER_PATIENCE_MS = 250;

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
  readonly contacts = new LiveContacts();
  readonly recordings: RecordingKeeper;
  readonly link: RouterLink;
  readonly callbacks: Callbacks;
  readonly callings: AgentCallings;
  readonly parking: Parking;
  readonly #deps: LiveRuntimeDeps;
  readonly #loop: WorkLoop;
  readonly #open = new Disposables();
  readonly #rows: ContactRows;
  readonly #switchWork: SwitchWork;
  readonly #calls: NewCalls;
  readonly #idle = new Signal<void>();
  #model: CentreModel;
  #draining = false;

  constructor(deps: LiveRuntimeDeps) {
    this.#deps = deps;
    this.#model = deps.model;
    const { ids, append, store, warn, switch: sw } = deps;
    const loop = new WorkLoop(deps.clock, (error) => warn("live work failed", { error: errorText(error) }));
    this.#loop = loop;
    const clock: Clock = loop;
    const { contacts } = this;
    const model = (): CentreModel => this.#model;
    const link = (): RouterLink => this.link;
    const agentFree = (agentId: AgentId): void => this.agentChanged.emit(agentId);
    const changed = (contact: LiveContact): void => this.#contactChanged(contact);
    const sounds = new Sounds((id) => this.#model.prompts.get(id));
    const gate = new CallGate([
      (call) => (this.#draining && call.begins ? "draining" : undefined),
      ...(deps.callRules ?? []),
    ]);
    this.agents = new LiveAgents({
      clock,
      ids,
      model,
      link,
      append,
      isRegistered: (endpointId) => sw.isRegistered(endpointId),
    });
    const { agents } = this;
    this.parking = new Parking(clock);
    this.callings = new AgentCallings({ store, warn });
    this.recordings = new RecordingKeeper({
      clock,
      folder: deps.recordingsFolder,
      store,
      append,
      warn,
      ...(deps.compose ? { compose: deps.compose } : {}),
    });
    const { recordings } = this;
    const rows = new ContactRows({ store, warn });
    this.#rows = rows;
    const switchWork = new SwitchWork({
      clock,
      loop,
      switch: sw,
      contacts,
      agents,
      gate,
      recordings,
      rows,
      sounds,
      model,
      append,
      warn,
    });
    this.#switchWork = switchWork;
    const routerWork: RouterWork = new RouterWork({
      clock,
      contacts,
      link,
      changed,
      agentFree,
      model,
      append,
      callbacks: () => this.callbacks,
      homeless: (contact, contactId) => decisions.rehome(contact, contactId),
    });
    const runner = new ContactRunner({
      clock,
      loop,
      contacts,
      switchWork,
      routerWork,
      rows,
      sounds,
      append,
      changed,
      agentFree,
      parking: this.parking,
      runFlow: (contact, entryPointId) => this.#runFlow(contact, entryPointId),
      callbackAccepted: (contact) => decisions.callbackAccepted(contact),
      warn,
    });
    const decisions: DecisionWork = new DecisionWork({
      loop,
      contacts,
      agents,
      link,
      routerWork: () => routerWork,
      callbacks: () => this.callbacks,
      append,
      model,
      changed,
      agentChanged: agentFree,
    });
    const router = new Router({ routerId: ROUTER_ID, epoch: deps.epoch });
    this.link = new RouterLink({
      clock,
      router,
      journalled: new JournalledRouter(router, deps.journal),
      append,
      contacts,
      sink: decisions,
      warn,
    });
    this.#calls = new NewCalls({
      loop,
      ids,
      switch: sw,
      switchWork,
      contacts,
      agents,
      gate,
      rows,
      port: runner,
      model,
      append,
      registered: (contact) => routerWork.factsKnown(contact),
      worldOf: (contactId) => this.#worldOf(contactId),
      warn,
    });
    this.callbacks = new Callbacks({
      clock,
      contacts,
      link,
      model,
      store,
      append,
      begin: (callback, attempt) => this.#calls.callBack(callback, attempt),
      mayPlace: (number) => this.#calls.mayPlace(number, true),
      warn,
    });
    this.#open.add(agents.changed.on((agentId) => this.agentChanged.emit(agentId)));
    this.#open.add(sw.events.on((event) => this.#inTurn(() => this.#switchEvent(event))));
    loop.run(() => this.link.configure(this.#model));
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
    this.#inTurn(() => {
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
      this.agents.follow(model);
      this.modelChanged.emit(model);
    });
  }

  /** The agent's desk is open somewhere, or the last one is gone. */
  deskSeen(agentId: AgentId, there: boolean): void {
    this.#inTurn(() => {
      if (this.#model.agents.has(agentId)) this.agents.setConnected(agentId, there);
    });
  }

  /** Takes up what a run before this one kept: promised call-backs, and what agents chose about their own calls. */
  async restore(): Promise<void> {
    const { store } = this.#deps;
    this.callings.restore(await store.callings());
    const open = await store.openCallbacks();
    this.#loop.run(() => this.callbacks.restore(open));
  }

  /** What was known of these contacts is erased: nobody is called back for them. */
  contactsErased(contactIds: readonly ContactId[]): void {
    const erased = new Set(contactIds);
    this.#loop.run(() => this.callbacks.withdrawWhere((contactId) => erased.has(contactId)));
  }

  /** Somebody corrected a customer's record: desks that show it show it anew. */
  customerChanged(id: CustomerId, name: string | null): void {
    this.#loop.run(() => {
      for (const contact of this.contacts.all()) {
        if (contact.customer?.id !== id) continue;
        const { name: _, ...card } = contact.customer;
        contact.customer = name === null ? card : { ...card, name };
        this.#contactChanged(contact);
      }
    });
  }

  /** An agent calls a number outside, shown to the desk as a contact of its own. */
  dial(agentId: AgentId, number: string, clientId: ClientId): ContactId {
    return this.#calls.dial(agentId, number, clientId);
  }

  /** An agent calls a colleague. */
  dialColleague(agentId: AgentId, toAgentId: AgentId): ContactId {
    return this.#calls.dialColleague(agentId, toAgentId);
  }

  /** Whether a number outside may be called now; `begins`: as a contact of its own. */
  mayPlace(number: string, begins: boolean): Verdict {
    return this.#calls.mayPlace(number, begins);
  }

  /** What dialled digits mean as the goal of a transfer: a colleague, one of our numbers, or the world outside. */
  destination(number: string): Destination {
    return this.#calls.destination(number);
  }

  /** The agent takes calls on another device from now; a call whose leg was lost comes there at once. */
  setDevice(agentId: AgentId, device: Device): void {
    this.agents.setDevice(agentId, device);
    for (const contact of this.contacts.ofAgent(agentId)) this.#fetchBack(contact, agentId);
  }

  /** Silences what the agent says, whatever their device does. */
  mute(contact: LiveContact, agentId: AgentId, muted: boolean): void {
    const legId = contact.handlerOf(agentId)?.legId;
    const part = contact.parts.get(agentId);
    if (part) part.muted = muted;
    if (legId) this.#switchWork.send(() => this.#deps.switch.mute(legId, muted));
    this.agentChanged.emit(agentId);
  }

  /** The agent refuses by the button: the leg that rings is refused as the device would do it. */
  refuseLeg(contact: LiveContact, legId: LegId): void {
    this.#switchWork.send(() => this.#deps.switch.hangup(legId, "normal"));
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
    this.#loop.run(() => this.callbacks.suspend());
    if (this.contacts.size === 0) return;
    await new Promise<void>((resolve) => {
      const limit = this.clock.after(limitMs, resolve);
      const idle = this.#idle.on(() => {
        idle.dispose();
        limit.dispose();
        resolve();
      });
    });
  }

  /** Ends what still goes on, writes its truth, and lets go of the switch; nothing is written after it resolves. */
  async close(): Promise<void> {
    this.#draining = true;
    this.#loop.run(() => {
      for (const contact of this.contacts.all()) contact.input({ type: "end", outcome: "failed_tech" });
    });
    this.#loop.run(() => {
      for (const agent of this.agents.loggedIn()) this.agents.logOut(agent.agentId, "forced");
    });
    await this.#deps.switch.close();
    // what the switch could not confirm any more counts as confirmed
    this.#loop.run(() => {
      for (const contact of this.contacts.all()) {
        for (const legId of [...contact.legIds])
          contact.input({ type: "leg.ended", legId, by: "us", cause: "normal" });
      }
    });
    await this.#rows.settled();
    await this.callbacks.settled();
    await this.callings.settled();
    await this.recordings.settled();
    this.#open.dispose();
    this.link.close();
    for (const contact of this.contacts.all()) contact.dispose();
  }

  /** In turn with everything else; whatever the router's time brings comes first, with all that follows from it. */
  #inTurn(work: () => void): void {
    this.#loop.run(() => this.link.advance());
    this.#loop.run(work);
  }

  /** An agent sent the customer to an entry point of the same client. */
  #runFlow(contact: LiveContact, entryPointId: EntryPointId): void {
    const entryPoint = this.#model.entryPoints.get(entryPointId);
    if (entryPoint) contact.runEntryPoint(entryPoint);
    else contact.input({ type: "flow.ended", outcome: "failed_tech" }); // taken out of use at the same moment
  }

  #contactChanged(contact: LiveContact): void {
    this.contactChanged.emit(contact);
    for (const agentId of contact.parts.keys()) this.agentChanged.emit(agentId);
    if (this.contacts.size === 0) this.#idle.emit();
  }

  #switchEvent(event: SwitchEvent): void {
    switch (event.type) {
      case "leg.incoming":
        if (this.#deps.serviceNumbers?.has(event.calledNumber)) return;
        return this.#calls.incoming(event);
      case "leg.answered": {
        const contact = this.contacts.byLeg(event.legId);
        contact?.input({ type: "leg.answered", legId: event.legId });
        if (contact?.customerLegId === event.legId && contact.facts.direction === "inbound")
          contact.begin(this.#asksForCustomer(contact), CUSTOMER_PATIENCE_MS);
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
    const contact = this.contacts.takePlayback(playbackId);
    if (contact) return contact.flowInput({ type: "playback.ended", playbackId, reason });
    if (reason !== "stopped") this.contacts.byLeg(legId)?.input({ type: "playback.ended", playbackId });
  }

  /** What a flow may ask; each contact sees its own place in the queue. */
  #worldOf(contactId: ContactId): FlowWorld {
    const { router } = this.link;
    return {
      isOpen: (hoursId, at) => {
        const hours = this.#model.hours.get(hoursId);
        return hours === undefined || isOpen(hours, at);
      },
      queue: (queueId) => ({ staffed: router.staffed(queueId) > 0, full: this.#isFull(queueId) }),
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

  #legEnded(event: Extract<SwitchEvent, { type: "leg.ended" }>): void {
    const contact = this.contacts.byLeg(event.legId);
    if (!contact) return;
    const { doing, cause, status } = event.end;
    const role = contact.roleOf(event.legId);
    const by: LegEnding["by"] = doing === "far_end" ? (role === "agent" ? "agent" : "customer") : doing;
    const agent = contact.view().agents.find((a) => a.legId === event.legId);
    contact.input({
      type: "leg.ended",
      legId: event.legId,
      by,
      cause,
      ...(status === undefined ? {} : { sipStatus: status }),
    });
    // a call that was to fetch them back is not followed by another: the device does not answer
    if (agent && agent.state !== "detached") this.#fetchBack(contact, agent.agentId);
  }

  /**
   * A desk phone asked for a transfer by REFER. Blind: it begins. Attended: it completes the consultation, if the other leg
   * is that; two calls that the phone made by itself are two contacts, which cannot be joined, and it is told so.
   */
  #transferAsked(event: Extract<SwitchEvent, { type: "leg.transfer_asked" }>): void {
    const { legId, number, replacesLegId } = event;
    const sw = this.#deps.switch;
    const refuse = (status: number): void => this.#switchWork.send(() => sw.refuseTransfer(legId, status));
    const contact = this.contacts.byLeg(legId);
    const agentId = contact?.view().agents.find((a) => a.legId === legId)?.agentId;
    if (!contact || !agentId) return refuse(403);
    if (replacesLegId !== undefined) {
      if (this.contacts.byLeg(replacesLegId) !== contact) return refuse(488);
      if (contact.input({ type: "consult.complete", agentId })) return refuse(488);
    } else {
      const to = this.destination(number);
      if (to.kind === "agent" && (to.agentId === agentId || !this.agents.isFree(to.agentId)))
        return refuse(486);
      if (to.kind === "number" && !this.mayPlace(to.number, false).allowed) return refuse(403);
      if (contact.input({ type: "transfer", agentId, to })) return refuse(488);
    }
    this.#switchWork.send(() => sw.acceptTransfer(legId));
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
    for (const contact of this.contacts.ofAgent(agentId)) {
      if (contact.parts.get(agentId)?.endpointId !== endpointId) continue; // talks on another device
      contact.input({ type: "agent.lost", agentId });
      this.#fetchBack(contact, agentId);
    }
  }

  /** An agent who was lost in a call, and whose device can be called all the same, is called again. */
  #fetchBack(contact: LiveContact, agentId: AgentId): void {
    const handler = contact.handlerOf(agentId);
    const part = contact.parts.get(agentId);
    if (handler?.state !== "detached" || handler.legId || !part) return;
    if (!this.#model.agents.has(agentId) || !this.agents.isRegistered(agentId)) return;
    part.fetched = (part.fetched ?? 0) + 1;
    if (part.fetched > MOST_FETCHES) return; // the device answers and loses the call each time: the queue takes over
    this.#loop.run(() => {
      contact.input({ type: "agent.returned", agentId });
    });
  }

  /** Whether the queue to which the flow leads looks at who the customer is. */
  #asksForCustomer(contact: LiveContact): boolean {
    const queueId = contact.facts.entryPoint?.form.queueId;
    const queue = queueId === undefined ? undefined : this.#model.queues.get(queueId);
    if (queue === undefined) return false;
    return (
      queue.lastAgentDays !== null ||
      (queue.criteria ?? []).length > 0 ||
      (queue.overflow ?? []).some((rule) => rule.when !== undefined)
    );
  }

  #isFull(queueId: QueueId): boolean {
    const limit = this.#model.queues.get(queueId)?.maxWaiting ?? null;
    return limit !== null && (this.link.router.queueStats(queueId)?.waiting ?? 0) >= limit;
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

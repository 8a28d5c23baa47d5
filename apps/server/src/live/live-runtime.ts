import type { DialTrial } from "@svara/contracts";
import type { DialAlert } from "@svara/dialing";
import {
  type AgentId,
  type ClientId,
  type Clock,
  type ContactId,
  type CustomerId,
  Disposables,
  type EndpointId,
  type Ids,
  type LegId,
  type Random,
  Signal,
  SvaraError,
} from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { ENGINE_VERSION, type JournalEntry } from "@svara/routing";
import type { Switch } from "@svara/telephony";
import type { AgentCallings } from "./agent-callings.ts";
import type { CallRule, PlannedCall, Verdict } from "./call-gate.ts";
import type { Callbacks } from "./callbacks.ts";
import type { CallingDesk } from "./calling-desk.ts";
import type { CentreModel } from "./centre-model.ts";
import { tryNumber } from "./dial-trial.ts";
import { colleagueGoal, type DirectTarget } from "./direct-calls.ts";
import type { Device, LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import { LiveContacts } from "./live-contacts.ts";
import { type LiveParts, wireLive } from "./live-parts.ts";
import type { LiveStore } from "./live-store.ts";
import type { Monitoring, MonitorNote } from "./monitoring.ts";
import type { NewCalls } from "./new-calls.ts";
import type { Parking } from "./parking.ts";
import type { PickUps } from "./pick-ups.ts";
import type { composeRecording, RecordingKeeper } from "./recording-keeper.ts";
import type { RouterLink } from "./router-link.ts";
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
  /** How long an agent whose browser is gone in a call may take to come back. Default 30 s. */
  readonly reattachGraceMs?: number;
  /** Notes in the audit that somebody was at a colleague's call. */
  readonly audit?: (note: MonitorNote) => void;
  readonly serviceNumbers?: ServiceNumbers;
  readonly warn: (message: string, detail: object) => void;
}

/**
 * The live centre: takes what the switch, the router, the desks and the configuration say, one thing after another, and
 * has conversations and flows decide what follows. It is the single writer of the ledger's contact and agent events.
 */
export class LiveRuntime {
  /** A contact changed: what desks and floor show of it. */
  readonly contactChanged = new Signal<LiveContact>();
  readonly agentChanged = new Signal<AgentId>();
  readonly modelChanged = new Signal<CentreModel>();
  /** Calls out are unusual. */
  readonly dialAlerted = new Signal<DialAlert>();
  readonly agents: LiveAgents;
  readonly contacts = new LiveContacts();
  readonly recordings: RecordingKeeper;
  readonly link: RouterLink;
  readonly callbacks: Callbacks;
  readonly callings: AgentCallings;
  readonly callingDesk: CallingDesk;
  readonly parking: Parking;
  readonly pickUps: PickUps;
  readonly monitoring: Monitoring;
  readonly #deps: LiveRuntimeDeps;
  readonly #loop: WorkLoop;
  readonly #open = new Disposables();
  readonly #parts: LiveParts;
  readonly #idle = new Signal<void>();
  #model: CentreModel;
  #draining = false;

  constructor(deps: LiveRuntimeDeps) {
    this.#deps = deps;
    this.#model = deps.model;
    const { warn, switch: sw } = deps;
    const loop = new WorkLoop(deps.clock, (error) => warn("live work failed", { error: errorText(error) }));
    this.#loop = loop;
    const parts = wireLive({
      ...deps,
      loop,
      contacts: this.contacts,
      currentModel: () => this.#model,
      isDraining: () => this.#draining,
      dialAlerted: (alert) => this.dialAlerted.emit(alert),
      changed: (contact) => this.#contactChanged(contact),
      agentFree: (agentId) => this.agentChanged.emit(agentId),
      helpOver: () => this.#idleNow(),
    });
    this.#parts = parts;
    this.agents = parts.agents;
    this.recordings = parts.recordings;
    this.link = parts.link;
    this.callbacks = parts.callbacks;
    this.callings = parts.callings;
    this.callingDesk = parts.callingDesk;
    this.parking = parts.parking;
    this.pickUps = parts.pickUps;
    this.monitoring = parts.monitoring;
    this.#open.add(parts.agents.changed.on((agentId) => this.agentChanged.emit(agentId)));
    this.#open.add(sw.events.on((event) => this.#inTurn(() => parts.events.handle(event))));
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

  /** Takes up what a run before this one kept: promised call-backs, what agents chose about their own calls, and today's calls out. */
  async restore(placed: Parameters<LiveParts["gate"]["restore"]>[0] = []): Promise<void> {
    const { store } = this.#deps;
    this.#parts.gate.restore(placed);
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

  /** An agent calls a number outside, shown to the desk as a contact of its own; `callerId`: the number to show. */
  dial(agentId: AgentId, number: string, clientId: ClientId, callerId?: string): ContactId {
    return this.#parts.calls.dial(agentId, number, clientId, { callerId });
  }

  /** An agent calls a colleague, whose diversions are followed; why it cannot be is returned. */
  callColleague(agentId: AgentId, colleague: AgentId): ReturnType<NewCalls["callColleague"]> {
    return this.#parts.calls.callColleague(agentId, colleague);
  }

  /** Whether a number outside may be called now, and how. */
  mayPlace(call: PlannedCall): Verdict {
    return this.#parts.gate.placeCall(call);
  }

  /** Somebody asked for a call that may not be made: it is written down, and too many of these are told. */
  turnedAway(call: PlannedCall, verdict: Extract<Verdict, { allowed: false }>): void {
    const { clientId, agentId } = call;
    this.#deps.append({
      type: "call.blocked",
      at: this.clock.now(),
      ...(clientId === undefined ? {} : { clientId }),
      ...(agentId === undefined ? {} : { agentId }),
      payload: { reason: verdict.reason, direction: "outbound" },
    });
    this.#parts.gate.turnedAway(call, verdict.destination);
  }

  /** What would happen if this were dialled, in the words of the office. */
  tryNumber(call: PlannedCall): DialTrial {
    return this.act(() => tryNumber(this.#parts.gate, this.#model, call));
  }

  /** Whether these digits call for help. */
  isEmergency(number: string): boolean {
    return this.#parts.gate.isEmergency(number);
  }

  /** What dialled digits mean: a colleague, one of our queues by its number, or the world outside. */
  meaning(number: string): DirectTarget {
    return this.#parts.calls.destination(number);
  }

  /** Where a transfer to this colleague goes, by their diversions; undefined: they take none now. */
  colleagueGoal(agentId: AgentId): DirectTarget | undefined {
    return colleagueGoal(this.#parts.direct, agentId);
  }

  /** The agent takes calls on another device from now; a call whose leg was lost comes there at once. */
  setDevice(agentId: AgentId, device: Device): void {
    this.agents.setDevice(agentId, device);
    for (const contact of this.contacts.ofAgent(agentId)) this.#parts.events.fetchBack(contact, agentId);
  }

  isRegistered(endpointId: EndpointId): boolean {
    return this.#deps.switch.isRegistered(endpointId);
  }

  /** Silences what the agent says, whatever their device does. */
  mute(contact: LiveContact, agentId: AgentId, muted: boolean): void {
    const legId = contact.handlerOf(agentId)?.legId;
    const part = contact.parts.get(agentId);
    if (part) part.muted = muted;
    if (legId) this.#parts.switchWork.send(() => this.#deps.switch.mute(legId, muted));
    this.agentChanged.emit(agentId);
  }

  /** The agent refuses by the button: the leg that rings is refused as the device would do it. */
  refuseLeg(contact: LiveContact, legId: LegId): void {
    this.#parts.switchWork.send(() => this.#deps.switch.hangup(legId, "normal"));
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
    this.#deps.switch.drain((number) => this.isEmergency(number));
    this.#loop.run(() => this.callbacks.suspend());
    if (this.#isIdle()) return;
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
    await this.#parts.rows.settled();
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

  #contactChanged(contact: LiveContact): void {
    this.contactChanged.emit(contact);
    for (const agentId of contact.parts.keys()) this.agentChanged.emit(agentId);
    this.#idleNow();
  }

  /** Nothing goes on, calls for help that are no contact included. */
  #isIdle(): boolean {
    return this.contacts.size === 0 && this.#parts.help.size === 0;
  }

  #idleNow(): void {
    if (this.#isIdle()) this.#idle.emit();
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import type { LineQuality } from "@svara/contracts";
import {
  Conversation,
  type ConversationInput,
  type ConversationView,
  type Effect,
  type Outcome,
  type Refusal,
} from "@svara/conversation";
import {
  entryPointFlow,
  type Flow,
  type FlowEffect,
  type FlowIdentity,
  type FlowInput,
  type FlowOutcome,
  FlowRun,
  type FlowWorld,
  farewellFlow,
  type PromptRef,
  recordingNoticeFlow,
  waitingFlow,
} from "@svara/flows";
import type {
  AgentId,
  ClientId,
  Clock,
  ContactId,
  EntryPointId,
  Ids,
  Instant,
  LegId,
  QueueId,
} from "@svara/kernel";
import type { ModelEntryPoint } from "./centre-model.ts";
import type { AgentPart, ContactFacts } from "./contact-facts.ts";
import type { Hop } from "./direct-calls.ts";
import { HostTimer } from "./host-timer.ts";
import type { ContactChange, ContactRegistered, CustomerCard, CustomerHistory } from "./live-store.ts";

/** What the live contact hands out: to be carried out in order. */
export interface ContactPort {
  perform(contact: LiveContact, effect: Effect): void;
  performFlow(contact: LiveContact, effect: FlowEffect): void;
  /** Something that a screen may show has changed. */
  changed(contact: LiveContact): void;
  /** Something threw that never should: told, and the contact is brought to an end. */
  failed(contact: LiveContact, error: unknown): void;
  /** The conversation cannot even be ended: its legs are hung up, whatever they are. */
  abandon(contact: LiveContact): void;
  closed(contact: LiveContact): void;
}

export interface LiveContactDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly flowWorld: FlowWorld;
  readonly port: ContactPort;
}

/** A contact that is going on: its conversation, its flow, and what screens must know of it. */
export class LiveContact {
  readonly facts: ContactFacts;
  readonly parts = new Map<AgentId, AgentPart>();
  /** Its own id, and those of its consultations. */
  readonly contactIds = new Set<ContactId>();
  readonly legIds = new Set<LegId>();
  readonly playbackIds = new Set<string>();
  customerLegId: LegId | undefined;
  shortNumber = 0;
  customer: CustomerCard | undefined;
  /** What is known of the customer beside that, once the contact's row is written. */
  history: CustomerHistory | undefined;
  /** Steps of relaxing criteria taken in the present queue. */
  steps = 0;
  /** Numbers outside that were called, by their legs. */
  readonly dialled = new Map<LegId, string>();
  /** How the customer's line sounds; absent until it is known. */
  quality: LineQuality | undefined;
  /** Who sent the call on, the first called first. */
  via: readonly Hop[] = [];
  /** The customer will be called back: the router's item outlives this contact. */
  promised = false;
  queueId: QueueId | undefined;
  /** The last entry into a queue. */
  queuedAt: Instant | undefined;
  waitedMs: number | undefined;
  notes: string | undefined;
  dispositionId: string | undefined;
  /** What the contact's row is told at its end. */
  readonly tally: {
    answered: boolean;
    talkMs: number;
    talkSince: Instant | undefined;
    waitMs: number | undefined;
    customerEndedAt: Instant | undefined;
  } = { answered: false, talkMs: 0, talkSince: undefined, waitMs: undefined, customerEndedAt: undefined };
  /** The writing of rows beside the ledger: one after another, beginning with the contact's own. */
  rows: Promise<unknown> = Promise.resolve();
  /** Changes of rows, the contact's and its consultations', whose turn to be written has not come. */
  readonly unwritten = new Map<ContactId, ContactChange>();
  consultLabel: { kind: "agent" | "queue" | "number"; label: string } | undefined;
  readonly #conversation: Conversation;
  readonly #deps: LiveContactDeps;
  readonly #conversationTimer: HostTimer;
  readonly #flowTimer: HostTimer;
  readonly #startTimer: HostTimer;
  #registered = false;
  #flow: FlowRun | undefined;
  /** Whose flow has the customer, or had them last. */
  #entryPoint: ModelEntryPoint | undefined;
  #ignoreEnter = false;
  /** What follows the recording notice that plays now. */
  #afterNotice: (() => void) | undefined;
  #recordable: boolean;
  #asker: AgentId | undefined;
  #closed = false;
  #faulty = false;

  constructor(facts: ContactFacts, deps: LiveContactDeps) {
    this.facts = facts;
    this.contactIds.add(facts.contactId);
    this.#entryPoint = facts.entryPoint;
    this.#deps = deps;
    this.#recordable = facts.record;
    const mayRecord = () => this.#recordable;
    this.#conversation = new Conversation(
      {
        contactId: facts.contactId,
        clientId: facts.clientId,
        switchId: facts.switchId,
        get record() {
          return mayRecord();
        },
        ...(facts.fallbackQueueId ? { fallbackQueueId: facts.fallbackQueueId } : {}),
        ...(facts.callerId ? { callerId: facts.callerId } : {}),
        ...(facts.ringTimeoutMs ? { ringTimeoutMs: facts.ringTimeoutMs } : {}),
        ...(facts.reattachGraceMs === undefined ? {} : { reattachGraceMs: facts.reattachGraceMs }),
      },
      deps.ids,
    );
    this.#conversationTimer = new HostTimer(deps.clock, () => this.advance());
    this.#flowTimer = new HostTimer(deps.clock, () => this.#advanceFlow());
    this.#startTimer = new HostTimer(deps.clock, () => this.#startFlow());
  }

  get id(): ContactId {
    return this.facts.contactId;
  }

  get clientId(): ClientId {
    return this.facts.clientId;
  }

  get entryPointId(): EntryPointId | undefined {
    return this.facts.entryPoint?.id;
  }

  /** Who asked for what is being performed, or whose diversion it is; undefined: nobody in person. */
  get asker(): AgentId | undefined {
    return this.#asker;
  }

  get closed(): boolean {
    return this.#closed;
  }

  view(): ConversationView {
    return this.#conversation.view();
  }

  /** Whose leg it is, for the words of the ledger. */
  roleOf(legId: LegId): ReturnType<Conversation["roleOf"]> {
    return this.#conversation.roleOf(legId);
  }

  /** The agent's part as the conversation has it. */
  handlerOf(agentId: AgentId): ConversationView["agents"][number] | undefined {
    return this.view().agents.find((a) => a.agentId === agentId);
  }

  /** Whether the contact, or the consultation of this id, waits for an agent. */
  isWaiting(contactId: ContactId): boolean {
    const { customer, consult } = this.view();
    return contactId === this.id
      ? customer === "queue"
      : consult?.contactId === contactId && consult.state === "queued";
  }

  /** Tells the conversation; a refusal is returned for commands of people. */
  input(input: ConversationInput): Refusal | undefined {
    if (this.#closed) return "closed";
    const before = this.#asker;
    this.#asker = askerOf(input);
    try {
      return this.#take(() => this.#conversation.handle(input, this.#deps.clock.now()));
    } finally {
      this.#asker = before;
    }
  }

  advance(): void {
    this.#take(() => this.#conversation.advance(this.#deps.clock.now()));
  }

  /**
   * The customer's leg has been answered: the flow begins. Where routing asks who the customer is, and that is not known
   * yet, it begins when it is, or after `patienceMs`.
   */
  begin(asksForCustomer: boolean, patienceMs: number): void {
    if (this.#registered || !asksForCustomer) return this.#startFlow();
    this.#startTimer.arm(this.#deps.clock.now() + patienceMs);
  }

  /** The contact's row is written, and the customer known if there is one. */
  registered(row: ContactRegistered): void {
    this.shortNumber = row.shortNumber;
    this.customer = row.customer;
    this.history = row.history;
    this.#registered = true;
    if (this.#startTimer.armed) this.#startFlow();
  }

  /** Runs the flow of the entry point from its start. */
  #startFlow(): void {
    this.#startTimer.arm(undefined);
    const entryPoint = this.#entryPoint;
    if (!entryPoint || this.#flow || this.view().customer !== "flow") return;
    const { id, version, form } = entryPoint;
    this.#run(entryPointFlow(form, { flowId: id, version }));
  }

  /** An agent sent the customer to the flow of another entry point; a queue that it leads to counts as transferred to. */
  runEntryPoint(entryPoint: ModelEntryPoint): void {
    if (this.view().customer !== "flow") return; // gone on meanwhile
    this.stopFlow();
    this.#entryPoint = entryPoint;
    const { id, version, form } = entryPoint;
    this.#run(entryPointFlow(form, { flowId: id, version }), "transfer");
  }

  /**
   * Tells the customer who has been answered that the call is recorded, before `then`. What was not heard to its end is
   * no notice: such a call is not recorded.
   */
  noticeFirst(then: () => void): void {
    const { language } = this.facts;
    this.#afterNotice = then;
    this.#run(recordingNoticeFlow({ language }, this.#flowIdentity()));
  }

  #noticeOver(then: () => void, complete: boolean): void {
    this.#afterNotice = undefined;
    this.#flow = undefined;
    this.#recordable &&= complete;
    then();
  }

  /** Says something to the waiting customer, in place of what they hear. */
  say(prompts: readonly PromptRef[], offersCallback = false): void {
    this.flowInput({ type: "say", prompts, offersCallback });
  }

  /** The wait is over without an agent: the customer hears the last words, and we hang up. */
  farewell(
    prompts: readonly PromptRef[],
    end: { readonly left: "overflow" | "callback"; readonly outcome: FlowOutcome },
  ): void {
    const { customer } = this.view();
    if (customer !== "queue") return; // gone on meanwhile
    this.stopFlow();
    this.input({ type: "queue.left", outcome: end.left });
    const { language } = this.facts;
    this.#run(farewellFlow({ language, prompts, outcome: end.outcome }, this.#flowIdentity()));
  }

  #flowIdentity(): FlowIdentity {
    const entryPoint = this.#entryPoint;
    return { flowId: entryPoint?.id ?? "waiting", version: entryPoint?.version ?? 1 };
  }

  /** Runs the waiting treatment of a queue that the conversation has put the customer into. */
  waitInQueue(queueId: QueueId): void {
    const { customer, queueId: waitsIn } = this.view();
    if (customer !== "queue" || waitsIn !== queueId) return; // gone on meanwhile
    const form = this.#entryPoint?.form;
    const flow = waitingFlow(
      {
        queueId,
        language: this.facts.language,
        music:
          form === undefined || form.music === "default"
            ? { kind: "default" }
            : { kind: "uploaded", promptId: form.music },
      },
      this.#flowIdentity(),
    );
    this.stopFlow();
    this.#ignoreEnter = true;
    this.#run(flow);
  }

  flowInput(input: FlowInput): void {
    const flow = this.#flow;
    if (flow) this.#takeFlow(flow, () => flow.handle(input, this.#deps.clock.now()));
  }

  stopFlow(): void {
    const flow = this.#flow;
    if (!flow) return;
    this.#flow = undefined;
    this.#afterNotice = undefined;
    this.#takeFlow(flow, () => flow.handle({ type: "stop" }, this.#deps.clock.now()));
  }

  dispose(): void {
    this.#conversationTimer.dispose();
    this.#flowTimer.dispose();
    this.#startTimer.dispose();
  }

  #run(flow: Flow, initiation: "new" | "transfer" = this.#ignoreEnter ? "transfer" : "new"): void {
    const run = new FlowRun(flow, this.#deps.flowWorld, this.#deps.ids, { initiation });
    this.#flow = run;
    this.#takeFlow(run, () => run.handle({ type: "start" }, this.#deps.clock.now()));
  }

  #advanceFlow(): void {
    const flow = this.#flow;
    if (flow) this.#takeFlow(flow, () => flow.advance(this.#deps.clock.now()));
  }

  #takeFlow(flow: FlowRun, decide: () => readonly FlowEffect[]): void {
    try {
      const effects = decide();
      this.#flowTimer.arm(flow === this.#flow ? flow.nextDue() : undefined);
      this.#performFlow(effects);
    } catch (error) {
      this.#fault(error);
    }
  }

  #performFlow(effects: readonly FlowEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "queue.enter" && this.#ignoreEnter) {
        this.#ignoreEnter = false;
        continue;
      }
      this.#deps.port.performFlow(this, effect);
      if (effect.type === "notice.played" && this.#afterNotice)
        return this.#noticeOver(this.#afterNotice, effect.complete); // the flow's own end is none of the call
    }
  }

  #take(decide: () => Outcome): Refusal | undefined {
    let outcome: Outcome;
    try {
      outcome = decide();
    } catch (error) {
      this.#fault(error);
      return "closed";
    }
    this.#conversationTimer.arm(this.#conversation.nextDue());
    for (const effect of outcome.effects) this.#perform(effect);
    if (outcome.effects.length > 0) this.#deps.port.changed(this);
    if (this.#conversation.closed) this.#close();
    return outcome.refused;
  }

  /** One effect that cannot be performed does not take the others with it. */
  #perform(effect: Effect): void {
    try {
      this.#deps.port.perform(this, effect);
    } catch (error) {
      this.#deps.port.failed(this, error);
    }
  }

  /** Never leave a caller in a call that nobody steers: we end it, and if that fails, too, forget it. */
  #fault(error: unknown): void {
    this.#deps.port.failed(this, error);
    if (this.#faulty) {
      this.#deps.port.abandon(this);
      return this.#close();
    }
    this.#faulty = true;
    this.input({ type: "end", outcome: "failed_tech" });
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.dispose();
    this.#deps.port.closed(this);
  }
}

function askerOf(input: ConversationInput): AgentId | undefined {
  if (input.type === "divert") return input.of;
  return "agentId" in input ? input.agentId : undefined;
}

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
  type FlowInput,
  FlowRun,
  type FlowWorld,
  type Language,
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
import { HostTimer } from "./host-timer.ts";
import type { ContactChange, CustomerCard } from "./live-store.ts";

/** What the live contact hands out: to be carried out in order. */
export interface ContactPort {
  perform(contact: LiveContact, effect: Effect): void;
  performFlow(contact: LiveContact, effect: FlowEffect): void;
  /** Something that a screen may show has changed. */
  changed(contact: LiveContact): void;
  closed(contact: LiveContact): void;
}

export interface LiveContactDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly flowWorld: FlowWorld;
  readonly port: ContactPort;
}

/** What is known of a contact when it begins; the numbers are personal data and stay in memory and erasable rows. */
export interface ContactFacts {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly direction: "inbound" | "outbound" | "internal";
  readonly startedAt: Instant;
  readonly entryPoint?: ModelEntryPoint;
  readonly language: Language;
  readonly remoteNumber?: string;
  readonly remoteName?: string;
  readonly calledNumber?: string;
  readonly record: boolean;
  readonly fallbackQueueId?: QueueId;
  readonly callerId?: string;
  readonly switchId: string;
  /** The agent who makes the call; their own leg is answered by itself. */
  readonly callerAgentId?: AgentId;
}

/** What happens between an agent and a contact that only the desk cares for. */
export interface AgentPart {
  offer?: { offerId: string; expiresAt: Instant };
  muted?: boolean;
  answeredAt?: Instant;
  wrapUp?: { startedAt: Instant; limitAt?: Instant };
  legId?: LegId;
  purpose?: string;
  /** The own contact of a consultation that this agent is asked in. */
  asContact: ContactId;
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
  /** Changes of the contact's row whose turn to be written has not come. */
  unwritten: ContactChange | undefined;
  consultLabel: { kind: "agent" | "queue" | "number"; label: string } | undefined;
  readonly #conversation: Conversation;
  readonly #deps: LiveContactDeps;
  readonly #conversationTimer: HostTimer;
  readonly #flowTimer: HostTimer;
  #flow: FlowRun | undefined;
  #ignoreEnter = false;
  #closed = false;

  constructor(facts: ContactFacts, deps: LiveContactDeps) {
    this.facts = facts;
    this.contactIds.add(facts.contactId);
    this.#deps = deps;
    this.#conversation = new Conversation(
      {
        contactId: facts.contactId,
        clientId: facts.clientId,
        switchId: facts.switchId,
        record: facts.record,
        ...(facts.fallbackQueueId ? { fallbackQueueId: facts.fallbackQueueId } : {}),
        ...(facts.callerId ? { callerId: facts.callerId } : {}),
      },
      deps.ids,
    );
    this.#conversationTimer = new HostTimer(deps.clock, () => this.advance());
    this.#flowTimer = new HostTimer(deps.clock, () => this.#advanceFlow());
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

  /** Tells the conversation; a refusal is returned for commands of people. */
  input(input: ConversationInput): Refusal | undefined {
    return this.#take(this.#conversation.handle(input, this.#deps.clock.now()));
  }

  advance(): void {
    this.#take(this.#conversation.advance(this.#deps.clock.now()));
  }

  /** Runs the flow of the entry point from its start; the customer's leg has been answered. */
  startFlow(): void {
    const { entryPoint } = this.facts;
    if (!entryPoint || this.#flow) return;
    const { id, version, form } = entryPoint;
    this.#run(entryPointFlow(form, { flowId: id, version }));
  }

  /** Runs the waiting treatment of a queue that the conversation has put the customer into. */
  waitInQueue(queueId: QueueId): void {
    const form = this.facts.entryPoint?.form;
    const flow = waitingFlow(
      {
        queueId,
        language: this.facts.language,
        music:
          form === undefined || form.music === "default"
            ? { kind: "default" }
            : { kind: "uploaded", promptId: form.music },
      },
      { flowId: this.facts.entryPoint?.id ?? "waiting", version: this.facts.entryPoint?.version ?? 1 },
    );
    this.stopFlow();
    this.#ignoreEnter = true;
    this.#run(flow);
  }

  flowInput(input: FlowInput): void {
    const flow = this.#flow;
    if (flow) this.#takeFlow(flow, flow.handle(input, this.#deps.clock.now()));
  }

  stopFlow(): void {
    const flow = this.#flow;
    if (!flow) return;
    const effects = flow.handle({ type: "stop" }, this.#deps.clock.now());
    this.#flow = undefined;
    this.#flowTimer.dispose();
    this.#performFlow(effects);
  }

  dispose(): void {
    this.#conversationTimer.dispose();
    this.#flowTimer.dispose();
  }

  #run(flow: Flow): void {
    const run = new FlowRun(flow, this.#deps.flowWorld, this.#deps.ids, {
      initiation: this.#ignoreEnter ? "transfer" : "new",
    });
    this.#flow = run;
    this.#takeFlow(run, run.handle({ type: "start" }, this.#deps.clock.now()));
  }

  #advanceFlow(): void {
    const flow = this.#flow;
    if (flow) this.#takeFlow(flow, flow.advance(this.#deps.clock.now()));
  }

  #takeFlow(flow: FlowRun, effects: readonly FlowEffect[]): void {
    this.#flowTimer.arm(flow === this.#flow ? flow.nextDue() : undefined);
    this.#performFlow(effects);
  }

  #performFlow(effects: readonly FlowEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "queue.enter" && this.#ignoreEnter) {
        this.#ignoreEnter = false;
        continue;
      }
      this.#deps.port.performFlow(this, effect);
    }
  }

  #take(outcome: Outcome): Refusal | undefined {
    this.#conversationTimer.arm(this.#conversation.nextDue());
    for (const effect of outcome.effects) this.#deps.port.perform(this, effect);
    if (outcome.effects.length > 0) this.#deps.port.changed(this);
    if (!this.#closed && this.#conversation.view().phase === "closed") {
      this.#closed = true;
      this.dispose();
      this.#deps.port.closed(this);
    }
    return outcome.refused;
  }
}

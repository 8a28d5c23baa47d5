import type { LedgerDraft, PayloadOf } from "./events.ts";
import type { AgentState, CustomerSegmentKind, HandlerSegmentKind, SegmentEnd } from "./words.ts";

/** Writes the events of one contact by hand, in few words, at instants that the test gives. */
export class ContactScript {
  readonly events: LedgerDraft[] = [];
  readonly contactId: string;
  readonly queueId: string;

  constructor(contactId = "c-1", queueId = "q-1") {
    this.contactId = contactId;
    this.queueId = queueId;
  }

  created(at: number, payload: Partial<PayloadOf<"contact.created">> = {}): this {
    const all = { medium: "voice", direction: "inbound", origin: "customer", ...payload } as const;
    return this.#add({ type: "contact.created", at, contactId: this.contactId, payload: all });
  }

  customer(kind: CustomerSegmentKind, from: number, to?: number, reason: SegmentEnd = "next"): this {
    const segmentId = `${this.contactId}-${kind}-${from}`;
    const base = { contactId: this.contactId, segmentId };
    this.#add({ ...base, type: "segment.started", at: from, payload: { party: "customer", kind } });
    if (to === undefined) return this;
    return this.#add({
      ...base,
      type: "segment.ended",
      at: to,
      payload: { party: "customer", kind, reason },
    });
  }

  handler(kind: HandlerSegmentKind, agentId: string, from: number, to?: number): this {
    const base = { contactId: this.contactId, segmentId: `${agentId}-${kind}-${from}`, agentId };
    this.#add({ ...base, type: "segment.started", at: from, payload: { party: "handler", kind } });
    if (to === undefined) return this;
    const payload = { party: "handler", kind, reason: "completed" } as const;
    return this.#add({ ...base, type: "segment.ended", at: to, payload });
  }

  entered(at: number, initiation: PayloadOf<"queue.entered">["initiation"] = "new"): this {
    const payload = { medium: "voice", initiation, priority: 5 } as const;
    return this.#add({
      type: "queue.entered",
      at,
      contactId: this.contactId,
      queueId: this.queueId,
      payload,
    });
  }

  left(at: number, outcome: PayloadOf<"queue.left">["outcome"], waitMs: number): this {
    const payload = { outcome, waitMs };
    return this.#add({ type: "queue.left", at, contactId: this.contactId, queueId: this.queueId, payload });
  }

  closed(at: number, outcome: PayloadOf<"contact.closed">["outcome"] = "answered"): this {
    return this.#add({ type: "contact.closed", at, contactId: this.contactId, payload: { outcome } });
  }

  /** The events in order of time; those of one instant in the order of writing. */
  sorted(): LedgerDraft[] {
    return [...this.events].sort((a, b) => a.at - b.at);
  }

  #add(event: LedgerDraft): this {
    this.events.push(event);
    return this;
  }
}

/** Events of one agent with one voice slot. */
export function agentScript(agentId = "a-1") {
  return {
    login: (at: number): LedgerDraft => ({
      type: "agent.logged_in",
      at,
      agentId,
      payload: { sessionId: `s-${at}`, slots: ["voice"] },
    }),
    state: (at: number, state: AgentState): LedgerDraft => ({
      type: "agent.state_changed",
      at,
      agentId,
      payload: { slot: "voice", state, paid: true, productive: state !== "not_ready" },
    }),
    logout: (at: number): LedgerDraft => ({
      type: "agent.logged_out",
      at,
      agentId,
      payload: { sessionId: "s", reason: "end_shift" },
    }),
  };
}

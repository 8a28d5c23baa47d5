import type { AgentId, ContactId, Instant, LegId, QueueId, SegmentId } from "@svara/kernel";
import type { LedgerDraft } from "./events.ts";
import type {
  ContactOutcome,
  CustomerSegmentKind,
  Direction,
  Doer,
  HandlerSegmentKind,
  Initiation,
  Medium,
  Origin,
  SegmentEnd,
} from "./words.ts";

/** A part of a contact; `to` is absent while it lasts. */
export type Segment = {
  readonly segmentId: SegmentId;
  readonly from: Instant;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly legId?: LegId;
  readonly initiation?: Initiation;
  readonly to?: Instant;
  readonly reason?: SegmentEnd;
} & (
  | { readonly party: "customer"; readonly kind: CustomerSegmentKind }
  | { readonly party: "handler"; readonly kind: HandlerSegmentKind }
);

/** One stay in one queue. */
export interface QueueStay {
  readonly queueId: QueueId;
  readonly from: Instant;
  readonly initiation: Initiation;
  readonly to?: Instant;
  readonly waitMs?: number;
}

/** What is wrong with a contact's events, by a word, with the event at which it was noticed. */
export interface ContactProblem {
  readonly problem:
    | "not_created"
    | "created_twice"
    | "time_runs_back"
    | "after_close"
    | "gap"
    | "overlap"
    | "late_start"
    | "segment_started_twice"
    | "segment_not_started"
    | "segment_open"
    | "queue_not_left"
    | "queue_not_entered"
    | "wait_wrong"
    | "no_customer_segment";
  readonly at: Instant;
  readonly type: string;
}

/** How a contact began. */
export interface ContactStart {
  readonly at: Instant;
  readonly medium: Medium;
  readonly direction: Direction;
  readonly origin: Origin;
  readonly linkedTo?: ContactId;
}

/** How a contact ended. */
export interface ContactEnd {
  readonly at: Instant;
  readonly outcome: ContactOutcome;
  readonly endedBy?: Doer;
}

/** Outcomes of contacts that may end before the customer's first segment. */
const BARELY_BEGUN: ReadonlySet<ContactOutcome> = new Set([
  "blocked",
  "rejected",
  "cancelled",
  "invalid",
  "failed_tech",
]);

/**
 * The reducer of one contact: hand it the contact's events in order. It holds who had the customer when (LE5, LE6) and notes
 * what breaks the rules; it never throws, because history must stay readable.
 */
export class ContactTimeline {
  readonly segments: Segment[] = [];
  readonly queueStays: QueueStay[] = [];
  /** Legs that have not ended, with their direction. */
  readonly openLegs = new Map<LegId, "in" | "out">();
  /** Supervisors who are at the call, by monitor. */
  readonly openMonitors = new Map<string, LedgerDraft<"monitor.started">>();
  /** Who is in a conference: agents by their id, others by their leg. */
  readonly openParties = new Map<AgentId | LegId, LedgerDraft<"conference.joined">>();
  /** The slot in which the customer is parked. */
  openPark: string | undefined;
  readonly problems: ContactProblem[] = [];
  start: ContactStart | undefined;
  end: ContactEnd | undefined;
  lastAt: Instant = Number.NEGATIVE_INFINITY;

  /** The customer's segments, which tile the time from the first to the customer's end. */
  get customerSegments(): Segment[] {
    return this.segments.filter((segment) => segment.party === "customer");
  }

  /** When the customer was gone; undefined while the customer is there. */
  get customerEndedAt(): Instant | undefined {
    return this.customerSegments.at(-1)?.to;
  }

  apply(event: LedgerDraft): void {
    if (event.at < this.lastAt) this.#note("time_runs_back", event);
    if (this.start === undefined && event.type !== "contact.created") this.#note("not_created", event);
    if (this.end !== undefined && isPartOfTheCall(event)) this.#note("after_close", event);
    this.lastAt = Math.max(this.lastAt, event.at);
    switch (event.type) {
      case "contact.created":
        if (this.start) this.#note("created_twice", event);
        else this.start = { at: event.at, ...event.payload };
        break;
      case "contact.closed":
        this.end = { at: event.at, ...event.payload };
        this.#checkClosed(event);
        break;
      case "segment.started":
        this.#segmentStarted(event);
        break;
      case "segment.ended":
        this.#segmentEnded(event);
        break;
      case "queue.entered":
        this.queueStays.push({
          queueId: event.queueId,
          from: event.at,
          initiation: event.payload.initiation,
        });
        break;
      case "queue.left":
        this.#queueLeft(event);
        break;
      case "leg.started":
        this.openLegs.set(event.legId, event.payload.direction);
        break;
      case "leg.moved":
        if (event.payload.way === "from") this.openLegs.set(event.legId, event.payload.direction);
        else this.openLegs.delete(event.legId);
        break;
      case "monitor.started":
        this.openMonitors.set(event.payload.monitorId, event);
        break;
      case "monitor.ended":
        this.openMonitors.delete(event.payload.monitorId);
        break;
      case "conference.joined":
        this.openParties.set(event.agentId ?? event.legId, event);
        break;
      case "conference.left":
        this.openParties.delete(event.agentId ?? event.legId);
        break;
      case "park.started":
        this.openPark = event.payload.parkId;
        break;
      case "park.ended":
        this.openPark = undefined;
        break;
      case "leg.ended":
        this.openLegs.delete(event.legId);
        break;
    }
  }

  #segmentStarted(event: LedgerDraft<"segment.started">): void {
    const { segmentId, queueId, agentId, legId, at, payload } = event;
    if (this.segments.some((segment) => segment.segmentId === segmentId))
      this.#note("segment_started_twice", event);
    if (payload.party === "customer") this.#checkTiling(event);
    this.segments.push({
      segmentId,
      from: at,
      ...payload,
      ...(queueId !== undefined && { queueId }),
      ...(agentId !== undefined && { agentId }),
      ...(legId !== undefined && { legId }),
    });
  }

  #checkTiling(event: LedgerDraft<"segment.started">): void {
    const before = this.customerSegments.at(-1);
    if (before === undefined) {
      const began = this.start;
      if (began?.direction === "inbound" && began.at !== event.at) this.#note("late_start", event);
    } else if (before.to === undefined) this.#note("overlap", event);
    else if (before.to < event.at) this.#note("gap", event);
    else if (before.to > event.at) this.#note("overlap", event);
  }

  #segmentEnded(event: LedgerDraft<"segment.ended">): void {
    const index = this.segments.findIndex(
      (segment) => segment.segmentId === event.segmentId && segment.to === undefined,
    );
    const segment = this.segments[index];
    if (segment === undefined) return this.#note("segment_not_started", event);
    this.segments[index] = { ...segment, to: event.at, reason: event.payload.reason };
  }

  #queueLeft(event: LedgerDraft<"queue.left">): void {
    const index = this.queueStays.findIndex(
      (stay) => stay.queueId === event.queueId && stay.to === undefined,
    );
    const stay = this.queueStays[index];
    if (stay === undefined) return this.#note("queue_not_entered", event);
    if (event.at - stay.from !== event.payload.waitMs) this.#note("wait_wrong", event);
    this.queueStays[index] = { ...stay, to: event.at, waitMs: event.payload.waitMs };
  }

  #checkClosed(event: LedgerDraft<"contact.closed">): void {
    if (this.segments.some((segment) => segment.to === undefined)) this.#note("segment_open", event);
    if (this.queueStays.some((stay) => stay.to === undefined)) this.#note("queue_not_left", event);
    const mustHave = this.start?.direction === "inbound" && !BARELY_BEGUN.has(event.payload.outcome);
    if (mustHave && this.customerSegments.length === 0) this.#note("no_customer_segment", event);
  }

  #note(problem: ContactProblem["problem"], event: LedgerDraft): void {
    this.problems.push({ problem, at: event.at, type: event.type });
  }
}

/** Reads a contact's events, in order. */
export function contactTimeline(events: Iterable<LedgerDraft>): ContactTimeline {
  const timeline = new ContactTimeline();
  for (const event of events) timeline.apply(event);
  return timeline;
}

/** What breaks the rules in the events of one contact; empty when all is well. */
export function verifyContact(events: Iterable<LedgerDraft>): readonly ContactProblem[] {
  return contactTimeline(events).problems;
}

/** Late work on a closed contact (coding it, storing its recording, what becomes of a call-back) is no part of the call itself. */
function isPartOfTheCall(event: LedgerDraft): boolean {
  return /^(contact\.closed|segment|queue|offer|leg|transfer|flow|wait)/.test(event.type);
}

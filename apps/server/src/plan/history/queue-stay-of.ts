import type { AgentId, ContactId, Instant, QueueId } from "@svara/kernel";
import type { EventType, LedgerDraft, LedgerEvent, QueueOutcome } from "@svara/ledger";

/** One stay of a contact in a queue, as planning learns from it. */
export interface PlanStay {
  readonly contactId: ContactId;
  /** Of the contact, from 1. */
  readonly number: number;
  readonly queueId: QueueId;
  readonly queuedAt: Instant;
  readonly leftAt: Instant | null;
  readonly outcome: QueueOutcome | null;
  readonly agentId: AgentId | null;
  readonly waitMs: number | null;
  /** The answering agent's live part: talk, hold and consultation. Null while it goes on, and where nobody answered. */
  readonly talkMs: number | null;
  /** Their work after it; 0 when the contact is closed without any. */
  readonly wrapUpMs: number | null;
}

/** A change of a stay comes with one of these. */
export const STAY_CHANGES = [
  "queue.entered",
  "queue.left",
  "segment.ended",
  "contact.closed",
] as const satisfies readonly EventType[];

/** What is read of a contact to tell its stays. */
export const STAY_EVENTS = [
  ...STAY_CHANGES,
  "segment.started",
  "offer.accepted",
] as const satisfies readonly EventType[];

type Open = { -readonly [K in keyof PlanStay]: PlanStay[K] } & {
  talkOpen: number;
  talked: boolean;
  wrapped: boolean;
};

/** The stays in queues that one contact's events tell, in order of coming. Events that do not fit are passed over. */
export function queueStaysOf(
  contactId: ContactId,
  events: readonly (LedgerEvent | LedgerDraft)[],
): PlanStay[] {
  const stays: Open[] = [];
  const begun = new Map<string, Instant>();
  let accepted: AgentId | null = null;
  let closed = false;
  for (const event of events) {
    switch (event.type) {
      case "queue.entered":
        stays.push({
          ...NEW_STAY,
          contactId,
          number: stays.length + 1,
          queueId: event.queueId,
          queuedAt: event.at,
        });
        accepted = null;
        break;
      case "offer.accepted":
        accepted = event.agentId;
        break;
      case "queue.left": {
        const stay = stays.findLast((one) => one.queueId === event.queueId && one.leftAt === null);
        if (!stay) break;
        const { outcome } = event.payload;
        stay.leftAt = event.at;
        stay.outcome = outcome;
        stay.waitMs = Math.max(0, event.at - stay.queuedAt);
        if (outcome === "answered") stay.agentId = accepted;
        break;
      }
      case "segment.started": {
        if (event.payload.party !== "handler" || !event.agentId) break;
        const stay = answeredBy(stays, event.agentId, event.at);
        if (!stay || event.payload.kind === "ring") break;
        stay.agentId = event.agentId;
        begun.set(event.segmentId, event.at);
        if (event.payload.kind === "wrap_up") stay.wrapped = true;
        else stay.talked = true;
        stay.talkOpen += 1;
        break;
      }
      case "segment.ended": {
        if (event.payload.party !== "handler" || !event.agentId) break;
        const from = begun.get(event.segmentId);
        const stay = answeredBy(stays, event.agentId, event.at);
        if (from === undefined || !stay) break;
        begun.delete(event.segmentId);
        stay.talkOpen -= 1;
        if (event.payload.kind === "wrap_up") stay.wrapUpMs = (stay.wrapUpMs ?? 0) + (event.at - from);
        else stay.talkMs = (stay.talkMs ?? 0) + (event.at - from);
        break;
      }
      case "contact.closed":
        closed = true;
        break;
    }
  }
  return stays.map((stay) => finished(stay, closed));
}

const NEW_STAY = {
  leftAt: null,
  outcome: null,
  agentId: null,
  waitMs: null,
  talkMs: null,
  wrapUpMs: null,
  talkOpen: 0,
  talked: false,
  wrapped: false,
} as const;

/** The stay that this agent answered last; one whose agent is not known takes the first who comes. */
function answeredBy(stays: readonly Open[], agentId: AgentId, at: Instant): Open | undefined {
  return stays.findLast(
    (stay) =>
      stay.outcome === "answered" &&
      (stay.leftAt ?? 0) <= at &&
      (stay.agentId === agentId || stay.agentId === null),
  );
}

/** Times are told when they are over: what still runs would be counted too short. */
function finished(stay: Open, closed: boolean): PlanStay {
  const { talkOpen, talked, wrapped, ...row } = stay;
  if (row.outcome !== "answered" || !talked || talkOpen > 0) return { ...row, talkMs: null, wrapUpMs: null };
  return { ...row, wrapUpMs: wrapped ? row.wrapUpMs : closed ? 0 : null };
}

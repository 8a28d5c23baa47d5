import type { AgentId, ContactId, Instant, QueueId } from "@svara/kernel";
import type { EventType, LedgerEvent } from "@svara/ledger";
import { toEvent } from "./ledger-rows.ts";
import type { Tx } from "./scope.ts";

/** Which events; every given condition must hold. Give an id, types or a span of time: the ledger is long. */
export interface EventFilter {
  readonly contactId?: ContactId;
  /** Any of these. */
  readonly contactIds?: readonly ContactId[];
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  readonly types?: readonly EventType[];
  /** By `at`, included. */
  readonly from?: Instant;
  /** By `at`, excluded. */
  readonly to?: Instant;
  readonly afterSeq?: number;
  readonly limit?: number;
}

/** Events that the transaction's scope may see, in order of the ledger, at the newest versions of their types. */
export async function readEvents(tx: Tx, filter: EventFilter): Promise<LedgerEvent[]> {
  const { contactId, contactIds, agentId, queueId, types, from, to, afterSeq, limit } = filter;
  let query = tx.selectFrom("event").selectAll();
  if (contactId !== undefined) query = query.where("contactId", "=", contactId);
  if (contactIds !== undefined) query = query.where("contactId", "in", contactIds);
  if (agentId !== undefined) query = query.where("agentId", "=", agentId);
  if (queueId !== undefined) query = query.where("queueId", "=", queueId);
  if (types !== undefined) query = query.where("type", "in", types);
  if (from !== undefined) query = query.where("at", ">=", from);
  if (to !== undefined) query = query.where("at", "<", to);
  if (afterSeq !== undefined) query = query.where("seq", ">", afterSeq);
  if (limit !== undefined) query = query.limit(limit);
  return (await query.orderBy("seq").execute()).map(toEvent);
}

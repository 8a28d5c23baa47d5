import type { ClientId, ContactId, Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";
import type { PlanStay } from "./queue-stay-of.ts";

const ROWS_A_STATEMENT = 1_000; // far below the 65 535 parameters of one statement

/** Writes stays; one that is known is replaced. */
export async function writeStays(
  tx: Tx,
  rows: readonly (PlanStay & { readonly clientId: ClientId })[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
    await tx
      .insertInto("queueStay")
      .values(rows.slice(from, from + ROWS_A_STATEMENT))
      .onConflict((conflict) =>
        conflict.columns(["contactId", "number"]).doUpdateSet((eb) => ({
          queueId: eb.ref("excluded.queueId"),
          queuedAt: eb.ref("excluded.queuedAt"),
          leftAt: eb.ref("excluded.leftAt"),
          outcome: eb.ref("excluded.outcome"),
          agentId: eb.ref("excluded.agentId"),
          waitMs: eb.ref("excluded.waitMs"),
          talkMs: eb.ref("excluded.talkMs"),
          wrapUpMs: eb.ref("excluded.wrapUpMs"),
        })),
      )
      .execute();
}

export interface Span {
  readonly queueIds: readonly QueueId[];
  readonly from: Instant;
  readonly to: Instant;
}

/** When the first own contact of each queue came; a queue without any is not named. */
export async function firstOwnStays(
  tx: Tx,
  queueIds: readonly QueueId[],
): Promise<ReadonlyMap<QueueId, Instant>> {
  if (queueIds.length === 0) return new Map();
  // one look into the index for each queue; min() and group by would read every stay
  const { rows } = await sql<{ queueId: QueueId; first: Instant }>`
    select w.queue_id, s.queued_at as first from unnest(${queueIds}::uuid[]) as w (queue_id)
    cross join lateral (
      select queued_at from queue_stay where queue_id = w.queue_id order by queued_at limit 1
    ) s`.execute(tx);
  return new Map(rows.map(({ queueId, first }) => [queueId, first]));
}

/** How many contacts wait in each queue now; queues without any are not named. */
export async function waitingNow(
  tx: Tx,
  queueIds: readonly QueueId[],
): Promise<ReadonlyMap<QueueId, number>> {
  if (queueIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("queueStay")
    .select(["queueId", (eb) => eb.fn.countAll<number>().as("waiting")])
    .where("queueId", "in", [...queueIds])
    .where("outcome", "is", null)
    .groupBy("queueId")
    .execute();
  return new Map(rows.map(({ queueId, waiting }) => [queueId as QueueId, Number(waiting)]));
}

/** How the contacts of a span ended: what handling times and patience are fitted from. */
export interface StaySample {
  readonly queueId: QueueId;
  readonly queuedAt: Instant;
  readonly outcome: string | null;
  readonly waitMs: number | null;
  readonly talkMs: number | null;
  readonly wrapUpMs: number | null;
}

/** The newest stays of a span that are over, at most so many a queue. */
export async function staySamples(tx: Tx, span: Span, limit: number): Promise<StaySample[]> {
  const samples: StaySample[] = [];
  for (const queueId of span.queueIds) {
    const rows = await tx
      .selectFrom("queueStay")
      .select(["queueId", "queuedAt", "outcome", "waitMs", "talkMs", "wrapUpMs"])
      .where("queueId", "=", queueId)
      .where("queuedAt", ">=", span.from)
      .where("queuedAt", "<", span.to)
      .where("outcome", "is not", null)
      .where("outcome", "!=", "failed_tech")
      .orderBy("queuedAt", "desc")
      .limit(limit)
      .execute();
    samples.push(...rows.map((row) => ({ ...row, queueId: row.queueId as QueueId })));
  }
  return samples;
}

/** Which contacts a count of a span was made of. */
export type StayCount = "offered" | "answered" | "abandoned" | "handled";

/** The contacts behind a count, in order of coming. */
export async function contactsOfStays(
  tx: Tx,
  span: Span,
  count: StayCount,
  limit: number,
): Promise<ContactId[]> {
  if (span.queueIds.length === 0) return [];
  let query = tx
    .selectFrom("queueStay")
    .select("contactId")
    .where("queueId", "in", [...span.queueIds])
    .where("queuedAt", ">=", span.from)
    .where("queuedAt", "<", span.to);
  if (count === "offered")
    query = query.where((eb) => eb.or([eb("outcome", "is", null), eb("outcome", "!=", "failed_tech")]));
  else if (count === "handled") query = query.where("talkMs", "is not", null);
  else query = query.where("outcome", "=", count);
  const rows = await query.orderBy("queuedAt").limit(limit).execute();
  return [...new Set(rows.map((row) => row.contactId as ContactId))];
}

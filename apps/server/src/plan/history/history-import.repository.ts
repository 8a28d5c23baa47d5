import { INTERVAL_MS } from "@svara/calendar";
import type { ClientId, Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";
import { partsOf, type QueueColumns } from "./history-columns.ts";
import { type Steps, stepOf } from "./queue-quarter.repository.ts";
import type { Span } from "./queue-stay.repository.ts";

export interface HistoryImportRow {
  readonly id: string;
  readonly clientId: ClientId;
  readonly fileName: string;
  readonly importedAt: Instant;
  readonly importedBy: string;
  readonly intervals: number;
  readonly contacts: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

export async function listImports(tx: Tx): Promise<HistoryImportRow[]> {
  const rows = await tx
    .selectFrom("historyImport")
    .selectAll()
    .orderBy("importedAt", "desc")
    .limit(500)
    .execute();
  return rows as HistoryImportRow[];
}

export async function findImport(tx: Tx, id: string): Promise<HistoryImportRow | undefined> {
  const row = await tx.selectFrom("historyImport").selectAll().where("id", "=", id).executeTakeFirst();
  return row as HistoryImportRow | undefined;
}

/** Rows of one statement: written in a few hundredths of a second, between which calls go on. */
const ROWS_A_STATEMENT = 5_000;

/** Stores a file with all of its intervals, in arrays: hundreds of thousands of rows in a few statements. */
export async function storeImport(
  tx: Tx,
  row: HistoryImportRow,
  queues: readonly QueueColumns[],
): Promise<void> {
  await tx.insertInto("historyImport").values(row).execute();
  for (const queue of queues)
    for (const part of partsOf(queue, ROWS_A_STATEMENT))
      await sql`insert into imported_interval (import_id, client_id, queue_id, at, offered, handle_ms)
        select ${row.id}::uuid, ${row.clientId}::uuid, ${queue.queueId}::uuid, *
        from unnest(${part.map((one) => one.at)}::bigint[], ${part.map((one) => one.offered)}::real[],
          ${part.map((one) => one.handleMs)}::bigint[])`.execute(tx);
}

export async function deleteImport(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("historyImport").where("id", "=", id).execute();
}

/** Imported counts of one queue in one step of time. */
export interface ImportedCounts {
  readonly queueId: QueueId;
  readonly at: Instant;
  readonly offered: number;
  /** Contacts whose handling time was told, and the sum of it. */
  readonly handled: number;
  readonly handleMs: number;
}

/**
 * What was imported, of each interval by the newest import, by queue and step; of a queue in `before` only what was over by
 * then.
 */
export async function importedCounts(
  tx: Tx,
  span: Span,
  steps: Steps,
  before: ReadonlyMap<QueueId, Instant>,
): Promise<ImportedCounts[]> {
  if (span.queueIds.length === 0) return [];
  const ends = span.queueIds.map((id) => Math.min(span.to, (before.get(id) ?? span.to) - INTERVAL_MS + 1));
  const { rows } = await sql<ImportedCounts>`
    select queue_id, ${stepOf(sql`at`, steps)} as at,
      sum(offered)::float8 as offered,
      coalesce(sum(offered) filter (where handle_ms is not null), 0)::float8 as handled,
      coalesce(sum(offered * handle_ms) filter (where handle_ms is not null), 0)::float8 as handle_ms
    from (
      select distinct on (i.queue_id, i.at) i.queue_id, i.at, i.offered, i.handle_ms
      from unnest(${span.queueIds}::uuid[], ${ends}::bigint[]) as w (queue_id, end_at)
      join imported_interval i on i.queue_id = w.queue_id and i.at >= ${span.from} and i.at < w.end_at
      order by i.queue_id, i.at, i.import_id desc
    ) newest
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows;
}

/** How many intervals of a file another import tells already, by queue. */
export async function toldAlready(
  tx: Tx,
  queues: readonly QueueColumns[],
): Promise<ReadonlyMap<QueueId, number>> {
  const counts = new Map<QueueId, number>();
  for (const queue of queues)
    for (const part of partsOf(queue, ROWS_A_STATEMENT)) {
      const { rows } = await sql<{ n: number }>`
        select count(distinct at)::int as n from imported_interval
        where queue_id = ${queue.queueId} and at = any(${part.map((one) => one.at)}::bigint[])`.execute(tx);
      counts.set(queue.queueId, (counts.get(queue.queueId) ?? 0) + (rows[0]?.n ?? 0));
    }
  return counts;
}

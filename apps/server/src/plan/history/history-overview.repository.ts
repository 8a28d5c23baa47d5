import type { QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";

/** How much is known of one queue; days are those of its clocks. */
export interface HistoryOverview {
  readonly queueId: QueueId;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Days with at least one contact. */
  readonly days: number;
  readonly importedDays: number;
  readonly contacts: number;
}

/** Own contacts, and imports before the first of them, counted in the database. Queues without any are not named. */
export async function historyOverviews(
  tx: Tx,
  queues: readonly { readonly id: QueueId; readonly timeZone: string }[],
): Promise<ReadonlyMap<QueueId, HistoryOverview>> {
  if (queues.length === 0) return new Map();
  const { rows } = await sql<HistoryOverview>`
    with wanted as (
      select * from unnest(${queues.map(({ id }) => id)}::uuid[], ${queues.map(({ timeZone }) => timeZone)}::text[])
        as w (queue_id, zone)
    ), own as (
      select q.queue_id, (to_timestamp(q.at / 1000) at time zone w.zone)::date as day,
        sum(q.offered)::float8 as contacts, false as imported
      from queue_quarter q join wanted w using (queue_id)
      group by 1, 2
    ), first_own as (
      select w.queue_id, s.queued_at as at from wanted w cross join lateral (
        select queued_at from queue_stay where queue_id = w.queue_id order by queued_at limit 1
      ) s
    ), newest as (
      select distinct on (i.queue_id, i.at) i.queue_id, i.at, i.offered
      from imported_interval i where i.queue_id in (select queue_id from wanted)
      order by i.queue_id, i.at, i.import_id desc
    ), told as (
      select n.queue_id, (to_timestamp(n.at / 1000) at time zone w.zone)::date as day,
        sum(n.offered)::float8 as contacts, true as imported
      from newest n join wanted w using (queue_id) left join first_own f using (queue_id)
      where f.at is null or n.at + 900000 <= f.at
      group by 1, 2
      having sum(n.offered) > 0
    )
    select queue_id, min(day)::text as first_day, max(day)::text as last_day, count(distinct day)::int as days,
      (count(distinct day) filter (where imported))::int as imported_days, sum(contacts) as contacts
    from (select * from own union all select * from told) days
    group by 1`.execute(tx);
  return new Map(rows.map((row) => [row.queueId, row]));
}

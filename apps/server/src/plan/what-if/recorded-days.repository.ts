import { INTERVAL_MS } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";

/** Contacts that came into queues on each day, newest first, from the first instant that the router's journal holds on. */
export async function recordedDays(
  tx: Tx,
  {
    routerId,
    timeZone,
    from,
  }: { readonly routerId: string; readonly timeZone: string; readonly from: Instant },
): Promise<{ date: string; contacts: number }[]> {
  const first = await tx
    .selectFrom("routerJournal")
    .select("at")
    .where("routerId", "=", routerId)
    .orderBy("epoch")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  if (!first) return [];
  const since = Math.max(from, first.at);
  const whole = Math.ceil(since / INTERVAL_MS) * INTERVAL_MS;
  const { rows } = await sql<{ date: string; contacts: number }>`
    select (to_timestamp(at / 1000) at time zone ${timeZone}::text)::date::text as date, sum(offered)::int as contacts
    from (
      select at, offered from queue_quarter where at >= ${whole}
      union all
      select queued_at, 1 from queue_stay
      where queue_id = any(array(select id from queue)) and queued_at >= ${since} and queued_at < ${whole}
        and outcome is distinct from 'failed_tech'
    ) came
    group by 1 order by 1 desc`.execute(tx);
  return rows;
}

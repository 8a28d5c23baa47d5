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
  const date = sql<string>`to_char(to_timestamp(queued_at / 1000.0) at time zone ${timeZone}::text, 'YYYY-MM-DD')`;
  return tx
    .selectFrom("queueStay")
    .select((eb) => [date.as("date"), eb.fn.countAll<number>().as("contacts")])
    .where("queuedAt", ">=", Math.max(from, first.at))
    .groupBy(sql`1`)
    .orderBy(sql`1`, "desc")
    .execute();
}

import type { ClientId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../database/index.ts";

/** The next number that people read, counted per client. The counter stays locked until the commit: ask late. */
export async function nextShortNumber(
  tx: Tx,
  clientId: ClientId,
  kind: "contact" | "customer",
): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into client_counter (client_id, kind, last) values (${clientId}, ${kind}, 1)
    on conflict (client_id, kind) do update set last = client_counter.last + 1
    returning last`.execute(tx);
  const last = rows[0]?.last;
  if (last === undefined) throw new Error("the counter of short numbers gave nothing");
  return last;
}

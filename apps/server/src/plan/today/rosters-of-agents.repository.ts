import type { Instant } from "@svara/kernel";
import type { Tx } from "../../database/index.ts";

/** The roster in which each agent has a published shift within the span. */
export async function rostersOfAgents(
  tx: Tx,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom("rosterShift")
    .select(["agentId", "rosterId"])
    .distinct()
    .where("cancelled", "=", false)
    .where("toAt", ">", from)
    .where("fromAt", "<", to)
    .execute();
  return new Map(rows.map(({ agentId, rosterId }) => [agentId, rosterId]));
}

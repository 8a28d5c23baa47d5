import { type Calling, diversions } from "@svara/contracts";
import type { AgentId } from "@svara/kernel";
import type { Tx } from "../database/index.ts";

/** What agents chose about their own calls, by agent. */
export async function agentCallings(tx: Tx): Promise<ReadonlyMap<AgentId, Calling>> {
  const rows = await tx.selectFrom("agentCalling").selectAll().execute();
  return new Map(
    rows.map(({ agentId, doNotDisturb, diversions: stored }) => [
      agentId as AgentId,
      { doNotDisturb, diversions: diversions.parse(stored) },
    ]),
  );
}

export async function saveAgentCalling(tx: Tx, agentId: AgentId, calling: Calling): Promise<void> {
  const row = { doNotDisturb: calling.doNotDisturb, diversions: JSON.stringify(calling.diversions) };
  await tx
    .insertInto("agentCalling")
    .values({ agentId, ...row })
    .onConflict((conflict) => conflict.column("agentId").doUpdateSet(row))
    .execute();
}

import type { Instant } from "@svara/kernel";
import type { LedgerEvent } from "@svara/ledger";
import { readEvents, type Tx } from "../../database/index.ts";
import { toEvent } from "../../database/ledger-rows.ts";

const STATE_EVENTS = ["agent.logged_in", "agent.logged_out", "agent.state_changed"] as const;
const LOOK_BACK_MS = 24 * 3_600_000; // a usual working day; who has been signed in for longer is looked up
const LONGEST_SESSION_MS = 14 * 24 * 3_600_000;

/** Sign-ins, sign-outs and states of agents up to `to`, each agent's from a sign-in before `from` on where there is one. */
export async function agentEvents(
  tx: Tx,
  {
    agentIds,
    from,
    to,
    upToSeq,
  }: {
    readonly agentIds: readonly string[];
    readonly from: Instant;
    readonly to: Instant;
    /** The last one that counts. */
    readonly upToSeq?: number;
  },
): Promise<LedgerEvent[]> {
  if (agentIds.length === 0) return [];
  const begins = await tx
    .selectFrom("event")
    .select((eb) => ["agentId", eb.fn.max("at").as("at")] as const)
    .where("agentId", "in", [...agentIds])
    .where("type", "=", "agent.logged_in")
    .where("at", "<=", from)
    .where("at", ">", from - LONGEST_SESSION_MS)
    .groupBy("agentId")
    .execute();
  const long = begins.filter(({ at }) => at < from - LOOK_BACK_MS);
  const read = async (ids: readonly string[], since: Instant) =>
    ids.length === 0
      ? []
      : (
          await tx
            .selectFrom("event")
            .selectAll()
            .where("agentId", "in", [...ids])
            .where("type", "in", [...STATE_EVENTS])
            .where("at", ">=", since)
            .where("at", "<", to)
            .$if(upToSeq !== undefined, (query) => query.where("seq", "<=", upToSeq ?? 0))
            .orderBy("seq")
            .execute()
        ).map(toEvent);
  const longIds = new Set(long.map(({ agentId }) => agentId));
  const events = await read(
    agentIds.filter((id) => !longIds.has(id)),
    from - LOOK_BACK_MS,
  );
  for (const { agentId, at } of long) if (agentId) events.push(...(await read([agentId], at)));
  return events;
}

/** The number of the newest event. Numbers are in the order of commits: what is read later has a greater one. */
export async function newestSeq(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom("ledgerCounter")
    .select((eb) => eb.fn.max("lastSeq").as("seq"))
    .executeTakeFirst();
  return Number(row?.seq ?? 0);
}

/** Sign-ins, sign-outs and states of all agents that were stored after an event, in order. */
export function agentEventsAfter(
  tx: Tx,
  filter: { readonly afterSeq: number; readonly from: Instant; readonly to: Instant; readonly limit: number },
): Promise<LedgerEvent[]> {
  return readEvents(tx, { ...filter, types: STATE_EVENTS });
}

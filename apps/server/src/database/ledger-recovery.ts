import { agentTime, closeCutAgent, closeCutContact, contactTimeline, type LedgerDraft } from "@svara/ledger";
import { sql } from "kysely";
import { readEvents } from "./event-reader.ts";
import type { Ledger } from "./ledger.ts";
import { type Tx, WHOLE_CENTRE } from "./scope.ts";

/** What an earlier run left open, now closed in the ledger. */
export interface ClosedCuts {
  readonly contacts: readonly string[];
  readonly agents: readonly string[];
}

const CURSOR = "recovery";

/**
 * Closes what earlier runs of the server left open: live contacts (voice, video) as `failed_tech`, sessions of agents by
 * `restart`, each at the last instant at which it or its run was known to live. Called once at start, before anything new
 * happens; interrupted, the next start does the rest.
 */
export function closeCuts(ledger: Ledger, now: number): Promise<ClosedCuts> {
  return ledger.transaction(WHOLE_CENTRE, async (tx, emit) => {
    const cursor = await tx
      .selectFrom("ledgerCursor")
      .select("seq")
      .where("name", "=", CURSOR)
      .executeTakeFirst();
    const counter = await tx
      .selectFrom("ledgerCounter")
      .select("lastSeq")
      .where("centreId", "=", ledger.centreId)
      .executeTakeFirst();
    const after = cursor?.seq ?? 0;
    const runs = await tx
      .selectFrom("ledgerEpoch")
      .selectAll()
      .where("centreId", "=", ledger.centreId)
      .execute();
    const aliveAt = new Map(runs.map((run) => [run.epoch, run.aliveAt]));
    const contacts = await openContacts(tx, after);
    for (const { contactId, clientId, epoch } of contacts) {
      const timeline = contactTimeline(await readEvents(tx, { contactId }));
      const whom = { contactId, ...(clientId !== null && { clientId }) };
      emitAll(closeCutContact(timeline, whom, aliveAt.get(epoch) ?? 0), emit);
    }
    const agents = await openSessions(tx, after);
    for (const { agentId, epoch, seq } of agents) {
      const time = agentTime(await readEvents(tx, { agentId, afterSeq: seq - 1 }));
      emitAll(closeCutAgent(time, agentId, aliveAt.get(epoch) ?? 0), emit);
    }
    const seq = counter?.lastSeq ?? 0;
    await tx
      .insertInto("ledgerCursor")
      .values({ name: CURSOR, seq, updatedAt: now })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ seq, updatedAt: now }))
      .execute();
    return { contacts: contacts.map((row) => row.contactId), agents: agents.map((row) => row.agentId) };
  });
}

function emitAll(drafts: readonly LedgerDraft[], emit: (draft: LedgerDraft) => void): void {
  for (const draft of drafts) emit(draft);
}

async function openContacts(
  tx: Tx,
  afterSeq: number,
): Promise<{ contactId: string; clientId: string | null; epoch: number }[]> {
  const { rows } = await sql<{ contactId: string; clientId: string | null; epoch: number }>`
    select c.contact_id, c.client_id, c.epoch from event c
     where c.type = 'contact.created' and c.seq > ${afterSeq} and c.payload->>'medium' in ('voice', 'video')
       and not exists (select 1 from event d where d.contact_id = c.contact_id and d.type = 'contact.closed')
     order by c.seq`.execute(tx);
  return rows;
}

async function openSessions(
  tx: Tx,
  afterSeq: number,
): Promise<{ agentId: string; epoch: number; seq: number }[]> {
  const { rows } = await sql<{ agentId: string; epoch: number; seq: number; type: string }>`
    select distinct on (agent_id) agent_id, epoch, seq, type from event
     where type in ('agent.logged_in', 'agent.logged_out') and seq > ${afterSeq}
     order by agent_id, seq desc`.execute(tx);
  return rows.filter((row) => row.type === "agent.logged_in");
}

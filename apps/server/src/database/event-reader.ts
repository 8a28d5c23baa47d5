import type { AgentId, ContactId, Instant } from "@svara/kernel";
import type { EventType, LedgerEvent } from "@svara/ledger";
import { toEvent } from "./ledger-rows.ts";
import type { Tx } from "./scope.ts";

/** Contacts created since an instant that no event has closed. */
export async function unclosedContacts(tx: Tx, since: Instant): Promise<ContactId[]> {
  const rows = await tx
    .selectFrom("event as created")
    .select("created.contactId")
    .where("created.type", "=", "contact.created")
    .where("created.at", ">=", since)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("event as closed")
            .select("closed.seq")
            .whereRef("closed.contactId", "=", "created.contactId")
            .where("closed.type", "=", "contact.closed"),
        ),
      ),
    )
    .orderBy("created.seq")
    .execute();
  return rows.flatMap((row) => (row.contactId === null ? [] : [row.contactId as ContactId]));
}

/** All events of a contact, in order. */
export async function contactEvents(tx: Tx, contactId: ContactId): Promise<LedgerEvent[]> {
  const rows = await tx
    .selectFrom("event")
    .selectAll()
    .where("contactId", "=", contactId)
    .orderBy("seq")
    .execute();
  return rows.map(toEvent);
}

/** Agents whose last session since an instant has a sign-in and no sign-out after it. */
export async function signedInAgents(tx: Tx, since: Instant): Promise<AgentId[]> {
  const rows = await tx
    .selectFrom("event")
    .select(["agentId", "type"])
    .distinctOn("agentId")
    .where("type", "in", ["agent.logged_in", "agent.logged_out"])
    .where("at", ">=", since)
    .orderBy("agentId")
    .orderBy("seq", "desc")
    .execute();
  return rows.flatMap((row) =>
    row.type === "agent.logged_in" && row.agentId !== null ? [row.agentId as AgentId] : [],
  );
}

/** The events of some types since an instant, in order; of one agent where one is named. */
export async function eventsSince(
  tx: Tx,
  since: Instant,
  types: readonly EventType[],
  agentId?: AgentId,
): Promise<LedgerEvent[]> {
  const rows = await tx
    .selectFrom("event")
    .selectAll()
    .where("at", ">=", since)
    .where("type", "in", [...types])
    .$if(agentId !== undefined, (query) => query.where("agentId", "=", agentId ?? null))
    .orderBy("seq")
    .execute();
  return rows.map(toEvent);
}

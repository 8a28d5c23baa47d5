import type { AgentId, ClientId, ContactId, CustomerId, Instant } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../database/index.ts";
import type { ContactBegun, ContactChange, ContactRegistered } from "../live/live-store.ts";

/** A contact to begin, its numbers as they are kept. */
export interface NewRow {
  readonly contact: ContactBegun;
  readonly remoteNumber: string | null;
  /** Whom the number belongs to when nobody is known by it; null: no customer is looked for or made. */
  readonly newCustomerId: CustomerId | null;
}

interface BegunRow {
  readonly contactId: string;
  readonly shortNumber: number;
  readonly customerId: string | null;
  readonly customerShortNumber: number | null;
  readonly customerName: string | null;
  readonly known: boolean;
  readonly customerType: string | null;
  readonly segment: string | null;
  readonly value: string | null;
  readonly language: string | null;
  readonly lastAt: number | null;
  readonly lastOutcome: string | null;
  readonly last30Days: number;
  readonly talkedAgentId: string | null;
  readonly talkedAt: number | null;
}

/** Begins contacts, in their order; the results in the same order. */
export async function beginContacts(
  tx: Tx,
  rows: readonly NewRow[],
  at: Instant,
): Promise<ContactRegistered[]> {
  const given = rows.map(({ contact, remoteNumber, newCustomerId }, ord) => ({
    ord,
    id: contact.contactId,
    client_id: contact.clientId,
    medium: "voice",
    direction: contact.direction,
    origin: contact.origin,
    started_at: contact.startedAt,
    entry_point_id: contact.entryPointId,
    linked_to: contact.linkedTo,
    remote_number: remoteNumber,
    remote_name: contact.remoteName,
    local_number: contact.calledNumber,
    customer_id: newCustomerId,
  }));
  const { rows: begun } = await sql<BegunRow>`
    select * from begin_contacts(${at}, ${JSON.stringify(given)}::jsonb)`.execute(tx);
  const byId = new Map(begun.map((row) => [row.contactId, row]));
  return rows.map(({ contact, remoteNumber }) => {
    const row = byId.get(contact.contactId);
    if (!row) throw new Error(`contact ${contact.contactId} was not begun`);
    return registeredFrom(row, remoteNumber);
  });
}

function registeredFrom(row: BegunRow, number: string | null): ContactRegistered {
  const { shortNumber, customerId } = row;
  if (customerId === null) return { shortNumber };
  return {
    shortNumber,
    customer: {
      id: customerId as CustomerId,
      shortNumber: row.customerShortNumber ?? 0,
      ...(row.customerName !== null && { name: row.customerName }),
      ...(number !== null && { number }),
    },
    history: {
      known: row.known,
      type: row.known ? row.customerType : null,
      segment: row.known ? row.segment : null,
      value: row.known ? row.value : null,
      language: row.known ? row.language : null,
      contactsLast30: Number(row.last30Days),
      last: row.lastAt === null ? null : { at: row.lastAt, abandoned: row.lastOutcome === "abandoned_queue" },
      lastAgent:
        row.talkedAgentId === null || row.talkedAt === null
          ? null
          : { agentId: row.talkedAgentId as AgentId, at: row.talkedAt },
    },
  };
}

/** A change of one contact, with team and site of the agent's day. */
export interface ChangedRow {
  readonly clientId: ClientId;
  readonly contactId: ContactId;
  readonly change: ContactChange;
  readonly teamId: string | null;
  readonly siteId: string | null;
}

/** Brings contacts up to date; each contact at most once in a call. */
export async function changeContacts(tx: Tx, rows: readonly ChangedRow[]): Promise<void> {
  const given = rows.map(({ clientId, contactId, change, teamId, siteId }) => ({
    id: contactId,
    client_id: clientId,
    queue_id: change.queueId,
    agent_id: change.agentId,
    team_id: teamId,
    site_id: siteId,
    answered_at: change.answeredAt,
    customer_ended_at: change.customerEndedAt,
    closed_at: change.closedAt,
    outcome: change.outcome,
    wait_ms: change.waitMs,
    talk_ms: change.talkMs,
  }));
  await sql`select change_contacts(${JSON.stringify(given)}::jsonb)`.execute(tx);
}

import type { Tx } from "../database/index.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Catalogue } from "../office/catalogue.ts";
import { queueKind } from "../queues/queue-kind.ts";
import { listContacts, notesOf } from "./contact-reader.repository.ts";

const SHOWN = 20;

/** The last contacts of a customer, for whoever has the customer on the line. */
export async function earlierContacts(
  tx: Tx,
  catalogue: Catalogue,
  wanted: { readonly customerId: string; readonly except: string },
) {
  const sight = { narrowing: undefined, ownAgentId: undefined };
  const rows = await listContacts(tx, sight, { customerId: wanted.customerId }, { limit: SHOWN + 1 });
  const earlier = rows.filter((row) => row.id !== wanted.except).slice(0, SHOWN);
  const notes = await notesOf(
    tx,
    earlier.map((row) => row.id),
  );
  return earlier.map((row) => ({
    contactId: row.id,
    shortNumber: row.shortNumber,
    medium: row.medium as "voice",
    direction: row.direction as "inbound" | "outbound" | "internal",
    startedAt: row.startedAt,
    durationMs: Math.max(0, (row.customerEndedAt ?? row.closedAt ?? row.startedAt) - row.startedAt),
    outcome: row.outcome,
    queueName: (row.queueId && catalogue.get(queueKind, row.queueId)?.value.name) || null,
    agentName: (row.agentId && catalogue.get(userKind, row.agentId)?.value.displayName) || null,
    dispositionId: row.dispositionId,
    notes: notes.get(row.id)?.notes ?? null,
  }));
}

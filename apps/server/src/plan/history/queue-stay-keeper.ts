import type { ClientId, ContactId, Disposable } from "@svara/kernel";
import type { LedgerEvent } from "@svara/ledger";
import { type Ledger, readEvents, type Tx } from "../../database/index.ts";
import { cellsOf, retellQuarters } from "./queue-quarter.repository.ts";
import { writeStays } from "./queue-stay.repository.ts";
import { type PlanStay, queueStaysOf, STAY_CHANGES, STAY_EVENTS } from "./queue-stay-of.ts";

const NAME = "plan.queue_stays";

/**
 * Follows the ledger from its beginning and keeps a row for each stay in a queue. A contact's stays are told anew from all
 * of its events whenever one of them changed, in the transaction that moves the cursor: each event counts exactly once, and
 * what was written before a crash is written again alike. The sums by quarter of an hour are told anew in the same transaction.
 */
export function keepQueueStays(ledger: Ledger): Disposable {
  return ledger.consume(NAME, { types: STAY_CHANGES, from: "beginning" }, applyToStays);
}

/** One batch of the ledger. */
export async function applyToStays(tx: Tx, events: readonly LedgerEvent[]): Promise<void> {
  const clients = new Map<ContactId, ClientId>();
  for (const { contactId, clientId } of events)
    if (contactId !== undefined && clientId !== undefined) clients.set(contactId, clientId);
  if (clients.size === 0) return;
  const known = await readEvents(tx, { contactIds: [...clients.keys()], types: STAY_EVENTS });
  const byContact = Map.groupBy(known, (event) => event.contactId);
  const rows: (PlanStay & { readonly clientId: ClientId })[] = [];
  for (const [contactId, clientId] of clients)
    for (const stay of queueStaysOf(contactId, byContact.get(contactId) ?? []))
      rows.push({ ...stay, clientId });
  await keepStays(tx, rows);
}

/** Writes stays, and tells the sums of the quarters anew that they are in now and were in before. */
export async function keepStays(
  tx: Tx,
  stays: readonly (PlanStay & { readonly clientId: ClientId })[],
): Promise<void> {
  const contactIds = [...new Set(stays.map(({ contactId }) => contactId))];
  const before = await cellsOf(tx, contactIds);
  await writeStays(tx, stays);
  await retellQuarters(tx, [...before, ...(await cellsOf(tx, contactIds))]);
}

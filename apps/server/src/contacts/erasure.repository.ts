import type { ClientId, CustomerId } from "@svara/kernel";
import type { Tx } from "../database/index.ts";

/** Contacts that hold something of a customer: their own, and those from or to one of their numbers. */
export async function contactsOfCustomer(
  tx: Tx,
  customerId: CustomerId,
  numbers: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom("contact as c")
    .leftJoin("contactParty as p", "p.contactId", "c.id")
    .select("c.id")
    .where((eb) =>
      eb.or([
        eb("c.customerId", "=", customerId),
        ...(numbers.length > 0
          ? [eb("p.remoteNumber", "in", [...numbers]), eb("p.localNumber", "in", [...numbers])]
          : []),
      ]),
    )
    .execute();
  return rows.map((row) => row.id);
}

/** Deletes numbers, names and notes of contacts; ids, times and words stay. */
export async function forgetPersonalData(tx: Tx, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx
    .deleteFrom("contactParty")
    .where("contactId", "in", [...contactIds])
    .execute();
  await tx
    .deleteFrom("contactNote")
    .where("contactId", "in", [...contactIds])
    .execute();
}

export interface DueRecording {
  readonly id: string;
  readonly storageKey: string;
}

/** Recordings of contacts that still have a file. */
export async function recordingsOfContacts(tx: Tx, contactIds: readonly string[]): Promise<DueRecording[]> {
  if (contactIds.length === 0) return [];
  return tx
    .selectFrom("recording")
    .select(["id", "storageKey"])
    .where("contactId", "in", [...contactIds])
    .where("state", "in", ["stored", "failed"])
    .execute();
}

/** The oldest recordings of a client that are older than its rule allows. */
export async function recordingsBefore(
  tx: Tx,
  clientId: ClientId,
  before: number,
  limit: number,
): Promise<DueRecording[]> {
  return tx
    .selectFrom("recording")
    .select(["id", "storageKey"])
    .where("clientId", "=", clientId)
    .where("startedAt", "<", before)
    .where("state", "in", ["stored", "failed"])
    .orderBy("startedAt")
    .limit(limit)
    .execute();
}

export async function markDeleted(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable("recording")
    .set({ state: "deleted", sha256: null })
    .where("id", "in", [...ids])
    .execute();
}

/** Contacts of a client that ended before an instant and still hold personal data. */
export async function contactsWithPersonalDataBefore(
  tx: Tx,
  clientId: ClientId,
  before: number,
  limit: number,
): Promise<string[]> {
  const rows = await tx
    .selectFrom("contact as c")
    .leftJoin("contactParty as p", "p.contactId", "c.id")
    .leftJoin("contactNote as n", "n.contactId", "c.id")
    .select("c.id")
    .where("c.clientId", "=", clientId)
    .where("c.startedAt", "<", before)
    .where((eb) => eb.or([eb("p.contactId", "is not", null), eb("n.contactId", "is not", null)]))
    .orderBy("c.startedAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

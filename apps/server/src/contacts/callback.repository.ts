import type { ClientId, ContactId, Instant, QueueId } from "@svara/kernel";
import type { Tx } from "../database/index.ts";
import type { OpenCallback, RestoredCallback } from "../live/live-store.ts";

export async function insertCallback(tx: Tx, callback: OpenCallback): Promise<void> {
  const { from, until, ...row } = callback;
  await tx
    .insertInto("callback")
    .values({ ...row, fromAt: from ?? null, untilAt: until ?? null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function updateCallback(
  tx: Tx,
  contactId: ContactId,
  update: {
    readonly queueId?: QueueId;
    readonly attempts?: number;
    readonly outcome?: "answered" | "failed" | "withdrawn";
    readonly endedAt?: Instant;
  },
): Promise<void> {
  await tx.updateTable("callback").set(update).where("contactId", "=", contactId).execute();
}

/** Those that wait, the oldest place first, with whom to call as far as that was not erased. */
export async function openCallbacks(tx: Tx): Promise<RestoredCallback[]> {
  const rows = await tx
    .selectFrom("callback as b")
    .innerJoin("contact as c", "c.id", "b.contactId")
    .leftJoin("contactParty as p", "p.contactId", "b.contactId")
    .select(["b.contactId", "b.clientId", "b.queueId", "b.queuedAt", "b.language", "b.fromAt", "b.untilAt"])
    .select(["c.shortNumber", "p.remoteNumber", "p.remoteName"])
    .where("b.outcome", "is", null)
    .orderBy("b.queuedAt")
    .orderBy("b.contactId")
    .execute();
  return rows.map(({ fromAt, untilAt, remoteNumber, remoteName, ...row }) => ({
    ...row,
    clientId: row.clientId as ClientId,
    ...(fromAt !== null && { from: fromAt }),
    ...(untilAt !== null && { until: untilAt }),
    ...(remoteNumber !== null && { remoteNumber }),
    ...(remoteName !== null && { remoteName }),
  }));
}

import type { Tx } from "./scope.ts";

/** The number of the newest configuration revision, 0 when there is none. */
export async function configRevision(tx: Tx): Promise<number> {
  const row = await tx.selectFrom("configCounter").select("revision").executeTakeFirst();
  return row?.revision ?? 0;
}

/** The same, locked until the transaction ends: revisions are numbered in order of commits, without gaps. */
export async function lockConfigRevision(tx: Tx): Promise<number> {
  const row = await tx.selectFrom("configCounter").select("revision").forUpdate().executeTakeFirstOrThrow();
  return row.revision;
}

/** Takes a number for the revision that the transaction stores. */
export async function takeConfigRevision(tx: Tx, revision: number): Promise<void> {
  await tx.updateTable("configCounter").set({ revision }).execute();
}

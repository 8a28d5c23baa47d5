import { createHash, randomBytes } from "node:crypto";
import type { Instant } from "@svara/kernel";
import type { Tx } from "../../database/index.ts";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 bits, as they stand in an address. Only their hash is stored. */
export function newFeedToken(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Makes the address, in the place of an earlier one. */
export async function writeFeed(tx: Tx, agentId: string, token: string, at: Instant): Promise<void> {
  const row = { tokenHash: hashOf(token), createdAt: at, lastReadAt: null };
  await tx
    .insertInto("calendarFeed")
    .values({ agentId, ...row })
    .onConflict((known) => known.column("agentId").doUpdateSet(row))
    .execute();
}

/** Whether there was one. */
export async function removeFeed(tx: Tx, agentId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("calendarFeed")
    .where("agentId", "=", agentId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function feedOf(tx: Tx, agentId: string) {
  return tx
    .selectFrom("calendarFeed")
    .select(["createdAt", "lastReadAt"])
    .where("agentId", "=", agentId)
    .executeTakeFirst();
}

/** Whose address it is; undefined for any other text. Notes that it was read. */
export async function agentOfToken(tx: Tx, token: string, at: Instant): Promise<string | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const row = await tx
    .updateTable("calendarFeed")
    .set({ lastReadAt: at })
    .where("tokenHash", "=", hashOf(token))
    .returning("agentId")
    .executeTakeFirst();
  return row?.agentId;
}

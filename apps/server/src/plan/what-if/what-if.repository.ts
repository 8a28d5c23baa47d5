import type { WhatIfDraft, WhatIfTotals } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { DB } from "../../database/index.ts";
import type { WhatIfOutcome } from "./what-if-work.ts";

/** A simulation that was made. */
export interface StoredWhatIf {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  /** A person's name, as it was then. */
  readonly createdBy: string;
  readonly timeZone: string;
  readonly draft: Omit<WhatIfDraft, "name">;
  /** Of all queues. */
  readonly total: Omit<WhatIfTotals, "queueName">;
}

/** With its figures. */
export interface WholeWhatIf extends StoredWhatIf {
  readonly result: WhatIfOutcome;
}

const HEAD = ["id", "name", "createdAt", "createdBy", "timeZone", "draft", "total"] as const;

/** Newest first. */
export async function listWhatIfs(db: Kysely<DB>, limit: number): Promise<StoredWhatIf[]> {
  const rows = await db
    .selectFrom("whatIf")
    .select(HEAD)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row as unknown as StoredWhatIf);
}

export async function findWhatIf(db: Kysely<DB>, id: string): Promise<WholeWhatIf | undefined> {
  const row = await db
    .selectFrom("whatIf")
    .select(HEAD)
    .select("result")
    .where("id", "=", id)
    .executeTakeFirst();
  return row as unknown as WholeWhatIf | undefined;
}

export async function insertWhatIf(db: Kysely<DB>, whatIf: WholeWhatIf): Promise<void> {
  const { draft, total, result, ...head } = whatIf;
  await db
    .insertInto("whatIf")
    .values({
      ...head,
      draft: JSON.stringify(draft),
      total: JSON.stringify(total),
      result: JSON.stringify(result),
    })
    .execute();
}

export async function renameWhatIf(db: Kysely<DB>, id: string, name: string): Promise<void> {
  await db.updateTable("whatIf").set({ name }).where("id", "=", id).execute();
}

export async function deleteWhatIf(db: Kysely<DB>, id: string): Promise<void> {
  await db.deleteFrom("whatIf").where("id", "=", id).execute();
}

export async function countWhatIfs(db: Kysely<DB>): Promise<number> {
  const { count } = await db
    .selectFrom("whatIf")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

import type { Kysely } from "kysely";
import type { DB } from "./db.generated.ts";
import type { JournalEntry, RouterSnapshot } from "./ledger-rows.ts";

/** An entry as it was stored. */
export interface StoredJournalEntry extends JournalEntry {
  readonly epoch: number;
}

/** A snapshot as it was stored. */
export interface StoredSnapshot extends RouterSnapshot {
  readonly epoch: number;
}

/** One run of a router in the journal. */
export interface JournalRun {
  readonly routerId: string;
  readonly epoch: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly entries: number;
}

const CHUNK = 1_000;

/** The runs of a router that the journal holds, newest first. */
export function journalRuns(db: Kysely<DB>, routerId: string): Promise<JournalRun[]> {
  return db
    .selectFrom("routerJournal")
    .where("routerId", "=", routerId)
    .groupBy(["routerId", "epoch"])
    .select((eb) => [
      "routerId",
      "epoch",
      eb.fn.min("at").as("firstAt"),
      eb.fn.max("at").as("lastAt"),
      eb.fn.countAll<number>().as("entries"),
    ])
    .orderBy("epoch", "desc")
    .execute();
}

/** A run's inputs in processed order, from the one after `afterSeq`, for a replay. */
export async function* readJournal(
  db: Kysely<DB>,
  run: { readonly routerId: string; readonly epoch: number; readonly afterSeq?: number },
): AsyncGenerator<StoredJournalEntry> {
  let after = run.afterSeq ?? 0;
  for (;;) {
    const rows = await db
      .selectFrom("routerJournal")
      .selectAll()
      .where("routerId", "=", run.routerId)
      .where("epoch", "=", run.epoch)
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(CHUNK)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return;
    after = last.seq;
  }
}

/** The newest snapshot of a run, or of those up to an instant: where a replay may begin. */
export function latestSnapshot(
  db: Kysely<DB>,
  run: { readonly routerId: string; readonly epoch: number; readonly upTo?: number },
): Promise<StoredSnapshot | undefined> {
  return db
    .selectFrom("routerSnapshot")
    .selectAll()
    .where("routerId", "=", run.routerId)
    .where("epoch", "=", run.epoch)
    .$if(run.upTo !== undefined, (query) => query.where("at", "<=", run.upTo ?? 0))
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

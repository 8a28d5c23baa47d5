import { SvaraError } from "@svara/kernel";
import {
  ENGINE_VERSION,
  type JournalEntryLine,
  type JournalLine,
  type JournalSnapshot,
} from "@svara/routing";
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
  /** 1, unless the run's beginning is no longer kept. */
  readonly firstSeq: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly entries: number;
}

/** Which part of the journal is asked for; everything where absent. */
export interface JournalRange {
  readonly from?: number;
  readonly to?: number;
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
      eb.fn.min("seq").as("firstSeq"),
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
  run: {
    readonly routerId: string;
    readonly epoch: number;
    readonly afterSeq?: number;
    readonly upTo?: number;
  },
): AsyncGenerator<StoredJournalEntry> {
  let after = run.afterSeq ?? 0;
  for (;;) {
    const rows = await db
      .selectFrom("routerJournal")
      .selectAll()
      .where("routerId", "=", run.routerId)
      .where("epoch", "=", run.epoch)
      .where("seq", ">", after)
      .$if(run.upTo !== undefined, (query) => query.where("at", "<=", run.upTo ?? 0))
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
  run: {
    readonly routerId: string;
    readonly epoch: number;
    readonly upTo?: number;
    /** Only one that this engine can restore. */
    readonly engineVersion?: string;
  },
): Promise<StoredSnapshot | undefined> {
  return db
    .selectFrom("routerSnapshot")
    .selectAll()
    .where("routerId", "=", run.routerId)
    .where("epoch", "=", run.epoch)
    .$if(run.upTo !== undefined, (query) => query.where("at", "<=", run.upTo ?? 0))
    .$if(run.engineVersion !== undefined, (query) =>
      query.where("engineVersion", "=", run.engineVersion ?? ""),
    )
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The runs that have entries within the range, oldest first. */
export async function runsWithin(
  db: Kysely<DB>,
  routerId: string,
  { from, to }: JournalRange,
): Promise<JournalRun[]> {
  const runs = await journalRuns(db, routerId);
  return runs
    .filter(({ firstAt, lastAt }) => lastAt >= (from ?? 0) && firstAt <= (to ?? Number.POSITIVE_INFINITY))
    .reverse();
}

/**
 * The snapshots and entries of runs as lines of a journal file. A run begins with its first entry, or, where a `from` lies in
 * it or its beginning is no longer kept, after the nearest snapshot at or before that.
 * @throws SvaraError `journal.no_beginning` when a run can be replayed from nowhere
 */
export async function* journalLines(
  db: Kysely<DB>,
  runs: readonly JournalRun[],
  { from, to }: JournalRange,
): AsyncGenerator<JournalLine> {
  for (const run of runs) {
    const begin = await snapshotToBeginAt(db, run, from);
    if (begin) yield snapshotLine(begin);
    const { routerId, epoch } = run;
    const part = { routerId, epoch, afterSeq: begin?.seq ?? 0, ...(to === undefined ? {} : { upTo: to }) };
    for await (const entry of readJournal(db, part)) yield lineOf(entry);
  }
}

async function snapshotToBeginAt(
  db: Kysely<DB>,
  run: JournalRun,
  from: number | undefined,
): Promise<StoredSnapshot | undefined> {
  const { routerId, epoch, firstSeq, firstAt } = run;
  const mine = { routerId, epoch, engineVersion: ENGINE_VERSION };
  if (from !== undefined && from > firstAt) {
    const before = await latestSnapshot(db, { ...mine, upTo: from });
    if (before && before.seq >= firstSeq - 1) return before;
  }
  if (firstSeq === 1) return undefined;
  const later = await db
    .selectFrom("routerSnapshot")
    .selectAll()
    .where("routerId", "=", routerId)
    .where("epoch", "=", epoch)
    .where("engineVersion", "=", ENGINE_VERSION)
    .where("seq", ">=", firstSeq - 1)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  if (later) return later;
  throw new SvaraError(
    `the journal of epoch ${epoch} begins at entry ${firstSeq}, and no snapshot of engine version ${ENGINE_VERSION} is kept from which it could go on`,
    { code: "journal.no_beginning" },
  );
}

function snapshotLine({ epoch, seq, at, engineVersion, snapshot }: StoredSnapshot): JournalSnapshot {
  return {
    type: "snapshot",
    epoch,
    seq,
    at,
    engineVersion: String(engineVersion),
    snapshot: snapshot as JournalSnapshot["snapshot"],
  };
}

function lineOf({ epoch, seq, at, engineVersion, input, decisions }: StoredJournalEntry): JournalEntryLine {
  return {
    type: "entry",
    epoch,
    seq,
    at,
    engineVersion: String(engineVersion),
    input: input as JournalEntryLine["input"],
    decisions: decisions as JournalEntryLine["decisions"],
  };
}

import { SvaraError, SystemClock } from "@svara/kernel";
import { ENGINE_VERSION, JOURNAL_FORMAT, JOURNAL_VERSION, type JournalLine } from "@svara/routing";
import {
  hasCluster,
  type JournalRange,
  journalLines,
  openDatabase,
  runsWithin,
  silentLog,
} from "../database/index.ts";
import { ROUTER_ID } from "../live/live-parts.ts";
import type { Settings } from "../settings/settings.ts";

const UNDEFINED_TABLE = "42P01"; // SQLSTATE

/** The journal of an installation's router, as the lines of a journal file; to be read once. */
export interface JournalSource {
  readonly lines: AsyncIterable<JournalLine>;
  /** At most so many entries; more of them are there when only a part was asked for. */
  readonly entries: number;
}

/**
 * Opens the journal of an installation for the time of `work`, whether its server runs or not: a database that is not running is
 * started for that time. What is written meanwhile is not seen; nothing is changed.
 * @throws SvaraError `journal.no_installation`, `journal.empty`, `journal.no_beginning`
 */
export async function withJournal<T>(
  { dataDir, databaseUrl }: Pick<Settings, "dataDir" | "databaseUrl">,
  range: JournalRange,
  work: (source: JournalSource) => Promise<T>,
): Promise<T> {
  if (databaseUrl === null && !hasCluster(dataDir)) {
    throw new SvaraError(`${dataDir} is not the data folder of an installation: it holds no database`, {
      code: "journal.no_installation",
      httpStatus: 404,
    });
  }
  const clock = new SystemClock();
  const database = await openDatabase({
    dataDir,
    clock,
    log: silentLog,
    migrate: false,
    maxConnections: 1,
    ...(databaseUrl !== null && { databaseUrl }),
  });
  try {
    return await database.db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(async (db) => {
        const runs = await runsWithin(db, ROUTER_ID, range).catch(noneYet);
        const entries = runs.reduce((sum, run) => sum + run.entries, 0);
        if (entries === 0) throw emptyJournal(range);
        const lines = wholeFile(journalLines(db, runs, range), range, clock.now());
        return work({ lines, entries });
      });
  } finally {
    await database.close();
  }
}

async function* wholeFile(
  body: AsyncIterable<JournalLine>,
  { from, to }: JournalRange,
  now: number,
): AsyncGenerator<JournalLine> {
  yield {
    type: "header",
    format: JOURNAL_FORMAT,
    version: JOURNAL_VERSION,
    routerId: ROUTER_ID,
    engineVersion: ENGINE_VERSION,
    createdAt: now,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  let entries = 0;
  for await (const line of body) {
    if (line.type === "entry") entries++;
    yield line;
  }
  yield { type: "end", entries };
}

/** A database in which no server has started yet has no tables. */
function noneYet(error: unknown): [] {
  if ((error as { code?: unknown }).code === UNDEFINED_TABLE) return [];
  throw error;
}

function emptyJournal({ from, to }: JournalRange): SvaraError {
  const asked = from !== undefined || to !== undefined;
  return new SvaraError(
    asked
      ? "the router's journal holds nothing within the time asked for"
      : "the router's journal is empty: this installation has not run yet",
    { code: "journal.empty", httpStatus: 404 },
  );
}

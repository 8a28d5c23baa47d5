import type { Clock } from "@svara/kernel";
import { sql } from "kysely";
import { type Database, hasCluster, openDatabase, silentLog } from "../database/index.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { type KnownTrunk, readTrunks } from "./trunk-list.ts";

/** What the check of the database found, the database's own clock beside ours when it could be asked, and the trunks in it. */
export interface DatabaseFindings {
  readonly database: Finding;
  readonly clock: Finding;
  /** Null: they could not be read. */
  readonly trunks: readonly KnownTrunk[] | null;
}

const OLDEST_VERSION = 150_000;
const TOLERATED_SKEW_MS = 1000;

/** Whether the database answers, which version it is, and whether its clock agrees with ours. Changes nothing in it. */
export async function checkDatabase(
  { dataDir, databaseUrl }: { dataDir: string; databaseUrl?: string | undefined },
  clock: Clock,
): Promise<DatabaseFindings> {
  if (databaseUrl === undefined && !hasCluster(dataDir)) {
    return {
      database: ok("no database yet: the first start makes it in the data folder"),
      clock: ok("nothing to compare the clock with before the first start"),
      trunks: [],
    };
  }
  let database: Database | undefined;
  try {
    database = await openDatabase({
      dataDir,
      clock,
      log: silentLog,
      migrate: false,
      maxConnections: 1,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    return {
      database: judgeVersion(database.kind, database.serverVersion),
      clock: await compareClocks(database, clock),
      trunks: await readTrunks(database).catch(() => null), // tables of another version
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy =
      databaseUrl === undefined
        ? 'look at the database\'s log in the data folder; a backup is restored with "svara restore"'
        : "see whether that server runs and SVARA_DATABASE_URL names it, its user and its password rightly";
    return {
      database: fail(`the database cannot be reached: ${reason}`, remedy),
      clock: warn("the clock was not compared with the database's", "mend the database first"),
      trunks: null,
    };
  } finally {
    await database?.close();
  }
}

function judgeVersion(kind: Database["kind"], version: number): Finding {
  const name = `${kind} PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  return version >= OLDEST_VERSION
    ? ok(`${name} answers`)
    : fail(`${name} is too old`, "use PostgreSQL 15 or later");
}

async function compareClocks(database: Database, clock: Clock): Promise<Finding> {
  const before = clock.now();
  const { rows } = await sql<{
    ms: number;
  }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(database.db);
  const after = clock.now();
  const theirs = rows[0]?.ms ?? Number.NaN;
  return judgeSkew(theirs - (before + after) / 2, (after - before) / 2);
}

/** What a difference of `skewMs`, measured to within `uncertaintyMs`, means. */
export function judgeSkew(skewMs: number, uncertaintyMs: number): Finding {
  const shown = `${Math.round(Math.abs(skewMs))} ms`;
  if (Math.abs(skewMs) <= TOLERATED_SKEW_MS + uncertaintyMs)
    return ok(`clock within ${shown} of the database's`);
  const direction = skewMs > 0 ? "behind" : "ahead of";
  return warn(
    `this machine's clock is ${shown} ${direction} the database's`,
    "let both machines set their clocks by NTP",
  );
}

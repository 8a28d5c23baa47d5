import { randomBytes } from "node:crypto";
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import type { DB } from "./db.generated.ts";
import { Ledger } from "./ledger.ts";
import { silentLog } from "./log.ts";
import { makeKysely, makePool } from "./pool.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { checkVersion, ensureDatabase, OWNER_ROLE, RUNTIME_ROLE, withClient } from "./roles.ts";
import { sharedTestServer, templateDatabase } from "./test-server.ts";

/** A migrated database of a test's own. */
export interface TestDatabase {
  readonly database: Database;
  readonly db: Kysely<DB>;
  /** Opens this database's ledger, which is closed with it. Each call begins a new epoch. */
  openLedger(): Promise<Ledger>;
  /** Drops the database. */
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** `initdb` and `postgres` of another PostgreSQL, to run the same test on it. */
  readonly binDir?: string;
}

/** The machine's clock and random ids, for tests that store. */
export const testClock = new SystemClock();
export const testIds = new UuidV7(testClock, new SecureRandom());

const servers = new Map<string, Promise<{ readonly server: PostgresServer; readonly template: string }>>();

/**
 * A fresh, migrated, empty database. The server behind it is shared by all tests of this account: the first use of a
 * machine costs about two seconds, later ones adopt it, and each database is a copy of a template (about 30 ms).
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { server, template } = await shared(options.binDir);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await ensureDatabase(server.admin(), name, template);
  const connection = server.connection(RUNTIME_ROLE, server.credentials.runtime, name);
  const ownerConnection = server.connection(OWNER_ROLE, server.credentials.owner, name);
  const db = makeKysely(makePool({ ...connection, max: 10 }, silentLog));
  const database: Database = {
    kind: "embedded",
    db,
    connection,
    ownerConnection,
    serverVersion: await checkVersion(connection),
    migrated: [],
    server: undefined, // shared: nobody's to stop
    dataDir: server.home.root,
    close: () => db.destroy(),
  };
  const ledgers: Ledger[] = [];
  let closed = false;
  return {
    database,
    db,
    async openLedger() {
      const ledger = await Ledger.open(database, { clock: testClock, ids: testIds, log: silentLog });
      ledgers.push(ledger);
      return ledger;
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const ledger of ledgers) await ledger.close().catch(() => {});
      await db.destroy();
      await withClient(server.admin(), (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

function shared(binDir: string | undefined): Promise<{ server: PostgresServer; template: string }> {
  const key = binDir ?? "embedded";
  const found = servers.get(key);
  if (found) return found;
  const made = sharedTestServer(binDir).then(async (server) => ({
    server,
    template: await templateDatabase(server),
  }));
  servers.set(key, made);
  return made;
}

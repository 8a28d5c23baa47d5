import * as path from "node:path";
import type { Clock } from "@svara/kernel";
import type { Kysely } from "kysely";
import type pg from "pg";
import { BACKUPS_FOLDER, backup } from "./backup.ts";
import { DatabaseError } from "./database-error.ts";
import type { DB } from "./db.generated.ts";
import type { Log } from "./log.ts";
import { appliedMigrations, migrate } from "./migrate.ts";
import { makeKysely, makePool } from "./pool.ts";
import { ownName, PostgresServer } from "./postgres-server.ts";
import {
  checkVersion,
  ensureDatabase,
  ensureLoginRoles,
  ensureMemberRoles,
  grantRuntime,
  OWNER_ROLE,
  RUNTIME_ROLE,
  withClient,
} from "./roles.ts";

export interface DatabaseOptions {
  readonly dataDir: string;
  /** A PostgreSQL 15 or later of your own; the embedded one when not given. */
  readonly databaseUrl?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Another PostgreSQL's binaries for the embedded server. */
  readonly binDir?: string;
  /** Connections of the server's pool. */
  readonly maxConnections?: number;
  /** The folder of migrations, for tests of migrations. */
  readonly migrations?: string;
  /** False for commands that must not change the database (backup). */
  readonly migrate?: boolean;
}

/** The open database. */
export interface Database {
  readonly kind: "embedded" | "external";
  /** As `app_rt`: row-level security holds; see `withScope`. */
  readonly db: Kysely<DB>;
  /** How to connect as `app_rt` (jobs make a pool of their own from it). */
  readonly connection: pg.ClientConfig;
  /** How to connect as `app_owner`. */
  readonly ownerConnection: pg.ClientConfig;
  /** Such as 180004. */
  readonly serverVersion: number;
  /** Migrations applied by this opening. */
  readonly migrated: readonly string[];
  /** The embedded server. */
  readonly server: PostgresServer | undefined;
  readonly dataDir: string;
  /** Closes connections, then stops the embedded server unless another process uses it. */
  close(): Promise<void>;
}

/** Name of the database in the embedded cluster. */
const DATABASE_NAME = "svara";

/**
 * Opens an empty database, gives it exactly the migrations of a backup, lets `load` fill it and closes it again.
 * @throws DatabaseError `restore_not_empty`, `database_newer`
 */
export async function prepareEmpty(
  options: DatabaseOptions,
  migrations: readonly string[],
  load: (owner: pg.ClientConfig) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({ ...options, migrate: false });
  try {
    const { ownerConnection: owner } = database;
    const present = await withClient(owner, appliedMigrations);
    if (present.length > 0) {
      throw new DatabaseError(
        "restore_not_empty",
        "The database holds a centre already; restore into an empty one.",
      );
    }
    await grantRuntime(owner);
    await migrate({ owner, log: options.log, only: migrations });
    await load(owner);
  } finally {
    await database.close();
  }
}

/** Opens the database: starts or adopts the embedded server or connects to the given one, makes roles, migrates. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === undefined
    ? openEmbedded(options)
    : openExternal(options, options.databaseUrl);
}

async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const { dataDir, clock, log, binDir } = options;
  const server = await PostgresServer.start({ dataDir, clock, log, ...(binDir !== undefined && { binDir }) });
  try {
    const { credentials } = server;
    await ensureLoginRoles(server.admin(), credentials);
    await ensureDatabase(server.admin(), DATABASE_NAME);
    return await connect(options, {
      kind: "embedded",
      server,
      connection: server.connection(RUNTIME_ROLE, credentials.runtime, DATABASE_NAME),
      ownerConnection: server.connection(OWNER_ROLE, credentials.owner, DATABASE_NAME),
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openExternal(options: DatabaseOptions, url: string): Promise<Database> {
  const base: pg.ClientConfig = { connectionString: url, application_name: ownName() };
  await checkVersion(base);
  await ensureMemberRoles(base);
  return connect(options, {
    kind: "external",
    server: undefined,
    connection: { ...base, options: `-c role=${RUNTIME_ROLE}` },
    ownerConnection: { ...base, options: `-c role=${OWNER_ROLE}` },
  });
}

type Prepared = Pick<Database, "kind" | "server" | "connection" | "ownerConnection">;

async function connect(options: DatabaseOptions, prepared: Prepared): Promise<Database> {
  const { log, dataDir } = options;
  const serverVersion = await checkVersion(prepared.ownerConnection);
  const migrated = options.migrate === false ? [] : await prepareSchema(options, prepared, serverVersion);
  const pool = makePool({ ...prepared.connection, max: options.maxConnections ?? 10 }, log);
  const db = makeKysely(pool);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await db.destroy();
    if ((await prepared.server?.stop()) === false) {
      log.info({}, "the database goes on: another process uses it");
    }
  };
  return {
    ...prepared,
    db,
    serverVersion,
    migrated,
    dataDir: path.resolve(dataDir),
    close: () => (closing ??= close()),
  };
}

async function prepareSchema(
  options: DatabaseOptions,
  prepared: Prepared,
  serverVersion: number,
): Promise<string[]> {
  const { log, migrations, dataDir, clock } = options;
  const { server, ownerConnection } = prepared;
  await grantRuntime(ownerConnection);
  const migrated = await migrate({
    owner: ownerConnection,
    log,
    before: async (pending) => {
      const name = `before-${pending[0]}-${new Date(clock.now()).toISOString().replace(/[:.]/g, "-")}`;
      const dest = path.join(path.resolve(dataDir), BACKUPS_FOLDER, name);
      await backup({
        database: { server, ownerConnection, dataDir, serverVersion },
        dest,
        clock,
        scope: "database",
      });
      log.info({ folder: dest, pending }, "the database was backed up before it is changed");
    },
    ...(migrations !== undefined && { folder: migrations }),
  });
  if (migrated.length > 0) log.info({ migrated }, "the database was brought up to date");
  return migrated;
}

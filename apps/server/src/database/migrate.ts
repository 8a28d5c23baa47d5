import * as fs from "node:fs/promises";
import * as path from "node:path";
import { sql } from "kysely";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";
import type pg from "pg";
import { DatabaseError } from "./database-error.ts";
import type { Log } from "./log.ts";
import { makeKysely, makePool } from "./pool.ts";
import { withClient } from "./roles.ts";

export const MIGRATIONS_FOLDER = path.join(import.meta.dirname, "migrations");

export interface MigrateOptions {
  /** Connection as `app_owner`. */
  readonly owner: pg.ClientConfig;
  readonly log: Log;
  readonly folder?: string;
  /** Just these, which must all be known: the state of a backup. */
  readonly only?: readonly string[];
  /** Called before an existing database is changed, with the names of the migrations to come. */
  readonly before?: (pending: readonly string[]) => Promise<void>;
}

/**
 * Brings the database to the newest migration, all pending ones in one transaction: a failure leaves everything as it was,
 * so the previous version of the program still starts. Two servers that start at once wait for each other.
 * @returns the names of what was applied
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const provider = sqlFolder(options.folder ?? MIGRATIONS_FOLDER, options.only);
  const known = await provider.getMigrations();
  // one server after another, the backup included: the second finds nothing to do
  return withClient(options.owner, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('svara migrate'))");
    const applied = await appliedMigrations(client);
    refuseNewer([...applied, ...(options.only ?? [])], known);
    const pending = Object.keys(known).filter((name) => !applied.includes(name));
    if (pending.length === 0) return [];
    if (applied.length > 0) await options.before?.(pending);
    await apply(options, provider, pending);
    return pending;
  });
}

async function apply(
  options: MigrateOptions,
  provider: MigrationProvider,
  pending: readonly string[],
): Promise<void> {
  const db = makeKysely(makePool({ ...ownerConfig(options.owner), max: 2 }, options.log));
  try {
    const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true });
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const at = results?.find((result) => result.status === "Error")?.migrationName ?? pending[0];
    throw new DatabaseError(
      "migration_failed",
      `Migration ${at} failed: ${(error as Error).message}. Nothing was changed: the version that ran before still starts.`,
      error,
    );
  } finally {
    await db.destroy();
  }
}

/** Owners see all rows while they migrate, though row-level security is forced on them too. */
export function ownerConfig(owner: pg.ClientConfig): pg.PoolConfig {
  return { ...owner, options: `${owner.options ?? ""} -c app.clients=*`.trim() };
}

/** A folder of `NNNN_name.sql`, each run as it stands. */
function sqlFolder(folder: string, only?: readonly string[]): MigrationProvider {
  return {
    async getMigrations() {
      const files = (await fs.readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
      const found: Record<string, Migration> = {};
      for (const file of files) {
        if (only && !only.includes(file.slice(0, -".sql".length))) continue;
        const text = await fs.readFile(path.join(folder, file), "utf8");
        found[file.slice(0, -".sql".length)] = {
          up: async (db) => {
            await sql.raw(text).execute(db);
          },
        };
      }
      return found;
    },
  };
}

/** The names of the migrations that a database has. */
export async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const exists = await client.query<{ t: string | null }>(
    "select to_regclass('public.kysely_migration') as t",
  );
  if (exists.rows[0]?.t == null) return [];
  const { rows } = await client.query<{ name: string }>("select name from kysely_migration order by name");
  return rows.map((row) => row.name);
}

function refuseNewer(applied: readonly string[], known: Record<string, Migration>): void {
  const strange = applied.filter((name) => !(name in known));
  if (strange.length === 0) return;
  throw new DatabaseError(
    "database_newer",
    `The database was changed by a newer version of Svara (${strange.join(", ")}). Start that version, or restore the backup made before the upgrade.`,
  );
}

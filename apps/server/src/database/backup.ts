import * as fs from "node:fs";
import * as path from "node:path";
import type { Clock } from "@svara/kernel";
import type pg from "pg";
import { SECRET_KEY_FILE } from "../secrets/index.ts";
import { type BackupManifest, copyHashed, copyTree, makeDurable, writeManifest } from "./backup-manifest.ts";
import { HOME_POINTER } from "./cluster-home.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./database-error.ts";
import { dumpRows } from "./logical-dump.ts";
import { appliedMigrations, ownerConfig } from "./migrate.ts";
import { copyCluster } from "./physical-backup.ts";
import { withClient } from "./roles.ts";

export interface BackupOptions {
  readonly database: Pick<Database, "server" | "ownerConnection" | "dataDir" | "serverVersion">;
  /** A folder that does not exist yet, or is empty. */
  readonly dest: string;
  readonly clock: Clock;
  /** Leaves out the key of sealed secrets: restoring elsewhere then needs SVARA_SECRET_KEY. */
  readonly withoutKey?: boolean;
  /** `database`: without recordings and other files. */
  readonly scope?: "all" | "database";
}

/** Folder of the data folder's own files in a backup. */
export const FILES_FOLDER = "files";
/** The embedded cluster's passwords, without which its copy could not be opened. */
export const PASSWORDS_FILE = "passwords.json";
/** Who runs on the data folder now: in a copy it would keep another server from starting beside this one. */
const RUNNING_FILE = "server.json";
/** Automatic backups, in the data folder. */
export const BACKUPS_FOLDER = "backups";

/**
 * Backs up database and files while the server works: everything acknowledged before the call is in it. The embedded database
 * is copied as it is; one of your own is written out row by row. The folder appears under its name only when it is whole.
 * @throws DatabaseError `backup_exists`
 */
export async function backup(options: BackupOptions): Promise<BackupManifest> {
  const { database, clock, scope = "all", withoutKey = false } = options;
  const dest = path.resolve(options.dest);
  if (fs.existsSync(dest) && fs.readdirSync(dest).length > 0) {
    throw new DatabaseError("backup_exists", `${dest} is not empty; name a new folder for the backup`);
  }
  const half = `${dest}.unfinished`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(half, { recursive: true, mode: 0o700 });
  const at = clock.now();
  const { server, ownerConnection, dataDir, serverVersion } = database;
  const state = await databaseState(ownerConnection);
  const files = server
    ? await copyCluster(server.admin(), server.clusterDir, half)
    : await dumpRows(ownerConnection, half);
  if (server) {
    const passwords = await copyHashed(
      path.join(server.home.root, PASSWORDS_FILE),
      path.join(half, PASSWORDS_FILE),
    );
    if (passwords) files.push({ path: PASSWORDS_FILE, ...passwords });
  }
  if (scope === "all" && fs.existsSync(dataDir)) {
    // after the database: what its rows name was on disk before them
    const apart = [dest, half, server?.home.root].map((folder) => folder && path.relative(dataDir, folder));
    const skip = (relative: string): boolean =>
      relative === BACKUPS_FOLDER ||
      relative === HOME_POINTER ||
      relative === RUNNING_FILE ||
      (withoutKey && relative === SECRET_KEY_FILE) ||
      apart.includes(relative);
    files.push(...(await copyTree(dataDir, half, FILES_FOLDER, skip)));
  }
  const manifest: BackupManifest = {
    format: 1,
    kind: server ? "physical" : "logical",
    scope,
    at,
    serverVersion,
    ...state,
    withKey: files.some((file) => file.path === path.join(FILES_FOLDER, SECRET_KEY_FILE)),
    files,
  };
  writeManifest(half, manifest);
  await makeDurable(half);
  if (fs.existsSync(dest)) fs.rmdirSync(dest);
  fs.renameSync(half, dest);
  return manifest;
}

async function databaseState(owner: pg.ClientConfig): Promise<{ migrations: string[]; lastSeq: number }> {
  return withClient(ownerConfig(owner), async (client) => {
    const migrations = await appliedMigrations(client);
    const exists = await client.query<{ t: string | null }>(
      "select to_regclass('public.ledger_counter') as t",
    );
    if (exists.rows[0]?.t == null) return { migrations, lastSeq: 0 };
    const { rows } = await client.query<{ n: string }>(
      "select coalesce(max(last_seq), 0) as n from ledger_counter",
    );
    return { migrations, lastSeq: Number(rows[0]?.n ?? 0) };
  });
}

import * as fs from "node:fs";
import * as path from "node:path";
import type { Clock } from "@svara/kernel";
import { FILES_FOLDER, PASSWORDS_FILE } from "./backup.ts";
import { type BackupManifest, makeDurable, readManifest, verifyBackup } from "./backup-manifest.ts";
import { type Account, type ClusterHome, clusterHome } from "./cluster-home.ts";
import { prepareEmpty } from "./database.ts";
import { DatabaseError } from "./database-error.ts";
import type { Log } from "./log.ts";
import { loadRows } from "./logical-dump.ts";
import { CLUSTER_FOLDER } from "./physical-backup.ts";
import { isAlive } from "./postgres-server.ts";

export interface RestoreOptions {
  /** The backup's folder. */
  readonly source: string;
  readonly dataDir: string;
  /** Where a logical backup goes; the embedded database when not given. */
  readonly databaseUrl?: string;
  /** Puts what is there aside and goes on. */
  readonly force?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was restored, and where the former data stands now. */
export interface Restored {
  readonly manifest: BackupManifest;
  readonly putAside: string | undefined;
}

/**
 * Restores a backup, after comparing every file with its sum. Nothing is ever overwritten: former data is refused, or with
 * `force` put aside under another name.
 * @throws DatabaseError `backup_broken`, `restore_not_empty`, `restore_running`, `restore_mismatch`
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const source = path.resolve(options.source);
  const dataDir = path.resolve(options.dataDir);
  const manifest = readManifest(source);
  await verifyBackup(source, manifest);
  if (manifest.kind === "physical" && options.databaseUrl !== undefined) {
    throw new DatabaseError(
      "restore_mismatch",
      "This is a backup of the embedded database; it cannot go into the database of SVARA_DATABASE_URL. Unset that first.",
    );
  }
  refuseRunning(dataDir);
  const suffix = `before-restore-${new Date(options.clock.now()).toISOString().replace(/[:.]/g, "-")}`;
  if (manifest.scope === "database")
    return { manifest, putAside: await replaceCluster(source, dataDir, options, suffix) };
  const putAside = makeRoom(dataDir, options.force === true, suffix);
  if (fs.existsSync(path.join(source, FILES_FOLDER))) {
    fs.cpSync(path.join(source, FILES_FOLDER), dataDir, { recursive: true });
  }
  if (manifest.kind === "physical") {
    await placeCluster(source, clusterHome(dataDir));
  } else {
    await prepareEmpty({ ...options, dataDir }, manifest.migrations, (owner) => loadRows(owner, source));
  }
  return { manifest, putAside };
}

/** A backup made before a migration holds the database alone: the files stay, the cluster is exchanged. */
async function replaceCluster(
  source: string,
  dataDir: string,
  options: RestoreOptions,
  suffix: string,
): Promise<string | undefined> {
  const home = clusterHome(dataDir);
  const present = path.join(home.root, "pg");
  let putAside: string | undefined;
  if (fs.existsSync(present)) {
    if (options.force !== true) throw notEmpty(present);
    putAside = path.join(home.root, `pg.${suffix}`);
    fs.renameSync(present, putAside);
  }
  await placeCluster(source, home);
  return putAside;
}

async function placeCluster(source: string, home: ClusterHome): Promise<void> {
  const half = path.join(home.root, "pg.restored");
  fs.rmSync(half, { recursive: true, force: true });
  fs.cpSync(path.join(source, CLUSTER_FOLDER), half, { recursive: true });
  secure(half, home.account);
  fs.copyFileSync(path.join(source, PASSWORDS_FILE), path.join(home.root, PASSWORDS_FILE));
  fs.chmodSync(path.join(home.root, PASSWORDS_FILE), 0o600);
  await makeDurable(half);
  fs.renameSync(half, path.join(home.root, "pg"));
}

/** Owner and modes as PostgreSQL demands them. */
function secure(entry: string, account: Account | undefined): void {
  const isFolder = fs.statSync(entry).isDirectory();
  fs.chmodSync(entry, isFolder ? 0o700 : 0o600);
  if (account) fs.chownSync(entry, account.uid, account.gid);
  if (isFolder) for (const inner of fs.readdirSync(entry)) secure(path.join(entry, inner), account);
}

function makeRoom(dataDir: string, force: boolean, suffix: string): string | undefined {
  if (!fs.existsSync(dataDir) || fs.readdirSync(dataDir).length === 0) {
    fs.mkdirSync(dataDir, { recursive: true });
    return undefined;
  }
  if (!force) throw notEmpty(dataDir);
  const aside = `${dataDir}.${suffix}`;
  try {
    fs.renameSync(dataDir, aside);
    fs.mkdirSync(dataDir);
    return aside;
  } catch {
    // a mounted volume cannot be renamed: its content goes into a folder inside
    const inside = path.join(dataDir, suffix);
    const former = fs.readdirSync(dataDir);
    fs.mkdirSync(inside);
    for (const name of former) fs.renameSync(path.join(dataDir, name), path.join(inside, name));
    return inside;
  }
}

function notEmpty(folder: string): DatabaseError {
  return new DatabaseError(
    "restore_not_empty",
    `${folder} is not empty. With --force what is there is put aside under another name, not deleted.`,
  );
}

function refuseRunning(dataDir: string): void {
  if (!fs.existsSync(dataDir) || fs.readdirSync(dataDir).length === 0) return;
  const pidFile = path.join(clusterHome(dataDir).root, "pg", "postmaster.pid");
  if (!fs.existsSync(pidFile)) return;
  const pid = Number(fs.readFileSync(pidFile, "utf8").split("\n")[0]);
  if (pid > 0 && isAlive(pid)) {
    throw new DatabaseError(
      "restore_running",
      `Svara runs on ${dataDir} (PostgreSQL ${pid}); stop it first.`,
    );
  }
}

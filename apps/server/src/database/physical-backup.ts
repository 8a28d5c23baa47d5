import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type pg from "pg";
import { type BackupFile, copyHashed, copyTree } from "./backup-manifest.ts";
import { withClient } from "./roles.ts";

/** The folder of the cluster's files in a backup. */
export const CLUSTER_FOLDER = "cluster";

/** Made anew by the server, or different on every machine. Of the folders only the names are kept. */
const LEFT_OUT = new Set([
  "postmaster.pid",
  "postmaster.opts",
  "pg_wal",
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
]);
const CONTROL_FILE = path.join("global", "pg_control");

/**
 * Copies a running cluster: everything that was committed before the call is in the copy, whatever is written meanwhile
 * (PostgreSQL manual, "Making a Base Backup Using the Low Level API"). A temporary replication slot keeps the log that is
 * written during the copy.
 */
export function copyCluster(
  admin: pg.ClientConfig,
  clusterDir: string,
  backup: string,
): Promise<BackupFile[]> {
  const target = path.join(backup, CLUSTER_FOLDER);
  // the connection must live from start to stop
  return withClient(admin, async (client) => {
    const slot = `svara_backup_${randomBytes(4).toString("hex")}`; // temporary: gone with the connection
    await client.query("select pg_create_physical_replication_slot($1, true, true)", [slot]);
    const start = await client.query<{ wal: string }>(
      "select pg_walfile_name(pg_backup_start('svara', true)) as wal",
    );
    const files = await copyTree(clusterDir, backup, CLUSTER_FOLDER, skipped);
    for (const name of LEFT_OUT) {
      if (!name.startsWith("postmaster"))
        fs.mkdirSync(path.join(target, name), { recursive: true, mode: 0o700 });
    }
    files.push(...(await copyOne(clusterDir, backup, CONTROL_FILE))); // last, as pg_basebackup does
    const stop = await client.query<{ wal: string; labelfile: string; spcmapfile: string }>(
      "select pg_walfile_name(lsn) as wal, labelfile, spcmapfile from pg_backup_stop(false)",
    );
    const { wal: lastWal = "", labelfile = "" } = stop.rows[0] ?? {};
    files.push(...(await copyLog(clusterDir, backup, start.rows[0]?.wal ?? "", lastWal)));
    const label = path.join(target, "backup_label");
    fs.writeFileSync(`${label}.new`, labelfile, { mode: 0o600 });
    const written = await copyHashed(`${label}.new`, label);
    fs.rmSync(`${label}.new`);
    if (written) files.push({ path: path.join(CLUSTER_FOLDER, "backup_label"), ...written });
    return files;
  });
}

function skipped(relative: string): boolean {
  const name = path.basename(relative);
  return (
    LEFT_OUT.has(relative) ||
    relative === CONTROL_FILE ||
    name.startsWith("pgsql_tmp") ||
    name.startsWith("pg_internal.init")
  );
}

/** The segments from the backup's start to its end. Their names sort in the order of the log. */
async function copyLog(
  clusterDir: string,
  backup: string,
  first: string,
  last: string,
): Promise<BackupFile[]> {
  const names = fs.readdirSync(path.join(clusterDir, "pg_wal"));
  const wanted = names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last);
  const histories = names.filter((name) => name.endsWith(".history"));
  const files = [];
  for (const name of [...histories, ...wanted.sort()]) {
    files.push(...(await copyOne(clusterDir, backup, path.join("pg_wal", name))));
  }
  return files;
}

async function copyOne(clusterDir: string, backup: string, relative: string): Promise<BackupFile[]> {
  const name = path.join(CLUSTER_FOLDER, relative);
  const copied = await copyHashed(path.join(clusterDir, relative), path.join(backup, name));
  return copied ? [{ path: name, ...copied }] : [];
}

import * as path from "node:path";
import { SystemClock } from "@svara/kernel";
import {
  backup as backUpDatabase,
  openDatabase,
  restore as restoreDatabase,
  silentLog,
} from "../database/index.ts";
import type { Settings } from "../settings/settings.ts";

type Places = Pick<Settings, "dataDir" | "databaseUrl">;

export interface MadeBackup {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** Saves database, recordings, prompts and the secret key into a new folder, also while the server runs. */
export async function backup(
  settings: Places,
  options: { readonly into?: string } = {},
): Promise<MadeBackup> {
  const clock = new SystemClock();
  const { dataDir, databaseUrl } = settings;
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, "-").slice(0, 19);
  const dest = path.resolve(options.into ?? path.join(dataDir, "backups", stamp));
  const database = await openDatabase({
    dataDir,
    clock,
    log: silentLog,
    migrate: false,
    ...(databaseUrl !== null && { databaseUrl }),
  });
  try {
    const manifest = await backUpDatabase({ database, dest, clock });
    return {
      path: dest,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      files: manifest.files.length,
    };
  } finally {
    await database.close();
  }
}

export interface MadeRestore {
  readonly from: string;
  /** Where the former data stands now; null when there was none. */
  readonly putAside: string | null;
}

/** Brings back what a backup saved, into an empty data folder, or with `force` beside the former data. */
export async function restore(
  settings: Places,
  options: { readonly from: string; readonly force: boolean },
): Promise<MadeRestore> {
  const { dataDir, databaseUrl } = settings;
  const { putAside } = await restoreDatabase({
    source: options.from,
    dataDir,
    force: options.force,
    clock: new SystemClock(),
    log: silentLog,
    ...(databaseUrl !== null && { databaseUrl }),
  });
  return { from: path.resolve(options.from), putAside: putAside ?? null };
}

import * as fs from "node:fs";
import * as path from "node:path";
import { SettingsError } from "./settings-error.ts";

/** A new embedded database takes 120 MB with its programs; the rest is for the first calls. */
const ROOM_FOR_NEW_MB = 400;
const VARIABLE = "SVARA_DATA_DIR";

/**
 * Makes the data folder, unless it is there, and makes sure that it can be written. Level by level: Node's own recursive
 * mkdir goes round for ever where the system forbids folders (`/proc`). @throws SettingsError
 */
export function prepareDataFolder(dataDir: string): void {
  try {
    makeFolder(path.resolve(dataDir));
    const probe = path.join(dataDir, `.write-test-${process.pid}`);
    fs.writeFileSync(probe, "x");
    fs.rmSync(probe);
  } catch (error) {
    throw new SettingsError(VARIABLE, dataDir, reasonOf(error as NodeJS.ErrnoException));
  }
}

/** For a folder in which a database is to be made. @throws SettingsError when the disk is too full for one */
export function requireRoomForDatabase(dataDir: string, freeBytes = freeBytesAt(dataDir)): void {
  if (fs.readdirSync(dataDir).length > 0) return; // what is there is opened however full the disk is
  const freeMb = Math.floor(freeBytes / 2 ** 20);
  if (freeMb < ROOM_FOR_NEW_MB)
    throw new SettingsError(
      VARIABLE,
      dataDir,
      `a new database needs ${ROOM_FOR_NEW_MB} MB, and ${freeMb} MB are free on this disk`,
    );
}

function freeBytesAt(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
}

function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) {
    if (fs.statSync(folder).isDirectory()) return;
    throw Object.assign(new Error(`${folder} is a file`), { code: "ENOTDIR" });
  }
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOTDIR":
    case "EEXIST":
      return "a folder is needed, and this is a file";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the disk may only be read";
    default:
      return `this account may not write there (${error.code ?? error.message})`;
  }
}

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";

const GB = 1e9;
const LEAST_BYTES = 1 * GB; // the database stops when its log cannot grow
const COMFORTABLE_BYTES = 10 * GB;
const RECORDED_BYTES_PER_HOUR = 2 * 8000 * 3600; // two tracks of G.711

/** Whether the data folder can be written, and how long its disk lasts. */
export async function checkDisk(dataDir: string): Promise<Finding> {
  const folder = nearestExisting(resolve(dataDir));
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return fail(
      `${folder} cannot be written`,
      "give the account that runs Svara the right to write there, or set SVARA_DATA_DIR",
    );
  }
  const places = [folder, join(folder, "recordings")].filter((place) => existsSync(place));
  return worst(await Promise.all(places.filter(ownDisk).map(spaceAt)));
}

/** The recordings may be on a disk of their own, which fills first. */
function ownDisk(place: string, index: number, places: readonly string[]): boolean {
  return index === 0 || statSync(place).dev !== statSync(places[0] ?? place).dev;
}

async function spaceAt(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return judgeSpace(folder, bavail * bsize);
}

/** What `freeBytes` on the disk of `folder` mean. */
export function judgeSpace(folder: string, freeBytes: number): Finding {
  const hours = Math.floor(freeBytes / RECORDED_BYTES_PER_HOUR);
  const message = `${(freeBytes / GB).toFixed(1)} GB free at ${folder}, about ${hours} hours of recorded calls`;
  const remedy =
    "free some space, shorten the retention of recordings, or move SVARA_DATA_DIR to a larger disk";
  if (freeBytes < LEAST_BYTES) return fail(message, remedy);
  return freeBytes < COMFORTABLE_BYTES ? warn(message, remedy) : ok(message);
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

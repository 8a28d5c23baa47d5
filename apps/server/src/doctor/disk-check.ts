import { accessSync, constants, existsSync, statSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";

const GB = 1e9;
const LEAST_BYTES = 1 * GB; // the database stops when its log cannot grow
const COMFORTABLE_BYTES = 10 * GB;
const RECORDED_BYTES_PER_SECOND = 2 * 8000; // two tracks of G.711
const RECORDED_BYTES_PER_HOUR = RECORDED_BYTES_PER_SECOND * 3600;
const PROBE_BYTES = 8e6;
const PROBE_WRITES = 16; // each is waited for until it is on the disk
const FEW_RECORDED_CALLS = 500;
const SLOW_SYNC_MS = 50; // what every event of the ledger waits for

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
  const freeBytes = bavail * bsize;
  const space = judgeSpace(folder, freeBytes);
  return freeBytes < LEAST_BYTES ? space : worst([space, await speedAt(folder)]);
}

/** Writes a file that is gone again at once. */
async function speedAt(folder: string): Promise<Finding> {
  const name = join(folder, `.svara-doctor-${process.pid}`);
  try {
    const file = await open(name, "wx");
    try {
      const block = Buffer.alloc(PROBE_BYTES / PROBE_WRITES, 0x55);
      const began = performance.now();
      let slowestMs = 0;
      for (let n = 0; n < PROBE_WRITES; n++) {
        const from = performance.now();
        await file.write(block);
        await file.datasync();
        slowestMs = Math.max(slowestMs, performance.now() - from);
      }
      const bytesPerSecond = (PROBE_BYTES * 1000) / (performance.now() - began);
      return judgeSpeed(folder, { bytesPerSecond, slowestMs });
    } finally {
      await file.close();
      await rm(name, { force: true });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      `${folder} takes no file: ${reason}; calls would not be recorded`,
      "see whether that disk is writable",
    );
  }
}

/** What it means that `bytesPerSecond` reach the disk, the slowest half megabyte in `slowestMs`. */
export function judgeSpeed(
  folder: string,
  { bytesPerSecond, slowestMs }: { readonly bytesPerSecond: number; readonly slowestMs: number },
): Finding {
  const calls = Math.floor(bytesPerSecond / RECORDED_BYTES_PER_SECOND);
  const told = `${folder} takes ${(bytesPerSecond / 1e6).toFixed(0)} MB/s, enough to record ${calls} calls at once, slowest write ${Math.round(slowestMs)} ms`;
  const remedy = "move SVARA_DATA_DIR to a faster disk, best an SSD of this machine";
  if (calls < FEW_RECORDED_CALLS) return warn(`${told}: recordings of more calls fail`, remedy);
  return slowestMs > SLOW_SYNC_MS
    ? warn(`${told}: desks and reports wait for the ledger so long`, remedy)
    : ok(told);
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

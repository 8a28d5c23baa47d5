import { readFileSync } from "node:fs";
import * as path from "node:path";
import { SvaraError, SystemClock } from "@svara/kernel";
import type { Settings } from "../settings/settings.ts";

const LOOK_EVERY_MS = 500;
/** After the limit the server has so long to stop at once. */
const CUT_MS = 20_000;

export interface DrainOutcome {
  /** `limit`: calls were still running and were cut. */
  readonly ended: "drained" | "limit";
}

/** Tells the server of this data folder to end its calls and stop, and waits until it has. */
export async function drain(
  settings: Pick<Settings, "dataDir">,
  options: { readonly limitMs: number; readonly report: (line: string) => void },
): Promise<DrainOutcome> {
  const pid = runningPid(settings.dataDir);
  const clock = new SystemClock();
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  options.report("no new calls are taken; waiting for those that run");
  process.kill(pid, "SIGTERM");
  const limit = clock.now() + options.limitMs;
  while (isAlive(pid) && clock.now() < limit) await wait(LOOK_EVERY_MS);
  if (!isAlive(pid)) return { ended: "drained" };
  options.report("the limit is over; calls that still run are cut");
  process.kill(pid, "SIGTERM"); // the second one stops at once
  const cut = clock.now() + CUT_MS;
  while (isAlive(pid) && clock.now() < cut) await wait(LOOK_EVERY_MS);
  if (isAlive(pid))
    throw new SvaraError(`the server (process ${pid}) does not stop`, {
      code: "drain.stuck",
      httpStatus: 503,
    });
  return { ended: "limit" };
}

/** @throws SvaraError `drain.not_running` */
function runningPid(dataDir: string): number {
  try {
    const told = JSON.parse(readFileSync(path.join(dataDir, "server.json"), "utf8")) as {
      readonly pid?: unknown;
    };
    if (typeof told.pid === "number" && isAlive(told.pid)) return told.pid;
  } catch {
    // told below
  }
  throw new SvaraError(`no server runs on ${dataDir}`, { code: "drain.not_running", httpStatus: 404 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

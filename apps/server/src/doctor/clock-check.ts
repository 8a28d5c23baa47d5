import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { type Finding, ok, warn } from "./finding.ts";

const run = promisify(execFile);
const ASK_MS = 2_000;
/** Within the seconds that the doctor takes: somebody sets the clock by steps. */
const TOLERATED_DRIFT_MS = 50;
/** The server's clock follows the wall's by half a millisecond a second. */
const TOLERATED_STEP_MS = 500;

/** Whether somebody keeps this machine's clock right; null when it cannot be told. */
export async function isClockSynchronised(): Promise<boolean | null> {
  if (existsSync("/run/systemd/timesync/synchronized")) return true;
  const told = await output("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
  if (told === "yes" || told === "no") return told === "yes";
  const chrony = await output("chronyc", ["-n", "tracking"]);
  if (chrony?.includes("Leap status")) return !chrony.includes("Not synchronised");
  return null;
}

export function judgeSynchronised(synchronised: boolean | null): Finding {
  if (synchronised === null) return ok("whether NTP sets the clock cannot be seen from here");
  return synchronised
    ? ok("set by NTP")
    : warn(
        "nobody sets this machine's clock: times of calls will be wrong by seconds a day",
        "switch on NTP (timedatectl set-ntp true, or chrony)",
      );
}

/** Wall clock and monotonic clock part only while somebody steps the wall clock. */
export function judgeDrift(driftMs: number): Finding[] {
  if (Math.abs(driftMs) < TOLERATED_DRIFT_MS) return [];
  return [
    warn(
      `the wall clock jumped by ${Math.round(driftMs)} ms while the doctor looked`,
      "let the clock be set by NTP, which slews it",
    ),
  ];
}

/** What the clock of a running server, which never jumps, is ahead of the wall's. */
export function judgeServerClock(aheadMs: number): Finding[] {
  if (Math.abs(aheadMs) < TOLERATED_STEP_MS) return [];
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  return [
    warn(
      `the wall clock was stepped ${aheadMs > 0 ? "back" : "forward"} while the server ran; calls go on, and their times are ${seconds} s ${aheadMs > 0 ? "late" : "early"} until the server is started anew`,
      "let the clock be set by NTP, which slews it, and start the server again at a quiet hour",
    ),
  ];
}

async function output(command: string, words: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, words, { timeout: ASK_MS })).stdout.trim();
  } catch {
    return undefined; // not here, or nothing to say
  }
}

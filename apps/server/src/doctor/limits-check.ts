import { readFileSync } from "node:fs";
import { type Finding, ok, warn, worst } from "./finding.ts";

/** What the system lets this account do. */
export interface ProcessLimits {
  /** Files and sockets that may be open at once; null when it is not told. */
  readonly openFiles: number | null;
  /** Media threads may ask for more than their share of the processor. */
  readonly mayRaisePriority: boolean | null;
}

const SOCKETS_PER_LEG = 2; // RTP and RTCP
const OTHER_FILES = 500; // database, browsers, recordings' folders, the program itself
const COMFORTABLE_LEGS = 1_000;
const NEEDED_NICE = 30; // RLIMIT_NICE is 20 minus the niceness, and media asks for -10
const CAP_SYS_NICE = 23;

/** How many calls the limits of this account allow. Linux only: elsewhere nothing is told. */
export function checkLimits(): Finding {
  return judgeLimits(readLimits());
}

function readLimits(): ProcessLimits {
  try {
    return parseLimits(
      readFileSync("/proc/self/limits", "latin1"),
      readFileSync("/proc/self/status", "latin1"),
    );
  } catch {
    return { openFiles: null, mayRaisePriority: null };
  }
}

/** `limits` and `status` as in `/proc/<pid>`; Node raises its own soft limit of files to the hard one. */
export function parseLimits(limits: string, status: string): ProcessLimits {
  const hard = (name: string): number => {
    const value = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, "m").exec(limits)?.[1];
    return value === undefined || value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
  };
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  const isCapable = ((capabilities >> BigInt(CAP_SYS_NICE)) & 1n) === 1n;
  return {
    openFiles: hard("Max open files"),
    mayRaisePriority: isCapable || hard("Max nice priority") >= NEEDED_NICE,
  };
}

export function judgeLimits({ openFiles, mayRaisePriority }: ProcessLimits): Finding {
  return worst([judgeFiles(openFiles), judgePriority(mayRaisePriority)]);
}

function judgeFiles(openFiles: number | null): Finding {
  if (openFiles === null) return ok("this system does not tell how many files may be open");
  const legs = Math.floor(Math.max(0, openFiles - OTHER_FILES) / SOCKETS_PER_LEG);
  if (legs >= COMFORTABLE_LEGS) {
    return ok(Number.isFinite(legs) ? `open files allow ${legs} phone legs` : "open files are not limited");
  }
  return warn(
    `only ${openFiles} files may be open, enough for ${legs} phone legs; callers beyond that are refused`,
    "raise the limit of open files (LimitNOFILE=65536 of the service, or ulimit -n 65536)",
  );
}

function judgePriority(may: boolean | null): Finding {
  if (may === null) return ok("this system does not tell whether priority may be raised");
  return may
    ? ok("media may raise its priority")
    : warn(
        "media may not raise its priority: on a busy machine sound is late before anything else is",
        "give the service LimitNICE=-10, or the account a line `nice -10` in limits.conf",
      );
}

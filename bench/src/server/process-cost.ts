import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second for everybody (`getconf CLK_TCK`). */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** What a process and its threads have used so far; the time since boot is not part of it. */
export interface Cost {
  readonly at: number;
  readonly cpuMs: number;
}

/** User and system time of these processes, all threads. A process that is gone counts nothing. */
export function costOf(pids: readonly number[]): Cost {
  const cpuMs = pids.reduce((sum, pid) => {
    const fields = statOf(pid);
    return sum + ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / ticksPerSecond;
  }, 0);
  return { at: performance.now(), cpuMs };
}

/** Percent of one core between two readings. */
export function corePercent(from: Cost, to: Cost): number {
  return (100 * (to.cpuMs - from.cpuMs)) / (to.at - from.at);
}

/** Resident memory in megabytes. */
export function residentMb(pid: number): number {
  return (Number(statOf(pid)[21] ?? 0) * pageBytes) / 1e6;
}

/** The processes of the embedded PostgreSQL that this server has started. */
export function databasePids(serverPid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const childrenOf = (parent: number): number[] =>
    all.filter((pid) => Number(statOf(Number(pid))[1]) === parent).map(Number);
  const main = childrenOf(serverPid).find((pid) => nameOf(pid) === "postgres");
  return main === undefined ? [] : [main, ...childrenOf(main)];
}

/** Fields of /proc/<pid>/stat from the state on; [] when there is none. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "latin1").trim();
  } catch {
    return "";
  }
}

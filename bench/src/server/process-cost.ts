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
  const cpuMs = pids.reduce((sum, pid) => sum + cpuMsOf(statOf(`${pid}`)), 0);
  return { at: performance.now(), cpuMs };
}

/** The main thread alone. */
export function mainThreadCost(pid: number): Cost {
  const fields = statOf(`${pid}/task/${pid}`);
  return { at: performance.now(), cpuMs: cpuMsOf(fields) };
}

/** Percent of one core between two readings. */
export function corePercent(from: Cost, to: Cost): number {
  return (100 * (to.cpuMs - from.cpuMs)) / (to.at - from.at);
}

/** Resident memory in megabytes. */
export function residentMb(pid: number): number {
  return (Number(statOf(`${pid}`)[21] ?? 0) * pageBytes) / 1e6;
}

/** The database of this server: its processes that live, and those that it has already ended. */
export function databaseCost(serverPid: number): Cost {
  const pids = databasePids(serverPid);
  const { at, cpuMs } = costOf(pids);
  const fields = statOf(`${pids[0] ?? 0}`);
  return { at, cpuMs: cpuMs + ((Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 1000) / ticksPerSecond };
}

/** The processes of the embedded PostgreSQL that this server has started. */
function databasePids(serverPid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const childrenOf = (parent: number): number[] =>
    all.filter((pid) => Number(statOf(pid)[1]) === parent).map(Number);
  const main = childrenOf(serverPid).find((pid) => nameOf(pid) === "postgres");
  return main === undefined ? [] : [main, ...childrenOf(main)];
}

function cpuMsOf(fields: readonly string[]): number {
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / ticksPerSecond;
}

/** Fields of /proc/<task>/stat from the state on; [] when there is none. */
function statOf(pid: string): string[] {
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

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MODEL = new URL("./simpy-mmn.py", import.meta.url).pathname;
const PYTHONS = ["/usr/bin/python3", "python3"]; // Debian's own first: there its package is

/** How to get the peer where it is missing. */
export const SIMPY_MISSING = "SimPy is not there: apt-get install python3-simpy3";

/** What one run of the peer found. */
export interface SimpyRun {
  readonly calls: number;
  readonly processorS: number;
  readonly wallS: number;
  readonly meanWaitS: number;
  readonly inTarget: number;
  readonly version: string;
}

/** One M/M/n of the peer; null where it is not installed. */
export async function simpyRun(model: {
  readonly agents: number;
  readonly callsPerHour: number;
  readonly talkS: number;
  readonly calls: number;
  readonly seed: number;
}): Promise<SimpyRun | null> {
  const words = [model.agents, model.callsPerHour, model.talkS, model.calls, model.seed].map(String);
  for (const python of PYTHONS) {
    try {
      const { stdout } = await promisify(execFile)(python, [MODEL, ...words]);
      return JSON.parse(stdout) as SimpyRun;
    } catch (error) {
      const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
      if (code !== "ENOENT" && !stderr.includes("No module named 'simpy'")) throw error;
    }
  }
  return null;
}

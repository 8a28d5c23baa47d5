import { cpus, loadavg, release, totalmem } from "node:os";

/** Where and beside what a run was made. */
export interface Machine {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Over one minute. */
  readonly load: number;
}

export function machine(): Machine {
  const all = cpus();
  return {
    at: new Date().toISOString(),
    processor: all[0]?.model.trim() ?? "unknown processor",
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

import { readFileSync, readlinkSync } from "node:fs";
import { serveWorkerJob } from "./worker-job.ts";

/** Tells at which nice value its thread works; null where the system does not say. */
await serveWorkerJob<null, never, number | null>(() => {
  try {
    const stat = readFileSync(`/proc/${readlinkSync("/proc/thread-self")}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[16]); // proc(5): field 19, nice; the slice begins at field 3
  } catch {
    return null;
  }
});

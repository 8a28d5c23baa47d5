import { type Replication, replicate } from "@svara/workforce";
import type { ReplicationsRequest } from "./replications.ts";
import { serveWorkerJob } from "./worker-job.ts";

/** The thread of `runReplications`: hands each replication out as soon as it is done. */
await serveWorkerJob<ReplicationsRequest, readonly [number, Replication], null>(
  ({ scenario, options, first, step, most }, { progress, shouldStop }) => {
    for (let number = first; number < most && !shouldStop(); number += step) {
      progress([number, replicate(scenario, options, number)]);
    }
    return null;
  },
);

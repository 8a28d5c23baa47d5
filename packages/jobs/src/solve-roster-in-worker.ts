import type { RosterProblem, RosterProgress, RosterSolution } from "@svara/workforce/rostering";
import type { RosterRequest } from "./roster-worker.ts";
import { runWorkerJob, type WorkerJobOptions } from "./worker-job.ts";

/** How long and how exactly a roster is solved, and how it is watched and ended. */
export interface RosterJobOptions extends WorkerJobOptions<RosterProgress> {
  /** 60 s if absent. */
  readonly timeLimitMs?: number;
  /** The relative gap that is good enough; 0.01 if absent. */
  readonly gap?: number;
}

/**
 * Makes a roster in a thread of its own. `stop` keeps the best so far, `signal` gives up: see `WorkerJobOptions`. Rejects with
 * `job.cancelled`, or with what `solveRoster` throws.
 */
export function solveRosterInWorker(
  problem: RosterProblem,
  { timeLimitMs, gap, ...watch }: RosterJobOptions = {},
): Promise<RosterSolution> {
  const request: RosterRequest = {
    problem,
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
    ...(gap === undefined ? {} : { gap }),
  };
  return runWorkerJob(new URL("./roster-worker.ts", import.meta.url), request, watch);
}

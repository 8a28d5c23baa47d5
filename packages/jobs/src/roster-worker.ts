import { SystemClock } from "@svara/kernel";
import {
  type RosterProblem,
  type RosterProgress,
  type RosterSolution,
  solveRoster,
} from "@svara/workforce/rostering";
import { loadHighsSolver } from "./highs-solver.ts";
import { serveWorkerJob } from "./worker-job.ts";

/** What the roster's thread is asked. */
export interface RosterRequest {
  readonly problem: RosterProblem;
  readonly timeLimitMs?: number;
  readonly gap?: number;
}

await serveWorkerJob<RosterRequest, RosterProgress, RosterSolution>(
  async ({ problem, ...limits }, { progress, shouldStop }) => {
    const clock = new SystemClock();
    const solver = await loadHighsSolver(clock);
    return solveRoster(problem, { ...limits, solver, clock, onProgress: progress, shouldStop });
  },
);

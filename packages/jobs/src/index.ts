export { loadHighsSolver } from "./highs-solver.ts";
export {
  type ReplicationsOptions,
  type ReplicationsProgress,
  type ReplicationsRun,
  runReplications,
} from "./replications.ts";
export { type RosterJobOptions, solveRosterInWorker } from "./solve-roster-in-worker.ts";
export { type JobContext, runWorkerJob, serveWorkerJob, type WorkerJobOptions } from "./worker-job.ts";

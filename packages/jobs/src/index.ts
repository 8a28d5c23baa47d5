export { loadHighsSolver } from "./highs-solver.ts";
export {
  type ComparedReplications,
  type ReplicationsOptions,
  type ReplicationsProgress,
  type ReplicationsRun,
  runComparison,
  runReplications,
} from "./replications.ts";
export { type RosterJobOptions, solveRosterInWorker } from "./solve-roster-in-worker.ts";
export { type JobContext, runWorkerJob, serveWorkerJob, type WorkerJobOptions } from "./worker-job.ts";

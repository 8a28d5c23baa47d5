export { loadHighsSolver } from "./highs-solver.ts";
export { type JobContext, runWorkerJob, serveWorkerJob, type WorkerJobOptions } from "./worker-job.ts";

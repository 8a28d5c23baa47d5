export {
  agentsFor,
  headcountOf,
  type QueueDemand,
  queueFigures,
  type StaffingAnswer,
  type StaffingTargets,
  type TargetName,
  waitQuantile,
} from "./agents-for.ts";
export { erlangB, erlangBLines, erlangBLoad } from "./erlang-b.ts";
export { type ErlangCInput, erlangC, erlangCDelay, erlangCWaitQuantile } from "./erlang-c.ts";
export type { QueueFigures, ServiceLevelBasis, ThresholdFigures } from "./figures.ts";
export { type FiniteLinesInput, finiteLines, type Trunks, trunksFor } from "./finite-lines.ts";
export {
  type ErlangAInput,
  erlangA,
  erlangAWaitQuantile,
  type ImpatientQueueFigures,
  type ImpatientQueueInput,
  impatientQueue,
  impatientWaitQuantile,
} from "./impatient-queue.ts";
export type { EmpiricalPatience, PatienceInput } from "./patience.ts";

export {
  evaluate,
  isPartOf,
  KPI_DEFINITIONS,
  type KpiDefinition,
  type KpiKey,
  type KpiValue,
} from "./kpi.ts";
export { QueueBoard, type TotalFigures } from "./queue-board.ts";
export {
  COUNT_NAMES,
  COUNTS,
  type CountName,
  DEFAULT_POLICY,
  isBalanced,
  NO_COUNTS,
  type QueueCounts,
  type QueueEntry,
  type QueuePolicy,
  sumCounts,
} from "./queue-counts.ts";
export {
  DEFAULT_CHOICE,
  type FigureChoice,
  QueueDay,
  type QueueFigures,
  type QueueProblem,
} from "./queue-day.ts";

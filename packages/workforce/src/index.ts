export type { Estimate } from "./simulation/confidence.ts";
export type { Distribution } from "./simulation/distribution.ts";
export {
  type AgentFigures,
  type QueueFigures,
  SERVICE_LEVELS,
  type ServiceLevelName,
} from "./simulation/figures.ts";
export type {
  Answering,
  ArrivalStream,
  Break,
  CrossSell,
  PoissonStream,
  RatePiece,
  RecordedItem,
  RecordedStream,
  Scenario,
  Shift,
  TimedInput,
} from "./simulation/scenario.ts";
export { type SimulationOptions, type SimulationResult, simulate } from "./simulation/simulate.ts";
export type { Assumption } from "./simulation/what-if/assumptions.ts";
export type { FloorRecord } from "./simulation/what-if/floor-record.ts";
export { RecordReader } from "./simulation/what-if/record-reader.ts";
export { parseRulesFile, type RulesFile } from "./simulation/what-if/rules-file.ts";
export { parseStaffFile, type StaffFile } from "./simulation/what-if/staff-file.ts";
export {
  type Comparison,
  type WhatIfOptions,
  type WhatIfResult,
  whatIf,
} from "./simulation/what-if/what-if.ts";
export {
  type Estimates,
  type Numbers,
  WHAT_IF_FIGURES,
  type WhatIfFigure,
} from "./simulation/what-if/what-if-figures.ts";

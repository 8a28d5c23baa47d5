export {
  type GroupDemand,
  type RosterVerification,
  type VerifiedFigures,
  type VerifiedGroup,
  type VerifyOptions,
  verifyRoster,
} from "./rostering/verify-roster.ts";
export { BlockPlan } from "./simulation/block-plan.ts";
export {
  type BackTestHour,
  type BackTestOptions,
  type BackTestResult,
  backTest,
  dissatisfactionOf,
  type FittedFacts,
  type Foretold,
  type LogFacts,
  learnFrom,
} from "./simulation/call-log/back-test.ts";
export type {
  CallLog,
  CallLogDay,
  LeftOut,
  LoggedCall,
  LoggedService,
} from "./simulation/call-log/call-log.ts";
export { CallLogReader } from "./simulation/call-log/call-log-reader.ts";
export { csvCell } from "./simulation/call-log/csv-row.ts";
export type { Bounded, PredictionErrors } from "./simulation/call-log/error-figures.ts";
export {
  type Differences,
  pairedDifferences,
  type SimulationDifference,
} from "./simulation/compare-simulations.ts";
export type { Estimate } from "./simulation/confidence.ts";
export { alteredDay } from "./simulation/day/altered-day.ts";
export {
  type ComparedQueue,
  compareDays,
  type DayComparison,
  type DaySide,
} from "./simulation/day/compare-days.ts";
export type { DayChange } from "./simulation/day/day-change.ts";
export {
  type PlannedAgent,
  type PlannedDay,
  type PlannedQueue,
  plannedScenario,
} from "./simulation/day/planned-day.ts";
export { agentFor, type DayStaff, dayStaff, serves, whoServes } from "./simulation/day/who-serves.ts";
export type { Distribution } from "./simulation/distribution.ts";
export {
  type AgentFigures,
  type IntervalQueueFigures,
  type QueueFigures,
  SERVICE_LEVELS,
  type ServiceLevelName,
} from "./simulation/figures.ts";
export {
  type Precision,
  PrecisionWatch,
  SIMULATED_FIGURES,
  type SimulatedFigure,
} from "./simulation/precision.ts";
export type {
  Answering,
  ArrivalStream,
  Break,
  CallbackOffer,
  CrossSell,
  PoissonStream,
  RatePiece,
  RecordedItem,
  RecordedStream,
  Retrial,
  Scenario,
  Shift,
  TimedInput,
} from "./simulation/scenario.ts";
export { EXAMPLE_SCENARIO } from "./simulation/scenario-file/example-scenario.ts";
export type { ScenarioFile } from "./simulation/scenario-file/file-form.ts";
export { parseScenarioFile, type ReadScenario } from "./simulation/scenario-file/scenario-file.ts";
export {
  type IntervalFigures,
  type Replication,
  replicate,
  replicationsOf,
  type SampledSystem,
  type SimulationOptions,
  type SimulationResult,
  simulate,
  summarise,
} from "./simulation/simulate.ts";
export type { Assumption } from "./simulation/what-if/assumptions.ts";
export { assumptionsOf } from "./simulation/what-if/assumptions.ts";
export { checkChange } from "./simulation/what-if/check-change.ts";
export type { FloorRecord } from "./simulation/what-if/floor-record.ts";
export { RecordReader } from "./simulation/what-if/record-reader.ts";
export { recordedScenario } from "./simulation/what-if/recorded-scenario.ts";
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
export { patienceDistribution } from "./staffing/patience-distribution.ts";
export {
  type SimulatedInterval,
  type SimulatedStaffing,
  type SimulatedStaffingOptions,
  simulatedStaffing,
} from "./staffing/simulated-staffing.ts";

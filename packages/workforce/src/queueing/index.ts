export {
  agentsFor,
  headcountOf,
  meetsTargets,
  type QueueDemand,
  queueFigures,
  type StaffingAnswer,
  type StaffingTargets,
  type TargetName,
  waitQuantile,
} from "./agents-for.ts";
export { type CrossSelling, type CrossSellingInput, crossSelling } from "./cross-selling.ts";
export { predictedWaitS } from "./delay-predictor.ts";
export { type DialerCeiling, dialerCeiling } from "./dialer-ceiling.ts";
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
export {
  type MakeOrBuy,
  type MakeOrBuyInput,
  type MakeOrBuyMonth,
  makeOrBuy,
  type Outsourcer,
  type OwnCentre,
} from "./make-or-buy.ts";
export { evaluateModel, type ModelSummary, modelSummaries } from "./models/evaluate-model.ts";
export type { ModelInputs, ModelOutputs } from "./models/fields.ts";
export { type NModel, type NModelInput, nModel } from "./n-model.ts";
export { type PeriodicRate, periodicOfferedLoad, poissonAtLeast, staffPeriodicLoad } from "./offered-load.ts";
export {
  type BurstyTraffic,
  burstyBlocking,
  type OverflowMoments,
  overflowMoments,
  sharedSecondTier,
  type TwoTiers,
  twoTiers,
} from "./overflow.ts";
export type { EmpiricalPatience, PatienceInput } from "./patience.ts";
export { mergedDemand, type Pooling, type PoolingInput, type PoolingLoss, pooling } from "./pooling.ts";
export { type CostedClasses, cMuOrder, orderCost, priorityWaits } from "./priority.ts";
export { betaForDelay, garnettDelay, halfinWhittDelay, squareRootAgents } from "./square-root.ts";
export { type Moment, type TimeVaryingInput, timeVaryingQueue } from "./time-varying-queue.ts";
export {
  type TradeOffCosts,
  type TradeOffCurve,
  type TradeOffInput,
  type TradeOffPoint,
  tradeOffCurve,
} from "./trade-off-curve.ts";
export { type TransientDay, type TransientDayInput, transientDay } from "./transient-day.ts";
export { type VModel, type VModelInput, type VModelPolicy, vModel } from "./v-model.ts";

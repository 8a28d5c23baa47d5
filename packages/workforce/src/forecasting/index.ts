export {
  type BacklogInterval,
  type BacklogItem,
  type BacklogOutcome,
  type BacklogPlan,
  type BacklogWorkload,
  backlogWorkload,
  type WorkArrival,
  workOff,
} from "./backlog.ts";
export type {
  ContactHistory,
  GapMeaning,
  IntervalCount,
  IntervalMs,
  SeriesName,
  SpecialDay,
} from "./contact-history.ts";
export {
  type Dissatisfaction,
  type DissatisfactionOptions,
  dissatisfactionAt,
  dissatisfactionCurve,
  type ExpectedDissatisfaction,
  fitDissatisfaction,
  type GivingUp,
  type JudgedWait,
  type LowScores,
  type ShareBand,
} from "./dissatisfaction.ts";
export {
  type FittedHistory,
  FORECAST_METHODS,
  fitHistory,
  forecastContacts,
  forecastFrom,
} from "./forecast-contacts.ts";
export type { ForecastOptions } from "./forecast-options.ts";
export type {
  ErrorFigures,
  Forecast,
  ForecastDay,
  ForecastInterval,
  ForecastMethod,
  ForecastNote,
  HistoryFacts,
  MethodChoice,
  MethodScore,
  Quantiles,
} from "./forecast-result.ts";
export {
  fitHandlingTime,
  type HandledContact,
  type HandlingMean,
  type HandlingTime,
  type HandlingTimeOptions,
  handlingTimeAt,
  type LognormalFit,
} from "./handling-time.ts";
export {
  estimatePatience,
  type HazardPoint,
  type Patience,
  type PatienceOptions,
  type SurvivalPoint,
} from "./patience.ts";
export type { ObservedWait } from "./product-limit.ts";
export { type IntradayForecast, type IntradayInterval, reforecastDay } from "./reforecast.ts";

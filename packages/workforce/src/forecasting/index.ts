export type {
  ContactHistory,
  GapMeaning,
  IntervalCount,
  IntervalMs,
  SeriesName,
  SpecialDay,
} from "./contact-history.ts";
export { type FittedHistory, fitHistory, forecastContacts, forecastFrom } from "./forecast-contacts.ts";
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

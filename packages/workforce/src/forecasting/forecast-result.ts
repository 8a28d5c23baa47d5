import type { LocalDate } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { IntervalMs, SeriesName } from "./contact-history.ts";

/** How contacts can be forecast; the rules of this part say what each does. */
export type ForecastMethod =
  /** As on the same weekday a week before. */
  | "seasonal_naive"
  /** Mean of the last weeks' same weekdays. */
  | "weekday_mean"
  /** Exponential smoothing per weekday, its slots smoothed. */
  | "weekday_smoothing"
  /** Square roots = day level x profile of the weekday, the level an AR(1) (Brown et al. 2005). */
  | "day_level"
  /** Few curves that all days are made of, their weights an AR(1) per weekday (Shen and Huang 2008). */
  | "curves"
  /** Mean of `day_level` and `curves`. */
  | "combination";

/** Quantiles of a number of contacts, named by per mille: 80 % lie between p100 and p900, 95 % between p025 and p975. */
export interface Quantiles {
  readonly p025: number;
  readonly p100: number;
  readonly p500: number;
  readonly p900: number;
  readonly p975: number;
}

/** One interval to come: expected contacts, and how far they may be off. */
export interface ForecastInterval {
  readonly at: Instant;
  readonly mean: number;
  readonly quantiles: Quantiles;
}

/** One local day to come: the total of its intervals; its quantiles are not the sums of theirs. */
export interface ForecastDay {
  readonly date: LocalDate;
  readonly mean: number;
  readonly quantiles: Quantiles;
  /** Names of the special days that were reckoned with. */
  readonly special: readonly string[];
}

/** How far forecasts were off on days that they had not seen. Shares: 0.1 is 10 %. */
export interface ErrorFigures {
  /** Mean of |forecast - actual| / actual over those with actual > 0; null where there are none. */
  readonly mape: number | null;
  /** Sum of |forecast - actual| / sum of actual; null where nobody came. */
  readonly wape: number | null;
  /** Root of the mean squared error, in contacts. */
  readonly rmse: number;
  /** Sum of (forecast - actual) / sum of actual: above 0 too many were forecast; null where nobody came. */
  readonly bias: number | null;
  /** Share of actuals within the 80 % interval. */
  readonly coverage80: number;
  /** Share of actuals within the 95 % interval. */
  readonly coverage95: number;
}

/** A method's errors on the history itself, this many open days ahead. */
export interface MethodScore {
  readonly method: ForecastMethod;
  /** Open days from the last known one: 1 is the next. */
  readonly daysAhead: number;
  /** Days that were forecast from what was known before. */
  readonly days: number;
  readonly intervals: ErrorFigures;
  readonly dayTotals: ErrorFigures;
}

/** Which method is used for days that lie so far ahead, and why. */
export interface MethodChoice {
  /** For days up to this many open days ahead; the last choice holds beyond. */
  readonly upToDaysAhead: number;
  readonly method: ForecastMethod;
  /** `evaluation`: least error on the history; `given`: asked for; `short_history`: too short to compare. */
  readonly by: "evaluation" | "given" | "short_history";
}

/** Something that the reader should know; `code` is stable. */
export interface ForecastNote {
  readonly code:
    | "short_history"
    | "few_contacts"
    | "no_such_special_day_before"
    | "weekday_never_seen"
    | "hours_never_seen"
    | "days_left_out"
    | "gaps_are_zero";
  readonly text: string;
}

/** What the forecast was made from. */
export interface HistoryFacts {
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  /** Days with at least one interval. */
  readonly openDays: number;
  readonly contacts: number;
}

/** Contacts to come of one stream. Plain JSON, the same on the command line, in the API and on the screen. */
export interface Forecast {
  readonly series: SeriesName;
  readonly timeZone: string;
  readonly intervalMs: IntervalMs;
  readonly intervals: readonly ForecastInterval[];
  readonly days: readonly ForecastDay[];
  /** The method of the first day to come. */
  readonly method: ForecastMethod;
  readonly choices: readonly MethodChoice[];
  /** Of every method that was tried, at every distance; empty where none was. */
  readonly scores: readonly MethodScore[];
  readonly history: HistoryFacts;
  readonly notes: readonly ForecastNote[];
}

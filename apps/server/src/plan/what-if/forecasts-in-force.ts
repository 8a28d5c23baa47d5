import { dayOf } from "@svara/calendar";
import type { ForecastSeries, ForecastSummary } from "@svara/contracts";
import type { Caller } from "../../rights/access.ts";
import type { PlanForecasts } from "../forecasts/plan-forecasts.ts";

/** What is forecast of one queue on one day. */
export interface DayForecast {
  readonly forecast: ForecastSummary;
  readonly series: ForecastSeries;
  /** Of the day alone. */
  readonly intervals: ForecastSeries["intervals"];
}

/** Of each queue the newest forecast that covers the date, as far as the caller sees them. */
export function newestCovering(
  forecasts: readonly ForecastSummary[],
  date: string,
): ReadonlyMap<string, ForecastSummary> {
  const newest = new Map<string, ForecastSummary>();
  for (const forecast of forecasts) {
    if (date < forecast.firstDay || date > forecast.lastDay) continue;
    for (const { id } of forecast.queues) {
      const known = newest.get(id);
      if (!known || known.madeAt < forecast.madeAt) newest.set(id, forecast);
    }
  }
  return newest;
}

/** The forecasts that hold on a day, by queue. */
export async function forecastsOfDay(
  forecasts: PlanForecasts,
  caller: Caller,
  date: string,
  timeZone: string,
): Promise<ReadonlyMap<string, DayForecast>> {
  const newest = newestCovering(await forecasts.list(caller), date);
  const { from, to } = dayOf(date, timeZone);
  const found = new Map<string, DayForecast>();
  for (const forecast of new Set(newest.values())) {
    const detail = await forecasts.get(caller, forecast.id);
    for (const series of detail.series) {
      if (newest.get(series.queue.id)?.id !== forecast.id) continue;
      const intervals = series.intervals.filter(({ at }) => at >= from && at < to);
      found.set(series.queue.id, { forecast, series, intervals });
    }
  }
  return found;
}

import { dayOf, localDate } from "@svara/calendar";
import type { ForecastSeries } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { Patience } from "@svara/workforce/forecasting";
import { type AdjustedInterval, adjusted, stretched } from "./adjusted.ts";
import type { AdjustmentRow, SeriesRow } from "./forecast.repository.ts";

/** Fewer who gave up say too little about those who did not. */
const FEWEST_GAVE_UP = 20;

/** A queue's forecast as it is told: with the planners' changes in it; of `intervalsOf` its intervals of that day only. */
export function seriesView(
  row: SeriesRow,
  changes: readonly AdjustmentRow[],
  queue: {
    readonly name: string;
    readonly medium: string;
    readonly timeZone: string;
    readonly intervalsOf?: string;
  },
): ForecastSeries {
  const { result, handling, patience } = row;
  const intervals = adjusted(
    result.intervals,
    changes.map(({ queueId, fromAt, toAt, change }) => ({ queueId, from: fromAt, to: toAt, change })),
    row.queueId,
  );
  const span = queue.intervalsOf === undefined ? undefined : dayOf(queue.intervalsOf, queue.timeZone);
  const shown = span ? intervals.filter(({ at }) => at >= span.from && at < span.to) : intervals;
  return {
    queue: { id: row.queueId, name: queue.name },
    medium: queue.medium,
    intervals: shown.map((one) => ({ ...one, quantiles: { ...one.quantiles } })),
    days: daysOf(row, intervals, queue.timeZone),
    method: result.method,
    choices: result.choices,
    scores: result.scores,
    history: result.history,
    notes: result.notes,
    handling,
    patience,
  };
}

/** Days are the sums of their intervals; their bands are stretched with them. */
function daysOf(
  { result }: SeriesRow,
  intervals: readonly AdjustedInterval[],
  timeZone: string,
): ForecastSeries["days"] {
  const changed = new Map<string, number>();
  const touched = new Set<string>();
  let day = { date: "", from: 0, to: 0 };
  if (intervals.some(({ unadjusted }) => unadjusted !== null))
    for (const { at, mean, unadjusted } of intervals) {
      if (at < day.from || at >= day.to) day = namedDay(at, timeZone);
      changed.set(day.date, (changed.get(day.date) ?? 0) + mean);
      if (unadjusted !== null) touched.add(day.date);
    }
  return result.days.map((day) => {
    if (!touched.has(day.date)) return { ...day, unadjusted: null };
    const mean = changed.get(day.date) ?? 0;
    return { ...day, mean, quantiles: stretched(day, mean), unadjusted: day.mean };
  });
}

function namedDay(at: Instant, timeZone: string) {
  const date = localDate(at, timeZone);
  return { date, ...dayOf(date, timeZone) };
}

/** Patience as it is told; `none` where too few gave up to say. */
export function patienceView(
  patience: Patience | null,
  from: Instant,
  to: Instant,
): ForecastSeries["patience"] {
  if (!patience) {
    return {
      basis: "none",
      samples: 0,
      abandoned: 0,
      meanMs: null,
      medianMs: null,
      curve: [],
      from: null,
      to: null,
    };
  }
  const enough = patience.gaveUp >= FEWEST_GAVE_UP;
  return {
    basis: enough ? "own" : "none",
    samples: patience.waits,
    abandoned: patience.gaveUp,
    meanMs: enough ? patience.exponentialMeanMs : null,
    medianMs: enough ? patience.medianMs : null,
    curve: enough ? patience.points.map(({ atMs, survival }) => ({ atMs, survival })) : [],
    from,
    to,
  };
}

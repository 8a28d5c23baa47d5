import type { CauseSet, DayCalendar } from "./day-calendar.ts";
import { type DailySeries, StructuralSeries } from "./structural-series.ts";

const ENOUGH_FOR_MONTH = 40; // open days: two turns of the month
const ENOUGH_FOR_YEAR = 540; // days: a season must have come back before it can be told from a trend

/** A daily series of the history with the causes of a set. */
export function dailySeries(values: Float64Array, calendar: DayCalendar, causes: CauseSet): DailySeries {
  const marks = Array.from(values, (_, day) => calendar.mark(day, causes));
  return {
    values,
    weekdays: Uint8Array.from(marks, ({ weekday }) => weekday),
    ticks: Int32Array.from(marks, ({ tick }) => tick),
    causes: marks.map((mark) => mark.causes),
  };
}

/** The causes that explain a series best, by the likelihood of the first `days` days; what explains little costs more than it gives. */
export function fitCauses(
  values: Float64Array,
  calendar: DayCalendar,
  days: number,
): { causes: CauseSet; model: StructuralSeries; series: DailySeries } {
  const known = values.subarray(0, days).filter((value) => !Number.isNaN(value)).length;
  const sets: CauseSet[] = ["none", "closures"];
  if (known >= ENOUGH_FOR_MONTH) sets.push("month");
  if (days >= ENOUGH_FOR_YEAR) sets.push("year");
  let best: ReturnType<typeof fitCauses> | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const causes of sets) {
    const series = dailySeries(values, calendar, causes);
    const { model, logLikelihood } = StructuralSeries.fit(series, days);
    if (best !== undefined && logLikelihood <= most) continue;
    best = { causes, model, series };
    most = logLikelihood;
  }
  if (best === undefined) throw new RangeError("no set of causes");
  return best;
}

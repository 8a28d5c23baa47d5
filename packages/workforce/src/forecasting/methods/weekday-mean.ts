import type { ModelDays } from "../model-days.ts";
import type { FittedMethod, MethodOf } from "./method.ts";

const WEEKS = 12; // the longest that the literature finds useful, and hard to beat weeks ahead
const FAR_BACK = 26; // weeks; what is older says nothing of now

/** As on the same weekday a week before: the least that any method must beat. */
export const seasonalNaive: MethodOf = {
  name: "seasonal_naive",
  fit: (days) => meanOf(days, 1),
};

/** Mean of the same weekday over twelve weeks: the industry's habit. */
export const weekdayMean: MethodOf = {
  name: "weekday_mean",
  fit: (days) => meanOf(days, WEEKS),
};

function meanOf(days: ModelDays, weeks: number): FittedMethod {
  return {
    expect(origin, target) {
      const rows = sameWeekdays(days, origin, target, weeks);
      if (rows.length === 0) return undefined;
      const mean = new Float64Array(days.slots);
      for (const row of rows) for (let s = 0; s < mean.length; s++) mean[s] = (mean[s] ?? 0) + (row[s] ?? 0);
      return mean.map((sum) => sum / rows.length);
    },
  };
}

/** The last days of the target's weekday up to the origin, latest first. */
export function sameWeekdays(days: ModelDays, origin: number, target: number, most: number): Float64Array[] {
  const rows: Float64Array[] = [];
  let day = target - 7 * Math.ceil(Math.max(0, target - origin) / 7);
  for (let week = 0; day >= 0 && rows.length < most && week < FAR_BACK; day -= 7, week++) {
    const row = days.counts[day];
    if (row) rows.push(row);
  }
  return rows;
}

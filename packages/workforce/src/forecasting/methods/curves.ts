import type { CauseSet } from "../day-calendar.ts";
import { dailySeries, fitCauses } from "../fit-causes.ts";
import type { ModelDays } from "../model-days.ts";
import { type DayMark, StructuralSeries } from "../structural-series.ts";
import { dayCurves, dot } from "./day-curves.ts";
import type { MethodOf } from "./method.ts";

const CURVES = 6; // Shen and Huang 2008 use 4 to 6; more are noise
const DAYS_PER_CURVE = 8;
const LATEST_DAYS = 400; // of which the curves are made
const BURN_IN = 28; // days before forecasts are worth judging
const PRIOR_DAYS = 2; // that Poisson's 1/4 weighs

/**
 * The square roots of a day's counts are a sum of few curves that all days share; the weight of each curve is a structural
 * series of its own. After Shen and Huang 2008, M&SOM 10:391-410, with trend, turn of the month and days after closures.
 */
export const curves: MethodOf = {
  name: "curves",
  fit(days, until) {
    const { calendar, slots } = days;
    const rows = days.roots.slice(Math.max(0, until - LATEST_DAYS), until).filter((row) => row !== null);
    const number = Math.max(1, Math.min(CURVES, Math.floor(rows.length / DAYS_PER_CURVE)));
    const basis = dayCurves(rows, slots, number);
    const weights = basis.map((curve) =>
      Float64Array.from(days.roots, (row) => (row ? dot(row, curve) : Number.NaN)),
    );
    const [first] = weights;
    if (first === undefined) return { expect: () => undefined };
    const main = fitCauses(first, calendar, until);
    const fits = weights.map((values, k) => {
      if (k === 0) return { model: main.model, states: main.model.states(main.series) };
      const series = dailySeries(values, calendar, main.causes);
      const { model } = StructuralSeries.fit(series, until);
      return { model, states: model.states(series) };
    });
    /** The square roots of a day as the curves give them, and how far their weights may be off. */
    const rootsOf = (
      origin: number,
      mark: DayMark,
    ): { root: Float64Array; spread: Float64Array } | undefined => {
      const root = new Float64Array(slots);
      const spread = new Float64Array(slots);
      for (const [k, { model, states }] of fits.entries()) {
        const state = states[origin];
        const curve = basis[k];
        if (state === undefined || curve === undefined) return undefined;
        const { mean, variance } = model.predict(state, mark);
        for (let s = 0; s < slots; s++) {
          const x = curve[s] ?? 0;
          root[s] = (root[s] ?? 0) + mean * x;
          spread[s] = (spread[s] ?? 0) + variance * x * x;
        }
      }
      return { root, spread };
    };
    const left = leftOver(days, until, main.causes, rootsOf);
    return {
      expect(origin, target) {
        const mark = calendar.mark(target, main.causes);
        const hours = days.open[mark.weekday] ?? [];
        if (!hours.includes(true)) return undefined;
        const day = rootsOf(origin, mark);
        if (day === undefined) return undefined;
        // the mean of a square is the square of the mean and the variance; the roots were of count + 1/4
        return day.root.map((x, s) =>
          hours[s] ? Math.max(0, Math.max(0, x) ** 2 + (day.spread[s] ?? 0) + (left[s] ?? 0) - 0.25) : 0,
        );
      },
    };
  },
};

/**
 * The variance of each slot's root beyond what the weights' explains, from the days before `until` forecast from the day
 * before each. Where many come it is Poisson's 1/4; where few come it is less, and taking 1/4 would forecast too many.
 */
function leftOver(
  days: ModelDays,
  until: number,
  causes: CauseSet,
  rootsOf: (origin: number, mark: DayMark) => { root: Float64Array; spread: Float64Array } | undefined,
): Float64Array {
  const sum = new Float64Array(days.slots);
  const number = new Float64Array(days.slots);
  for (let day = Math.max(BURN_IN, until - LATEST_DAYS); day < until; day++) {
    const row = days.roots[day];
    if (!row) continue;
    const mark = days.calendar.mark(day, causes);
    const expected = rootsOf(day - 1, mark);
    const hours = days.open[mark.weekday] ?? [];
    if (expected === undefined) continue;
    for (let s = 0; s < row.length; s++) {
      if (!hours[s]) continue;
      sum[s] = (sum[s] ?? 0) + ((row[s] ?? 0) - (expected.root[s] ?? 0)) ** 2 - (expected.spread[s] ?? 0);
      number[s] = (number[s] ?? 0) + 1;
    }
  }
  return sum.map((total, s) => {
    const n = number[s] ?? 0;
    return (total + PRIOR_DAYS * 0.25) / (n + PRIOR_DAYS);
  });
}

import { dailySeries, fitCauses } from "../fit-causes.ts";
import { StructuralSeries } from "../structural-series.ts";
import { dayCurves, dot } from "./day-curves.ts";
import type { MethodOf } from "./method.ts";

const CURVES = 6; // Shen and Huang 2008 use 4 to 6; more are noise
const DAYS_PER_CURVE = 8;
const LATEST_DAYS = 400; // of which the curves are made

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
    return {
      expect(origin, target) {
        const mark = calendar.mark(target, main.causes);
        const hours = days.open[mark.weekday] ?? [];
        if (!hours.includes(true)) return undefined;
        const root = new Float64Array(slots);
        const spread = new Float64Array(slots);
        for (const [k, { model, states }] of fits.entries()) {
          const state = states[origin];
          const curve = basis[k];
          if (state === undefined || curve === undefined) return undefined;
          const { mean, variance } = model.predict(state, mark);
          const moved = Math.max(0, variance - 0.25);
          for (let s = 0; s < slots; s++) {
            const x = curve[s] ?? 0;
            root[s] = (root[s] ?? 0) + mean * x;
            spread[s] = (spread[s] ?? 0) + moved * x * x;
          }
        }
        return root.map((x, s) => (hours[s] ? Math.max(0, x) ** 2 + (spread[s] ?? 0) : 0));
      },
    };
  },
};

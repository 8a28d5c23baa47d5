import type { MethodOf } from "./method.ts";
import { smoothSlots } from "./smooth-slots.ts";
import { sameWeekdays } from "./weekday-mean.ts";

const ALPHA = 0.1; // a week weighs a tenth less than the next
const WEEKS = 26;

/** Exponential smoothing over the weeks of a weekday, then over neighbouring slots. */
export const weekdaySmoothing: MethodOf = {
  name: "weekday_smoothing",
  fit: (days) => ({
    expect(origin, target) {
      const rows = sameWeekdays(days, origin, target, WEEKS);
      if (rows.length === 0) return undefined;
      const mean = new Float64Array(days.slots);
      let weights = 0;
      for (const [age, row] of rows.entries()) {
        const weight = (1 - ALPHA) ** age;
        weights += weight;
        for (let s = 0; s < mean.length; s++) mean[s] = (mean[s] ?? 0) + weight * (row[s] ?? 0);
      }
      const seen = 1 / ALPHA;
      const hours = days.open[days.calendar.weekday(target)] ?? [];
      return smoothSlots(
        mean.map((sum) => sum / weights),
        hours,
        seen,
      );
    },
  }),
};

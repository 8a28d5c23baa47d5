import { curves } from "./curves.ts";
import { dayLevel } from "./day-level.ts";
import type { MethodOf } from "./method.ts";

/** The mean of `day_level` and `curves`: their errors differ, and part of them cancels. */
export const combination: MethodOf = {
  name: "combination",
  fit(days, until) {
    const parts = [dayLevel.fit(days, until), curves.fit(days, until)];
    return {
      expect(origin, target) {
        const means = parts.map((part) => part.expect(origin, target)).filter((mean) => mean !== undefined);
        if (means.length === 0) return undefined;
        return Float64Array.from({ length: days.slots }, (_, s) =>
          means.reduce((sum, mean) => sum + (mean[s] ?? 0) / means.length, 0),
        );
      },
    };
  },
};

import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { meanEstimate, ratioEstimate } from "./confidence.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { studentT } from "./student-t.ts";

describe("intervals", () => {
  test("[WF12] Student's t agrees with printed tables", () => {
    expect(studentT(0.975, 1)).toBeCloseTo(12.7062047364, 8);
    expect(studentT(0.975, 9)).toBeCloseTo(2.26215716, 8);
    expect(studentT(0.975, 29)).toBeCloseTo(2.0452296421, 8);
    expect(studentT(0.995, 19)).toBeCloseTo(2.8609346065, 8);
    expect(studentT(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5);
  });

  test("[WF12] a mean over blocks has its t interval, and none with one block", () => {
    // mean 3, standard deviation 1.5811, t(4) = 2.7764: 2.7764 x 1.5811 / sqrt 5
    const { value, halfWidth } = meanEstimate([1, 2, 3, 4, 5]);
    expect(value).toBe(3);
    expect(halfWidth).toBeCloseTo(1.9632, 4);
    expect(meanEstimate([3])).toEqual({ value: 3, halfWidth: null });
    expect(meanEstimate([])).toEqual({ value: null, halfWidth: null });
  });

  test("[WF12] a ratio is a sum over a sum, and blocks without anything below the line weigh nothing", () => {
    const parts = [
      { top: 10, bottom: 20 },
      { top: 30, bottom: 40 },
      { top: 0, bottom: 0 },
    ];
    expect(ratioEstimate(parts).value).toBeCloseTo(40 / 60, 12);
    expect(ratioEstimate([{ top: 0, bottom: 0 }]).value).toBeNull();
  });

  test("[WF12] nineteen of twenty intervals hold the true ratio", () => {
    const random = new SeededRandom(3);
    const exponential = (): number => -Math.log(1 - random.next());
    let held = 0;
    for (let run = 0; run < 1000; run++) {
      const parts = Array.from({ length: 10 }, () => {
        let top = 0;
        let bottom = 0;
        for (let i = 0; i < 20; i++) {
          const weight = exponential();
          bottom += weight;
          top += weight * 2 * random.next();
        }
        return { top, bottom };
      });
      const { value, halfWidth } = ratioEstimate(parts);
      if (Math.abs((value ?? 0) - 1) <= (halfWidth ?? 0)) held++;
    }
    expect(held).toBeGreaterThan(930);
    expect(held).toBeLessThan(970);
  });
});

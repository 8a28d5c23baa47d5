import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { meanEstimate, type RatioPart, ratioDifference, ratioEstimate } from "./confidence.ts";
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

test("[WF106] the difference of two ratios is one less the other; what both share narrows it, and it holds the truth", () => {
  const pairs: [RatioPart, RatioPart][] = [
    [
      { top: 10, bottom: 5 },
      { top: 30, bottom: 10 },
    ],
    [
      { top: 4, bottom: 4 },
      { top: 9, bottom: 4 },
    ],
    [
      { top: 0, bottom: 0 },
      { top: 1, bottom: 1 },
    ],
  ];
  const before = pairs.map(([one]) => one);
  const after = pairs.map(([, other]) => other);
  expect(ratioDifference(before, after).value).toBeCloseTo(40 / 15 - 14 / 9, 12);
  expect(ratioDifference(before, before)).toEqual({ value: 0, halfWidth: 0 });
  expect(ratioDifference([{ top: 0, bottom: 0 }], after.slice(0, 1))).toEqual({
    value: null,
    halfWidth: null,
  });
  const plain = (values: readonly number[]) => values.map((top) => ({ top, bottom: 1 }));
  expect(ratioDifference(plain([1, 2, 3]), plain([2, 4, 3]))).toEqual(meanEstimate([1, 2, 0]));

  const random = new SeededRandom(11);
  let held = 0;
  for (let trial = 0; trial < 1000; trial++) {
    const runs = Array.from({ length: 12 }, (): [RatioPart, RatioPart] => {
      const bottom = 50 + Math.floor(100 * random.next());
      const common = 400 * random.next();
      return [
        { top: 2 * bottom + common + 20 * random.next() - 10, bottom },
        { top: 3 * bottom + common + 20 * random.next() - 10, bottom: bottom + 10 },
      ];
    });
    const { value, halfWidth } = ratioDifference(
      runs.map(([one]) => one),
      runs.map(([, other]) => other),
    );
    const mean = 99.5; // of the bottoms
    const truth = (3 * mean + 200) / (mean + 10) - (2 * mean + 200) / mean;
    if (Math.abs((value ?? 0) - truth) <= (halfWidth ?? 0)) held++;
  }
  expect(held / 1000).toBeGreaterThan(0.92);
  expect(held / 1000).toBeLessThan(0.975);
});

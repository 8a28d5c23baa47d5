import { describe, expect, test } from "vitest";
import { exponentialSum, gammaBand, gammaQuantile } from "./wait-distribution.ts";

const Z90 = 1.2815515655446004;

describe("distribution of a wait", () => {
  test("[RT42] a long line costs no more to sum than a short one, and the sum is right", () => {
    for (const [rate, step] of [
      [50 / 180_000, 1 / 120_000],
      [1 / 240_000, 1 / 30_000],
      [1, 1e-9],
    ] as const) {
      let mean = 0;
      let variance = 0;
      for (let i = 0; i < 20_000; i++) {
        mean += 1 / (rate + i * step);
        variance += 1 / (rate + i * step) ** 2;
      }
      const sum = exponentialSum(rate, step, 20_000);
      expect(sum.mean / mean).toBeCloseTo(1, 10);
      expect(sum.variance / variance).toBeCloseTo(1, 9);
    }
    expect(exponentialSum(0.5, 0, 3)).toEqual({ mean: 6, variance: 12 });
  });

  test("[RT86] quantiles of the gamma distribution are those of the tables", () => {
    // shape: tenth, ninetieth hundredth at scale 1; chi-square tables with 2 x shape degrees of freedom, halved
    const tables: readonly (readonly [number, number, number])[] = [
      [2, 0.5318116, 3.8897202],
      [3, 1.1020653, 5.3223203],
      [5, 2.432591, 7.9935896],
      [10, 6.2213046, 14.20599],
      [50, 41.179068, 59.249002],
    ];
    for (const [shape, low, high] of tables) {
      expect(Math.abs((shape * gammaQuantile(shape, -Z90)) / low - 1)).toBeLessThan(0.0032);
      expect(Math.abs((shape * gammaQuantile(shape, Z90)) / high - 1)).toBeLessThan(0.0042);
    }
    // below a shape of two the lower tenth is too low, by 6.6 % at the worst; one time alone is exact
    expect(gammaQuantile(1, -Z90) / 0.1053605).toBeCloseTo(0.934, 3);
    const one = gammaBand({ mean: 60_000, variance: 60_000 ** 2 });
    expect(one.low).toBeCloseTo(-60_000 * Math.log(0.9), 6);
    expect(one.high).toBeCloseTo(-60_000 * Math.log(0.1), 6);
  });
});

import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import {
  type Distribution,
  quantileOfSurvival,
  sampler,
  survivalAt,
  survivalSampler,
} from "./distribution.ts";
import { normalQuantile } from "./normal-quantile.ts";

const DRAWS = 40_000;

describe("times by chance", () => {
  const cases: readonly [Distribution, number, number][] = [
    [{ kind: "exponential", meanMs: 200_000 }, 200_000, 1],
    [{ kind: "erlang", meanMs: 200_000, shape: 4 }, 200_000, 0.25],
    [{ kind: "lognormal", meanMs: 200_000, scv: 0.5 }, 200_000, 0.5],
    [{ kind: "uniform", fromMs: 0, toMs: 300_000 }, 150_000, 1 / 3],
    [
      {
        kind: "hyperexponential",
        branches: [
          { probability: 0.5, meanMs: 100_000 },
          { probability: 0.5, meanMs: 300_000 },
        ],
      },
      200_000,
      1.5,
    ],
    [{ kind: "empirical", valuesMs: [100_000, 300_000] }, 200_000, 0.25],
    [{ kind: "deterministic", ms: 60_000 }, 60_000, 0],
  ];
  test.each(cases)("[WF5] %o has its mean and its variance", (distribution, mean, scv) => {
    const draw = sampler(distribution, new SeededRandom(11));
    const values = Array.from({ length: DRAWS }, draw);
    const average = values.reduce((sum, value) => sum + value, 0) / DRAWS;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / DRAWS;
    expect(values.every(Number.isInteger)).toBe(true);
    expect(average / mean).toBeCloseTo(1, 1);
    expect(variance / mean ** 2).toBeCloseTo(scv, 1);
  });

  test("[WF5] never is never", () => {
    expect(sampler({ kind: "never" }, new SeededRandom(1))()).toBe(Number.POSITIVE_INFINITY);
  });

  test("a distribution that cannot be is refused with what it needs", () => {
    expect(() => sampler({ kind: "empirical", valuesMs: [] }, new SeededRandom(1))).toThrow(
      expect.objectContaining({
        code: "workforce.bad_distribution",
        message: expect.stringContaining("at least one value"),
      }),
    );
    expect(() => sampler({ kind: "erlang", meanMs: 1, shape: 1.5 }, new SeededRandom(1))).toThrow(
      "whole shape",
    );
  });

  test("the normal quantile agrees with printed tables", () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.975, 1.959963984540054],
      [0.9, 1.2815515655446004],
      [0.001, -3.090232306167813],
      [1e-10, -6.361340902404056],
    ] as const) {
      expect(normalQuantile(p)).toBeCloseTo(z, 12);
    }
  });
});

describe("a measured survival curve", () => {
  const curve = {
    kind: "survival",
    atMs: [10_000, 20_000],
    survival: [0.8, 0.4],
    tailMeanMs: 30_000,
  } as const;

  test("falls at its points and then exponentially", () => {
    expect(survivalAt(curve, 0)).toBe(1);
    expect(survivalAt(curve, 10_000)).toBe(0.8);
    expect(survivalAt(curve, 19_999)).toBe(0.8);
    expect(survivalAt(curve, 20_000)).toBe(0.4);
    expect(survivalAt(curve, 50_000)).toBeCloseTo(0.4 / Math.E, 12);
    expect(quantileOfSurvival(curve, 0.9)).toBe(10_000);
    expect(quantileOfSurvival(curve, 0.5)).toBe(20_000);
    expect(quantileOfSurvival(curve, 0.4 / Math.E)).toBe(50_000);
  });

  test("[WF23] a draw given that it is longer than the wait observed keeps the shape of what is left", () => {
    const draw = survivalSampler(curve, new SeededRandom(5));
    const values = Array.from({ length: DRAWS }, () => draw(15_000));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(20_000);
    const atTwenty = values.filter((value) => value === 20_000).length / DRAWS;
    expect(atTwenty).toBeCloseTo(0.5, 1); // 0.4 of the 0.8 that were left
    const later = values.filter((value) => value > 50_000).length / DRAWS;
    expect(later).toBeCloseTo(0.5 / Math.E, 1);
  });

  test("without a tail nobody behind the last point gives up", () => {
    expect(quantileOfSurvival({ ...curve, tailMeanMs: null }, 0.1)).toBe(Number.POSITIVE_INFINITY);
  });
});

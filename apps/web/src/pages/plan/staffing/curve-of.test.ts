import { expect, test } from "vitest";
import { curveOf } from "./curve-of.ts";

const options = { thresholdS: 20, basis: "all", around: 14, shrinkage: 0.3 } as const;

test("the published example is on the curve: 14 agents for 200 an hour of 180 s give 88.8 % in 20 s", () => {
  const points = curveOf({ lambdaPerHour: 200, ahtS: 180 }, options);
  const at14 = points.find(({ agents }) => agents === 14);
  expect(at14?.serviceLevel).toBeCloseTo(0.88835, 5);
  expect(at14).toMatchObject({ headcount: 20, abandon: 0 });
  expect(points[0]?.agents).toBe(11); // 10 are not stable
});

test("more agents are never worse, and who gives up makes fewer than the load possible", () => {
  const points = curveOf({ lambdaPerHour: 200, ahtS: 180, patience: 60 }, options);
  expect(points[0]?.agents).toBeLessThan(10);
  for (const [i, point] of points.entries())
    expect(point.serviceLevel).toBeGreaterThanOrEqual(points[i - 1]?.serviceLevel ?? 0);
  expect(curveOf({ lambdaPerHour: 0, ahtS: 180 }, options)).toEqual([]);
});

import { expect, test } from "vitest";
import { type Adjustment, adjusted, type RawInterval } from "./adjusted.ts";

const band = (mean: number) => ({
  p025: mean / 2,
  p100: mean * 0.8,
  p500: mean,
  p900: mean * 1.2,
  p975: mean * 1.5,
});
const DAY: RawInterval[] = [10, 20, 30, 0].map((mean, at) => ({ at, mean, quantiles: band(mean) }));
const change = (more: Partial<Adjustment>): Adjustment => ({
  queueId: null,
  from: 0,
  to: 4,
  change: { kind: "percent", percent: 10 },
  ...more,
});
const means = (adjustments: Adjustment[], queueId = "q") =>
  adjusted(DAY, adjustments, queueId).map(({ mean }) => mean);

test("a percentage changes its span, the band with it, and tells what was there", () => {
  const result = adjusted(DAY, [change({ from: 1, to: 2, change: { kind: "percent", percent: 50 } })], "q");
  expect(result[1]).toMatchObject({ mean: 30, unadjusted: 20 });
  expect(result[1]?.quantiles.p900).toBeCloseTo(36);
  expect(result[0]).toMatchObject({ mean: 10, unadjusted: null });
});

test("a total is spread as the span was, and evenly where it was empty", () => {
  expect(means([change({ change: { kind: "total", contacts: 120 } })])).toEqual([20, 40, 60, 0]);
  expect(means([change({ from: 3, change: { kind: "total", contacts: 7 } })])).toEqual([10, 20, 30, 7]);
});

test("changes build on those before them; one of another queue is passed over", () => {
  const twice = [
    change({ change: { kind: "total", contacts: 30 } }),
    change({ change: { kind: "percent", percent: 100 } }),
  ];
  expect(means(twice)).toEqual([10, 20, 30, 0]);
  expect(means([change({ queueId: "other" })])).toEqual([10, 20, 30, 0]);
  expect(means([change({ queueId: "q", change: { kind: "percent", percent: -100 } })])).toEqual([0, 0, 0, 0]);
});

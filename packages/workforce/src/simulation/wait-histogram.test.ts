import { SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { WaitHistogram } from "./wait-histogram.ts";

test("[WF11] quantiles are exact below two seconds and at most 0.1 % too small above", () => {
  const random = new SeededRandom(4);
  const waits = Array.from({ length: 5000 }, () => Math.round(40_000 * (-Math.log(1 - random.next())) ** 3));
  const [left, right] = [new WaitHistogram(), new WaitHistogram()];
  for (const [i, wait] of waits.entries()) (i % 2 === 0 ? left : right).add(wait);
  left.merge(right);
  const sorted = waits.toSorted((a, b) => a - b);
  expect(left.count).toBe(5000);
  for (const p of [0.01, 0.25, 0.5, 0.8, 0.9, 0.99, 1]) {
    const exact = sorted[Math.ceil(p * sorted.length) - 1] ?? 0;
    const told = left.quantile(p) ?? 0;
    expect(told).toBeLessThanOrEqual(exact);
    expect(told).toBeGreaterThanOrEqual(exact < 2048 ? exact : exact * 0.999);
  }
});

test("[WF11] without waits there is no quantile", () => {
  expect(new WaitHistogram().quantile(0.9)).toBeNull();
});

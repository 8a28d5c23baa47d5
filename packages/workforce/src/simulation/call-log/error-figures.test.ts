import { expect, test } from "vitest";
import { type ComparedSpan, predictionErrors } from "./error-figures.ts";

const span = (
  date: string,
  calls: number,
  waits: readonly [number, number],
  gaveUp: readonly [number, number],
): ComparedSpan => ({
  date,
  calls,
  waitMs: { happened: calls * waits[0], predicted: calls * waits[1] },
  abandoned: { happened: gaveUp[0], predicted: gaveUp[1] },
});

const HOW = { seed: 1, confidence: 0.95 };

test("[WF153] errors by hand: ten calls wait 100 and not 80, thirty wait 20 and not 30", () => {
  const found = predictionErrors([span("a", 10, [100, 80], [4, 5]), span("b", 30, [20, 30], [3, 1])], HOW);
  expect(found.spans).toBe(2);
  expect(found.waitWape.value).toBeCloseTo(30 / 120, 12);
  expect(found.waitWapeByCalls.value).toBeCloseTo((200 + 300) / 1600, 12);
  expect(found.waitBiasMs.value).toBeCloseTo(100 / 40, 12);
  expect(found.waitCorrelation.value).toBeCloseTo(1, 12);
  expect(found.abandonErrorPoints.value).toBeCloseTo((100 * 3) / 40, 12);
  expect(found.abandonBiasPoints.value).toBeCloseTo(-100 / 40, 12);
});

test("[WF153] intervals come from resampled days: one day has none, days that are alike have narrow ones", () => {
  const one = predictionErrors([span("a", 10, [100, 80], [4, 5])], HOW);
  expect(one.waitWape).toEqual({ value: 0.2, low: null, high: null });
  expect(one.waitCorrelation.value).toBeNull();
  const alike = Array.from({ length: 20 }, (_, i) => span(`d${i}`, 10, [100, 80], [4, 5]));
  expect(predictionErrors(alike, HOW).waitWape.low).toBeCloseTo(0.2, 12);
  expect(predictionErrors([], HOW).waitWape).toEqual({ value: null, low: null, high: null });
});

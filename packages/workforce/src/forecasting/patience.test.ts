import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { estimatePatience } from "./patience.ts";
import { type ObservedWait, productLimit } from "./product-limit.ts";

const gaveUp = (waitMs: number): ObservedWait => ({ waitMs, gaveUp: true });
const served = (waitMs: number): ObservedWait => ({ waitMs, gaveUp: false });

describe("patience", () => {
  test("[WF92] the curve by hand: hang-ups before those served at ties, the served leave those at risk", () => {
    // at 1: 1 of 6 hangs up; at 2: 1 of 5 (the one served at 2 is still at risk); at 4: 1 of 2; at 5 the last
    const steps = productLimit([served(2), gaveUp(1), gaveUp(2), served(3), gaveUp(4), gaveUp(5)]);
    expect(steps.map(({ atMs, atRisk, gaveUp: n }) => [atMs, atRisk, n])).toEqual([
      [1, 6, 1],
      [2, 5, 1],
      [4, 2, 1],
      [5, 1, 1],
    ]);
    const [a, b, c] = steps.map(({ survival }) => survival);
    expect(a).toBeCloseTo(5 / 6, 12);
    expect(b).toBeCloseTo((5 / 6) * (4 / 5), 12);
    expect(c).toBeCloseTo((5 / 6) * (4 / 5) * (1 / 2), 12);
    expect(steps[3]?.survival).toBe(0);
    // Greenwood: S^2 (1/(6*5) + 1/(5*4))
    expect(steps[1]?.standardError).toBeCloseTo((2 / 3) * Math.sqrt(1 / 30 + 1 / 20), 12);
  });

  test("[WF92] quartile, mean up to a limit and exponential mean by hand; hang-ups at once balk", () => {
    const patience = estimatePatience(
      [served(0), gaveUp(0), gaveUp(0), gaveUp(10_000), served(20_000), gaveUp(30_000), served(40_000)],
      { restrictToMs: 50_000 },
    );
    expect(patience).toMatchObject({ waits: 4, gaveUp: 2, balked: 2 });
    expect(patience.balkShare).toBeCloseTo(2 / 7, 12);
    // 1 until 10 s, 3/4 until 30 s, 3/8 after
    expect(patience.firstQuartileMs).toBe(10_000);
    expect(patience.medianMs).toBe(30_000);
    // nobody waited longer than 40 s: beyond it nothing is known
    expect(patience.restrictedToMs).toBe(40_000);
    expect(patience.restrictedMeanMs).toBeCloseTo(10_000 + 0.75 * 20_000 + 0.375 * 10_000, 6);
    expect(estimatePatience([gaveUp(0)])).toMatchObject({ waits: 0, restrictedMeanMs: null });
    expect(patience.exponentialMeanMs).toBe(100_000 / 2);
    expect(patience.meanWaitOfGaveUpMs).toBe(20_000);
    expect(patience.points.map(({ survival }) => survival)).toEqual([1, 0.75, 0.75, 0.375, 0.375]);
  });

  test("[WF92] the true curve lies within the interval, though most of the patient are served", () => {
    const random = new SeededRandom(4);
    const draw = (mean: number): number => Math.ceil(-mean * Math.log(1 - random.next()));
    const waits = Array.from({ length: 8_000 }, (): ObservedWait => {
      const patience = draw(200_000);
      const wait = draw(50_000);
      return { waitMs: Math.min(patience, wait), gaveUp: patience < wait };
    });
    const { points, exponentialMeanMs, hazard } = estimatePatience(waits, { restrictToMs: 120_000 });
    expect((exponentialMeanMs ?? 0) / 200_000).toBeCloseTo(1, 1);
    const within = points.filter(
      ({ atMs, low95, high95 }) =>
        (low95 ?? 0) <= Math.exp(-atMs / 200_000) && Math.exp(-atMs / 200_000) <= (high95 ?? 1),
    );
    expect(within.length / points.length).toBeGreaterThan(0.8);
    // five in a thousand of those who wait hang up each second, at the beginning too
    for (const { perSecond } of hazard.slice(0, 6)) expect(perSecond).toBeCloseTo(0.005, 2.8);
  });

  test("[WF92] an announcement at one minute is a peak of the hazard there", () => {
    const waits = [
      ...Array.from({ length: 300 }, (_, i) => gaveUp(58_000 + 20 * i)),
      ...Array.from({ length: 2_000 }, (_, i) => served(100 * i + 1)),
      ...Array.from({ length: 100 }, (_, i) => gaveUp(1_500 * i + 1)),
    ];
    const { hazard } = estimatePatience(waits, { restrictToMs: 120_000 });
    const peak = hazard.reduce((most, point) => (point.perSecond > most.perSecond ? point : most));
    expect(peak.atMs).toBe(60_000);
  });

  test("[WF92] where nobody hung up nothing is made up, and what is no wait is refused", () => {
    const patience = estimatePatience([served(10_000), served(20_000)]);
    expect(patience).toMatchObject({
      gaveUp: 0,
      exponentialMeanMs: null,
      firstQuartileMs: null,
      meanWaitOfGaveUpMs: null,
    });
    expect(patience.points.every(({ survival }) => survival === 1)).toBe(true);
    expect(() => estimatePatience([served(-1)])).toThrow(
      expect.objectContaining({ code: "forecasting.bad_waits", field: "waits.0.waitMs" }),
    );
  });
});

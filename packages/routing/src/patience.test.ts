import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { learnPatience, meanPatienceMs, NO_PATIENCE } from "./patience.ts";

describe("patience", () => {
  test("[RT87] all time waited over those who gave up; unknown until somebody did", () => {
    let learnt = learnPatience(NO_PATIENCE, 30_000, false);
    expect(meanPatienceMs(learnt)).toBeNull();
    learnt = learnPatience(learnt, 60_000, true);
    expect(meanPatienceMs(learnt)).toBe(90_000);
    expect(learnPatience(learnt, 0, false)).toBe(learnt);
  });

  test("[RT87] after a hundred contacts the older ones fade", () => {
    let learnt = NO_PATIENCE;
    for (let i = 0; i < 100; i++) learnt = learnPatience(learnt, 60_000, true);
    expect(meanPatienceMs(learnt)).toBe(60_000);
    learnt = learnPatience(learnt, 120_000, true);
    expect(learnt).toEqual({ contacts: 101, waitedMs: 100 * 60_000 * 0.99 + 120_000, gone: 100 });
    for (let i = 0; i < 500; i++) learnt = learnPatience(learnt, 120_000, true);
    expect(meanPatienceMs(learnt)).toBeGreaterThan(119_000);
  });

  test("[RT87] those who were served hide no impatience: two of three are served first, and the mean is still found", () => {
    const random = new SeededRandom(3);
    const drawn = (mean: number): number => -mean * Math.log(1 - random.next());
    let sum = 0;
    let learnt = NO_PATIENCE;
    for (let i = 0; i < 100_000; i++) {
      const patience = drawn(120_000);
      const served = drawn(60_000);
      learnt = learnPatience(learnt, Math.min(patience, served), patience < served);
      sum += learnt.gone / learnt.waitedMs; // the rate is what is estimated without bias
    }
    expect(100_000 / sum / 120_000).toBeCloseTo(1, 1);
  });
});

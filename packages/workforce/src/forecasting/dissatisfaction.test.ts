import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import {
  dissatisfactionAt,
  dissatisfactionCurve,
  fitDissatisfaction,
  type JudgedWait,
} from "./dissatisfaction.ts";

const MINUTE_MS = 60_000;

/** Customers of exponential patience who are served after an exponential wait, and then say what they think of it. */
function customers(
  count: number,
  { patienceMs = 180_000, intercept = -2, perMinute = 0.5, seed = 1 } = {},
): JudgedWait[] {
  const random = new SeededRandom(seed);
  const drawn = (meanMs: number): number => -meanMs * Math.log(1 - random.next());
  return Array.from({ length: count }, () => {
    const patience = drawn(patienceMs);
    const offered = drawn(120_000);
    const isLow = random.next() < 1 / (1 + Math.exp(-(intercept + (perMinute * offered) / MINUTE_MS)));
    const gaveUp = patience < offered;
    return { waitMs: Math.min(patience, offered), gaveUp, score: gaveUp ? null : isLow ? 1 : 5 };
  });
}

describe("dissatisfaction", () => {
  test("[WF154] the share that gives up is that of the patience behind the data, inside its band", () => {
    const fit = fitDissatisfaction(customers(20_000));
    for (const waitMs of [10_000, 60_000, 180_000, 400_000]) {
      const { gaveUp } = dissatisfactionAt(fit, waitMs);
      const truth = 1 - Math.exp(-waitMs / 180_000);
      expect(gaveUp?.share).toBeCloseTo(truth, 1);
      expect(gaveUp?.low).toBeLessThan(truth);
      expect(gaveUp?.high).toBeGreaterThan(truth);
    }
  });

  test("[WF154] bands of 95 % hold the truth in about 95 of 100 samples", () => {
    let [gaveUp, low, slope] = [0, 0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      const fit = fitDissatisfaction(customers(400, { seed }));
      const { gaveUp: band, lowScore } = dissatisfactionAt(fit, 90_000);
      const truth = 1 - Math.exp(-0.5);
      if (band && band.low <= truth && truth <= band.high) gaveUp++;
      const lowTruth = 1 / (1 + Math.exp(2 - 0.75));
      if (lowScore && lowScore.low <= lowTruth && lowTruth <= lowScore.high) low++;
      const { lowScores } = fit;
      if (lowScores.kind === "logistic" && lowScores.perMinuteLow <= 0.5 && 0.5 <= lowScores.perMinuteHigh)
        slope++;
    }
    for (const held of [gaveUp, low, slope]) {
      expect(held).toBeGreaterThan(181); // three standard deviations below 190
      expect(held).toBeLessThanOrEqual(200);
    }
  });

  test("[WF154] Greenwood's error and the log-log band, by hand", () => {
    // of five one gives up at 1 s and one at 3 s, when three are left: 1/5, then 1/3 of the rest
    const waits = [
      { waitMs: 1000, gaveUp: true },
      { waitMs: 2000, gaveUp: false },
      { waitMs: 3000, gaveUp: true },
      { waitMs: 4000, gaveUp: false },
      { waitMs: 5000, gaveUp: false },
    ];
    const { gaveUp } = dissatisfactionAt(fitDissatisfaction(waits), 3500);
    const survival = (4 / 5) * (2 / 3);
    const error = Math.sqrt(1 / (5 * 4) + 1 / (3 * 2));
    const width = Math.exp((1.959963984540054 * error) / Math.abs(Math.log(survival)));
    expect(gaveUp?.share).toBeCloseTo(1 - survival, 12);
    expect(gaveUp?.low).toBeCloseTo(1 - survival ** (1 / width), 12);
    expect(gaveUp?.high).toBeCloseTo(1 - survival ** width, 12);
  });

  test("[WF154] what the data do not know is not told: beyond the longest wait, without answers", () => {
    const fit = fitDissatisfaction([
      { waitMs: 5000, gaveUp: false },
      { waitMs: 9000, gaveUp: true },
    ]);
    expect(dissatisfactionAt(fit, 9001).gaveUp).toBeNull();
    expect(dissatisfactionAt(fit, 6000).lowScore).toBeNull();
    expect(dissatisfactionAt(fit, 1000).gaveUp).toMatchObject({ share: 0, low: 0 });
    expect(fitDissatisfaction([]).givingUp).toEqual({ waits: 0, gaveUp: 0, steps: [], knownToMs: null });
  });

  test("[WF154] few low scores, equal waits and a wait that tells everything give one share, not a slope", () => {
    const few = customers(60, { intercept: -6, perMinute: 0 });
    expect(fitDissatisfaction(few).lowScores.kind).toBe("constant");
    const equal = Array.from({ length: 60 }, (_, i) => ({
      waitMs: 9000,
      gaveUp: false,
      score: i % 2 ? 1 : 5,
    }));
    expect(fitDissatisfaction(equal).lowScores.kind).toBe("constant");
    const parted = Array.from({ length: 60 }, (_, i) => ({
      waitMs: i * 1000,
      gaveUp: false,
      score: i < 30 ? 5 : 1,
    }));
    const fit = fitDissatisfaction(parted);
    expect(fit.lowScores).toEqual({ kind: "constant", answers: 60, low: 30 });
    expect(dissatisfactionAt(fit, 60_000).lowScore).toMatchObject({ share: 0.5 });
  });

  test("[WF154] a low score is one up to the limit that the client sets", () => {
    const waits = customers(400);
    expect(fitDissatisfaction(waits, { lowAtMost: 0 }).lowScores).toMatchObject({ kind: "constant", low: 0 });
    expect(fitDissatisfaction(waits, { lowAtMost: 1 }).lowScores.low).toBeGreaterThan(30);
  });

  test("the curve has whole steps from 0, and is plain JSON", () => {
    const fit = fitDissatisfaction(customers(200));
    const curve = dissatisfactionCurve(fit, { toMs: 120_000, stepMs: 30_000 });
    expect(curve.map(({ waitMs }) => waitMs)).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
    expect(JSON.parse(JSON.stringify({ fit, curve }))).toEqual({ fit, curve });
  });

  test("what is no wait, no score and no confidence is refused by its field", () => {
    const of = (waits: JudgedWait[], confidence = 0.95) => fitDissatisfaction(waits, { confidence });
    expect(() => of([{ waitMs: -1, gaveUp: true }])).toThrow(
      expect.objectContaining({ code: "forecasting.bad_waits", field: "waits.0.waitMs" }),
    );
    expect(() => of([{ waitMs: 1, gaveUp: false, score: Number.NaN }])).toThrow(
      expect.objectContaining({ field: "waits.0.score" }),
    );
    expect(() => of([], 1)).toThrow(
      expect.objectContaining({ code: "forecasting.bad_options", field: "confidence" }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { type PredictedWait, waitAccuracy } from "./wait-accuracy.ts";

const at = (waitMs: number, expectedMs: number, over: Partial<PredictedWait> = {}): PredictedWait => ({
  queueId: "q1",
  date: "2026-01-05",
  waitMs,
  predicted: { lowMs: expectedMs / 2, expectedMs, highMs: expectedMs * 2 },
  ...over,
});

describe("the accuracy of expected waits", () => {
  it("is the mean error, the mean of its size, and the part inside the band", () => {
    expect(waitAccuracy([at(40_000, 60_000), at(130_000, 60_000), at(60_000, 60_000)])).toEqual([
      {
        queueId: "q1",
        date: "2026-01-05",
        predicted: 3,
        unpredicted: 0,
        meanErrorMs: 16_667,
        meanAbsoluteErrorMs: 30_000,
        insideBand: 2 / 3,
      },
    ]);
  });

  it("counts the edges of the band as inside", () => {
    const [figures] = waitAccuracy([at(30_000, 60_000), at(120_000, 60_000), at(120_001, 60_000)]);
    expect(figures?.insideBand).toBeCloseTo(2 / 3);
  });

  it("keeps queues and days apart, and those of whom nothing was known", () => {
    const figures = waitAccuracy([
      at(1_000, 2_000),
      at(1_000, 2_000, { queueId: "q2" }),
      at(1_000, 2_000, { date: "2026-01-06", predicted: null }),
    ]);
    expect(
      figures.map(({ queueId, date, predicted, unpredicted }) => [queueId, date, predicted, unpredicted]),
    ).toEqual([
      ["q1", "2026-01-05", 1, 0],
      ["q2", "2026-01-05", 1, 0],
      ["q1", "2026-01-06", 0, 1],
    ]);
    expect(figures[2]).toMatchObject({ meanErrorMs: null, meanAbsoluteErrorMs: null, insideBand: null });
  });

  it("leaves out those for whom an agent was free when they came", () => {
    expect(waitAccuracy([at(4_000, 0)])).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { type HandlingTime, limitedMeanMs, meanMsOf } from "./limited-mean.ts";
import { type IntervalDemand, OfferedLoad } from "./offered-load.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;
const EXPONENTIAL: HandlingTime = { kind: "exponential", meanMs: 3 * MIN };

const HANDLING: readonly HandlingTime[] = [
  EXPONENTIAL,
  { kind: "deterministic", ms: 4 * MIN },
  { kind: "erlang", meanMs: 4 * MIN, shape: 3 },
  { kind: "lognormal", meanMs: 5 * MIN, scv: 1.5 },
  { kind: "lognormal", meanMs: 5 * MIN, scv: 0 },
  {
    kind: "hyperexponential",
    branches: [
      { probability: 0.25, meanMs: MIN },
      { probability: 0.75, meanMs: 6 * MIN },
    ],
  },
  { kind: "uniform", fromMs: MIN, toMs: 5 * MIN },
  { kind: "empirical", valuesMs: [MIN, 2 * MIN, 9 * MIN] },
];

describe("the time that falls within a limit", () => {
  test.each(HANDLING)(
    "[WF60] of $kind rises from 0 to the mean, by the share that lasts longer",
    (handling) => {
      const mean = meanMsOf(handling);
      expect(limitedMeanMs(handling, 0)).toBe(0);
      expect(limitedMeanMs(handling, 500 * HOUR)).toBeCloseTo(mean, 0);
      let before = 0;
      let slope = 1;
      for (let x = 30_000; x < 20 * MIN; x += 30_000) {
        const here = limitedMeanMs(handling, x);
        const share = (here - before) / 30_000;
        expect(share).toBeGreaterThanOrEqual(-1e-12);
        expect(share).toBeLessThanOrEqual(slope + 1e-9);
        before = here;
        slope = share;
      }
    },
  );

  test("[WF60] of an exponential time is known", () => {
    expect(limitedMeanMs(EXPONENTIAL, 3 * MIN)).toBeCloseTo(3 * MIN * (1 - Math.exp(-1)), 6);
  });

  test("[WF60] a handling time of nothing is refused", () => {
    expect(() => meanMsOf({ kind: "deterministic", ms: 0 })).toThrow(/above 0/);
  });
});

describe("the offered load", () => {
  const steady: IntervalDemand = {
    from: 0,
    intervalMs: 15 * MIN,
    arrivals: Array.from({ length: 16 }, () => 50),
    handling: EXPONENTIAL,
  };

  test("[WF61] of a steady stream is its arrivals times the handling time", () => {
    const load = new OfferedLoad({ ...steady, before: "steady" });
    expect(load.at(0)).toBeCloseTo(10, 6);
    expect(load.mean(HOUR, 2 * HOUR)).toBeCloseTo(10, 6);
  });

  test("[WF61] after opening it rises as the first contacts stay, after closing it falls as they go", () => {
    const load = new OfferedLoad(steady);
    expect(load.at(0)).toBe(0);
    expect(load.at(3 * MIN)).toBeCloseTo(10 * (1 - Math.exp(-1)), 9);
    expect(load.at(4 * HOUR + 3 * MIN)).toBeCloseTo(10 * Math.exp(-1), 9);
    expect(load.emptyAfter(4 * HOUR, 0.1, MIN)).toBe(4 * HOUR + 14 * MIN);
  });

  test("[WF61] of a rate that swings is the closed form: 100 + 10 (sin t - cos t) for a rate of 100 + 20 sin t", () => {
    const unit = 10 * MIN; // of the model's time
    const step = unit / 200;
    const arrivals = Array.from({ length: 200 * 40 }, (_, i) => {
      const [a, b] = [i / 200 - 30, (i + 1) / 200 - 30];
      return 100 * (b - a) - 20 * (Math.cos(b) - Math.cos(a));
    });
    const load = new OfferedLoad({
      from: -30 * unit,
      intervalMs: step,
      arrivals,
      handling: { kind: "exponential", meanMs: unit },
    });
    for (const [t, m] of [
      [0, 90],
      [1, 103.012],
      [3, 111.311],
      [5, 87.574],
    ] as const)
      expect(load.at(t * unit)).toBeCloseTo(m, 3);
  });

  test("[WF61] contacts take the time of the interval in which they come", () => {
    const load = new OfferedLoad({
      ...steady,
      handling: steady.arrivals.map((_, i) => ({ kind: "deterministic", ms: i < 8 ? 3 * MIN : 6 * MIN })),
    });
    expect(load.at(2 * HOUR)).toBeCloseTo(10, 9);
    expect(load.at(2 * HOUR + 6 * MIN)).toBeCloseTo(20, 9);
  });

  test("[WF61] who waits at the door when it opens is there in the first minute", () => {
    const load = new OfferedLoad({
      ...steady,
      waitingAtOpening: 12,
      handling: { kind: "deterministic", ms: 4 * MIN },
    });
    const without = new OfferedLoad({ ...steady, handling: { kind: "deterministic", ms: 4 * MIN } });
    expect(load.at(2 * MIN) - without.at(2 * MIN)).toBeCloseTo(12, 9);
    expect(load.at(6 * MIN) - without.at(6 * MIN)).toBeCloseTo(0, 9);
  });

  test.each([
    [{ arrivals: [] }, "arrivals"],
    [{ arrivals: [1, -2] }, "arrivals"],
    [{ arrivals: [1, Number.NaN] }, "arrivals"],
    [{ intervalMs: 0 }, "intervalMs"],
    [{ from: Number.NaN }, "from"],
    [{ waitingAtOpening: -1 }, "waitingAtOpening"],
    [{ handling: [EXPONENTIAL] }, "handling"],
  ])("[WF62] what cannot be is refused by name: %j", (wrong, field) => {
    expect(() => new OfferedLoad({ ...steady, ...wrong })).toThrow(
      expect.objectContaining({ code: "workforce.bad_demand", field }),
    );
  });
});

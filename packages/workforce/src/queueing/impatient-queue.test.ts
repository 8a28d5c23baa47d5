import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { erlangB, erlangBLoad, inverseErlangB } from "./erlang-b.ts";
import { erlangC, erlangCWaitQuantile } from "./erlang-c.ts";
import type { QueueFigures } from "./figures.ts";
import { finiteLines } from "./finite-lines.ts";
import { erlangA, erlangAWaitQuantile, impatientQueue, impatientWaitQuantile } from "./impatient-queue.ts";
import { poissonAtLeast } from "./offered-load.ts";
import type { PatienceInput } from "./patience.ts";

/** Queues from idle to twice overloaded, of one agent to some hundred. */
const queues = fc.record({
  agents: fc.integer({ min: 1, max: 300 }),
  load: fc.double({ min: 0.2, max: 2, noNaN: true }),
  ahtS: fc.double({ min: 20, max: 900, noNaN: true }),
  meanPatienceS: fc.double({ min: 5, max: 3_000, noNaN: true }),
  thresholdS: fc.double({ min: 0, max: 300, noNaN: true }),
});
type Drawn = typeof queues extends fc.Arbitrary<infer T> ? T : never;

const inputOf = ({ agents, load, ahtS, meanPatienceS, thresholdS }: Drawn) => ({
  lambdaPerHour: (3600 * load * agents) / ahtS,
  ahtS,
  agents,
  meanPatienceS,
  thresholdsS: [thresholdS],
});

const close = (a: number, b: number, tolerance = 1e-9): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)) + 1e-13;

const level = ({ within }: QueueFigures) => {
  const [first] = within;
  if (first === undefined) throw new Error("no threshold");
  return first;
};

describe("callers who hang up", () => {
  test("[WF44] hang-ups are mean wait over patience, and at least what the agents cannot carry", () => {
    fc.assert(
      fc.property(queues, (drawn) => {
        const input = inputOf(drawn);
        const figures = erlangA(input);
        expect(close(figures.pAbandon, figures.meanWaitAllS / input.meanPatienceS)).toBe(true);
        expect(figures.pAbandon).toBeGreaterThanOrEqual(1 - 1 / drawn.load - 1e-12);
        expect(figures.occupancy).toBeLessThanOrEqual(1 + 1e-12);
        expect(close(figures.meanQueue, (input.lambdaPerHour / 3600) * figures.meanWaitAllS)).toBe(true);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("[WF44] more agents: shorter waits, fewer hang-ups, a better level, less occupancy", () => {
    fc.assert(
      fc.property(queues, (drawn) => {
        const input = inputOf(drawn);
        const [few, more] = [erlangA(input), erlangA({ ...input, agents: input.agents + 1 })];
        // Near 1 the last bits say nothing.
        expect(more.pWait).toBeLessThan(few.pWait + 1e-14);
        expect(more.pAbandon).toBeLessThan(few.pAbandon);
        expect(more.meanWaitAllS).toBeLessThan(few.meanWaitAllS);
        expect(more.occupancy).toBeLessThan(few.occupancy + 1e-14);
        expect(level(more).serviceLevel.all).toBeGreaterThan(level(few).serviceLevel.all - 1e-14);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  test("[WF44] endless patience is Erlang C, none at all Erlang B, and as long as handling Poisson", () => {
    const queue = { lambdaPerHour: 1710, ahtS: 200, agents: 100, thresholdsS: [20] };
    const [patient, c] = [erlangA({ ...queue, meanPatienceS: 3e7 }), erlangC(queue)];
    expect(patient.pWait).toBeCloseTo(c.pWait, 4);
    expect(patient.meanWaitAllS / c.meanWaitAllS).toBeCloseTo(1, 3);
    expect(level(patient).serviceLevel.all).toBeCloseTo(level(c).serviceLevel.all, 4);
    const busy = { lambdaPerHour: 1900, ahtS: 200, agents: 100 };
    expect(erlangA({ ...busy, meanPatienceS: 1e-5 }).pAbandon).toBeCloseTo(erlangB(100, 1900 / 18), 6);
    expect(erlangA({ ...busy, meanPatienceS: 200 }).pWait).toBeCloseTo(poissonAtLeast(100, 1900 / 18), 11);
  });

  test("[WF43] the four service levels are made of the same shares and lie in order", () => {
    fc.assert(
      fc.property(queues, (drawn) => {
        const figures = erlangA(inputOf(drawn));
        const { serviceLevel, pWaitGt } = level(figures);
        const { all, served, abandonsOut, abandonsIn } = serviceLevel;
        const abandonedWithin = abandonsIn - all;
        expect(all).toBeLessThanOrEqual(served + 1e-12);
        expect(all).toBeLessThanOrEqual(abandonsOut + 1e-12);
        expect(abandonsOut).toBeLessThanOrEqual(abandonsIn + 1e-12);
        expect(close(served * (1 - figures.pAbandon), all)).toBe(true);
        expect(close(abandonsOut * (1 - abandonedWithin), all)).toBe(true);
        expect(close(abandonsIn, 1 - pWaitGt)).toBe(true);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("[WF43] the mean wait of all is that of the served and of those who hang up, by their shares", () => {
    fc.assert(
      fc.property(queues, (drawn) => {
        const { pAbandon, meanWaitAllS, meanWaitServedS, meanWaitAbandonedS } = erlangA(inputOf(drawn));
        expect(close(pAbandon * meanWaitAbandonedS + (1 - pAbandon) * meanWaitServedS, meanWaitAllS)).toBe(
          true,
        );
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  test("[WF46] the integrals and the chain of places in the queue agree on every figure", () => {
    fc.assert(
      fc.property(queues, (drawn) => {
        const input = inputOf(drawn);
        const lines = input.agents + 60 + Math.ceil(20 * (input.lambdaPerHour / 3600) * input.meanPatienceS);
        fc.pre(lines < 20_000);
        const [integrals, chain] = [erlangA(input), finiteLines({ ...input, lines })];
        for (const name of [
          "pWait",
          "pAbandon",
          "meanWaitAllS",
          "meanWaitServedS",
          "meanQueue",
          "occupancy",
        ] as const)
          expect([name, close(integrals[name], chain[name], 1e-8)]).toEqual([name, true]);
        expect(close(level(integrals).serviceLevel.all, level(chain).serviceLevel.all, 1e-8)).toBe(true);
        expect(close(level(integrals).pWaitGt, level(chain).pWaitGt, 1e-7)).toBe(true);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  test("[WF46] a curve through points of a family tends to the family", () => {
    const queue = { lambdaPerHour: 1836, ahtS: 200, agents: 100, thresholdsS: [20] };
    const exact = erlangA({ ...queue, meanPatienceS: 200 });
    const points = Array.from({ length: 1200 }, (_, i) => ({
      atS: i + 1,
      survival: Math.exp(-(i + 1) / 200),
    }));
    const lines = impatientQueue({
      ...queue,
      patience: { dist: "empirical", points, between: "lines", tailMeanS: 200 },
    });
    const steps = impatientQueue({ ...queue, patience: { dist: "empirical", points, tailMeanS: 200 } });
    expect(lines.pAbandon).toBeCloseTo(exact.pAbandon, 6);
    expect(lines.meanWaitServedS).toBeCloseTo(exact.meanWaitServedS, 3);
    expect(Math.abs(steps.pAbandon - exact.pAbandon)).toBeLessThan(1e-3);
  });

  const FAMILIES: readonly PatienceInput[] = [
    { dist: "erlang", shape: 3, meanS: 120 },
    { dist: "lognormal", meanS: 300, scv: 4 },
    { dist: "deterministic", valueS: 45 },
    { dist: "uniform", aS: 10, bS: 200 },
    { dist: "hyperexponential", p: [0.3, 0.7], meansS: [5, 400] },
    {
      dist: "empirical",
      points: [
        { atS: 0, survival: 0.95 },
        { atS: 30, survival: 0.7 },
        { atS: 90, survival: 0 },
      ],
    },
    {
      dist: "empirical",
      points: [
        { atS: 30, survival: 0.7 },
        { atS: 90, survival: 0.1 },
      ],
      between: "lines",
      tailMeanS: 60,
    },
  ];
  test.each(FAMILIES)("[WF46] flow is conserved with $dist patience, under- and overloaded", (patience) => {
    for (const lambdaPerHour of [1200, 1800, 2600]) {
      const figures = impatientQueue({
        lambdaPerHour,
        ahtS: 200,
        agents: 100,
        patience,
        thresholdsS: [20, 200, 4_000],
      });
      const { pAbandon, meanWaitAllS, meanWaitServedS, meanWaitAbandonedS, offeredErlang } = figures;
      expect(close(figures.occupancy * 100, offeredErlang * (1 - pAbandon))).toBe(true);
      expect(close(pAbandon * meanWaitAbandonedS + (1 - pAbandon) * meanWaitServedS, meanWaitAllS)).toBe(
        true,
      );
      expect(figures.within.map(({ pWaitGt }) => pWaitGt)).toEqual(
        figures.within.map(({ pWaitGt }) => pWaitGt).sort((a, b) => b - a),
      );
      expect(figures.within[2]?.serviceLevel.served).toBeCloseTo(1, 6);
    }
  });

  test("[WF45] agents need not be whole: figures go on between whole numbers, and Erlang's recursion holds", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 400, noNaN: true }),
        fc.double({ min: 1, max: 400, noNaN: true }),
        (n, a) => {
          fc.pre(Number.isFinite(inverseErlangB(n + 1, a)));
          expect(close(inverseErlangB(n + 1, a), 1 + ((n + 1) / a) * inverseErlangB(n, a), 1e-12)).toBe(true);
          expect(erlangB(n + 0.01, a)).toBeLessThan(erlangB(n, a));
        },
      ),
      { numRuns: 200, seed: 6 },
    );
    const at = (agents: number) =>
      erlangA({ lambdaPerHour: 200, ahtS: 180, agents, meanPatienceS: 300 }).pWait;
    expect(at(12.999999)).toBeCloseTo(at(13), 5);
    expect(at(12.5)).toBeLessThan(at(12));
    expect(at(12.5)).toBeGreaterThan(at(13));
    expect(at(0.5)).toBeGreaterThan(at(1));
  });

  test("[WF45] the load that so many lines carry loses what was allowed", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2_000, noNaN: true }),
        fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
        (n, blocking) => {
          expect(close(erlangB(n, erlangBLoad(n, blocking)), blocking)).toBe(true);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  test("[WF48] 100,000 agents, far too few and far too many, have figures that make sense", () => {
    for (const load of [1, 5e4, 9.9e4, 1e5, 1.01e5, 2e5, 1e6]) {
      const figures = erlangA({
        lambdaPerHour: load * 18,
        ahtS: 200,
        agents: 1e5,
        meanPatienceS: 120,
        thresholdsS: [20],
      });
      const numbers = [...Object.values(figures), ...Object.values(level(figures).serviceLevel)];
      expect(numbers.filter((value) => typeof value === "number" && !(value >= 0 && value < 1e7))).toEqual(
        [],
      );
      expect(figures.pAbandon).toBeGreaterThanOrEqual(1 - 1e5 / load - 1e-12);
      expect(figures.occupancy).toBeLessThanOrEqual(1 + 1e-12);
    }
    expect(erlangC({ lambdaPerHour: 18 * 99_999, ahtS: 200, agents: 1e5 }).pWait).toBeGreaterThan(0.99);
  });

  test("[WF48] where nobody calls, or far too many agents sit, nobody waits and nothing is NaN", () => {
    for (const [lambdaPerHour, agents] of [
      [0, 0.5],
      [0, 10],
      [1, 5_000],
    ] as const) {
      const queue = { lambdaPerHour, ahtS: 200, agents, meanPatienceS: 120, thresholdsS: [20] };
      const all = { all: 1, served: 1, abandonsOut: 1, abandonsIn: 1 };
      const still = {
        pWait: 0,
        meanWaitAllS: 0,
        within: [{ thresholdS: 20, pWaitGt: 0, serviceLevel: all }],
      };
      expect(erlangA(queue)).toMatchObject(still);
      if (agents >= 1) expect(finiteLines({ ...queue, lines: agents + 5 })).toMatchObject(still);
    }
  });

  test("[WF49] the quantile of the wait is where so many are no longer waiting", () => {
    const queue = { lambdaPerHour: 1836, ahtS: 200, agents: 100 };
    const impatient = { ...queue, meanPatienceS: 200 };
    for (const p of [0.5, 0.8, 0.95]) {
      const thresholdsS = [erlangAWaitQuantile(impatient, p)];
      expect(level(erlangA({ ...impatient, thresholdsS })).pWaitGt).toBeCloseTo(1 - p, 9);
    }
    expect(erlangAWaitQuantile(impatient, 0.4)).toBe(0);
    const patience: PatienceInput = { dist: "deterministic", valueS: 30 };
    expect(impatientWaitQuantile({ ...queue, patience }, 0.9999)).toBeCloseTo(30, 6);
    const calm = { lambdaPerHour: 1710, ahtS: 200, agents: 100 };
    const thresholdsS = [erlangCWaitQuantile(calm, 0.9)];
    expect(level(erlangC({ ...calm, thresholdsS })).pWaitGt).toBeCloseTo(0.1, 12);
    expect(erlangCWaitQuantile(calm, 0.3)).toBe(0);
  });
});

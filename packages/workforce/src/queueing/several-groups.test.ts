import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { queueFigures } from "./agents-for.ts";
import { predictedWaitS } from "./delay-predictor.ts";
import { dialerCeiling } from "./dialer-ceiling.ts";
import { erlangB } from "./erlang-b.ts";
import { erlangC, erlangCDelay } from "./erlang-c.ts";
import { finiteLines, trunksFor } from "./finite-lines.ts";
import { erlangA } from "./impatient-queue.ts";
import { burstyBlocking, overflowMoments, sharedSecondTier, twoTiers } from "./overflow.ts";
import { pooling } from "./pooling.ts";
import { cMuOrder, orderCost, priorityWaits } from "./priority.ts";
import { betaForDelay, garnettDelay, halfinWhittDelay, squareRootAgents } from "./square-root.ts";

describe("so many lines", () => {
  const queue = { lambdaPerHour: 1800, ahtS: 200, agents: 95, meanPatienceS: 120 };

  test("[WF50] no place to wait is Erlang B; lines without end are Erlang A or C", () => {
    expect(finiteLines({ ...queue, lines: 95 }).pBlock).toBeCloseTo(erlangB(95, 100), 14);
    expect(finiteLines({ ...queue, lines: 5_000 }).pAbandon).toBeCloseTo(erlangA(queue).pAbandon, 12);
    const patient = finiteLines({
      ...queue,
      agents: 105,
      meanPatienceS: null,
      lines: 5_000,
      thresholdsS: [20],
    });
    const c = erlangC({ ...queue, agents: 105, thresholdsS: [20] });
    expect(patient.meanWaitAllS).toBeCloseTo(c.meanWaitAllS, 8);
    expect(patient.within[0]?.serviceLevel.all).toBeCloseTo(c.within[0]?.serviceLevel.all ?? 0, 10);
  });

  test("[WF50] a patient queue above its agents' load stays finite behind its lines", () => {
    const full = finiteLines({
      lambdaPerHour: 7200,
      ahtS: 200,
      agents: 95,
      meanPatienceS: null,
      lines: 10_000,
    });
    expect(full.pBlock).toBeCloseTo(1 - 95 / 400, 9);
    expect(full.occupancy).toBeCloseTo(1, 9);
  });

  test("[WF50] one line fewer would let more callers hear the busy tone", () => {
    const { lines, pBlock } = trunksFor({ ...queue, maxBlocking: 0.01 });
    expect(pBlock).toBeLessThanOrEqual(0.01);
    expect(finiteLines({ ...queue, lines: lines - 1 }).pBlock).toBeGreaterThan(0.01);
    const before = trunksFor({ ...queue, maxBlocking: 0.01, beforeS: 30 });
    expect(before.lines).toBeGreaterThan(lines);
    expect(before.trunkErlang).toBeGreaterThan(100);
  });
});

describe("the square-root rule", () => {
  test("[WF51] its limits are those of Erlang C and A as the centre grows", () => {
    const far = (n: number) =>
      Math.abs(
        erlangCDelay(Math.ceil(n + Math.sqrt(n)), n) -
          halfinWhittDelay((Math.ceil(n + Math.sqrt(n)) - n) / Math.sqrt(n)),
      );
    expect(far(10_000)).toBeLessThan(far(100));
    expect(far(10_000)).toBeLessThan(2e-3);
    const a = erlangA({ lambdaPerHour: 180_000, ahtS: 200, agents: 10_050, meanPatienceS: 400 });
    expect(a.pWait).toBeCloseTo(garnettDelay(0.5, 0.5), 2);
    expect(garnettDelay(0.5, 1e-8)).toBeCloseTo(halfinWhittDelay(0.5), 3);
  });

  test("[WF51] the inverse gives back the delay, with and without hang-ups, also deep in overload", () => {
    for (const delay of [0.001, 0.2, 0.5, 0.9, 0.999]) {
      expect(halfinWhittDelay(betaForDelay(delay))).toBeCloseTo(delay, 9);
      for (const ratio of [0.1, 1, 10])
        expect(garnettDelay(betaForDelay(delay, ratio), ratio)).toBeCloseTo(delay, 9);
    }
    expect(garnettDelay(-30, 0.5)).toBeCloseTo(1, 9);
    expect(garnettDelay(30, 0.5)).toBeLessThan(1e-100);
    expect(squareRootAgents(100, betaForDelay(0.2))).toBe(111);
    expect(() => halfinWhittDelay(0)).toThrow(
      expect.objectContaining({ code: "queueing.bad_input", field: "beta" }),
    );
  });
});

describe("pooling", () => {
  const centre = { lambdaPerHour: 900, ahtS: 200 };
  const targets = { serviceLevel: { share: 0.8, thresholdS: 20 } };

  test("[WF53] merged centres never need more agents, nor serve worse with the same, without a loss", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 5, max: 600, noNaN: true }), { minLength: 2, maxLength: 4 }),
        fc.option(fc.double({ min: 30, max: 600, noNaN: true })),
        (rates, patience) => {
          const merged = pooling({
            centres: rates.map((rate) => ({ lambdaPerHour: rate, ahtS: 200, patience })),
            targets,
          });
          expect(merged.saved).toBeGreaterThanOrEqual(0);
          expect(merged.sameAgents.within[0]?.serviceLevel.all).toBeGreaterThanOrEqual(0.8);
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  test("[WF53] up to the break-even loss of language or skill merging pays, beyond it does not", () => {
    const at = (ahtFactor: number, costFactor = 1) =>
      pooling({ centres: [centre, centre], targets, loss: { ahtFactor, costFactor } });
    const { breakEvenAhtFactor, breakEvenCostFactor, agentsSeparate, together } = at(1);
    expect([agentsSeparate, together.agents]).toEqual([112, 107]);
    expect(breakEvenCostFactor).toBeCloseTo(112 / 107, 12);
    expect(at(breakEvenAhtFactor - 1e-9).together.agents).toBeLessThanOrEqual(112);
    expect(at(breakEvenAhtFactor + 1e-9).together.agents).toBeGreaterThan(112);
    expect(at(1, 1.04).pays).toBe(true);
    expect(at(1, 1.05).pays).toBe(false);
    expect(pooling({ centres: [centre, centre], targets, loss: { fixedAgents: 5.5 } }).pays).toBe(false);
  });

  test("[WF53] callers of different patience mix as they come", () => {
    const centres = [
      { ...centre, patience: 30 },
      { ...centre, lambdaPerHour: 100, patience: 300 },
    ];
    const { sameAgents, agentsSeparate } = pooling({ centres, targets });
    const patience = { dist: "hyperexponential", p: [0.9, 0.1], meansS: [30, 300] } as const;
    expect(sameAgents.pAbandon).toBeCloseTo(
      queueFigures({ lambdaPerHour: 1000, ahtS: 200, patience }, agentsSeparate).pAbandon,
      12,
    );
  });
});

describe("overflow", () => {
  test("[WF54] a second tier hunts on: both lose what one group of their size would", () => {
    const { lostFraction, overflowFraction, primaryOccupancy } = twoTiers({
      primary: 20,
      secondary: 5,
      offeredErlang: 20,
    });
    expect(lostFraction).toBe(erlangB(25, 20));
    expect(primaryOccupancy).toBeCloseTo(1 - overflowFraction, 12);
  });

  test("[WF54] fresh traffic has peakedness 1, overflow more; the loss of one group's overflow is exact", () => {
    expect(overflowMoments(1e-9, 8).peakedness).toBeCloseTo(1, 6);
    expect(overflowMoments(10, 8).peakedness).toBeGreaterThan(2);
    expect(burstyBlocking(12, { meanErlang: 8, peakedness: 1 })).toBe(erlangB(12, 8));
    // Exact for one first tier: what 10 and 6 agents lose of 8 erlang, over what 10 lose.
    const offered = overflowMoments(10, 8);
    expect(burstyBlocking(6, offered)).toBeCloseTo(erlangB(16, 8) / erlangB(10, 8), 9);
    const primaries = [
      { agents: 10, offeredErlang: 8 },
      { agents: 20, offeredErlang: 20 },
    ];
    const shared = sharedSecondTier({ primaries, maxBlocking: 0.05 });
    expect(shared.blocking).toBeLessThanOrEqual(0.05);
    expect(burstyBlocking(shared.agents - 1, shared.offered)).toBeGreaterThan(0.05);
  });
});

describe("ranks and costs", () => {
  test("[WF55] ranking moves waits between classes and leaves their sum by load as it was", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 150, noNaN: true }), { minLength: 1, maxLength: 4 }),
        (rates) => {
          const waits = priorityWaits({ lambdaPerHour: rates, ahtS: 200, agents: 35 });
          const total = rates.reduce((sum, rate) => sum + rate, 0);
          const mean = rates.reduce((sum, rate, i) => sum + (rate / total) * (waits[i] ?? 0), 0);
          const { meanWaitAllS } = erlangC({ lambdaPerHour: total, ahtS: 200, agents: 35 });
          expect(Math.abs(mean - meanWaitAllS)).toBeLessThan(1e-9 * meanWaitAllS);
          expect([...waits].sort((a, b) => a - b)).toEqual(waits);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  test("[WF55] no order of service costs less than cost times rate, falling", () => {
    const classes = { lambda: [0.2, 0.15, 0.1], mu: [1, 0.6, 0.8], holdingCost: [1, 2, 1.2] };
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    expect(orderCost(classes, cMuOrder(classes))).toBe(
      Math.min(...orders.map((order) => orderCost(classes, order))),
    );
    expect(() => orderCost(classes, [0, 0, 1])).toThrow(expect.objectContaining({ field: "order" }));
  });
});

describe("promises and ceilings", () => {
  test("[WF59] who waits behind callers that hang up is served sooner, and each place adds to the wait", () => {
    const wait = (queueAhead: number, meanPatienceS: number | null) =>
      predictedWaitS({ agents: 50, ahtS: 180, meanPatienceS, queueAhead });
    expect(wait(0, 120)).toBe(wait(0, null));
    for (let ahead = 1; ahead < 20; ahead++) {
      expect(wait(ahead, 120)).toBeLessThan(wait(ahead, null));
      expect(wait(ahead, 120)).toBeGreaterThan(wait(ahead - 1, 120));
    }
  });

  test("[WF59] blind dialling keeps larger groups busier, and a grace helps", () => {
    const at = (agents: number, graceS: number) =>
      dialerCeiling({ agents, maxAbandon: 0.03, graceS, ahtS: 120 }).occupancy;
    expect(at(50, 0)).toBeGreaterThan(at(10, 0));
    expect(at(10, 2)).toBeGreaterThan(at(10, 0));
    expect(at(10, 1e-4)).toBeCloseTo(at(10, 0), 5);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agentsFor,
  headcountOf,
  type QueueDemand,
  queueFigures,
  type StaffingTargets,
} from "./agents-for.ts";
import { tradeOffCurve } from "./trade-off-curve.ts";

const DEMAND: QueueDemand = { lambdaPerHour: 1800, ahtS: 200, patience: 120 };
const LEVEL = { serviceLevel: { share: 0.8, thresholdS: 20 } };

describe("agents for targets", () => {
  test("[WF47] one agent fewer would miss the target", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 20_000, noNaN: true }),
        fc.double({ min: 20, max: 900, noNaN: true }),
        fc.option(fc.double({ min: 10, max: 1_000, noNaN: true })),
        fc.double({ min: 0.3, max: 0.99, noNaN: true }),
        fc.constantFrom("all", "served", "abandonsOut", "abandonsIn"),
        (lambdaPerHour, ahtS, patience, share, basis) => {
          const demand = { lambdaPerHour, ahtS, patience };
          const { agents, figures } = agentsFor(demand, { serviceLevel: { share, thresholdS: 20, basis } });
          expect(figures.within[0]?.serviceLevel[basis]).toBeGreaterThanOrEqual(share);
          if (agents === 1 || (patience === null && agents - 1 <= figures.offeredErlang)) return;
          const fewer = queueFigures(demand, agents - 1, [20]);
          expect(fewer.within[0]?.serviceLevel[basis]).toBeLessThan(share);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  test.each<[StaffingTargets, number, string]>([
    [LEVEL, 97, "serviceLevel"],
    [{ maxAbandon: 0.03 }, 104, "maxAbandon"],
    [{ ...LEVEL, maxAbandon: 0.03 }, 104, "maxAbandon"],
    [{ ...LEVEL, maxOccupancy: 0.85 }, 118, "maxOccupancy"],
    [{ ...LEVEL, maxMeanWaitS: 30 }, 97, "serviceLevel"],
    [{ maxPWait: 0.2 }, 109, "maxPWait"],
  ])(
    "[WF47] several targets hold together, and the answer says which decided: %o",
    (targets, agents, decidedBy) => {
      expect(agentsFor(DEMAND, targets)).toMatchObject({ agents, decidedBy });
    },
  );

  test("[WF47] shrinkage gives the people to employ, nobody more for rounding", () => {
    expect(agentsFor(DEMAND, LEVEL, { shrinkage: 0.3 })).toMatchObject({ agents: 97, headcount: 139 });
    expect(headcountOf(7, 0.3)).toBe(10);
    expect(headcountOf(0, 0.3)).toBe(0);
  });

  test("[WF47] where nobody calls, nobody is needed", () => {
    expect(agentsFor({ lambdaPerHour: 0, ahtS: 200 }, LEVEL)).toMatchObject({ agents: 0, headcount: 0 });
  });

  test("[WF47] with a limit of lines the agents are no more than the lines, or the target is out of reach", () => {
    const lines = { ...DEMAND, lines: 110 };
    expect(agentsFor(lines, { ...LEVEL, maxBlocking: 0.02 }).agents).toBeLessThanOrEqual(110);
    expect(() => agentsFor({ ...DEMAND, lines: 60 }, { maxBlocking: 0.02 })).toThrow(
      expect.objectContaining({ code: "queueing.unreachable", field: "maxBlocking" }),
    );
  });

  test.each<[string, () => unknown, string]>([
    ["no target", () => agentsFor(DEMAND, {}), "targets"],
    [
      "all of them",
      () => agentsFor(DEMAND, { serviceLevel: { share: 1, thresholdS: 20 } }),
      "serviceLevel.share",
    ],
    ["blocking without lines", () => agentsFor(DEMAND, { maxBlocking: 0.01 }), "maxBlocking"],
    ["everybody away", () => agentsFor(DEMAND, LEVEL, { shrinkage: 1 }), "shrinkage"],
  ])("[WF42] %s is refused by the field", (_, ask, field) => {
    expect(ask).toThrow(expect.objectContaining({ code: "queueing.bad_input", field }));
  });
});

describe("quality against efficiency", () => {
  const costs = { perAgentHour: 25, perWaitingHour: 30, perAbandoned: 10 };

  test("[WF52] quality rises and occupancy falls along the curve, both ends are there", () => {
    const { points } = tradeOffCurve({ demand: DEMAND, thresholdsS: [20], fromAgents: 80, toAgents: 130 });
    expect(points.map(({ agents }) => agents)).toEqual(Array.from({ length: 51 }, (_, i) => 80 + i));
    for (const [i, { figures, beta, agents }] of points.entries()) {
      expect(beta).toBeCloseTo((agents - 100) / 10, 12);
      const before = points[i - 1]?.figures;
      if (before === undefined) continue;
      expect(figures.within[0]?.serviceLevel.all).toBeGreaterThan(before.within[0]?.serviceLevel.all ?? 1);
      expect(figures.occupancy).toBeLessThan(before.occupancy);
    }
  });

  test("[WF52] the cheapest point costs least, and callers who cost more want more agents", () => {
    const dear = tradeOffCurve({ demand: DEMAND, costs: { ...costs, perAbandoned: 50 } });
    const { points, cheapest } = tradeOffCurve({ demand: DEMAND, costs });
    expect(cheapest?.cost?.total).toBe(Math.min(...points.map(({ cost }) => cost?.total ?? 0)));
    expect(dear.cheapest?.agents).toBeGreaterThan(cheapest?.agents ?? 0);
  });

  test("[WF52] a large centre is drawn with at most 200 points, from where patient callers are stable", () => {
    const { points } = tradeOffCurve({ demand: { lambdaPerHour: 1.8e6, ahtS: 200 } });
    expect(points.length).toBeLessThanOrEqual(200);
    expect(points[0]?.agents).toBe(100_001);
    expect(points.at(-1)?.agents).toBe(101_265);
  });
});

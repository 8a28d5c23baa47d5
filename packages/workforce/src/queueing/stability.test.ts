import { describe, expect, test } from "vitest";
import { agentsFor, queueFigures } from "./agents-for.ts";
import { crossSelling } from "./cross-selling.ts";
import { erlangC, erlangCWaitQuantile } from "./erlang-c.ts";
import { impatientQueue } from "./impatient-queue.ts";
import { nModel } from "./n-model.ts";
import { orderCost, priorityWaits } from "./priority.ts";
import { tradeOffCurve } from "./trade-off-curve.ts";
import { vModel } from "./v-model.ts";

const FULL = { lambdaPerHour: 1800, ahtS: 200, agents: 100 };
const NEVER = { dist: "empirical", points: [{ atS: 30, survival: 0.5 }], tailMeanS: 31_536_000 } as const;

describe("a queue that grows without end", () => {
  test.each([
    ["Erlang C at full load", () => erlangC(FULL)],
    ["its quantile", () => erlangCWaitQuantile(FULL, 0.9)],
    ["Erlang C above it", () => queueFigures(FULL, 90)],
    ["a curve that begins too low", () => tradeOffCurve({ demand: FULL, fromAgents: 90, toAgents: 120 })],
    ["ranked classes", () => priorityWaits({ lambdaPerHour: [900, 900], ahtS: 200, agents: 100 })],
    ["one server", () => orderCost({ lambda: [0.5, 0.5], mu: [1, 1], holdingCost: [1, 1] }, [0, 1])],
    [
      "two patient classes",
      () =>
        vModel({ lambda1: 1, lambda2: 1, mu: 1, theta: 0, agents: 2, policy: { kind: "static_priority" } }),
    ],
    [
      "patient callers of generalists",
      () => nModel({ lambda1: 0, lambda2: 2, mu: 1, theta1: 1, theta2: 0, agentsA: 9, agentsB: 2 }),
    ],
    [
      "patient callers of specialists",
      () => nModel({ lambda1: 3, lambda2: 1, mu: 1, theta1: 0, theta2: 0, agentsA: 2, agentsB: 2 }),
    ],
    [
      "first talks alone",
      () =>
        crossSelling({ lambda: 2, muService: 1, muCross: 2, agents: 2, thresholdInSystem: 0, pCandidate: 0 }),
    ],
  ])("[WF41] %s: refused as unstable, with no number", (_, ask) => {
    expect(ask).toThrow(
      expect.objectContaining({ code: "queueing.unstable", field: "agents", httpStatus: 422 }),
    );
  });

  test("[WF41] who hangs up sooner or later keeps any queue stable, however late", () => {
    const { meanWaitAllS } = impatientQueue({ ...FULL, lambdaPerHour: 2700, patience: NEVER });
    expect(meanWaitAllS).toBeGreaterThan(15);
    expect(agentsFor({ lambdaPerHour: 1800, ahtS: 200 }, { maxPWait: 0.99 }).agents).toBeGreaterThan(100);
  });
});

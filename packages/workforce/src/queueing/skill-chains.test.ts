import { describe, expect, test } from "vitest";
import { crossSelling } from "./cross-selling.ts";
import { erlangC } from "./erlang-c.ts";
import { erlangA } from "./impatient-queue.ts";
import { nModel } from "./n-model.ts";
import { priorityWaits } from "./priority.ts";
import { stationary } from "./stationary-chain.ts";
import { type VModelPolicy, vModel } from "./v-model.ts";

describe("chains of skills", () => {
  test("[WF56] a chain's stationary chances are those of the textbook: births and deaths", () => {
    const chances: number[] = [];
    stationary<number>(
      {
        start: 0,
        key: (n) => n,
        moves: (n, move) => {
          if (n < 400) move(n + 1, 3);
          if (n > 0) move(n - 1, n);
        },
      },
      (n, chance) => {
        chances[n] = chance;
      },
    );
    expect(chances[0]).toBeCloseTo(Math.exp(-3), 14);
    expect(chances[5]).toBeCloseTo((Math.exp(-3) * 243) / 120, 14);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 14);
  });

  const POLICIES: readonly VModelPolicy[] = [
    { kind: "static_priority" },
    { kind: "fixed_queue_ratio", share1: 0.7 },
    { kind: "quadratic_cost", cost1: 1, cost2: 5 },
  ];
  test.each(POLICIES)("[WF56] $kind leaves the whole queue as Erlang A has it", (policy) => {
    const input = { lambda1: 4, lambda2: 7, mu: 1, theta: 0.4, agents: 10, policy };
    const whole = erlangA({ lambdaPerHour: 11, ahtS: 3600, agents: 10, meanPatienceS: 9000 });
    const { pWait, meanQueue1, meanQueue2 } = vModel(input);
    expect(pWait).toBeCloseTo(whole.pWait, 10);
    expect(meanQueue1 + meanQueue2).toBeCloseTo(whole.meanQueue, 10);
  });

  test("[WF56] patient classes ranked on the chain wait as Cobham says", () => {
    const policy: VModelPolicy = { kind: "static_priority" };
    const { meanQueue1, meanQueue2 } = vModel({ lambda1: 2, lambda2: 1, mu: 1, theta: 0, agents: 5, policy });
    const [first = 0, second = 0] = priorityWaits({ lambdaPerHour: [2, 1], ahtS: 3600, agents: 5 });
    expect(meanQueue1).toBeCloseTo((2 * first) / 3600, 9);
    expect(meanQueue2).toBeCloseTo(second / 3600, 9);
  });

  test("[WF56] an N-model without the other class is one group", () => {
    const rest = { mu: 1, theta1: 0.5, theta2: 0.5, agentsA: 4, agentsB: 5 };
    const only1 = nModel({ ...rest, lambda1: 9, lambda2: 0 });
    const only2 = nModel({ ...rest, lambda1: 0, lambda2: 6 });
    expect(only1.pAbandon1).toBeCloseTo(
      erlangA({ lambdaPerHour: 9, ahtS: 3600, agents: 9, meanPatienceS: 7200 }).pAbandon,
      10,
    );
    expect(only2.meanQueue2).toBeCloseTo(
      erlangA({ lambdaPerHour: 6, ahtS: 3600, agents: 5, meanPatienceS: 7200 }).meanQueue,
      10,
    );
  });

  test("[WF56] who never sells is Erlang C; a higher threshold sells more and lets callers wait longer", () => {
    const input = { lambda: 8, muService: 1, muCross: 2, agents: 12, pCandidate: 0.6 };
    const c = erlangC({ lambdaPerHour: 8, ahtS: 3600, agents: 12 });
    expect(crossSelling({ ...input, thresholdInSystem: 0 }).meanQueue).toBeCloseTo(c.meanQueue, 10);
    const [low, high] = [
      crossSelling({ ...input, thresholdInSystem: 8 }),
      crossSelling({ ...input, thresholdInSystem: 12 }),
    ];
    expect(high.crossSellRate).toBeGreaterThan(low.crossSellRate);
    expect(high.meanWait).toBeGreaterThan(low.meanWait);
    expect(low.occupancy).toBeCloseTo((8 + low.crossSellRate / 2) / 12, 10);
  });

  test("[WF56] a floor too large for exact numerics is refused by saying so", () => {
    expect(() =>
      nModel({ lambda1: 900, lambda2: 900, mu: 1, theta1: 0.1, theta2: 0.1, agentsA: 900, agentsB: 900 }),
    ).toThrow(
      expect.objectContaining({
        code: "queueing.bad_input",
        field: "agents",
        message: expect.stringContaining("simulate"),
      }),
    );
  });
});

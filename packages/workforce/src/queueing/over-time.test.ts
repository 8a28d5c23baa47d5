import { describe, expect, test } from "vitest";
import { erlangA } from "./impatient-queue.ts";
import { periodicOfferedLoad, poissonAtLeast, staffPeriodicLoad } from "./offered-load.ts";
import { timeVaryingQueue } from "./time-varying-queue.ts";
import { transientDay } from "./transient-day.ts";

const QUEUE = { lambdaPerHour: 252, ahtS: 120, agents: 9, meanPatienceS: 90 };

describe("queues over time", () => {
  test("[WF57] a steady rate comes to Erlang A and stays there", () => {
    const steady = erlangA(QUEUE);
    const [start, later] = timeVaryingQueue({
      ...QUEUE,
      lambdaPerHourAt: () => 252,
      staff: [{ fromS: 0, agents: 9 }],
      atS: [0, 3600],
    });
    expect(start).toEqual({ tS: 0, pDelay: 0, meanQueue: 0, meanInSystem: 0 });
    expect(later?.pDelay).toBeCloseTo(steady.pWait, 7);
    expect(later?.meanQueue).toBeCloseTo(steady.meanQueue, 6);
  });

  test("[WF57] with patience as long as handling the number present is Poisson at every instant", () => {
    const rate = { mean: 20, swing: 8, frequency: 0.5, mu: 1 };
    const moments = timeVaryingQueue({
      lambdaPerHourAt: (tS) => 20 + 8 * Math.sin(0.5 * (tS / 3600)),
      ahtS: 3600,
      meanPatienceS: 3600,
      staff: [
        { fromS: 0, agents: 22 },
        { fromS: 72_000, agents: 25 },
      ],
      atS: [64_800, 80_000],
    });
    // Twenty handling times after the start nothing of the empty beginning is left.
    for (const [i, agents] of [22, 25].entries()) {
      const moment = moments[i];
      const load = periodicOfferedLoad(rate, (moment?.tS ?? 0) / 3600);
      expect(moment?.meanInSystem).toBeCloseTo(load, 5);
      expect(moment?.pDelay).toBeCloseTo(poissonAtLeast(agents, load), 6);
    }
  });

  test("[WF57] the load lags behind the rate, and a slow swing is followed at once", () => {
    const slow = { mean: 100, swing: 20, frequency: 1e-4, mu: 1 };
    expect(periodicOfferedLoad(slow, Math.PI / 2e-4)).toBeCloseTo(120, 2);
    const fast = { ...slow, frequency: 1 };
    expect(periodicOfferedLoad(fast, Math.PI / 2)).toBeCloseTo(110, 9);
    expect(staffPeriodicLoad(fast, 1, 0.1).agents).toBe(117);
  });

  test("[WF57] a long day's means are the stationary ones, its counts add up", () => {
    const steady = erlangA({ ...QUEUE, thresholdsS: [20] });
    const day = transientDay({ ...QUEUE, dayS: 5 * 86_400, thresholdS: 20 });
    expect(day.serviceLevel).toBeCloseTo(steady.within[0]?.serviceLevel.all ?? 0, 3);
    expect(day.abandoned / day.arrivals).toBeCloseTo(steady.pAbandon, 3);
    expect(day.occupancy).toBeCloseTo(steady.occupancy, 3);
    const none = transientDay({
      ...QUEUE,
      meanPatienceS: null,
      queueCapacity: 0,
      dayS: 28_800,
      thresholdS: 20,
    });
    expect(none.inTarget + none.blocked).toBeCloseTo(none.arrivals, 8);
  });

  test("[WF57] a day above its agents' load has an answer, for it ends", () => {
    const day = transientDay({ ...QUEUE, agents: 7, meanPatienceS: null, dayS: 7_200, thresholdS: 20 });
    expect(day.serviceLevel).toBeLessThan(0.2);
    expect(day.meanWaitS).toBeGreaterThan(300);
  });

  test("[WF57] a day or a queue too large for exact numerics is refused by saying so", () => {
    const tooLarge = expect.objectContaining({
      code: "queueing.bad_input",
      message: expect.stringContaining("too large to solve exactly"),
    });
    const large = { ...QUEUE, lambdaPerHour: 1e8, agents: 1_000_000 };
    expect(() => transientDay({ ...large, dayS: 28_800, thresholdS: 20 })).toThrow(tooLarge);
    const staff = [{ fromS: 0, agents: 1_000_000 }];
    expect(() => timeVaryingQueue({ ...large, lambdaPerHourAt: () => 1e8, staff, atS: [28_800] })).toThrow(
      tooLarge,
    );
  });

  test.each([
    [{ staff: [{ fromS: 60, agents: 9 }] }, "staff"],
    [
      {
        staff: [
          { fromS: 0, agents: 9 },
          { fromS: 0, agents: 8 },
        ],
      },
      "staff[1].fromS",
    ],
    [{ lambdaPerHourAt: () => -5 }, "lambdaPerHourAt"],
    [{ atS: [60, 30] }, "atS[1]"],
  ])("[WF42] a queue over time refuses %o", (wrong, field) => {
    const input = {
      ...QUEUE,
      lambdaPerHourAt: () => 252,
      staff: [{ fromS: 0, agents: 9 }],
      atS: [60],
      ...wrong,
    };
    expect(() => timeVaryingQueue(input)).toThrow(
      expect.objectContaining({ code: "queueing.bad_input", field }),
    );
  });
});

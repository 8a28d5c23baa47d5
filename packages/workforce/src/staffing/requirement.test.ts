import { describe, expect, test } from "vitest";
import { agentsFor, erlangA, timeVaryingQueue } from "../queueing/index.ts";
import { type IntervalDemand, OfferedLoad } from "./offered-load.ts";
import { requirement } from "./requirement.ts";

const MIN = 60_000;
const QUARTER = 15 * MIN;
const TARGET = { serviceLevel: { share: 0.8, thresholdS: 20 } };

/** Flat, a peak of an hour, flat again. */
const PEAK: IntervalDemand = {
  from: 0,
  intervalMs: QUARTER,
  arrivals: [...Array(8).fill(40), ...Array(4).fill(120), ...Array(8).fill(40)],
  handling: { kind: "exponential", meanMs: 10 * MIN },
  before: "steady",
};

describe("the requirement of intervals", () => {
  test("[WF63] of a steady stream is that of the stationary queue", () => {
    const steady = { ...PEAK, arrivals: Array(8).fill(50) };
    const needs = requirement({ demand: steady, targets: TARGET, patience: 120 });
    const { agents } = agentsFor({ lambdaPerHour: 200, ahtS: 600, patience: 120 }, TARGET);
    expect(needs.slice(0, 8).map((need) => need.agents)).toEqual(Array(8).fill(agents));
    expect(needs[3]).toMatchObject({ at: 3 * QUARTER, arrivals: 50, decidedBy: "serviceLevel" });
    expect(needs[3]?.figures?.within[0]?.serviceLevel.all).toBeGreaterThanOrEqual(0.8);
  });

  test("[WF64] after a peak more are needed than interval by interval is thought, at its beginning fewer", () => {
    const byLoad = requirement({ demand: PEAK, targets: TARGET, patience: 120 });
    const byInterval = requirement({ demand: PEAK, targets: TARGET, patience: 120, method: "interval" });
    expect(byLoad[8]?.agents).toBeLessThan(byInterval[8]?.agents ?? 0);
    expect(byLoad[12]?.agents).toBeGreaterThan((byInterval[12]?.agents ?? 0) + 10);
    // what other tools would plan there, under the load that there is
    const short = erlangA({
      lambdaPerHour: (byLoad[12]?.loadErlang ?? 0) * 6,
      ahtS: 600,
      agents: byInterval[12]?.agents ?? 0,
      meanPatienceS: 120,
      thresholdsS: [20],
    });
    expect(short.within[0]?.serviceLevel.all).toBeLessThan(0.4);
  });

  test("[WF64] followed exactly over time, staff by interval is short after every peak; staff by load is as wanted", () => {
    const swing = {
      ...PEAK,
      arrivals: Array.from({ length: 32 }, (_, i) => 30 + 18 * Math.sin((Math.PI * i) / 8)),
    };
    const worst = (method: "offered_load" | "interval"): number => {
      const demand = { ...swing, handling: { kind: "exponential", meanMs: 20 * MIN } } as const;
      const needs = requirement({ demand, targets: { maxPWait: 0.2 }, patience: 300, method });
      const looks = timeVaryingQueue({
        lambdaPerHourAt: (tS) => 4 * (swing.arrivals[Math.floor(tS / 900)] ?? 0),
        ahtS: 1200,
        meanPatienceS: 300,
        staff: needs.map(({ at, agents }) => ({ fromS: at / 1000, agents })),
        atS: Array.from({ length: 32 * 3 }, (_, i) => 300 * i + 150),
      });
      const means = swing.arrivals.map(
        (_, i) => looks.slice(3 * i, 3 * i + 3).reduce((sum, { pDelay }) => sum + pDelay, 0) / 3,
      );
      return Math.max(...means.slice(4));
    };
    expect(worst("offered_load")).toBeLessThan(0.25);
    expect(worst("interval")).toBeGreaterThan(0.6);
  });

  test("[WF65] after closing so many stay as those who came still need; then nobody", () => {
    const needs = requirement({ demand: PEAK, targets: TARGET, patience: 120 });
    const tail = needs.slice(20);
    expect(tail.length).toBeGreaterThanOrEqual(3);
    expect(tail[0]).toMatchObject({ at: 20 * QUARTER, arrivals: 0 });
    expect(tail[0]?.agents).toBeGreaterThan(5);
    const agents = tail.map((need) => need.agents);
    expect(agents).toEqual(agents.toSorted((a, b) => b - a));
    expect(requirement({ demand: PEAK, targets: TARGET, method: "interval" })).toHaveLength(20);
  });

  test("[WF65] opening with nobody there needs fewer at first than a day that never closed", () => {
    const cold = requirement({ demand: { ...PEAK, before: "closed" }, targets: TARGET });
    const warm = requirement({ demand: PEAK, targets: TARGET });
    expect(cold[0]?.agents).toBeLessThan(warm[0]?.agents ?? 0);
    expect(cold[7]?.agents).toBe(warm[7]?.agents);
    const door = requirement({
      demand: { ...PEAK, before: "closed", waitingAtOpening: 60 },
      targets: TARGET,
    });
    expect(door[0]?.agents).toBeGreaterThan(warm[0]?.agents ?? 0);
  });

  test("[WF63] the least, those who are away, and several chats at once are reckoned in", () => {
    const chat = { ...PEAK, before: "closed" as const, arrivals: [40, 40, 0, 1] };
    const plain = requirement({ demand: chat, targets: TARGET });
    const three = requirement({ demand: chat, targets: TARGET, concurrency: 3, atLeast: 2, shrinkage: 0.3 });
    expect(three[1]?.agents).toBe(Math.ceil((plain[1]?.agents ?? 0) / 3));
    expect(three[1]?.headcount).toBe(Math.ceil((three[1]?.agents ?? 0) / 0.7));
    expect(three[3]?.agents).toBeGreaterThanOrEqual(2);
    const one = requirement({
      demand: { ...chat, arrivals: [0, 0, 1] },
      targets: TARGET,
      concurrency: 3,
      atLeast: 2,
    });
    expect(one[2]).toMatchObject({ agents: 2, decidedBy: "atLeast" });
    expect(requirement({ demand: { ...chat, arrivals: [0, 0] }, targets: TARGET, atLeast: 2 })).toMatchObject(
      [{ agents: 0, decidedBy: null, figures: null }, { agents: 0 }],
    );
  });

  test("[WF63] where nobody hangs up there are more agents than load at every look, whatever the target", () => {
    const opening = { ...PEAK, before: "closed" as const, arrivals: [100, 100] };
    for (const targets of [{ maxOccupancy: 0.95 }, { maxMeanWaitS: 300 }, { maxPWait: 0.9 }]) {
      const load = new OfferedLoad(opening);
      requirement({ demand: opening, targets }).forEach(({ at, agents, figures }) => {
        expect(agents).toBeGreaterThan(load.at(at + (5 / 6) * QUARTER) - 1e-9);
        expect(Number.isFinite(figures?.meanWaitAllS)).toBe(true);
      });
    }
  });

  test.each([
    [{ targets: { maxAbandon: 0.03 } }, "maxAbandon"],
    [{ concurrency: 0 }, "concurrency"],
    [{ atLeast: 1.5 }, "atLeast"],
    [{ shrinkage: 1 }, "shrinkage"],
    [{ targets: {} }, "targets"],
  ])("[WF62] what cannot be is refused by name: %j", (wrong, field) => {
    expect(() => requirement({ demand: PEAK, targets: TARGET, ...wrong })).toThrow(
      expect.objectContaining({ field }),
    );
  });
});

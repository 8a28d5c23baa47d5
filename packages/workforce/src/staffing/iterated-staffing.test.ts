import { describe, expect, test } from "vitest";
import { iteratedStaffing } from "./iterated-staffing.ts";
import { type IntervalDemand, OfferedLoad } from "./offered-load.ts";
import { staffedFloor } from "./staffed-floor.ts";

const UNIT = 10 * 60_000;
const STEP = UNIT / 4;

/** 100 + 20 sin t contacts a time unit, each in hand for one on average. */
const SWING: IntervalDemand = {
  from: 0,
  intervalMs: STEP,
  arrivals: Array.from({ length: 40 }, (_, i) => 25 - 20 * (Math.cos((i + 1) / 4) - Math.cos(i / 4))),
  handling: { kind: "exponential", meanMs: UNIT },
  before: "steady",
};

/** Where customers are as patient as talks are long, the number in system is Poisson about the load, whatever the staff. */
function poissonCensus(demand: IntervalDemand) {
  const load = new OfferedLoad(demand);
  return (_: readonly number[], instants: readonly number[]) =>
    instants.map((at) => quantiles(load.at(at), 2_000));
}

function quantiles(mean: number, count: number): number[] {
  const found: number[] = [];
  let n = 0;
  let term = Math.exp(-mean);
  let reached = term;
  for (let i = 0; i < count; i++) {
    while (reached < (i + 0.5) / count) {
      term *= mean / ++n;
      reached += term;
    }
    found.push(n);
  }
  return found;
}

describe("staffing by iterated simulation", () => {
  test("[WF66] lands within one agent of the square-root rule at the offered load, and the delay is as wanted all day", () => {
    const found = iteratedStaffing({ demand: SWING, delayProbability: 0.1, census: poissonCensus(SWING) });
    const load = new OfferedLoad(SWING);
    expect(found.settled).toBe(true);
    found.agents.forEach((agents, index) => {
      const m = load.at((index + 0.5) * STEP);
      expect(Math.abs(agents - Math.ceil(m + 1.28155 * Math.sqrt(m)))).toBeLessThanOrEqual(1);
    });
    expect(Math.max(...found.delayProbability)).toBeLessThanOrEqual(0.1);
    expect(Math.min(...found.delayProbability)).toBeGreaterThan(0.06);
  });

  test("[WF66] an iteration that never rests ends and says so", () => {
    let turn = 0;
    const found = iteratedStaffing({
      demand: SWING,
      delayProbability: 0.1,
      census: (_, instants) => instants.map(() => [turn++ % 240 < 120 ? 10 : 90]),
      maxIterations: 4,
    });
    expect(found).toMatchObject({ iterations: 4, settled: false });
  });

  test("[WF66] a share that is none is refused", () => {
    expect(() =>
      iteratedStaffing({ demand: SWING, delayProbability: 0, census: poissonCensus(SWING) }),
    ).toThrow(expect.objectContaining({ field: "delayProbability" }));
  });
});

test("[WF67] the floor of a profile has as many agents on duty as it says, and the arrivals of the demand", () => {
  const agents = [2, 3, 3, 1, 0, 2];
  const { shifts, arrivals, from, to } = staffedFloor({
    demand: { ...SWING, arrivals: [4, 5, 6, 3, 0, 1] },
    agents,
    patience: { kind: "never" },
  });
  agents.forEach((count, index) => {
    const at = (index + 0.5) * STEP;
    expect(shifts.filter((shift) => shift.from <= at && at < (shift.to ?? 0))).toHaveLength(count);
  });
  expect([from, to]).toEqual([0, 6 * STEP]);
  expect(arrivals).toHaveLength(1);
  expect(arrivals[0]).toMatchObject({ rates: expect.arrayContaining([{ from: STEP, perHour: 120 }]) });
});

import { describe, expect, test } from "vitest";
import { Coverage } from "./testing/coverage.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { firstDifference, tellDifference } from "./testing/play-day.ts";
import { randomDay } from "./testing/random-day.ts";

const FOR_MS = 40_000; // beside the other tests; new seeds with SVARA_FLOOR_SEED
const FIRST_SEED = Number(process.env.SVARA_FLOOR_SEED ?? 20_260_000);

describe("many random floors", () => {
  test("[RT5] [RT6] [RT7] [RT60] [RT80] a naive router decides the same on every floor, and nothing is lost on any", () => {
    const coverage = new Coverage();
    const until = performance.now() + FOR_MS;
    let days = 0;
    for (let seed = FIRST_SEED; days < 50 || (performance.now() < until && days < 1000); seed++, days++) {
      const day = randomDay(seed, 400);
      const difference = firstDifference(day, (decisions) => coverage.add(decisions));
      expect(difference && `seed ${seed}\n${tellDifference(day)}`).toBe(null);
      checkInvariants(day.inputs);
    }
    expect(coverage.missing()).toEqual([]);
    console.info(`${coverage.decisions} decisions of ${days} days compared`);
  });
});

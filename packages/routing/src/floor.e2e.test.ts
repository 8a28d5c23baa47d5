import { describe, expect, test } from "vitest";
import { Coverage } from "./testing/coverage.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { firstDifference, tellDifference } from "./testing/play-day.ts";
import { randomDay } from "./testing/random-day.ts";

const FIRST_SEED = 20_260_000;
const DAYS = 100;

describe("many random floors", () => {
  test("[RT5] [RT6] [RT7] [RT60] [RT80] a naive router decides the same on every floor, and nothing is lost on any", () => {
    const coverage = new Coverage();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + DAYS; seed++) {
      const day = randomDay(seed, 400);
      const difference = firstDifference(day, (decisions) => coverage.add(decisions));
      expect(difference && `seed ${seed}\n${tellDifference(day)}`).toBe(null);
      checkInvariants(day.inputs);
    }
    expect(coverage.missing()).toEqual([]);
    console.info(`${coverage.decisions} decisions of ${DAYS} days compared`);
  });
});

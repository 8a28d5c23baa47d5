import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { survivalAt } from "../distribution.ts";
import { fitPatience, type ObservedWait } from "./patience-fit.ts";

describe("patience from waits that mostly ended otherwise", () => {
  test("[WF22] the curve is that of Kaplan and Meier, hang-ups before censorings at ties", () => {
    const few: ObservedWait[] = [
      { waitMs: 6, gaveUp: true },
      { waitMs: 6, gaveUp: true },
      { waitMs: 6, gaveUp: true },
      { waitMs: 6, gaveUp: false },
      { waitMs: 7, gaveUp: true },
      { waitMs: 9, gaveUp: false },
      { waitMs: 10, gaveUp: true },
      { waitMs: 10, gaveUp: false },
      { waitMs: 11, gaveUp: false },
      { waitMs: 13, gaveUp: true },
      { waitMs: 16, gaveUp: true },
      { waitMs: 17, gaveUp: false },
      { waitMs: 19, gaveUp: false },
      { waitMs: 20, gaveUp: false },
      { waitMs: 22, gaveUp: true },
      { waitMs: 23, gaveUp: true },
      { waitMs: 25, gaveUp: false },
      { waitMs: 32, gaveUp: false },
      { waitMs: 32, gaveUp: false },
      { waitMs: 34, gaveUp: false },
      { waitMs: 35, gaveUp: false },
    ];
    // the data of Freireich et al. 1963 that every textbook uses, six times over so that there are hang-ups enough
    const { method, curve } = fitPatience(Array.from({ length: 6 }, () => few).flat());
    expect(method).toBe("kaplan_meier");
    expect(curve.atMs).toEqual([6, 7, 10, 13, 16, 22, 23]);
    const printed = [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448];
    expect(curve.survival.map((share) => Math.round(share * 1000) / 1000)).toEqual(printed);
  });

  test("[WF22] the tail is exponential with mean total wait / number who gave up, which finds the true mean", () => {
    const random = new SeededRandom(6);
    const draw = (meanMs: number): number => Math.ceil(-meanMs * Math.log(1 - random.next()));
    const waits = Array.from({ length: 20_000 }, (): ObservedWait => {
      const patience = draw(300_000);
      const offered = draw(60_000);
      return { waitMs: Math.min(patience, offered), gaveUp: patience < offered };
    });
    const fit = fitPatience(waits);
    expect(fit.meanMs).toBeGreaterThan(285_000);
    expect(fit.meanMs).toBeLessThan(315_000);
    expect(survivalAt(fit.curve, 60_000)).toBeCloseTo(Math.exp(-0.2), 1);
    // those who gave up waited a minute at the most: their mean wait says nothing of patience
    const gaveUp = waits.filter((wait) => wait.gaveUp);
    expect(gaveUp.reduce((sum, { waitMs }) => sum + waitMs, 0) / gaveUp.length).toBeLessThan(60_000);
  });

  test("[WF22] few hang-ups give an exponential patience, none give people who do not hang up", () => {
    const served = Array.from({ length: 50 }, (): ObservedWait => ({ waitMs: 20_000, gaveUp: false }));
    const one = fitPatience([...served, { waitMs: 10_000, gaveUp: true }]);
    expect(one).toMatchObject({ method: "exponential", gaveUp: 1, censored: 50, meanMs: 1_010_000 });
    expect(survivalAt(one.curve, 1_010_000)).toBeCloseTo(1 / Math.E, 12);
    const never = fitPatience(served);
    expect(never).toMatchObject({ method: "never", meanMs: null });
    expect(survivalAt(never.curve, 1e9)).toBe(1);
  });
});

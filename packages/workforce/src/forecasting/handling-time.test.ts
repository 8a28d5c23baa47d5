import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { fitHandlingTime, handlingTimeAt } from "./handling-time.ts";

const OPTIONS = { timeZone: "UTC", intervalMs: 3_600_000 } as const;
const monday = Date.parse("2026-03-02T00:00:00Z");
const at = (hour: number, day = 0): number => monday + day * 86_400_000 + hour * 3_600_000;

describe("handling time", () => {
  test("[WF93] mean, deviation and median by hand; what is 0 or beyond the limit is left out", () => {
    const time = fitHandlingTime(
      [0, 5_000, 100_000, 200_000, 300_000, 4_000_000].map((handleMs) => ({ at: at(9), handleMs })),
      OPTIONS,
    );
    expect(time).toMatchObject({
      contacts: 4,
      leftOut: 2,
      meanMs: 151_250,
      medianMs: 150_000,
      shortShare: 0.25,
      lognormal: null,
    });
    expect(time.sdMs).toBeCloseTo(
      Math.sqrt((146_250 ** 2 + 51_250 ** 2 + 48_750 ** 2 + 148_750 ** 2) / 3),
      6,
    );
  });

  test("[WF93] the lognormal law is found where it is true", () => {
    const random = new SeededRandom(2);
    const contacts = Array.from({ length: 20_000 }, () => {
      const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      return { at: at(9), handleMs: 1000 * Math.exp(5 + 0.5 * z) };
    });
    const { lognormal } = fitHandlingTime(contacts, OPTIONS);
    expect(lognormal?.mu).toBeCloseTo(5, 1.5);
    expect(lognormal?.sigma).toBeCloseTo(0.5, 1.5);
    expect(lognormal?.distance).toBeLessThan(0.015);
    expect((lognormal?.meanMs ?? 0) / (1000 * Math.exp(5.125))).toBeCloseTo(1, 1.5);
  });

  test("[WF93] an hour of few contacts is planned with the mean of all, one of many with its own", () => {
    const random = new SeededRandom(9);
    const draw = (mean: number): number => -mean * Math.log(1 - random.next());
    const contacts = [
      ...Array.from({ length: 3_000 }, () => ({ at: at(9), handleMs: draw(150_000) })),
      ...Array.from({ length: 3_000 }, () => ({ at: at(14, 1), handleMs: draw(250_000) })),
      { at: at(22), handleMs: 20_000 },
    ];
    const time = fitHandlingTime(contacts, OPTIONS);
    const [nine, two, night] = time.byTime;
    expect([nine?.from, two?.from, night?.from]).toEqual(["09:00", "14:00", "22:00"]);
    expect(Math.abs((nine?.meanMs ?? 0) - (nine?.seenMs ?? 0))).toBeLessThan(2_000);
    expect(night?.seenMs).toBe(20_000);
    expect(night?.meanMs).toBeGreaterThan(160_000);
    expect(handlingTimeAt(time, "UTC", at(14, 1))).toBeGreaterThan(handlingTimeAt(time, "UTC", at(9)));
    expect(time.byWeekday[4]).toEqual({ contacts: 0, seenMs: null, meanMs: time.meanMs });
  });

  test("[WF93] what is no handling time is refused by name", () => {
    const field = (contact: { at: number; handleMs: number }): unknown => {
      try {
        fitHandlingTime([contact], OPTIONS);
      } catch (error) {
        return (error as { field?: string }).field;
      }
      return undefined;
    };
    expect(field({ at: at(9), handleMs: -1 })).toBe("contacts.0.handleMs");
    expect(field({ at: Number.NaN, handleMs: 1 })).toBe("contacts.0.at");
    expect(field({ at: at(9), handleMs: 0 })).toBe("contacts");
  });
});

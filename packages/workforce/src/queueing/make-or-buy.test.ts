import { describe, expect, test } from "vitest";
import { agentsFor } from "./agents-for.ts";
import { type MakeOrBuyInput, makeOrBuy } from "./make-or-buy.ts";

const INPUT: MakeOrBuyInput = {
  hours: [
    { hoursPerMonth: 44, lambdaPerHour: 300 },
    { hoursPerMonth: 180, lambdaPerHour: 120 },
  ],
  ahtS: 240,
  patience: 120,
  targets: { serviceLevel: { share: 0.8, thresholdS: 20 } },
  own: {
    setupMinor: 8_000_000,
    seatMinor: 250_000,
    fixedPerMonthMinor: 1_500_000,
    wagePerHourMinor: 2_200,
    shrinkage: 0.3,
    hoursPerPerson: 160,
  },
  outsourcer: { perMinuteMinor: 95 },
};

describe("make or buy", () => {
  test("[WF58] 36 months: money spent so far is what the months cost, and the break-even month is the first that stays", () => {
    const { months, breakEvenMonth, cheaper, savedMinor } = makeOrBuy(INPUT);
    expect(months.map(({ month }) => month)).toEqual(Array.from({ length: 37 }, (_, i) => i));
    const total = months.reduce((sum, { ownMinor }) => sum + ownMinor, 0);
    expect(months[36]?.ownSoFarMinor).toBe(total);
    expect(cheaper).toBe("own");
    expect(savedMinor).toBe((months[36]?.boughtSoFarMinor ?? 0) - total);
    const isAhead = months.map(({ ownSoFarMinor, boughtSoFarMinor }) => ownSoFarMinor <= boughtSoFarMinor);
    expect(isAhead.indexOf(true)).toBe(breakEvenMonth);
    expect(isAhead.slice(breakEvenMonth ?? 0)).not.toContain(false);
  });

  test("[WF58] wages, seats and people follow from the agents that the service needs", () => {
    const busy = agentsFor({ lambdaPerHour: 300, ahtS: 240, patience: 120 }, INPUT.targets).agents;
    const quiet = agentsFor({ lambdaPerHour: 120, ahtS: 240, patience: 120 }, INPUT.targets).agents;
    const hours = 44 * busy + 180 * quiet;
    const [start, first] = makeOrBuy(INPUT).months;
    expect(start).toMatchObject({ agentsAtPeak: busy, ownMinor: 8_000_000 + 250_000 * busy, boughtMinor: 0 });
    expect(first?.people).toBe(Math.ceil(hours / 160 / 0.7));
    expect(first?.ownMinor).toBe(Math.round(1_500_000 + (2_200 * hours) / 0.7));
  });

  test("[WF58] below the break-even size buying is cheaper, above it the own centre", () => {
    const { breakEvenVolume, breakEvenAgents } = makeOrBuy(INPUT);
    const at = (factor: number) =>
      makeOrBuy({
        ...INPUT,
        hours: INPUT.hours.map((kind) => ({ ...kind, lambdaPerHour: factor * kind.lambdaPerHour })),
      }).cheaper;
    expect(at(0.9 * (breakEvenVolume ?? 0))).toBe("outsourcer");
    expect(at(1.1 * (breakEvenVolume ?? 0))).toBe("own");
    expect(breakEvenAgents).toBeGreaterThan(1);
  });

  test("[WF58] money later is worth less; growth buys seats; a minimum is charged; who is always cheaper has no break-even", () => {
    const plain = makeOrBuy(INPUT);
    expect(makeOrBuy({ ...INPUT, discountPerYear: 0.1 }).savedMinor).toBeLessThan(plain.savedMinor);
    const grown = makeOrBuy({ ...INPUT, growthPerMonth: 0.02, months: 12 }).months;
    expect(grown[12]?.agentsAtPeak).toBeGreaterThan(grown[1]?.agentsAtPeak ?? 0);
    const free = makeOrBuy({ ...INPUT, outsourcer: { perMinuteMinor: 1 } });
    expect(free).toMatchObject({
      cheaper: "outsourcer",
      breakEvenMonth: null,
      breakEvenVolume: null,
      breakEvenAgents: null,
    });
    const least = makeOrBuy({ ...INPUT, outsourcer: { perMinuteMinor: 1, minimumPerMonthMinor: 5_000_000 } });
    expect(least.months[1]?.boughtMinor).toBe(5_000_000);
  });

  test.each<[string, Partial<MakeOrBuyInput>, string]>([
    [
      "more hours than a month has",
      { hours: [{ hoursPerMonth: 745, lambdaPerHour: 1 }] },
      "hours[0].hoursPerMonth",
    ],
    ["no price", { outsourcer: {} }, "outsourcer"],
    ["a negative wage", { own: { ...INPUT.own, wagePerHourMinor: -1 } }, "own.wagePerHourMinor"],
    ["half a month", { months: 0.5 }, "months"],
  ])("[WF42] %s is refused by the field", (_, wrong, field) => {
    expect(() => makeOrBuy({ ...INPUT, ...wrong })).toThrow(
      expect.objectContaining({ code: "queueing.bad_input", field }),
    );
  });
});

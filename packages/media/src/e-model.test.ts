import { describe, expect, it } from "vitest";
import {
  codecImpairment,
  defaultLine,
  g711Bare,
  lossImpairment,
  opinionScore,
  transmissionRating,
} from "./e-model.ts";

const rating = (line: Parameters<typeof transmissionRating>[0]): number =>
  Math.round(transmissionRating(line) * 10) / 10;

describe("the E-model", () => {
  it("[ME49] gives 93.2 and 4.41 for the default line (G.107, table 2)", () => {
    expect(rating({})).toBe(93.2);
    expect(opinionScore(transmissionRating())).toBeCloseTo(4.41, 2);
  });

  it("[ME49] turns ratings into scores as G.107, table B.1", () => {
    const table = [
      [90, 4.34],
      [80, 4.03],
      [70, 3.6],
      [60, 3.1],
      [50, 2.58],
    ] as const;
    for (const [r, mos] of table) expect(Math.abs(opinionScore(r) - mos), `R ${r}`).toBeLessThan(0.01);
    expect([opinionScore(-5), opinionScore(0), opinionScore(120)]).toEqual([1, 1, 4.5]);
  });

  it("[ME49] never falls as the rating rises", () => {
    for (let r = -20; r < 120; r += 0.5)
      expect(opinionScore(r + 0.5)).toBeGreaterThanOrEqual(opinionScore(r));
  });

  it("[ME49] takes what the codec costs (G.113, appendix I)", () => {
    expect(rating(codecImpairment("g729"))).toBe(82.2);
    expect(rating(codecImpairment("G723"))).toBe(78.2);
    expect(codecImpairment("PCMA")).toEqual({ ie: 0, bpl: 25.1 });
    expect(codecImpairment("anything else")).toEqual(codecImpairment("PCMU"));
  });

  it("[ME49] takes what loss costs: Ie,eff = Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl)", () => {
    const table = [
      { ...g711Bare, ppl: 1, burstR: 1, costs: 17.92 },
      { ...codecImpairment("PCMA"), ppl: 1, burstR: 1, costs: 3.64 },
      { ...codecImpairment("PCMA"), ppl: 5, burstR: 1, costs: 15.78 },
      { ...codecImpairment("PCMA"), ppl: 5, burstR: 2, costs: 17.21 },
      { ...codecImpairment("G729"), ppl: 2, burstR: 1, costs: 19 },
      { ...g711Bare, ppl: 0, burstR: 1, costs: 0 },
    ];
    for (const { costs, ...line } of table) {
      expect(lossImpairment(line), JSON.stringify(line)).toBeCloseTo(costs, 2);
      expect(transmissionRating(line)).toBeCloseTo(transmissionRating() - costs, 2);
    }
  });

  it("[ME49] takes nothing for delay without echo up to 100 ms, and more and more beyond", () => {
    const costs = [0, 100, 150, 200, 300, 400].map(
      (ta) => Math.round((transmissionRating() - transmissionRating({ ta })) * 10) / 10,
    );
    expect(costs.slice(0, 2)).toEqual([0, 0]);
    // Idd by hand: 25 ((1 + X^6)^(1/6) - 3 (1 + (X/3)^6)^(1/6) + 2), X = lg(Ta/100)/lg 2
    for (const [at, ta] of [150, 200, 300, 400].entries()) {
      const x = Math.log(ta / 100) / Math.log(2);
      const idd = 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
      expect(costs[at + 2]).toBeCloseTo(idd, 1);
    }
    expect(costs[3]).toBeCloseTo(3.1, 0);
  });

  it("[ME49] hears the talker's echo: the longer and louder, the worse", () => {
    const echo = (telr: number, t: number): number => transmissionRating({ telr, t, ta: t, tr: 2 * t });
    expect(echo(65, 50)).toBeGreaterThan(echo(65, 100));
    expect(echo(65, 100)).toBeGreaterThan(echo(55, 100));
    expect(echo(45, 100)).toBeLessThan(80);
    expect(rating({ ...defaultLine, nc: -50 })).toBeLessThan(rating({}));
    expect(rating({ slr: 20 })).toBeLessThan(rating({}));
    expect(rating({ a: 5 })).toBe(98.2);
    expect(rating({ qdu: 4 })).toBeLessThan(rating({}));
  });
});

import type { StaffingInputs } from "@svara/contracts";
import { expect, test } from "vitest";
import { reckonRequirement } from "./reckon-requirement.ts";

const QUARTER = 900_000;
const EIGHT = Date.UTC(2026, 10, 23, 8);
const inputs: StaffingInputs = {
  work: "live",
  backlog: 0,
  target: {
    serviceLevel: { share: 0.8, thresholdS: 20, basis: "all" },
    maxMeanWaitS: null,
    maxAbandon: null,
    maxOccupancy: null,
  },
  shrinkage: 0.3,
  handleS: 180,
  handleScv: 1,
  patienceS: null,
  patienceCurve: null,
  minimumAgents: 0,
};
/** 200 contacts an hour for eight hours. */
const day = (from: number) => Array.from({ length: 32 }, (_, i) => ({ at: from + i * QUARTER, mean: 50 }));

test("at noon of a steady day the requirement is Erlang C's: 14 for 200 an hour, 180 s, 80/20", () => {
  const needs = reckonRequirement(day(EIGHT), inputs);
  const noon = needs.find(({ at }) => at === EIGHT + 16 * QUARTER);
  expect(noon).toMatchObject({ agents: 14, headcount: 20, contacts: 50, decidedBy: "serviceLevel" });
  expect(noon?.load).toBeCloseTo(10, 2);
  expect(noon?.serviceLevel).toBeCloseTo(0.888, 2);
});

test("opening begins with nobody in hand, and after closing who came is still served", () => {
  const needs = reckonRequirement(day(EIGHT), inputs);
  expect(needs[0]?.load).toBeLessThan(9);
  const close = EIGHT + 32 * QUARTER;
  const tail = needs.filter(({ at }) => at >= close);
  expect(tail.length).toBeGreaterThan(0);
  expect(tail[0]).toMatchObject({ contacts: 0 });
  expect(tail[0]?.agents).toBeGreaterThan(0);
});

test("two days are two beginnings; a queue that never closes has none at the cuts", () => {
  const two = reckonRequirement([...day(EIGHT), ...day(EIGHT + 24 * 3_600_000)], inputs);
  expect(two.find(({ at }) => at === EIGHT + 24 * 3_600_000)?.load).toBeCloseTo(two[0]?.load ?? 0, 3);
  const always = Array.from({ length: 200 }, (_, i) => ({ at: EIGHT + i * QUARTER, mean: 50 }));
  const needs = reckonRequirement(always, inputs);
  const cut = needs.find(({ at }) => at === EIGHT + 96 * QUARTER);
  expect(cut?.load).toBeCloseTo(10, 3);
  expect(new Set(needs.slice(4, 200).map(({ agents }) => agents))).toEqual(new Set([14]));
});

test("a least number holds while it is open, and no longer", () => {
  const needs = reckonRequirement(day(EIGHT), { ...inputs, minimumAgents: 30 });
  expect(needs[5]).toMatchObject({ agents: 30, decidedBy: "atLeast" });
  expect(needs.at(-1)?.agents).toBeLessThan(30);
});

test("the measured curve of patience decides, not its mean alone", () => {
  const patient: StaffingInputs = { ...inputs, handleS: 300, patienceS: 120 };
  // the same mean, but nobody gives up before a minute has gone
  const late = {
    ...patient,
    patienceCurve: [
      { atS: 0, survival: 1 },
      { atS: 60, survival: 1 },
      { atS: 180, survival: 0 },
    ],
  };
  const noon = (of: StaffingInputs) => reckonRequirement(day(EIGHT), of)[16];
  expect(noon(late)?.agents).toBeGreaterThanOrEqual(noon(patient)?.agents ?? 99);
  expect(noon(late)?.abandon).toBeLessThan(noon(patient)?.abandon ?? 0);
});

test("work that can wait is spread over the day: 320 mails of 9 minutes in 8 hours ask for six all day, whenever they come", () => {
  const morning = Array.from({ length: 32 }, (_, i) => ({ at: EIGHT + i * QUARTER, mean: i < 4 ? 80 : 0 }));
  const mail: StaffingInputs = {
    ...inputs,
    work: "back_office",
    handleS: 540,
    target: { ...inputs.target, serviceLevel: { share: 1, thresholdS: 86_400, basis: "all" } },
  };
  const needs = reckonRequirement(morning, mail);
  expect(needs).toHaveLength(32);
  expect(new Set(needs.map(({ agents }) => agents))).toEqual(new Set([6]));
  expect(needs.reduce((sum, { load }) => sum + load / 4, 0)).toBeCloseTo((320 * 540) / 3600, 1);
  // with what was left of yesterday half as many again
  const more = reckonRequirement(morning, { ...mail, backlog: 160 });
  expect(Math.max(...more.map(({ agents }) => agents))).toBe(9);
  // busy to 80 % at most
  const calm = { ...mail, target: { ...mail.target, maxOccupancy: 0.8 } };
  expect(Math.max(...reckonRequirement(morning, calm).map(({ agents }) => agents))).toBe(8);
});

import { describe, expect, test } from "vitest";
import { erlangA } from "../queueing/index.ts";
import type { IntradayDay, IntradayGroup } from "./intraday.ts";
import { proposeIntraday } from "./propose-intraday.ts";
import { dayShift, hour } from "./testing/small-problem.ts";

/** From noon to six, a shift of `a` from 8 to 16:30 with lunch at 12. */
const day = (
  groups: readonly Partial<IntradayGroup>[],
  agent: Partial<IntradayDay["agents"][number]> = {},
): IntradayDay => ({
  from: hour(0, 12),
  groups: groups.map((group, index) => ({
    group: `g${index}`,
    skills: [`s${index}`],
    required: new Array<number>(24).fill(3),
    scheduled: new Array<number>(24).fill(3),
    ...group,
  })),
  shifts: [dayShift("a", 0, 8)],
  agents: [{ id: "a", skills: ["s0"], ...agent }],
});

const row = (change: Record<number, number>, usual = 3): number[] =>
  Array.from({ length: 24 }, (_, quarter) => change[quarter] ?? usual);

describe("proposals for the rest of a day", () => {
  test("[WF131] nothing is proposed while nothing is missing or too much", () => {
    expect(proposeIntraday(day([{}], { overtimeMinutes: 120 }))).toEqual([]);
  });

  test("[WF131] a break moves out of a peak into quarters with agents to spare", () => {
    const [best] = proposeIntraday(day([{ required: row({ 0: 4, 1: 4, 4: 2, 5: 2 }) }]));
    expect(best).toMatchObject({
      kind: "move_break",
      agentId: "a",
      part: hour(0, 12),
      to: hour(0, 13),
      shortHoursSaved: 0.5,
      overHoursSaved: 0.5,
    });
    expect(
      best?.effects.map(({ from, before, after }) => [(from - hour(0, 12)) / 900_000, before, after]),
    ).toEqual([
      [0, 3, 4],
      [1, 3, 4],
      [4, 3, 2],
      [5, 3, 2],
    ]);
  });

  test("[WF131] overtime where agents are missing after the shift, no longer than the agent may", () => {
    const short = { required: row({ 18: 4, 19: 4, 20: 4, 21: 4 }) }; // 16:30 to 17:30
    expect(proposeIntraday(day([short], { overtimeMinutes: 120 }))[0]).toMatchObject({
      kind: "overtime",
      from: hour(0, 16.5),
      to: hour(0, 17.5),
      shortHoursSaved: 1,
    });
    expect(proposeIntraday(day([short], { overtimeMinutes: 30 }))[0]).toMatchObject({
      kind: "overtime",
      to: hour(0, 17),
    });
    expect(proposeIntraday(day([short]))).toEqual([]);
  });

  test("[WF131] who may leave early does where there are too many to the end of the shift", () => {
    const idle = { scheduled: row({ 14: 5, 15: 5, 16: 5, 17: 5 }) }; // 15:30 to 16:30
    expect(proposeIntraday(day([idle], { mayLeaveEarly: true }))[0]).toMatchObject({
      kind: "leave_early",
      from: hour(0, 15.5),
      to: hour(0, 16.5),
      overHoursSaved: 1,
      shortHoursSaved: 0,
    });
    expect(proposeIntraday(day([idle]))).toEqual([]);
  });

  test("[WF131] who has the skill moves to the group that is short, and is asked once", () => {
    const groups = [{ scheduled: row({ 8: 4, 9: 4 }) }, { required: row({ 8: 4, 9: 4 }) }]; // 14:00 to 14:30
    const moved = proposeIntraday(day(groups, { skills: ["s0", "s1"], group: "g0", overtimeMinutes: 60 }));
    expect(moved).toHaveLength(1);
    expect(moved[0]).toMatchObject({
      kind: "move_skill",
      fromGroup: "g0",
      toGroup: "g1",
      from: hour(0, 14),
      to: hour(0, 14.5),
    });
    expect(
      proposeIntraday(day(groups, { skills: ["s0"], group: "g0" })).map(({ kind }) => kind),
    ).not.toContain("move_skill");
  });

  test("[WF132] the service level of each quarter is that of Erlang A with the agents before and after", () => {
    const load = { expected: new Array<number>(24).fill(8), ahtS: 300, patienceS: 180 };
    const [best] = proposeIntraday(
      day([{ ...load, required: row({ 18: 4, 19: 4 }) }], { overtimeMinutes: 30 }),
    );
    const level = (agents: number): number | undefined =>
      erlangA({ lambdaPerHour: 32, ahtS: 300, agents, meanPatienceS: 180, thresholdsS: [20] }).within[0]
        ?.serviceLevel.all;
    expect(best?.effects[0]).toMatchObject({
      before: 3,
      after: 4,
      serviceLevelBefore: level(3),
      serviceLevelAfter: level(4),
    });
    const overloaded = {
      expected: new Array<number>(24).fill(20),
      ahtS: 300,
      required: row({ 18: 4, 19: 4 }),
    };
    expect(proposeIntraday(day([overloaded], { overtimeMinutes: 30 }))[0]?.effects[0]).toMatchObject({
      serviceLevelBefore: 0,
      serviceLevelAfter: 0,
    });
  });
});

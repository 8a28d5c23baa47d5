import type { RosterDecision } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import { approvalOf, coverAfter } from "./approval.ts";

const DAY = 24 * 3_600_000;
const rules = {
  leave: { byRules: true, noticeDays: 7, minCover: 0.9 },
  swap: { byRules: true, noticeHours: 24 },
  overtime: { byRules: true },
};

function decision(
  after: number,
  more: Partial<RosterDecision> & { shortHoursDelta?: number } = {},
): RosterDecision {
  const { shortHoursDelta = 0, ...rest } = more;
  return {
    allowed: true,
    violations: [],
    shifts: [],
    effects: {
      intervals: [{ group: "g", from: 0, required: 10, before: 10, after }],
      shortHoursDelta,
      overHoursDelta: 0,
      paidMinutesDelta: 0,
    },
    ...rest,
  };
}

const leave = { kind: "leave" as const, fromAt: 10 * DAY };
const swap = { kind: "swap" as const, fromAt: 10 * DAY };

test("without rules, and where they say so, a person decides", () => {
  expect(approvalOf(leave, undefined, [decision(10)], 0)).toEqual({ granted: false, why: "no_rules" });
  const byPerson = { ...rules, leave: { ...rules.leave, byRules: false } };
  expect(approvalOf(leave, byPerson, [decision(10)], 0)).toEqual({ granted: false, why: "by_person" });
});

test("leave is granted in time while cover stays, and not where it is not known", () => {
  expect(approvalOf(leave, rules, [decision(9)], 0)).toEqual({ granted: true });
  expect(approvalOf(leave, rules, [decision(8.9)], 0)).toEqual({ granted: false, why: "cover_too_low" });
  expect(approvalOf(leave, rules, [decision(9), decision(5)], 0)).toMatchObject({ why: "cover_too_low" });
  expect(approvalOf(leave, rules, [decision(9)], 4 * DAY)).toEqual({ granted: false, why: "too_late" });
  expect(approvalOf(leave, rules, [], 0)).toEqual({ granted: false, why: "cover_unknown" });
  const any = { ...rules, leave: { ...rules.leave, minCover: 0 } };
  expect(approvalOf(leave, any, [], 0)).toEqual({ granted: true });
});

test("nothing that breaks a rule is granted without a person", () => {
  const broken = decision(10, { allowed: false });
  for (const kind of ["leave", "swap", "overtime"] as const)
    expect(approvalOf({ kind, fromAt: 10 * DAY }, rules, [broken], 0)).toEqual({
      granted: false,
      why: "breaks_rules",
    });
});

test("a swap that leaves somebody missing goes to a person; rounding does not", () => {
  expect(approvalOf(swap, rules, [decision(10, { shortHoursDelta: 0.25 })], 0)).toMatchObject({
    why: "leaves_gap",
  });
  expect(approvalOf(swap, rules, [decision(10, { shortHoursDelta: 1e-9 })], 0)).toEqual({ granted: true });
  expect(approvalOf(swap, rules, [decision(10)], 9.5 * DAY)).toMatchObject({ why: "too_late" });
  const overtime = { ...swap, kind: "overtime" } as const;
  expect(approvalOf(overtime, rules, [decision(10)], overtime.fromAt)).toEqual({ granted: true });
  expect(approvalOf(overtime, rules, [decision(10)], overtime.fromAt + 1)).toMatchObject({ why: "too_late" });
});

test("cover is the lowest share of any quarter that is touched and needs somebody", () => {
  expect(coverAfter(decision(7))).toBe(0.7);
  expect(coverAfter({ effects: { ...decision(1).effects, intervals: [] } })).toBeGreaterThan(1000);
});

import { describe, expect, test } from "vitest";
import { rosterCoverage } from "./coverage.ts";
import { decideChange, swapJudge, withChange } from "./decide-change.ts";
import type { RosterChange } from "./decision.ts";
import { dayShift, hour, rosterOf, smallProblem } from "./testing/small-problem.ts";

const required = Array.from({ length: 7 * 96 }, (_, quarter) =>
  quarter % 96 >= 32 && quarter % 96 < 66 ? 1 : 0,
);
const problem = smallProblem(
  {
    requirements: [
      { group: "voice", skills: ["voice"], required },
      { group: "sales", skills: ["sales"], required },
    ],
  },
  [{ skills: ["voice"] }, { skills: ["voice", "sales"] }],
);
const roster = rosterOf(dayShift("a", 0, 8), dayShift("b", 0, 8), dayShift("b", 1, 8));
const lunchAt = (at: number) =>
  ({ kind: "lunch", from: hour(0, at), to: hour(0, at + 0.5), paid: false }) as const;
const decide = (change: RosterChange) => decideChange(problem, roster, change);
const rules = (change: RosterChange): string[] =>
  decide(change).violations.map(({ rule, agentId }) => `${rule} ${agentId}`);

describe("changes by hand", () => {
  test("[WF127] a change is allowed when it breaks no rule that held before; nothing is changed by asking", () => {
    const before = JSON.stringify(roster);
    expect(decide({ type: "put_shift", shift: dayShift("a", 1, 8) })).toMatchObject({
      allowed: true,
      violations: [],
    });
    expect(rules({ type: "put_shift", shift: dayShift("a", 1, 3) })).toEqual([
      "pattern_start a",
      "rest_between_shifts a",
    ]);
    expect(JSON.stringify(roster)).toBe(before);
  });

  test("[WF127] many swaps are judged as each by itself", () => {
    const week = rosterOf(dayShift("a", 0, 8), dayShift("a", 3, 8), dayShift("b", 0, 8), dayShift("b", 1, 8));
    const allowed = swapJudge(problem, week);
    const [a, b] = ["a", "b"].map((agent) => week.shifts.filter(({ agentId }) => agentId === agent));
    const judged = (a ?? []).flatMap((mine) =>
      [undefined, ...(b ?? [])].map((theirs) => {
        const own = { agentId: "a", from: mine.from };
        const other = { agentId: "b", ...(theirs && { from: theirs.from }) };
        const one = decideChange(problem, week, { type: "swap", mine: own, theirs: other });
        expect(allowed(own, other)).toBe(one.allowed);
        return one.allowed;
      }),
    );
    expect(new Set(judged)).toEqual(new Set([true, false]));
  });

  test("[WF127] what was broken before does not forbid another change", () => {
    const bad = rosterOf(dayShift("a", 0, 15), dayShift("a", 1, 8), dayShift("a", 4, 8));
    const moved = decideChange(problem, bad, {
      type: "put_shift",
      shift: dayShift("a", 4, 9),
      instead: hour(4, 8),
    });
    expect(moved.allowed).toBe(true);
    const worse = decideChange(problem, bad, {
      type: "put_shift",
      shift: dayShift("a", 1, 7),
      instead: hour(1, 8),
    });
    expect(worse.violations.map(({ rule }) => rule)).toEqual(["rest_between_shifts"]);
  });

  test("[WF127] too few hours before do not allow too many after", () => {
    const strict = smallProblem({
      contracts: problem.contracts.map((one) => ({ ...one, weeklyMinutes: { min: 2400, max: 2400 } })),
      rules: { id: "r", name: "r" },
    });
    const four = rosterOf(...[0, 1, 2, 3].map((day) => dayShift("a", day, 6)));
    const shift = dayShift("a", 4, 6, { patternId: null, to: hour(4, 18.5) });
    const decision = decideChange(strict, four, { type: "put_shift", shift });
    expect(decision.violations).toMatchObject([{ rule: "contract_weekly_hours", actual: 2640, limit: 2400 }]);
  });

  test("[WF127] what is outside of the availability may shrink and not grow; other rules without numbers hold for the very shift", () => {
    const narrow = smallProblem({ rules: { id: "r", name: "r" } }, [
      { availability: [{ weekday: "mon", kind: "between", from: "06:00", to: "14:00" }] },
      {},
    ]);
    const held = rosterOf(dayShift("a", 0, 6));
    const rulesOf = (change: RosterChange): string[] =>
      decideChange(narrow, held, change).violations.map(({ rule }) => rule);
    expect(rulesOf({ type: "overtime", agentId: "a", from: hour(0, 14.5), to: hour(0, 21.5) })).toEqual([
      "availability",
    ]);
    const shorter = dayShift("a", 0, 6, { patternId: null, to: hour(0, 14.25) });
    expect(rulesOf({ type: "put_shift", shift: shorter, instead: hour(0, 6) })).toEqual([]);
    const bare = rosterOf(dayShift("a", 0, 6, { parts: [lunchAt(13)] }));
    const moved: RosterChange = { type: "move_part", agentId: "a", part: hour(0, 13), to: hour(0, 14) };
    expect(decideChange(narrow, bare, moved).violations.map(({ rule }) => rule)).toEqual(["pattern_breaks"]);
  });

  test("[WF127] a swap is judged by the rules of both, and by what the cover loses", () => {
    const swap: RosterChange = {
      type: "swap",
      mine: { agentId: "b", from: hour(1, 8) },
      theirs: { agentId: "a" },
    };
    const { allowed, effects, shifts } = decide(swap);
    expect(allowed).toBe(true);
    expect(shifts.map(({ agentId, from }) => [agentId, (from - hour(0, 0)) / 3_600_000])).toEqual([
      ["a", 8],
      ["a", 32],
      ["b", 8],
    ]);
    // b alone served either group; a serves voice only, so what was one hour missing per hour stays one
    expect(effects.paidMinutesDelta).toBe(0);
    expect(
      effects.intervals.every(({ group, after, before }) =>
        group === "sales" ? after < before : after > before,
      ),
    ).toBe(true);
    const twice: RosterChange = {
      type: "swap",
      mine: { agentId: "b", from: hour(0, 8) },
      theirs: { agentId: "a" },
    };
    expect(rules(twice)).toContain("shift_overlap a");
  });

  test("[WF127] leave takes the shifts it touches, and its effect is known before it is granted", () => {
    const { allowed, effects, shifts } = decide({
      type: "leave",
      agentId: "a",
      from: hour(0, 0),
      to: hour(1, 0),
    });
    expect({ allowed, shifts }).toEqual({ allowed: true, shifts: [] });
    expect(effects.shortHoursDelta).toBe(8);
    expect(effects.paidMinutesDelta).toBe(-480);
  });

  test("[WF127] leave of less than half a shift is cut out of it, around its breaks", () => {
    const { allowed, effects, shifts } = decide({
      type: "leave",
      agentId: "a",
      from: hour(0, 11.5),
      to: hour(0, 13),
    });
    expect(allowed).toBe(true);
    const away = (begin: number, end: number) =>
      ({ kind: "other", from: hour(0, begin), to: hour(0, end), paid: false }) as const;
    expect(shifts).toEqual([dayShift("a", 0, 8, { parts: [away(11.5, 12), lunchAt(12), away(12.5, 13)] })]);
    expect(effects).toMatchObject({ paidMinutesDelta: -60, shortHoursDelta: 1 });
    const late: RosterChange = { type: "leave", agentId: "a", from: hour(0, 12.25), to: hour(0, 17) };
    expect(decide(late)).toMatchObject({ allowed: true, shifts: [] });
  });

  test("[WF127] overtime stands beside the shift and is held to the law", () => {
    const more = (to: number): RosterChange => ({
      type: "overtime",
      agentId: "a",
      from: hour(0, 16.5),
      to: hour(0, to),
    });
    expect(decide(more(18)).allowed).toBe(true);
    expect(decide(more(18)).effects.paidMinutesDelta).toBe(90);
    expect(rules(more(18.5))).toEqual(["break_needed a"]);
    expect(rules(more(22.5))).toEqual(["break_needed a", "daily_hours a"]);
  });

  test("[WF127] a break moves within its window", () => {
    const move = (to: number): RosterChange => ({
      type: "move_part",
      agentId: "a",
      part: hour(0, 12),
      to: hour(0, to),
    });
    expect(decide(move(12.5))).toMatchObject({ allowed: true });
    expect(rules(move(14))).toEqual(["pattern_breaks a", "break_needed a"]);
    expect(() => decide({ type: "move_part", agentId: "a", part: hour(0, 9), to: hour(0, 10) })).toThrow(
      "a has no break or appointment at 2027-03-01T09:00:00.000Z",
    );
    expect(() => decide({ type: "remove_shift", agentId: "a", from: hour(3, 9) })).toThrow("a has no shift");
  });

  test("[WF128] the effects are the difference of the cover before and after", () => {
    const changes: RosterChange[] = [
      { type: "remove_shift", agentId: "b", from: hour(1, 8) },
      { type: "put_shift", shift: dayShift("a", 1, 10) },
      { type: "leave", agentId: "b", from: hour(0, 9), to: hour(1, 9) },
    ];
    for (const change of changes) {
      const decision = decide(change);
      const agents = "shift" in change ? ["a"] : ["b"];
      const before = rosterCoverage(problem, roster);
      const after = rosterCoverage(problem, withChange(roster, decision, agents));
      expect(decision.effects.shortHoursDelta).toBeCloseTo(after.shortHours - before.shortHours, 9);
      expect(decision.effects.overHoursDelta).toBeCloseTo(after.overHours - before.overHours, 9);
    }
  });
});

import type { AgentId } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRoster } from "./check-roster.ts";
import type { Contract } from "./contract.ts";
import type { RosterShift } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { dayShift, hour, rosterOf, smallProblem } from "./testing/small-problem.ts";

const broken = (problem: RosterProblem, ...shifts: Parameters<typeof rosterOf>): string[] =>
  checkRoster(problem, rosterOf(...shifts)).map(
    ({ rule, agentId, date }) => `${rule} ${agentId} ${date.slice(8)}`,
  );

const contract = (change: Partial<Contract>): Partial<RosterProblem> => ({
  contracts: smallProblem().contracts.map((one) => ({ ...one, ...change })),
});

describe("labour rules", () => {
  test("[WF120] every broken rule is named with agent, date, numbers and remedy", () => {
    const problem = smallProblem();
    expect(broken(problem, dayShift("a", 0, 8), dayShift("a", 1, 8), dayShift("b", 0, 12))).toEqual([]);
    const [violation] = checkRoster(problem, rosterOf(dayShift("a", 0, 15), dayShift("a", 1, 8)));
    expect(violation).toEqual({
      rule: "rest_between_shifts",
      agentId: "a",
      date: "2027-03-02",
      actual: 510,
      limit: 660,
      message: "a, 2027-03-02: 8 h 30 min of rest before the shift, 11 h are needed",
      remedy: "begin 2 h 30 min later, or end the shift before earlier",
    });
  });

  test("[WF120] rest may be a multiple of the shift before", () => {
    const problem = smallProblem({ rules: { id: "ua", name: "twice", minRestTimesShift: 2 } });
    expect(broken(problem, dayShift("a", 0, 12), dayShift("a", 1, 13))).toEqual(["rest_between_shifts a 02"]);
    expect(broken(problem, dayShift("a", 0, 8), dayShift("a", 1, 9.5))).toEqual([]);
  });

  test("[WF120] records that touch are one stretch of work: rest, breaks and hours of the day cannot be dodged by splitting", () => {
    const more = (day: number, from: number, to: number) =>
      dayShift("a", day, from, { patternId: null, to: hour(day, to), parts: [], overtime: true });
    const twice = smallProblem({ rules: { id: "ua", name: "twice", minRestTimesShift: 2 } });
    const next = dayShift("a", 1, 7.5);
    expect(broken(twice, dayShift("a", 0, 6), next)).toEqual([]);
    expect(checkRoster(twice, rosterOf(dayShift("a", 0, 6), more(0, 14.5, 15.5), next))).toMatchObject([
      { rule: "rest_between_shifts", date: "2027-03-02", actual: 960, limit: 1140 },
    ]);
    const breaks = smallProblem({ rules: { id: "b", name: "b", maxMinutesWithoutBreak: 330 } });
    const long = rosterOf(dayShift("a", 0, 6), more(0, 14.5, 19.5));
    expect(checkRoster(breaks, long)).toMatchObject([
      { rule: "break_needed", date: "2027-03-01", actual: 540, limit: 330 },
    ]);
    const daily = smallProblem({ rules: { id: "d", name: "d", maxDailyMinutes: 600 } });
    const evening = dayShift("a", 0, 15.5, { patternId: null });
    expect(checkRoster(daily, rosterOf(evening, more(1, 0, 8)))).toMatchObject([
      { rule: "daily_hours", date: "2027-03-01", actual: 960, limit: 600 },
    ]);
    const halves = [
      dayShift("a", 0, 8, { patternId: null, to: hour(0, 12), parts: [] }),
      dayShift("a", 0, 12, { patternId: null, to: hour(0, 16), parts: [] }),
    ];
    expect(broken(breaks, ...halves)).toEqual(["break_needed a 01"]);
    expect(broken(smallProblem(), ...halves)).toEqual(["break_needed a 01", "rest_between_shifts a 01"]);
    const before = smallProblem({ ...daily, shifts: [dayShift("a", -1, 15.5)] });
    expect(broken(before, more(0, 0, 8))).toEqual(["daily_hours a 28"]);
  });

  test("[WF120] whatever law a shift breaks, it breaks in two records as well", () => {
    const law = ["rest_between_shifts", "daily_hours", "weekly_hours", "weekly_rest", "break_needed"];
    const problem = smallProblem({ rules: { ...smallProblem().rules, minRestTimesShift: 1.2 } });
    const lawOf = (...shifts: RosterShift[]): string[] =>
      checkRoster(problem, rosterOf(...shifts))
        .filter(({ rule }) => law.includes(rule))
        .map(({ rule, date, actual, limit }) => `${rule} ${date} ${actual} ${limit}`)
        .sort();
    const quarters = (least: number, most: number) => fc.integer({ min: 4 * least, max: 4 * most });
    const days = fc.array(fc.tuple(quarters(5, 20), quarters(4, 14), quarters(1, 13)), {
      minLength: 1,
      maxLength: 7,
    });
    fc.assert(
      fc.property(days, (week) => {
        const whole = week.map(([from, length], day) =>
          dayShift("a", day, from / 4, { patternId: null, to: hour(day, (from + length) / 4), parts: [] }),
        );
        const cut = whole.flatMap((shift, day): RosterShift[] => {
          const at = shift.from + (week[day]?.[2] ?? 0) * 900_000;
          if (at >= shift.to) return [shift];
          const date = new Date(at).toISOString().slice(0, 10);
          return [
            { ...shift, to: at },
            { ...shift, from: at, date, overtime: true },
          ];
        });
        fc.pre(whole.every((shift, day) => shift.from >= (whole[day - 1]?.to ?? 0)));
        fc.pre(cut.every(({ date }) => date < "2027-03-08"));
        expect(lawOf(...cut)).toEqual(lawOf(...whole));
      }),
      { numRuns: 60 },
    );
  });

  test("[WF120] hours of a day and a week, days in a row, weekly rest, work without a break", () => {
    const problem = smallProblem(
      contract({ daysPerWeek: { min: 0, max: 7 }, weeklyMinutes: { min: 0, max: 4000 } }),
    );
    const six = [0, 1, 2, 3, 4, 5].map((day) => dayShift("a", day, 8));
    expect(broken(problem, ...six)).toEqual(["consecutive_days a 06"]);
    const seven = [...six, dayShift("a", 6, 8)];
    expect(broken(problem, ...seven)).toEqual([
      "consecutive_days a 06",
      "consecutive_days a 07",
      "weekly_hours a 01",
      "weekly_rest a 01",
    ]);
    const long = dayShift("a", 0, 8, { patternId: null, to: hour(0, 20) });
    expect(broken(problem, long)).toEqual(["break_needed a 01", "daily_hours a 01"]);
  });

  test("[WF120] shifts before the first day count for rest and days in a row", () => {
    const before = [-5, -4, -3, -2, -1].map((day) => dayShift("a", day, 14));
    const problem = smallProblem({ shifts: before });
    expect(broken(problem, dayShift("a", 0, 8))).toEqual([
      "rest_between_shifts a 01",
      "consecutive_days a 01",
    ]);
  });

  test("[WF120] a stretch of rest counts for the week that holds more of it", () => {
    const days = [0, 1, 2, 3, 4, 5].map((day) => dayShift("a", day, 8));
    const next = dayShift("a", 7, 8); // Sunday off: 39.5 h from Saturday 16:30, of which 31.5 h lie in the week
    const problem = smallProblem({
      ...contract({ daysPerWeek: { min: 0, max: 6 }, weeklyMinutes: { min: 0, max: 4000 } }),
      rules: { id: "r", name: "r", weeklyRestMinutes: 2160 },
      shifts: [next],
    });
    expect(broken(problem, ...days)).toEqual([]);
    const late = days.map((shift, day) => (day === 5 ? dayShift("a", 5, 14) : shift));
    expect(broken(problem, ...late)).toEqual(["weekly_rest a 01"]);
  });
});

test("[WF120] of the time before the first known day only the rest between shifts is taken for free", () => {
  const problem = (shifts: RosterShift[] = []): RosterProblem =>
    smallProblem({ rules: { id: "r", name: "r", minRestMinutes: 660, weeklyRestMinutes: 2160 }, shifts });
  const days = (from: number) =>
    [1, 2, 3, 4, 5, 6].map((day) => dayShift("a", day, from, { patternId: null }));
  const rest = (of: RosterProblem, from: number): (number | undefined)[] =>
    checkRoster(of, rosterOf(...days(from)))
      .filter(({ rule }) => rule === "weekly_rest")
      .map(({ actual }) => actual);
  expect(rest(problem(), 0)).toEqual([35 * 60]);
  expect(rest(problem(), 1)).toEqual([]);
  expect(rest(problem([dayShift("b", -1, 8)]), 0)).toEqual([]); // Sunday is known, and free
  expect(rest(problem([dayShift("a", -1, 8)]), 0)).toEqual([31.5 * 60]);
});

describe("contracts", () => {
  test("[WF121] hours and days a week, at most and at least", () => {
    const strict = smallProblem(
      contract({ weeklyMinutes: { min: 960, max: 960 }, daysPerWeek: { min: 2, max: 2 } }),
      [{}],
    );
    expect(broken(strict, dayShift("a", 0, 8), dayShift("a", 1, 8))).toEqual([]);
    expect(broken(strict, dayShift("a", 0, 8))).toEqual(["contract_weekly_hours a 01", "contract_days a 01"]);
    expect(broken(strict, ...[0, 1, 2].map((day) => dayShift("a", day, 8)))).toEqual([
      "contract_weekly_hours a 01",
      "contract_days a 01",
    ]);
  });

  test("[WF121] a day of leave from Monday to Friday takes a day and its share of the hours off", () => {
    const full = contract({ weeklyMinutes: { min: 2400, max: 2400 }, daysPerWeek: { min: 5, max: 5 } });
    const leave = [
      { from: hour(0, 0), to: hour(2, 0) },
      { from: hour(5, 0), to: hour(6, 0) },
    ];
    const problem = smallProblem(full, [{ leave }]);
    expect(broken(problem, ...[2, 3, 4].map((day) => dayShift("a", day, 8)))).toEqual([]);
    expect(broken(problem, ...[2, 3, 4, 6].map((day) => dayShift("a", day, 8)))).toEqual([
      "contract_weekly_hours a 01",
      "contract_days a 01",
    ]);
  });

  test("[WF121] leave of some hours takes its hours off what the contract asks for, and no day where it leaves room for a shift", () => {
    const full = contract({ weeklyMinutes: { min: 2400, max: 2400 }, daysPerWeek: { min: 5, max: 5 } });
    const on = (from: number, to: number): RosterProblem =>
      smallProblem(full, [{ leave: [{ from: hour(4, from), to: hour(4, to) }] }]);
    const five = [0, 1, 2, 3, 4].map((day) => dayShift("a", day, 6));
    const four = five.slice(0, 4);
    expect(broken(on(20, 21), ...five)).toEqual([]);
    expect(broken(on(20, 21), ...four)).toEqual(["contract_weekly_hours a 01", "contract_days a 01"]);
    // half of the hours from 6:00 to 23:30, in which the pattern lies: a day, unless the agent works beside it
    expect(broken(on(14.5, 23.5), ...four)).toEqual([]);
    expect(broken(on(14.5, 23.5), ...five)).toEqual([]);
    expect(broken(on(14.5, 23.5), ...four, dayShift("a", 5, 6))).toEqual([
      "contract_weekly_hours a 01",
      "contract_days a 01",
    ]);
  });

  test("[WF122] leave inside a shift is a part of it, unpaid", () => {
    const leave = [{ from: hour(0, 11.5), to: hour(0, 13) }];
    const problem = smallProblem({}, [
      { leave, activities: [{ id: "t", kind: "training", from: hour(0, 12.75), to: hour(0, 13.5) }] },
    ]);
    const shift = dayShift("a", 0, 8);
    const away = (from: number, to: number, paid = false) =>
      ({ kind: "other", from: hour(0, from), to: hour(0, to), paid }) as const;
    expect(broken(problem, shift)).toEqual(["leave a 01"]);
    const [lunch] = shift.parts;
    if (!lunch) throw new Error("no lunch");
    const cut = (...parts: ReturnType<typeof away>[]): RosterShift => ({
      ...shift,
      parts: [...parts, lunch].sort((a, b) => a.from - b.from),
    });
    expect(broken(problem, cut(away(11.5, 12), away(12.5, 13)))).toEqual([]);
    expect(broken(problem, cut(away(11.5, 12), away(12.5, 12.75)))).toEqual(["leave a 01"]);
    expect(broken(problem, cut(away(11.5, 12), away(12.5, 13, true)))).toEqual(["leave a 01"]);
  });

  test("[WF121] hours of a week hold where no number of days is asked for, or none is allowed", () => {
    const hours = { min: 2400, max: 2400 };
    for (const daysPerWeek of [
      { min: 0, max: 7 },
      { min: 0, max: 0 },
    ]) {
      const problem = smallProblem(contract({ weeklyMinutes: hours, daysPerWeek }), [{}]);
      expect(checkRoster(problem, rosterOf())).toMatchObject([{ actual: 0, limit: 2400 }]);
    }
    const leave = [{ from: hour(0, 0), to: hour(1, 0) }];
    const away = smallProblem(contract({ weeklyMinutes: hours, daysPerWeek: { min: 0, max: 7 } }), [
      { leave },
    ]);
    expect(checkRoster(away, rosterOf())).toMatchObject([{ actual: 0, limit: 1920 }]);
  });

  test("[WF121] weekends: none, or not twice in a row", () => {
    expect(broken(smallProblem(contract({ weekends: "none" })), dayShift("a", 5, 8))).toEqual([
      "contract_weekends a 06",
    ]);
    const alternate = smallProblem({
      ...contract({ weekends: "alternate" }),
      shifts: [dayShift("a", -1, 8)],
    });
    expect(broken(alternate, dayShift("a", 6, 10))).toEqual(["contract_weekends a 07"]);
    expect(broken(alternate, dayShift("b", 6, 10))).toEqual([]);
  });

  test("[WF121] agreed overtime counts for the law and not for the contract", () => {
    const five = [0, 1, 2, 3, 4].map((day) => dayShift("a", day, 8));
    const pause = { kind: "break", from: hour(4, 16.5), to: hour(4, 16.75), paid: false } as const;
    const more = dayShift("a", 4, 16.5, {
      patternId: null,
      to: hour(4, 18.75),
      parts: [pause],
      overtime: true,
    });
    expect(broken(smallProblem(), ...five, more)).toEqual([]);
    expect(broken(smallProblem(), ...five, { ...more, overtime: false })).toContain(
      "contract_weekly_hours a 01",
    );
    const tooLong = { ...more, to: hour(4, 19.75) };
    expect(broken(smallProblem(), ...five, tooLong)).toEqual(["daily_hours a 05"]);
  });
});

describe("persons and patterns", () => {
  test("[WF122] availability, by date before weekday; leave; appointments", () => {
    const problem = smallProblem({}, [
      {
        availability: [
          { weekday: "mon", kind: "between", from: "07:00", to: "17:00" },
          { weekday: "tue", kind: "unavailable" },
          { date: "2027-03-02", kind: "between", from: "12:00", to: "02:00" },
        ],
        leave: [{ from: hour(2, 0), to: hour(3, 0) }],
        activities: [{ id: "t", name: "first aid", kind: "training", from: hour(3, 9), to: hour(3, 10) }],
      },
    ]);
    const training = {
      kind: "training",
      from: hour(3, 9),
      to: hour(3, 10),
      paid: true,
      activityId: "t",
    } as const;
    const shift = dayShift("a", 3, 8);
    const held = { ...shift, parts: [training, ...shift.parts] };
    expect(broken(problem, dayShift("a", 0, 8), dayShift("a", 1, 15), held)).toEqual([]);
    expect(broken(problem, dayShift("a", 0, 9), held)).toEqual(["availability a 01"]);
    expect(broken(problem, dayShift("a", 2, 8), held)).toEqual(["leave a 03"]);
    expect(broken(problem, shift)).toEqual(["activity a 04"]);
    expect(broken(problem)).toEqual(["activity a 04"]);
  });

  test("[WF122] a shift with a pattern has its begin, length and breaks, and is well formed", () => {
    const problem = smallProblem();
    const shift = dayShift("a", 0, 8);
    expect(broken(problem, { ...shift, patternId: "night" })).toEqual(["unknown_pattern a 01"]);
    expect(broken(problem, dayShift("a", 0, 5))).toEqual(["pattern_start a 01"]);
    expect(broken(problem, { ...shift, to: hour(0, 16) })).toEqual(["pattern_length a 01"]);
    expect(broken(problem, dayShift("a", 0, 8, { parts: [] }))).toContain("pattern_breaks a 01");
    expect(broken(problem, { ...shift, to: shift.from })).toEqual(["shift_shape a 01"]);
    expect(broken(problem, { ...shift, date: "2027-03-02" })).toEqual(["shift_shape a 02"]);
    expect(broken(problem, shift, dayShift("a", 0, 10, { patternId: null }))).toContain("shift_overlap a 01");
    expect(broken(problem, { ...shift, agentId: "x" as AgentId })).toEqual(["unknown_agent x 01"]);
    expect(broken(problem, dayShift("a", 9, 8))).toEqual(["outside_days a 10"]);
  });

  test("[WF122] wall times follow the clocks: eight in the morning on both sides of the change", () => {
    const problem = smallProblem({ timeZone: "Europe/Stockholm", from: "2027-03-27", days: 2 });
    const at = (date: string, from: number) => ({
      ...dayShift("a", 0, 0),
      date,
      from,
      to: from + 8.5 * 3_600_000,
      parts: [
        { kind: "lunch" as const, from: from + 4 * 3_600_000, to: from + 4.5 * 3_600_000, paid: false },
      ],
    });
    const roster = {
      ...rosterOf(at("2027-03-27", Date.UTC(2027, 2, 27, 7)), at("2027-03-28", Date.UTC(2027, 2, 28, 6))),
      timeZone: "Europe/Stockholm",
      from: "2027-03-27",
      days: 2,
    };
    expect(checkRoster(problem, roster)).toEqual([]);
  });
});

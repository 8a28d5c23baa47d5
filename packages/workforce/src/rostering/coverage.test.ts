import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rosterCoverage } from "./coverage.ts";
import { dayShift, hour, rosterOf, smallProblem } from "./testing/small-problem.ts";

describe("coverage", () => {
  test("[WF126] agents count in the quarters, or shares of quarters, in which they take contacts", () => {
    const problem = smallProblem({ requirements: [{ group: "voice", skills: [], required: [] }] });
    const pause = { kind: "break", from: hour(0, 10), to: hour(0, 10) + 600_000, paid: true } as const;
    const shift = dayShift("a", 0, 8);
    const { groups, scheduledHours } = rosterCoverage(
      problem,
      rosterOf({ ...shift, parts: [pause, ...shift.parts] }),
    );
    const at = (hours: number): number | undefined => groups[0]?.scheduled[hours * 4];
    expect([at(7.75), at(8), at(12), at(12.5), at(16.25), at(16.5)]).toEqual([0, 1, 0, 1, 1, 0]);
    expect(at(10)).toBeCloseTo(1 / 3, 9);
    expect(scheduledHours).toBeCloseTo(8 - 1 / 6, 6);
  });

  test("[WF126] who serves several groups is counted where agents are missing, never twice", () => {
    const skills = ["x", "y", "z"];
    const agents = fc.array(fc.subarray(skills, { minLength: 1 }), { minLength: 1, maxLength: 7 });
    const needs = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4));
    fc.assert(
      fc.property(agents, needs, (have, required) => {
        const problem = smallProblem(
          {
            days: 1,
            requirements: skills.map((skill, index) => ({
              group: skill,
              skills: have.some((own) => own.includes(skill)) ? [skill] : [],
              required: new Array<number>(48).fill(0).concat(required[index] ?? 0),
            })),
          },
          have.map((own) => ({ skills: own })),
        );
        const roster = rosterOf(...problem.agents.map(({ id }) => dayShift(id, 0, 10)));
        const { groups, shortHours, overHours } = rosterCoverage(problem, roster);
        const scheduled = groups.map((group) => group.scheduled[48] ?? 0);
        expect(scheduled.reduce((sum, number) => sum + number, 0)).toBeCloseTo(have.length, 6);
        const missing = groups.reduce(
          (sum, group, index) => sum + Math.max(0, (group.required[48] ?? 0) - (scheduled[index] ?? 0)),
          0,
        );
        expect(missing / 4).toBeCloseTo(shortHours, 6); // the spread reaches the least shortage that any could
        expect(overHours).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 25 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rosterCoverage, weighedShortHours } from "./coverage.ts";
import { Demand } from "./demand.ts";
import { gridOf } from "./grid.ts";
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

  test("[WF140] an hour short costs more where more of the requirement is missing, up to 1.75 times", () => {
    const required = new Array<number>(96).fill(0).fill(4, 48, 52); // four agents from 12:00 to 13:00
    const problem = smallProblem({ requirements: [{ group: "voice", skills: [], required }] }, [
      {},
      {},
      {},
      {},
    ]);
    const short = (agents: number): number =>
      weighedShortHours(
        problem,
        rosterOf(...problem.agents.slice(0, agents).map(({ id }) => dayShift(id, 0, 9))),
      );
    expect([4, 3, 2, 1, 0].map(short)).toEqual([0, 1, 2.25, 3.75, 5.5]);
    const demand = new Demand(problem, gridOf(problem));
    const pieces = demand.shortagePieces(4); // what the integer programs pay, a column for each
    expect(pieces.map(({ agents }) => agents)).toEqual([1, 1, 1, 1]);
    expect(pieces.map(({ cost }) => (cost - demand.overPerQuarter) / demand.underPerQuarter)).toEqual([
      1, 1.25, 1.5, 1.75,
    ]);
  });

  test("[WF140] the few that there are go to all groups in the cover told, not to the first", () => {
    const required = new Array<number>(52).fill(4, 48); // twice four agents from 12:00 to 13:00, and four there
    const needs = ["x", "y"].map((skill) => ({ group: skill, skills: [skill], required: [...required] }));
    const both = { skills: ["x", "y"] };
    const problem = smallProblem({ requirements: needs }, [both, both, both, both]);
    const { groups } = rosterCoverage(
      problem,
      rosterOf(...problem.agents.map(({ id }) => dayShift(id, 0, 9))),
    );
    expect(groups.map(({ scheduled }) => scheduled[48])).toEqual([2, 2]);
  });

  test("[WF140] so is it with several groups: the best spread of duty is the best for each step", () => {
    const skills = ["x", "y", "z"];
    const agents = fc.array(fc.subarray(skills, { minLength: 1 }), { minLength: 1, maxLength: 7 });
    const needs = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4));
    fc.assert(
      fc.property(agents, needs, (have, required) => {
        const problem = smallProblem(
          {
            requirements: skills.map((skill, index) => ({
              group: skill,
              skills: [skill],
              required: [required[index] ?? 0],
            })),
          },
          have.map((own) => ({ skills: own })),
        );
        const demand = new Demand(problem, gridOf(problem));
        const duty = demand.types.map(
          (_, type) => problem.agents.filter(({ id }) => demand.typeOf(id) === type).length,
        );
        const weighed = (times: number): number =>
          demand.weighedShortage(0, (type) => times * (duty[type] ?? 0));
        expect(weighed(1)).toBeLessThanOrEqual((weighed(0.5) + weighed(1.5)) / 2 + 1e-9); // convex
        expect(weighed(1)).toBeCloseTo(leastCost(demand, duty), 6);
      }),
      { numRuns: 25 },
    );
  });
});

/** The same by hand: each piece of each requirement filled, the dearest first, each agent where nobody else could be. */
function leastCost(demand: Demand, duty: readonly number[]): number {
  const UNITS = 4; // a quarter of an agent is the smallest piece
  const sinks = demand.groups.flatMap((_, group) =>
    demand.shortagePieces(demand.required(group, 0)).flatMap(({ agents, cost }) =>
      Array.from({ length: Math.round(agents * UNITS) }, () => ({
        group,
        worth: (cost - demand.overPerQuarter) / demand.underPerQuarter / UNITS,
      })),
    ),
  );
  const sources = duty.flatMap((agents, type) =>
    Array.from({ length: agents * UNITS }, () => demand.types[type] ?? 0),
  );
  const takenBy = new Map<number, number>(); // source -> sink
  const place = (sink: number, seen: Set<number>): boolean =>
    sources.some((mask, source) => {
      if (((mask >> (sinks[sink]?.group ?? 0)) & 1) === 0 || seen.has(source)) return false;
      seen.add(source);
      const held = takenBy.get(source);
      if (held !== undefined && !place(held, seen)) return false;
      takenBy.set(source, sink);
      return true;
    });
  sinks.sort((a, b) => b.worth - a.worth);
  return sinks.reduce((sum, { worth }, sink) => sum + (place(sink, new Set()) ? 0 : worth), 0);
}

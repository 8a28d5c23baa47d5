import { SeededRandom, SystemClock } from "@svara/kernel";
import {
  checkRoster,
  exampleProblem,
  type IntegerSolver,
  LABOUR_PRESETS,
  type RosterProblem,
  type RosterSolution,
  rosterCoverage,
  solveRoster,
} from "@svara/workforce/rostering";
import { beforeAll, describe, expect, test } from "vitest";
import { loadHighsSolver } from "./highs-solver.ts";

const clock = new SystemClock();
let solver: IntegerSolver;
beforeAll(async () => {
  solver = await loadHighsSolver(clock);
});

/** A week of a few agents with few starts: quick to solve. */
function tinyProblem(seed: number, agents = 6): RosterProblem {
  const random = new SeededRandom(seed);
  const example = exampleProblem({ agents, seed });
  const rules = Object.values(LABOUR_PRESETS)[Math.floor(random.next() * 3)] ?? example.rules;
  return {
    ...example,
    patterns: example.patterns.map((pattern) => ({ ...pattern, startEveryMinutes: 180 })),
    rules,
  };
}

/** A day from 07:00 to 20:00 that needs four or five, and four who can work eight hours of it. */
function fourForAllDay(): RosterProblem {
  const example = exampleProblem({ agents: 4 });
  const required = Array.from({ length: 96 }, (_, quarter) => {
    if (quarter < 28 || quarter >= 80) return 0;
    return quarter >= 36 && quarter < 60 ? 5 : 4;
  });
  const rest = (
    kind: "break" | "lunch",
    minutes: number,
    earliestAfterMinutes: number,
    latestAfterMinutes: number,
  ) => ({ kind, minutes, paid: kind === "break", earliestAfterMinutes, latestAfterMinutes });
  return {
    ...example,
    days: 1,
    patterns: [
      {
        id: "day",
        earliestStart: "07:00",
        latestStart: "11:30",
        startEveryMinutes: 15,
        paidMinutes: 480,
        breaks: [rest("break", 15, 75, 120), rest("lunch", 30, 180, 315), rest("break", 15, 375, 435)],
      },
    ],
    contracts: [
      {
        id: "full",
        weeklyMinutes: { min: 0, max: 2400 },
        daysPerWeek: { min: 0, max: 5 },
        patternIds: ["day"],
      },
    ],
    agents: example.agents.map(({ id }) => ({ id, contractId: "full", skills: ["voice"] })),
    requirements: [{ group: "voice", skills: ["voice"], required }],
  };
}

const solve = (
  problem: RosterProblem,
  options: Partial<Parameters<typeof solveRoster>[1]> = {},
): RosterSolution => solveRoster(problem, { solver, clock, timeLimitMs: 600, gap: 0.1, ...options });

describe("rosters by HiGHS", () => {
  test("[WF123] break no rule, whatever the agents and the labour rules", () => {
    for (let seed = 1; seed <= 2; seed++) {
      const problem = tinyProblem(seed);
      const { roster, violations } = solve(problem);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      expect(checkRoster(problem, roster)).toEqual([]);
      expect(roster.shifts.length).toBeGreaterThan(problem.agents.length);
    }
  });

  test("[WF124] cost no less than the bound, and what they cost is the sum of its parts", () => {
    const problem = tinyProblem(9, 8);
    const { objective, bound, gap, coverage, roster } = solve(problem);
    expect(objective.total).toBeGreaterThanOrEqual(bound - 1e-6);
    expect(gap).toBeCloseTo((objective.total - bound) / objective.total, 9);
    expect(coverage).toEqual(rosterCoverage(problem, roster));
    const { total, ...parts } = objective;
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 9);
    expect(objective.understaffing).toBeGreaterThanOrEqual(60 * coverage.shortHours - 1e-6);
    expect(objective.understaffing).toBeLessThanOrEqual(1.75 * 60 * coverage.shortHours + 1e-6);
  });

  test("[WF139] cover as much in any currency, and where hours cost nothing", () => {
    const problem = tinyProblem(9, 8);
    const least = { weeklyMinutes: { min: 0, max: 2400 }, daysPerWeek: { min: 0, max: 5 } }; // nobody works without need
    const paidWith = (costPerHour: number): RosterSolution => {
      const contracts = problem.contracts.map((contract) => ({ ...contract, ...least, costPerHour }));
      return solve({ ...problem, contracts });
    };
    const { coverage, roster } = paidWith(1);
    for (const costPerHour of [0, 210]) {
      const other = paidWith(costPerHour);
      expect(other.roster.shifts.length).toBeGreaterThan(0.8 * roster.shifts.length);
      expect(other.coverage.shortHours).toBeLessThan(coverage.shortHours + 8);
    }
  });

  test("[WF140] spread what cannot be covered: no two rest at once, and nobody is missed while three are there", () => {
    const { roster, coverage, gap, bound } = solve(fourForAllDay(), { timeLimitMs: 20_000, gap: 0.02 });
    expect(roster.shifts).toHaveLength(4);
    const rests = roster.shifts.flatMap(({ parts }) => parts).sort((a, b) => a.from - b.from);
    expect(rests).toHaveLength(12);
    for (const [index, { from }] of rests.entries())
      expect(from).toBeGreaterThanOrEqual(rests[index - 1]?.to ?? 0);
    const open = coverage.groups[0]?.scheduled.slice(28, 80) ?? [];
    expect(open).toHaveLength(52);
    expect(Math.min(...open)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...open)).toBeGreaterThanOrEqual(3);
    expect(bound).toBeGreaterThan(0);
    expect(gap).toBeLessThan(0.02);
  });

  test("[WF124] with nothing in the way the bound is reached", () => {
    const example = exampleProblem({ agents: 2 });
    const required = Array.from({ length: 7 * 96 }, (_, quarter) => {
      const ofDay = quarter % 96;
      return quarter < 5 * 96 && ofDay >= 32 && ofDay < 47 ? 2 : 0; // 8:00 to 11:45, Monday to Friday
    });
    const problem: RosterProblem = {
      ...example,
      agents: example.agents.map(({ id }) => ({ id, contractId: "twenty-hours", skills: ["voice"] })),
      patterns: example.patterns.map((pattern) => ({ ...pattern, breaks: [], paidMinutes: 225 })),
      contracts: example.contracts.map((contract) => ({
        ...contract,
        patternIds: ["four"],
        weeklyMinutes: { min: 0, max: 1125 },
        daysPerWeek: { min: 0, max: 5 },
      })),
      requirements: [{ group: "voice", skills: ["voice"], required }],
      rules: { id: "r", name: "r" },
    };
    const { coverage, objective, bound, stopped } = solve(problem, { timeLimitMs: 20_000, gap: 0.01 });
    expect(coverage).toMatchObject({ shortHours: 0, overHours: 0 });
    expect(objective.total).toBeCloseTo(bound, 6);
    expect(stopped).toBe("gap");
  });

  test("[WF125] told to stop, they are the best so far and still keep all rules", () => {
    const problem = tinyProblem(5, 10);
    const at = solve(problem, { shouldStop: () => true });
    expect(at).toMatchObject({ stopped: "asked", violations: [] });
    expect(at.roster.shifts.length).toBeGreaterThan(0);
    const nothing: IntegerSolver = { solve: () => ({ kind: "nothing" }) };
    expect(solve(problem, { solver: nothing }).violations).toEqual([]);
  });

  test("[WF137] leave locked shifts as they are, and plan around them", () => {
    const problem = tinyProblem(3);
    const { roster } = solve(problem);
    const locked = roster.shifts
      .filter((_, index) => index % 5 === 0)
      .map((shift) => ({ ...shift, locked: true }));
    const again = solve({ ...problem, shifts: locked });
    expect(again.violations).toEqual([]);
    expect(again.roster.shifts.filter((shift) => shift.locked)).toEqual(locked);
  });

  test("[WF138] give weekends to those who have carried fewer", () => {
    const problem = tinyProblem(2, 8);
    const history = (weekendDays: number) => ({ weekendDays, earlyShifts: 0, lateShifts: 0, paidMinutes: 0 });
    const agents = problem.agents.map(({ id }, index) => ({
      id,
      contractId: "full-time",
      skills: ["voice"],
      history: history(index < 4 ? 6 : 0),
    }));
    const weights = { fairness: 20 };
    const { roster } = solve(
      { ...problem, agents, weights, fairness: { share: ["weekends"] } },
      { timeLimitMs: 20_000 },
    );
    const days = (from: number, to: number): number =>
      roster.shifts.filter(
        ({ agentId, date }) =>
          date >= "2027-03-06" && agents.slice(from, to).some(({ id }) => id === agentId),
      ).length;
    expect(days(4, 8)).toBeGreaterThan(days(0, 4));
  });
});

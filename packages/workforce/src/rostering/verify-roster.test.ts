import { expect, test } from "vitest";
import { erlangA } from "../queueing/index.ts";
import type { RosterShift } from "./roster.ts";
import { dayShift, rosterOf, smallProblem } from "./testing/small-problem.ts";
import { verifyRoster } from "./verify-roster.ts";

test("[WF136] a roster is verified through the live router: constant staff meets Erlang A, a break is felt in its quarter", () => {
  const agents = Array.from({ length: 6 }, () => ({ skills: ["voice"] }));
  const problem = smallProblem({}, agents);
  const shifts = problem.agents.map(({ id }): RosterShift => ({ ...dayShift(id, 0, 8), parts: [] }));
  const contacts = Array.from({ length: 96 }, (_, quarter) => (quarter >= 32 && quarter < 64 ? 30 : 0));
  const demand = [
    {
      group: "voice",
      contacts,
      handling: { kind: "exponential" as const, meanMs: 180_000 },
      patience: { kind: "exponential" as const, meanMs: 120_000 },
    },
  ];
  const { groups } = verifyRoster(problem, rosterOf(...shifts), demand, { seed: 1, replications: 10 });
  const expected = erlangA({
    lambdaPerHour: 120,
    ahtS: 180,
    agents: 6,
    meanPatienceS: 120,
    thresholdsS: [20],
  });
  const [voice] = groups;
  expect(voice?.serviceLevel.value).toBeCloseTo(expected.within[0]?.serviceLevel.all ?? 0, 1);
  expect(voice?.abandonRate.value).toBeCloseTo(expected.pAbandon, 1);
  expect(voice?.intervals).toHaveLength(32);
  const withLunch = verifyRoster(
    problem,
    rosterOf(...shifts.map((shift) => dayShift(shift.agentId, 0, 8))),
    demand,
    { seed: 1, replications: 3 },
  );
  const atNoon = withLunch.groups[0]?.intervals.find(({ from }) => from === Date.UTC(2027, 2, 1, 12));
  expect(atNoon?.serviceLevel.value).toBeLessThan(0.2);
  expect(() =>
    verifyRoster(problem, rosterOf(...shifts), [{ ...demand[0], group: "x" } as never], { seed: 1 }),
  ).toThrow('no group "x"');
});

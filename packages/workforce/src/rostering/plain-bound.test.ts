import { expect, test } from "vitest";
import type { RosterProblem } from "./roster-problem.ts";
import { solveRoster } from "./solve-roster.ts";
import { dayShift, hour, smallProblem } from "./testing/small-problem.ts";

const required = Array.from({ length: 7 * 96 }, (_, quarter) =>
  quarter % 96 >= 32 && quarter % 96 < 64 ? 1 : 0,
);
const solve = (change: Partial<RosterProblem>) =>
  solveRoster(smallProblem({ requirements: [{ group: "voice", skills: ["voice"], required }], ...change }), {
    solver: { solve: () => ({ kind: "nothing" }) },
    clock: { now: () => hour(0, 0) },
    gap: 1,
  });

test("[WF124] the bound is known without any program: each required hour is paid or missing", () => {
  const { bound, objective } = solve({});
  expect(bound).toBe(7 * 8);
  expect(objective.total).toBeGreaterThanOrEqual(bound);
  const contracts = smallProblem().contracts.map((one) => ({ ...one, costPerHour: 20 }));
  expect(solve({ contracts }).bound).toBe(7 * 8 * 20);
});

test("[WF124] what shifts that stand cover already is in no bound", () => {
  const { bound, objective } = solve({ shifts: [dayShift("a", 0, 8, { locked: true })] });
  expect(bound).toBe(7 * 8 - 7.5); // of eight hours half a one is lunch
  expect(objective.total).toBeGreaterThanOrEqual(bound);
});

import { SystemClock } from "@svara/kernel";
import { exampleProblem, solveRoster } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import { loadHighsSolver } from "./highs-solver.ts";

test("[WF123] a week of sixty agents in quarters of an hour breaks no rule and comes near its bound", async () => {
  const clock = new SystemClock();
  const solver = await loadHighsSolver(clock);
  const problem = exampleProblem({ agents: 60, seed: 7 });
  const { violations, gap, coverage } = solveRoster(problem, {
    solver,
    clock,
    timeLimitMs: 45_000,
    gap: 0.04,
  });
  expect(violations).toEqual([]);
  expect(coverage.shortHours).toBeLessThan(0.01 * coverage.requiredHours);
  expect(gap).toBeLessThan(0.1); // 2 % on an idle machine
});

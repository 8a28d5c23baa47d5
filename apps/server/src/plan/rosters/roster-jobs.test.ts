import type { RosterShift } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import { withMeanwhile } from "./roster-jobs.ts";

function shift(agentId: string, from: number): RosterShift {
  return {
    agentId: agentId as RosterShift["agentId"],
    date: "2027-03-01",
    patternId: null,
    from,
    to: from + 8,
    parts: [],
  };
}
const facts = { leave: [], wishes: [], past: [] };
const spans = (shifts: readonly RosterShift[]) => shifts.map(({ agentId, from }) => `${agentId} ${from}`);

test("what was changed while the solver worked stays as it was changed", () => {
  const before = [shift("a", 0), shift("b", 0), shift("c", 0)];
  const draft = [shift("a", 0), shift("b", 4), shift("d", 2)]; // b moved, c's taken out, d's put in
  const made = withMeanwhile([shift("a", 10), shift("b", 10), shift("c", 10)], before, {
    roster: { draft },
    facts,
  });
  expect(spans(made.shifts)).toEqual(["a 10", "b 4", "d 2"]);
  expect(made.keptAgents).toBe(3);
});

test("nobody is given a shift in leave that was granted meanwhile", () => {
  const leave = [{ id: "l", agentId: "a", from: 12, to: 14 }];
  const solved = [shift("a", 0), shift("a", 10), shift("b", 10)];
  const made = withMeanwhile(solved, [], { roster: { draft: [] }, facts: { ...facts, leave } });
  expect(spans(made.shifts)).toEqual(["a 0", "b 10"]);
});

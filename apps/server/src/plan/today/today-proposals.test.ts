import type { TodayProposal } from "@svara/contracts";
import { expect, test } from "vitest";
import { withoutOffered } from "./today-proposals.ts";

const overtime = (
  agentId: string,
  from: number,
  to: number,
  teamId: string | null = "team",
): TodayProposal => ({
  kind: "overtime",
  agentId,
  agentName: agentId,
  teamId,
  rosterId: null,
  from,
  to,
  fromQueue: null,
  toQueue: null,
  skills: [],
  shortHoursSaved: 1,
  overHoursSaved: 0,
  effects: [],
});

test("overtime that is on offer already is not proposed again, seat by seat", () => {
  const proposals = [
    overtime("a", 17, 19),
    overtime("b", 17, 19),
    overtime("c", 18, 19),
    overtime("d", 17, 19, "other"),
  ];
  const left = withoutOffered(proposals, [{ teamId: "team", from: 17, to: 19, seats: 2 }]);
  expect(left.map(({ agentId }) => agentId)).toEqual(["c", "d"]);
  const everybody = withoutOffered(proposals, [{ teamId: null, from: 16, to: 20, seats: 1 }]);
  expect(everybody.map(({ agentId }) => agentId)).toEqual(["b", "c", "d"]);
  const move: TodayProposal = { ...overtime("e", 17, 19), kind: "move_break" };
  expect(withoutOffered([move], [{ teamId: "team", from: 17, to: 19, seats: 1 }])).toEqual([move]);
});

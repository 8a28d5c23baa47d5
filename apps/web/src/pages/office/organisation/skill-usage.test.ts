import type { Queue, User } from "@svara/contracts";
import { expect, test } from "vitest";
import { blankQueue } from "../queues/queue-draft.ts";
import { skillUse } from "./skill-usage.ts";

function agent(name: string, level: number, active = true): User {
  return {
    id: name,
    displayName: name,
    active,
    agent: { skills: [{ skillId: "s", level }] },
  } as unknown as User;
}

function queue(name: string, changes: Partial<Queue>, routing: Partial<Queue["routing"]> = {}): Queue {
  const blank = blankQueue("c");
  return {
    ...blank,
    id: name,
    name,
    revision: 1,
    archived: false,
    warnings: [],
    ...changes,
    routing: { ...blank.routing, ...routing },
  };
}

test("agents are counted by level, the best first, those who left not at all", () => {
  const use = skillUse("s", [agent("Bo", 3), agent("Al", 5), agent("Cy", 3), agent("Di", 1, false)], []);
  expect(use.levels).toEqual([0, 0, 2, 0, 1]);
  expect(use.holders.map(({ name }) => name)).toEqual(["Al", "Bo", "Cy"]);
});

test("a queue is told by the strongest way in which it uses the skill", () => {
  const need = [{ skillId: "s", minLevel: 2 }];
  const queues = [
    queue("D", {}),
    queue("C", {}, { preferredSkillIds: ["s"] }),
    queue("B", {}, { steps: [{ afterMs: 1, skills: need }], preferredSkillIds: ["s"] }),
    queue("A", { requiredSkills: need }, { preferredSkillIds: ["s"] }),
  ];
  expect(skillUse("s", [], queues).queues).toEqual([
    { queueId: "A", name: "A", how: "required", level: 2 },
    { queueId: "B", name: "B", how: "sometimes" },
    { queueId: "C", name: "C", how: "preferred" },
  ]);
});

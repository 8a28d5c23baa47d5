import { expect, test } from "vitest";
import type { Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import { agents, exponential, floor, HOUR_MS, queue, stream } from "./testing/floors.ts";

const TYPES = ["a", "b", "c", "d", "e", "f"];
const EACH = 15;

/** Six kinds of calls, 13.75 erlang each, ninety agents with so many skills, each set of fifteen beginning one further on. */
function sixTypes(skillsEach: number): Scenario {
  const staff = TYPES.flatMap((type, i) => {
    const own = Array.from({ length: skillsEach }, (_, k) => TYPES[(i + k) % TYPES.length] ?? type);
    return agents(type, EACH, {
      skills: Object.fromEntries(own.map((skill, k) => [skill, k === 0 ? 5 : 3])),
    });
  });
  return floor({
    lengthMs: 40 * HOUR_MS,
    queues: TYPES.map((type) =>
      queue(type, {
        requiredSkills: [{ skillId: type, minProficiency: 1 }],
        agentStrategy: "highest_proficiency",
      }),
    ),
    staff,
    arrivals: TYPES.map((type) =>
      stream(type, 82.5, { talk: exponential(600_000), patience: exponential(600_000) }),
    ),
  });
}

test("[WF113] two skills an agent, in a chain, are almost as good as all six, one is not", () => {
  const [one = 1, two = 1, six = 1] = [1, 2, 6].map(
    (skills) =>
      simulate(sixTypes(skills), { seed: 1, batches: 10, warmUpMs: 2 * HOUR_MS }).total.abandonRate.value ??
      1,
  );
  expect(one).toBeGreaterThan(3 * six);
  expect((one - two) / (one - six)).toBeGreaterThan(0.8);
});

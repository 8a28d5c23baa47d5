import fc from "fast-check";
import { expect, test } from "vitest";
import { lacksOf } from "./agent-reasons.ts";
import type { AgentConfig, Requirement } from "./model.ts";
import { SkillSet } from "./skill-set.ts";

const word = fc.constantFrom("x", "y", "z");
const level = fc.integer({ min: 1, max: 3 });
const some = <T>(each: fc.Arbitrary<T>) => fc.uniqueArray(each, { minLength: 1, maxLength: 2 });

const agents: fc.Arbitrary<AgentConfig> = fc.record(
  {
    id: fc.constant("a"),
    skills: fc.dictionary(word, level, { maxKeys: 3 }),
    slots: fc.constantFrom({}, { voice: 1 }, { chat: 2 }, { voice: 0 }),
    groups: some(word),
    siteId: word,
    tiers: some(fc.constantFrom(1 as const, 2 as const)),
    queueIds: some(word),
  },
  { requiredKeys: ["id", "skills", "slots"] },
);

const requirements: fc.Arbitrary<Requirement> = fc.record(
  {
    skills: fc.array(fc.record({ skillId: word, minProficiency: level }), { maxLength: 2 }),
    groups: some(word),
    sites: some(word),
    tiers: some(fc.constantFrom(1 as const, 2 as const)),
  },
  { requiredKeys: ["skills"] },
);

test("[RT92] an agent who cannot serve always lacks something, and one who can lacks nothing", () => {
  fc.assert(
    fc.property(agents, requirements, (config, requirement) => {
      const set = new SkillSet("key", config);
      expect(lacksOf(set, "x", "voice", requirement).length === 0).toBe(
        set.canServe("x", "voice", requirement),
      );
    }),
    { numRuns: 500 },
  );
});

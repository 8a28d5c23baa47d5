import type { ItemFacts, SkillSetFacts } from "./strategy.ts";

/** What agents of a set bring for an item: over the skills that it asks or prefers, each counted once. */
export interface Proficiency {
  readonly sum: number;
  readonly skills: number;
}

/** Adds up the proficiencies; a skill that the set has not counts 0. */
export function proficiencyFor(set: SkillSetFacts, { needs, preferred }: ItemFacts): Proficiency {
  let sum = 0;
  let skills = needs.length;
  for (const need of needs) sum += set.proficiency(need.skillId);
  for (const skillId of preferred) {
    if (needs.some((need) => need.skillId === skillId)) continue;
    sum += set.proficiency(skillId);
    skills++;
  }
  return { sum, skills };
}

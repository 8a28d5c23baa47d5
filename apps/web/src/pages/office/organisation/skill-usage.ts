import type { Queue, User } from "@svara/contracts";

/** How a queue uses a skill: asked of every contact at a level, later or for some, or only preferred. */
export type QueueUse =
  | { readonly queueId: string; readonly name: string; readonly how: "required"; readonly level: number }
  | { readonly queueId: string; readonly name: string; readonly how: "sometimes" | "preferred" };

export interface SkillUse {
  /** How many active agents hold it at level 1, 2, ... 5. */
  readonly levels: readonly number[];
  readonly holders: readonly { readonly id: string; readonly name: string; readonly level: number }[];
  readonly queues: readonly QueueUse[];
}

/** Who holds a skill and which queues ask for it; the best agents first. */
export function skillUse(skillId: string, users: readonly User[], queues: readonly Queue[]): SkillUse {
  const holders = users
    .filter(({ active }) => active)
    .flatMap(({ id, displayName, agent }) => {
      const held = agent?.skills.find((skill) => skill.skillId === skillId);
      return held ? [{ id, name: displayName, level: held.level }] : [];
    })
    .toSorted((a, b) => b.level - a.level || a.name.localeCompare(b.name));
  return {
    levels: [1, 2, 3, 4, 5].map((level) => holders.filter((holder) => holder.level === level).length),
    holders,
    queues: queues.flatMap((queue) => useBy(queue, skillId)).toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

function useBy({ id, name, requiredSkills, routing }: Queue, skillId: string): QueueUse[] {
  const required = requiredSkills.find((need) => need.skillId === skillId);
  if (required) return [{ queueId: id, name, how: "required", level: required.minLevel }];
  const asked = [
    ...routing.steps.flatMap(({ skills }) => skills ?? []),
    ...routing.criteria.flatMap((criterion) => criterion.requiredSkills ?? []),
  ];
  if (asked.some((need) => need.skillId === skillId)) return [{ queueId: id, name, how: "sometimes" }];
  const preferred = [
    ...routing.preferredSkillIds,
    ...routing.criteria.flatMap(({ preferredSkillIds }) => preferredSkillIds ?? []),
  ];
  return preferred.includes(skillId) ? [{ queueId: id, name, how: "preferred" }] : [];
}

import type { SkillId } from "@svara/kernel";
import type {
  CriteriaStep,
  QueueConfig,
  Requirement,
  RoutingCriterion,
  SiteId,
  SkillNeed,
  WorkItem,
} from "./model.ts";
import { compareIds } from "./rank.ts";

/** What asks something of the agents who may serve an item, each one instead of or beside the one before (RT60). */
export interface Asking {
  readonly queue: QueueConfig;
  /** The criteria that hold. */
  readonly criteria: readonly RoutingCriterion[];
  /** The item's own words; null when it has none. */
  readonly own: OwnWords | null;
  /** The steps taken, in order. */
  readonly steps: readonly CriteriaStep[];
  /** Where an overflow rule sent it. */
  readonly sites: readonly SiteId[] | null;
}

/** What an item asks itself. */
type OwnWords = Pick<WorkItem, "requiredSkills" | "preferredSkills" | "groups" | "sites" | "tiers">;

/** Whether the item asks anything that its queue does not. */
export function hasOwnWords(work: OwnWords): boolean {
  return (
    work.requiredSkills !== undefined ||
    work.preferredSkills !== undefined ||
    work.groups !== undefined ||
    work.sites !== undefined ||
    work.tiers !== undefined
  );
}

/** The requirement of an item (RT60). Words that ask for nothing are left out. */
export function requirementOf({ queue, criteria, own, steps, sites }: Asking): Requirement {
  const ownSkills = own?.requiredSkills ?? [];
  let others = mergeNeeds(queue.requiredSkills, ...criteria.map((c) => c.requiredSkills ?? []));
  let groups = own?.groups ?? queue.groups;
  let asked = own?.sites ?? queue.sites;
  let tiers = own?.tiers ?? criteria.findLast((c) => c.tiers !== undefined)?.tiers ?? queue.tiers;
  for (const step of steps) {
    others = step.skills ?? others;
    if (step.groups !== undefined) groups = step.groups ?? undefined;
    if (step.sites !== undefined) asked = step.sites ?? undefined;
    if (step.tiers !== undefined) tiers = step.tiers ?? undefined;
  }
  asked = sites ?? asked;
  return {
    skills: mergeNeeds(others, ownSkills),
    ...(asksForSome(groups) ? { groups } : {}),
    ...(asksForSome(asked) ? { sites: asked } : {}),
    ...(asksForSome(tiers) ? { tiers } : {}),
  };
}

/** The skills that are preferred, each one once: the queue's, the criteria's and the item's own. */
export function preferredOf({ queue, criteria, own }: Asking): readonly SkillId[] {
  const all = [
    ...(queue.preferredSkills ?? []),
    ...criteria.flatMap((c) => c.preferredSkills ?? []),
    ...(own?.preferredSkills ?? []),
  ];
  return [...new Set(all)].sort(compareIds);
}

/** All lists as one, by skill id, with the greatest demand where several name a skill. */
function mergeNeeds(...lists: readonly (readonly SkillNeed[])[]): readonly SkillNeed[] {
  const least = new Map<SkillId, number>();
  for (const list of lists) {
    for (const { skillId, minProficiency } of list) {
      least.set(skillId, Math.max(minProficiency, least.get(skillId) ?? 0));
    }
  }
  return [...least]
    .sort(([x], [y]) => compareIds(x, y))
    .map(([skillId, minProficiency]) => ({ skillId, minProficiency }));
}

function asksForSome<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

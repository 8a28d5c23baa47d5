import type { OpeningHours } from "@svara/calendar";
import type { QueueDraft } from "@svara/contracts";
import type { HoursId, QueueId } from "@svara/kernel";
import type { CriteriaStep, OverflowRule, QueueConfig, RoutingCriterion, SkillNeed } from "@svara/routing";

/** A configured queue as the router wants it. `hoursOf` finds opening hours that are in use. */
export function queueConfigOf(
  id: QueueId,
  queue: QueueDraft,
  hoursOf: (id: HoursId) => OpeningHours | undefined,
): QueueConfig {
  const { routing, wrapUp } = queue;
  const { preferredSkillIds, groupIds, siteIds, tiers, steps, criteria, overflow } = routing;
  const hours = routing.hoursId === null ? undefined : hoursOf(routing.hoursId);
  return {
    id,
    clientId: queue.clientId,
    media: [queue.medium],
    work: routing.work,
    requiredSkills: needsOf(queue.requiredSkills),
    ...(preferredSkillIds.length > 0 && { preferredSkills: preferredSkillIds }),
    ...(groupIds.length > 0 && { groups: groupIds }),
    ...(siteIds.length > 0 && { sites: siteIds }),
    ...(tiers.length > 0 && { tiers }),
    ...(steps.length > 0 && { steps: steps.map(stepOf) }),
    ...(criteria.length > 0 && { criteria: criteria.map(criterionOf) }),
    priority: queue.priority,
    ...(routing.ageing && { ageing: routing.ageing }),
    ringTimeoutMs: queue.ringTimeoutMs,
    wrapUp: given(wrapUp),
    agentStrategy: routing.agentStrategy,
    ...(routing.agentStrategy === "balanced" && { qualityWeight: routing.qualityWeight }),
    ...(routing.preferredWaitMs > 0 && { preferredWaitMs: routing.preferredWaitMs }),
    ...(overflow.length > 0 && { overflow: overflow.map(overflowOf) }),
    ...(hours && { hours }),
    ...(routing.callback && { callback: routing.callback }),
    ...(routing.blend && { blend: given(routing.blend) }),
    ...(routing.crossSell && { crossSell: given(routing.crossSell) }),
    ...(routing.cost && { cost: routing.cost }),
    share: routing.share,
    targetMs: queue.serviceLevel.thresholdMs,
    ...(routing.expectedHandleMs !== null && { expectedHandleMs: routing.expectedHandleMs }),
  };
}

type Routing = QueueDraft["routing"];

function stepOf(step: Routing["steps"][number]): CriteriaStep {
  const { afterMs, skills, groupIds, siteIds, tiers, raise } = step;
  return {
    afterMs,
    ...(skills && { skills: needsOf(skills) }),
    ...(groupIds !== undefined && { groups: groupIds }),
    ...(siteIds !== undefined && { sites: siteIds }),
    ...(tiers !== undefined && { tiers }),
    ...(raise !== undefined && { raise }),
  };
}

function criterionOf(criterion: Routing["criteria"][number]): RoutingCriterion {
  const { requiredSkills, preferredSkillIds, ...rest } = criterion;
  return {
    ...given(rest),
    ...(requiredSkills && { requiredSkills: needsOf(requiredSkills) }),
    ...(preferredSkillIds && { preferredSkills: preferredSkillIds }),
  };
}

function overflowOf({ to, ...rule }: Routing["overflow"][number]): OverflowRule {
  return { ...given(rule), to: given(to) };
}

function needsOf(needs: QueueDraft["requiredSkills"]): SkillNeed[] {
  return needs.map(({ skillId, minLevel }) => ({ skillId, minProficiency: minLevel }));
}

type Given<T> = T extends object ? { [K in keyof T]: Exclude<T[K], undefined> } : T;

/** Without the words that are undefined: the router's words are there or are not. */
function given<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, word]) => word !== undefined)) as Given<T>;
}

import { compileCondition, parseExpression } from "@svara/kernel/expression";
import type {
  AgentConfig,
  Facts,
  QueueConfig,
  Requirement,
  RoutingCriterion,
  SkillNeed,
} from "../../model.ts";
import { type NaiveFloor, type Person, queueOf, type Waiting } from "./floor.ts";
import { hasCome } from "./lines.ts";

const conditions = new Map<string, (facts: Facts) => boolean>(); // parsing is all the time there is otherwise

/** RT62 */
export function holds(when: string, facts: Facts | undefined): boolean {
  let condition = conditions.get(when);
  if (!condition) {
    const parsed = parseExpression(when);
    condition = parsed.ok
      ? compileCondition<Facts>(parsed.expression, (name) => (known) => known[name])
      : () => false;
    conditions.set(when, condition);
  }
  return condition(facts ?? {});
}

function criteriaOf(queue: QueueConfig | undefined, facts: Facts | undefined): RoutingCriterion[] {
  return (queue?.criteria ?? []).filter((criterion) => holds(criterion.when, facts));
}

/** In order of time; those of the same time in their own. */
export function stepsOf(queue: QueueConfig | undefined) {
  return [...(queue?.steps ?? [])].sort((a, b) => a.afterMs - b.afterMs);
}

/** RT60, RT84 */
function requirementOf(floor: NaiveFloor, { item, steps, sites }: Waiting): Requirement {
  const queue = queueOf(floor, item.queueId);
  const held = criteriaOf(queue, item.facts);
  const own = item.requiredSkills ?? [];
  const asked: {
    skills: readonly SkillNeed[];
    groups?: Requirement["groups"] | null;
    sites?: Requirement["sites"] | null;
    tiers?: Requirement["tiers"] | null;
  } = {
    skills: [...(queue?.requiredSkills ?? []), ...held.flatMap((one) => one.requiredSkills ?? [])],
    groups: item.groups ?? queue?.groups,
    sites: item.sites ?? queue?.sites,
    tiers: item.tiers ?? held.findLast((one) => one.tiers)?.tiers ?? queue?.tiers,
  };
  for (const step of stepsOf(queue).slice(0, steps)) {
    if (step.skills !== undefined) asked.skills = step.skills;
    if (step.groups !== undefined) asked.groups = step.groups;
    if (step.sites !== undefined) asked.sites = step.sites;
    if (step.tiers !== undefined) asked.tiers = step.tiers;
  }
  return {
    skills: [...asked.skills, ...own],
    ...(asked.groups ? { groups: asked.groups } : {}),
    ...((sites ?? asked.sites) ? { sites: sites ?? asked.sites ?? [] } : {}),
    ...(asked.tiers ? { tiers: asked.tiers } : {}),
  };
}

/** RT65: everything a strategy that looks at proficiency counts, each skill once. */
export function countedSkills(floor: NaiveFloor, waiting: Waiting): string[] {
  const { item } = waiting;
  const queue = queueOf(floor, item.queueId);
  return [
    ...new Set<string>([
      ...requirementOf(floor, waiting).skills.map((need) => need.skillId),
      ...(queue?.preferredSkills ?? []),
      ...criteriaOf(queue, item.facts).flatMap((one) => one.preferredSkills ?? []),
      ...(item.preferredSkills ?? []),
    ]),
  ];
}

/** RT63, RT64 */
export function priorityOf(floor: NaiveFloor, waiting: Waiting): number {
  const { item, steps, enteredAt } = waiting;
  const queue = queueOf(floor, item.queueId);
  let priority = item.priority ?? queue?.priority ?? 0;
  for (const criterion of criteriaOf(queue, item.facts)) priority += criterion.raise ?? 0;
  for (const step of stepsOf(queue).slice(0, steps)) priority += step.raise ?? 0;
  const ageing = queue?.ageing;
  if (ageing) {
    const due = Math.floor((floor.now - enteredAt) / ageing.everyMs);
    const times = hasCome(floor, waiting, enteredAt + due * ageing.everyMs) ? due : due - 1;
    priority += Math.min(ageing.most, times * ageing.by);
  }
  return priority;
}

/** RT7: those of the greatest priority first, then the oldest, then the least id. */
export function inOrder(floor: NaiveFloor, line: readonly Waiting[]): Waiting[] {
  return line
    .map((waiting) => ({ waiting, priority: priorityOf(floor, waiting) }))
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        a.waiting.item.queuedAt - b.waiting.item.queuedAt ||
        (a.waiting.item.id < b.waiting.item.id ? -1 : 1),
    )
    .map(({ waiting }) => waiting);
}

function meets(agent: AgentConfig, { skills, groups, sites, tiers }: Requirement): boolean {
  return (
    skills.every((need) => (agent.skills[need.skillId] ?? 0) >= need.minProficiency) &&
    (!groups?.length || groups.some((group) => agent.groups?.includes(group))) &&
    (!sites?.length || (agent.siteId !== undefined && sites.includes(agent.siteId))) &&
    (!tiers?.length || tiers.some((tier) => (agent.tiers ?? [1]).includes(tier)))
  );
}

const mayServe = (agent: AgentConfig, queueId: string): boolean =>
  agent.queueIds === undefined || agent.queueIds.includes(queueId);

/** RT12, RT60, RT67 */
export function canServe(floor: NaiveFloor, { config }: Person, waiting: Waiting): boolean {
  const { item } = waiting;
  if ((config.slots[item.medium] ?? 0) <= 0) return false;
  if (item.onlyAgentId !== undefined) return item.onlyAgentId === config.id;
  return mayServe(config, item.queueId) && meets(config, requirementOf(floor, waiting));
}

/** RT44: serves the queue with what the queue alone asks. */
export function canServeQueue({ config }: Person, queue: QueueConfig): boolean {
  const { requiredSkills: skills, groups, sites, tiers } = queue;
  const asked = {
    skills,
    ...(groups ? { groups } : {}),
    ...(sites ? { sites } : {}),
    ...(tiers ? { tiers } : {}),
  };
  return (
    queue.media.some((medium) => (config.slots[medium] ?? 0) > 0) &&
    mayServe(config, queue.id) &&
    meets(config, asked)
  );
}

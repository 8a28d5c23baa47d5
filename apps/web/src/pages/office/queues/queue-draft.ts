import { DEFAULT_QUEUE_ROUTING, type Queue, type QueueDraft, type QueueRouting } from "@svara/contracts";

export type Step = QueueRouting["steps"][number];
export type Criterion = QueueRouting["criteria"][number];
export type OverflowRule = QueueRouting["overflow"][number];
export type SkillNeed = QueueDraft["requiredSkills"][number];

/** A queue to begin with: everybody may answer, whoever is idle longest. */
export function blankQueue(clientId: string): QueueDraft {
  return {
    clientId,
    name: "",
    medium: "voice",
    priority: 0,
    maxWaiting: null,
    requiredSkills: [],
    teamIds: [],
    agentIds: [],
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "timed", limitMs: 60_000 },
    serviceLevel: { thresholdMs: 20_000, target: 0.8 },
    shortAbandonMs: 5_000,
    musicPromptId: null,
    announce: { position: true, estimatedWait: true, everyMs: 45_000 },
    dispositionRequired: false,
    calling: { autoAnswer: false, whisperPromptId: null, callerIdNumberId: null },
    routing: structuredClone(DEFAULT_QUEUE_ROUTING) as QueueRouting,
  };
}

/** What of a queue is edited. */
export function draftOf(queue: Queue): QueueDraft {
  const { id: _id, revision: _revision, archived: _archived, warnings: _warnings, ...draft } = queue;
  return draft;
}

/** What is sent: steps in the order of their time, texts without blanks around them. */
export function toSend(draft: QueueDraft): QueueDraft {
  const { routing } = draft;
  const { when, ...crossSell } = routing.crossSell ?? {};
  return {
    ...draft,
    name: draft.name.trim(),
    routing: {
      ...routing,
      steps: inOrder(routing.steps),
      overflow: routing.overflow.map(({ when: condition, ...rule }) => ({
        ...rule,
        ...(condition === undefined ? {} : { when: condition.trim() }),
      })),
      criteria: routing.criteria.map((criterion) => ({ ...criterion, when: criterion.when.trim() })),
      crossSell:
        routing.crossSell === null
          ? null
          : { ...crossSell, ...(when === undefined ? {} : { when: when.trim() }) },
    },
  };
}

/** Steps by their time; those of the same time stay as they are. */
export function inOrder(steps: readonly Step[]): Step[] {
  return steps.toSorted((a, b) => a.afterMs - b.afterMs);
}

/** What is asked of an agent once the first `count` steps are taken. */
export interface Asked {
  readonly skills: readonly SkillNeed[];
  readonly groupIds: readonly string[];
  readonly siteIds: readonly string[];
  readonly tiers: readonly number[];
}

export function askedAfter(draft: QueueDraft, count: number): Asked {
  const { routing } = draft;
  let asked: Asked = {
    skills: draft.requiredSkills,
    groupIds: routing.groupIds,
    siteIds: routing.siteIds,
    tiers: routing.tiers,
  };
  for (const step of routing.steps.slice(0, count)) {
    asked = {
      skills: step.skills ?? asked.skills,
      groupIds: step.groupIds === undefined ? asked.groupIds : (step.groupIds ?? []),
      siteIds: step.siteIds === undefined ? asked.siteIds : (step.siteIds ?? []),
      tiers: step.tiers === undefined ? asked.tiers : (step.tiers ?? []),
    };
  }
  return asked;
}

const FIRST_STEP_MS = 30_000;

/** A step after the last one that already widens something: a level less, else any team, site or tier. */
export function nextStep(draft: QueueDraft): Step {
  const { steps } = draft.routing;
  const last = steps.at(-1);
  const afterMs = last === undefined ? FIRST_STEP_MS : last.afterMs + FIRST_STEP_MS;
  const asked = askedAfter(draft, steps.length);
  const skills = lowered(asked.skills);
  if (skills !== undefined) return { afterMs, skills };
  if (asked.groupIds.length > 0) return { afterMs, groupIds: null };
  if (asked.siteIds.length > 0) return { afterMs, siteIds: null };
  if (asked.tiers.length > 0) return { afterMs, tiers: null };
  return { afterMs, raise: 10 };
}

/** The same skills with each level one less; undefined when there is nothing to lower. */
export function lowered(skills: readonly SkillNeed[]): SkillNeed[] | undefined {
  if (!skills.some(({ minLevel }) => minLevel > 1)) return undefined;
  return skills.map((need) => ({ ...need, minLevel: Math.max(1, need.minLevel - 1) }));
}

/** An id that no rule of the list has, such as `rule-3`. */
export function freeRuleId(prefix: string, rules: readonly { readonly id: string }[]): string {
  let n = rules.length + 1;
  while (rules.some(({ id }) => id === `${prefix}-${n}`)) n++;
  return `${prefix}-${n}`;
}

/** The parts of the editor, in the order in which a contact meets them. */
export const SECTIONS = [
  "basics",
  "who",
  "widening",
  "order",
  "overflow",
  "waiting",
  "callback",
  "calling",
  "after",
  "mixing",
  "cross_sell",
] as const;
export type Section = (typeof SECTIONS)[number];

const SECTION_OF: readonly (readonly [RegExp, Section])[] = [
  [/^routing\.steps/, "widening"],
  [/^routing\.(criteria|ageing|cost|share)|^priority$/, "order"],
  [/^routing\.(overflow|hoursId)/, "overflow"],
  [/^routing\.callback/, "callback"],
  [/^routing\.(blend|work)/, "mixing"],
  [/^routing\.crossSell/, "cross_sell"],
  [/^(announce|musicPromptId|maxWaiting|routing\.expectedHandleMs)/, "waiting"],
  [/^routing|^requiredSkills|^teamIds|^agentIds/, "who"],
  [/^calling/, "calling"],
  [/^(wrapUp|dispositionRequired)/, "after"],
];

/** Where in the editor a field is; a finding about the queue as a whole is about who answers. */
export function sectionOf(field: string | null): Section {
  if (field === null || field === "") return "who";
  return SECTION_OF.find(([pattern]) => pattern.test(field))?.[1] ?? "basics";
}

/** What one level of proficiency weighs in `balanced`, as time that an agent has been idle; RT75 of the router. */
export function idlePerLevelMs(qualityWeight: number): number {
  return qualityWeight >= 1 ? Number.POSITIVE_INFINITY : (qualityWeight * 600_000) / 5 / (1 - qualityWeight);
}

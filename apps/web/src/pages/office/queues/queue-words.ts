import type { QueueDraft } from "@svara/contracts";
import type { i18n } from "i18next";
import { formatSpan } from "../../../format/duration.ts";
import type { Criterion, OverflowRule, SkillNeed, Step } from "./queue-draft.ts";

export type NamedKind = "skill" | "team" | "site" | "queue" | "user" | "prompt" | "hours";

/** What sentences about a queue need: the reader's language and the names of things. */
export interface Wording {
  readonly i18n: i18n;
  readonly nameOf: (kind: NamedKind, id: string) => string;
}

/** What a queue does, in one paragraph. */
export function queueParagraph(draft: QueueDraft, wording: Wording): string {
  const { t } = wording.i18n;
  const { routing } = draft;
  const said = [...whoSentences(draft, wording)];
  for (const step of routing.steps) {
    said.push(
      t("queue_words.step", { time: span(step.afterMs, wording), changes: stepChanges(step, wording) }),
    );
  }
  said.push(t(`strategy.${routing.agentStrategy}_sentence`));
  if (routing.lastAgentDays !== null)
    said.push(t("queue_words.last_agent", { count: routing.lastAgentDays }));
  if (draft.priority > 0) said.push(t("queue_words.priority", { priority: draft.priority }));
  if (routing.ageing !== null) {
    const { everyMs, by } = routing.ageing;
    said.push(t("queue_words.ageing", { time: span(everyMs, wording), by }));
  }
  if (routing.criteria.length > 0) said.push(t("queue_words.criteria", { count: routing.criteria.length }));
  for (const rule of routing.overflow) said.push(`${ruleSentence(rule, wording)}.`);
  if (routing.blend !== null) said.push(t("queue_words.blend"));
  said.push(wrapUpSentence(draft.wrapUp, wording));
  return said.join(" ");
}

function* whoSentences(draft: QueueDraft, wording: Wording): Generator<string> {
  const { t } = wording.i18n;
  const { routing } = draft;
  const only = [
    ...draft.teamIds.map((id) => t("queue_words.team", { name: wording.nameOf("team", id) })),
    ...draft.agentIds.map((id) => wording.nameOf("user", id)),
  ];
  if (only.length > 0) yield t("queue_words.only", { who: either(shortened(only, wording), wording) });
  if (draft.requiredSkills.length > 0) {
    yield t("queue_words.need", { skills: skillList(draft.requiredSkills, wording) });
  } else if (only.length === 0) yield t("queue_words.anybody");
  const first = placeWords(routing, wording);
  if (first.length > 0) yield t("queue_words.first", { where: both(first, wording) });
  if (routing.preferredSkillIds.length > 0) {
    const names = routing.preferredSkillIds.map((id) => wording.nameOf("skill", id));
    yield t("queue_words.preferred", { skills: both(names, wording) });
  }
}

interface Places {
  readonly groupIds?: readonly string[] | null | undefined;
  readonly siteIds?: readonly string[] | null | undefined;
  readonly tiers?: readonly number[] | null | undefined;
}

function placeWords(places: Places, wording: Wording): string[] {
  const { t } = wording.i18n;
  const words: string[] = [];
  const names = (kind: NamedKind, ids: readonly string[]): string =>
    either(
      ids.map((id) => wording.nameOf(kind, id)),
      wording,
    );
  if (places.groupIds?.length) words.push(t("queue_words.teams", { names: names("team", places.groupIds) }));
  if (places.siteIds?.length) words.push(t("queue_words.sites", { names: names("site", places.siteIds) }));
  if (places.tiers?.length) words.push(t("queue_words.tiers", { names: tierList(places.tiers, wording) }));
  return words;
}

/** What a step changes, as a list: `Swedish 2 is enough; any team`. */
export function stepChanges(step: Step, wording: Wording): string {
  const { t } = wording.i18n;
  const changes: string[] = [];
  if (step.skills !== undefined) {
    changes.push(
      step.skills.length === 0
        ? t("queue_words.no_skills")
        : t("queue_words.skills_enough", { skills: skillList(step.skills, wording) }),
    );
  }
  if (step.groupIds !== undefined && !step.groupIds?.length) changes.push(t("queue_words.any_team"));
  if (step.siteIds !== undefined && !step.siteIds?.length) changes.push(t("queue_words.any_site"));
  if (step.tiers !== undefined && !step.tiers?.length) changes.push(t("queue_words.any_tier"));
  changes.push(...placeWords(step, wording));
  if (step.raise) changes.push(t("queue_words.raise", { by: signed(step.raise, wording) }));
  return changes.length === 0 ? t("queue_words.nothing_changes") : changes.join("; ");
}

/** `After 30 s: Swedish 2 is enough` */
export function stepSentence(step: Step, wording: Wording): string {
  const { t } = wording.i18n;
  return t("queue_words.step_from", {
    time: span(step.afterMs, wording),
    changes: stepChanges(step, wording),
  });
}

/** `When somebody has waited 2 min and more than 3 wait per agent → to the queue Billing` */
export function ruleSentence(rule: OverflowRule, wording: Wording): string {
  const { t } = wording.i18n;
  const conditions = [
    rule.afterMs === 0
      ? t("queue_words.at_once")
      : t("queue_words.waited", { time: span(rule.afterMs, wording) }),
  ];
  if (rule.expectedWaitOverMs !== undefined) {
    conditions.push(t("queue_words.expected_over", { time: span(rule.expectedWaitOverMs, wording) }));
  }
  if (rule.lengthOver !== undefined)
    conditions.push(t("queue_words.length_over", { count: rule.lengthOver }));
  if (rule.perAgentOver !== undefined) {
    conditions.push(t("queue_words.per_agent_over", { number: number(rule.perAgentOver, wording) }));
  }
  if (rule.noAgents) conditions.push(t("queue_words.no_agents"));
  if (rule.closed) conditions.push(t("queue_words.closed"));
  if (rule.when !== undefined) conditions.push(t("queue_words.condition", { text: rule.when || "…" }));
  return `${both(conditions, wording)} → ${targetWords(rule.to, wording)}`;
}

/** Where an overflow rule leads. */
function targetWords(to: OverflowRule["to"], wording: Wording): string {
  const { t } = wording.i18n;
  switch (to.kind) {
    case "queue": {
      const name = to.queueId === "" ? "…" : wording.nameOf("queue", to.queueId);
      return to.priority === undefined
        ? t("queue_words.to_queue", { name })
        : t("queue_words.to_queue_priority", { name, priority: to.priority });
    }
    case "sites":
      return t("queue_words.to_sites", {
        names:
          either(
            to.siteIds.map((id) => wording.nameOf("site", id)),
            wording,
          ) || "…",
      });
    case "voicemail":
      return t("queue_words.to_voicemail");
    case "hang_up":
      return t("queue_words.to_hang_up");
    case "message":
      return t(to.leaves ? "queue_words.to_message_end" : "queue_words.to_message");
    case "callback":
      return t("queue_words.to_callback");
  }
}

/** `When customer.value == "gold" → priority +10; needs Swedish 3` */
export function criterionSentence(criterion: Criterion, wording: Wording): string {
  const { t } = wording.i18n;
  const effects: string[] = [];
  if (criterion.raise) effects.push(t("queue_words.raise", { by: signed(criterion.raise, wording) }));
  if (criterion.requiredSkills?.length) {
    effects.push(t("queue_words.also_needs", { skills: skillList(criterion.requiredSkills, wording) }));
  }
  if (criterion.preferredSkillIds?.length) {
    const names = criterion.preferredSkillIds.map((id) => wording.nameOf("skill", id));
    effects.push(t("queue_words.prefers", { skills: both(names, wording) }));
  }
  if (criterion.tiers?.length) {
    effects.push(t("queue_words.tiers", { names: tierList(criterion.tiers, wording) }));
  }
  const said = effects.length === 0 ? t("queue_words.nothing_changes") : effects.join("; ");
  return `${t("queue_words.when", { text: criterion.when || "…" })} → ${said}`;
}

/** What happens when the contact has ended. */
function wrapUpSentence(wrapUp: QueueDraft["wrapUp"], wording: Wording): string {
  const { t } = wording.i18n;
  const limitMs = "limitMs" in wrapUp ? wrapUp.limitMs : undefined;
  if (limitMs === undefined) {
    return wrapUp.mode === "requested"
      ? t("queue_words.wrap_up_requested")
      : t(wrapUp.mode === "off" ? "queue_words.wrap_up_off" : "queue_words.wrap_up_manual");
  }
  const time = span(limitMs, wording);
  switch (wrapUp.mode) {
    case "timed_forced":
      return t("queue_words.wrap_up_forced", { time });
    case "requested":
      return t("queue_words.wrap_up_requested_limit", { time });
    default:
      return t("queue_words.wrap_up_timed", { time });
  }
}

const MOST_NAMES = 4;

/** Long lists of names end in how many more there are. */
function shortened(names: readonly string[], { i18n }: Wording): string[] {
  if (names.length <= MOST_NAMES) return [...names];
  return [
    ...names.slice(0, MOST_NAMES - 1),
    i18n.t("queue_words.more", { count: names.length - MOST_NAMES + 1 }),
  ];
}

export function skillList(skills: readonly SkillNeed[], wording: Wording): string {
  return both(
    skills.map(({ skillId, minLevel }) => `${wording.nameOf("skill", skillId)} ${minLevel}`),
    wording,
  );
}

function tierList(tiers: readonly number[], wording: Wording): string {
  return either(
    tiers.toSorted((a, b) => a - b).map((tier) => wording.i18n.t(`tier.n${tier as 1 | 2 | 3 | 4}`)),
    wording,
  );
}

function both(words: readonly string[], { i18n }: Wording): string {
  return new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(words);
}

function either(words: readonly string[], { i18n }: Wording): string {
  return new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(words);
}

function span(ms: number, { i18n }: Wording): string {
  return formatSpan(ms, i18n.language);
}

function number(value: number, { i18n }: Wording): string {
  return new Intl.NumberFormat(i18n.language).format(value);
}

function signed(value: number, { i18n }: Wording): string {
  return new Intl.NumberFormat(i18n.language, { signDisplay: "always" }).format(value);
}

import type { WaitExplained, WhyNot } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { i18n } from "i18next";
import { formatSpan } from "../../../format/duration.ts";

/** The words by which the router says why an agent does not get a contact. */
const REASONS = [
  "for_another_only",
  "no_slot",
  "other_queues",
  "other_groups",
  "other_site",
  "other_tier",
  "lacks_skill",
  "logged_out",
  "leaving",
  "disconnected",
  "not_ready",
  "resting",
  "unreachable",
  "offered",
  "ringing",
  "busy",
  "no_room",
  "waits_for_another",
  "held_back",
  "rings_elsewhere",
  "dormant",
] as const;

export type ReasonParams = WhyNot["reasons"][number]["params"];
export type AgentCount = WaitExplained["agents"][number];

/** What the sentences need: the reader's language, the present, and names of not-ready reasons. */
export interface WaitWording {
  readonly i18n: i18n;
  readonly now: Instant;
  /** The name of a not-ready reason by its id, or of a system word such as `rona`. */
  readonly notReadyName: (reason: string) => string | undefined;
}

/** Why an agent does not get it, as a phrase that fits one agent and many; null: could get it now. */
export function reasonText(reason: string | null, params: ReasonParams, wording: WaitWording): string {
  const { t } = wording.i18n;
  if (reason === null) return t("why_not.open");
  const known = REASONS.find((each) => each === reason);
  if (known === undefined) return reason.replaceAll("_", " ");
  switch (known) {
    case "lacks_skill":
      return Number(params.has ?? 0) > 0
        ? t("why_not.lacks_skill_has", { ...params, level: levelOf(params) })
        : t("why_not.lacks_skill", {
            skill: skillWords(String(params.skill ?? ""), levelOf(params), wording),
          });
    case "not_ready":
      return t("why_not.not_ready", { reason: notReady(String(params.reason ?? ""), wording) });
    case "resting":
      return typeof params.until === "number"
        ? t("why_not.resting_until", { time: span(params.until - wording.now, wording) })
        : t("why_not.resting");
    case "busy":
      return t("why_not.busy", { state: stateWord(String(params.state ?? ""), wording) });
    case "no_slot":
      return t("why_not.no_slot", { medium: mediumWord(String(params.medium ?? ""), wording) });
    case "other_groups":
      return t("why_not.other_groups", { groups: params.groups ?? params.teams });
    case "other_tier":
      return t("why_not.other_tier", { tiers: tierWords(String(params.tiers ?? ""), wording) });
    default:
      return t(`why_not.${known}`, params);
  }
}

/** The level that is asked. */
export function levelOf(params: ReasonParams): number {
  return Number(params.minLevel ?? 1);
}

/** A skill with the level that is asked; at the least level the skill alone. */
export function skillWords(skill: string, level: number, { i18n }: Pick<WaitWording, "i18n">): string {
  return level <= 1 ? skill : i18n.t("wait.skill", { skill, level });
}

function notReady(reason: string, wording: WaitWording): string {
  return wording.notReadyName(reason) ?? reason.replaceAll("_", " ");
}

function stateWord(state: string, { i18n }: WaitWording): string {
  const key = `agent_state.${state === "busy_other" ? "busy" : state}`;
  return i18n.exists(key) ? i18n.t(key as never) : state.replaceAll("_", " ");
}

function mediumWord(medium: string, { i18n }: WaitWording): string {
  const key = `medium.${medium}`;
  return i18n.exists(key) ? i18n.t(key as never) : medium;
}

/** Lines of support in words: `2, 3` as the reader's `line 2, line 3`. */
export function tierWords(tiers: string | readonly number[], { i18n }: Pick<WaitWording, "i18n">): string {
  const list = typeof tiers === "string" ? tiers.split(/,\s*/) : tiers.map(String);
  return list
    .map((tier) => {
      const key = `tier.n${tier}`;
      return i18n.exists(key) ? (i18n.t(key as never) as string) : tier;
    })
    .join(", ");
}

/** A span that is never below nothing, to the second. */
export function span(ms: number, { i18n }: Pick<WaitWording, "i18n">): string {
  return formatSpan(Math.max(0, ms), i18n.language);
}

/** The few groups in which reasons are drawn, from those nearest to getting it to those who never will. */
export const REASON_GROUPS = ["open", "taken", "away", "out", "rule", "never"] as const;
export type ReasonGroup = (typeof REASON_GROUPS)[number];

/** The group of a reason. What the configuration does not allow is `never`: waiting alone does not change it. */
export function groupOfReason(reason: string | null): ReasonGroup {
  switch (reason) {
    case null:
    case "offered":
      return "open";
    case "ringing":
    case "busy":
    case "no_room":
      return "taken";
    case "not_ready":
    case "resting":
    case "leaving":
    case "disconnected":
    case "unreachable":
      return "away";
    case "logged_out":
      return "out";
    case "waits_for_another":
    case "held_back":
    case "rings_elsewhere":
    case "dormant":
      return "rule";
    default:
      return "never";
  }
}

/** How many agents are in each group, none left out. */
export function countGroups(agents: readonly AgentCount[]): Readonly<Record<ReasonGroup, number>> {
  const counts = { open: 0, taken: 0, away: 0, out: 0, rule: 0, never: 0 };
  for (const each of agents) counts[groupOfReason(each.reason)] += each.agents;
  return counts;
}

import type { WaitEstimateView, WaitExplained } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import { formatSecond } from "../../../format/moment.ts";
import { skillWords, span, tierWords, type WaitWording } from "./reason-words.ts";
import { verdictOf } from "./wait-verdict.ts";

/** Why it waits, in one or two sentences. */
export function verdictSentences(wait: WaitExplained, wording: WaitWording): string[] {
  const { t } = wording.i18n;
  const verdict = verdictOf(wait);
  switch (verdict.kind) {
    case "rings":
      return [
        verdict.agent === null
          ? t("wait.verdict_rings_somewhere")
          : t("wait.verdict_rings", { agent: verdict.agent }),
      ];
    case "kept":
      return [
        verdict.until === null
          ? t("wait.verdict_kept", { agent: verdict.agent })
          : t("wait.verdict_kept_until", {
              agent: verdict.agent,
              time: span(verdict.until - wording.now, wording),
            }),
      ];
    case "held":
      return [t("wait.verdict_held"), ...heldBecause(wait, wording)];
    case "nobody_ever": {
      const { skill, stepAt } = verdict;
      return [
        skill === null
          ? t("wait.verdict_nobody_ever")
          : t("wait.verdict_nobody_ever_skill", { skill: skillWords(skill.name, skill.level, wording) }),
        ...(stepAt === null
          ? []
          : [t("wait.verdict_step_helps", { time: span(stepAt - wording.now, wording) })]),
      ];
    }
    default:
      return [t(`wait.verdict_${verdict.kind}`)];
  }
}

const GATES = ["reserve", "waiting", "oldest", "service_level"] as const;

function heldBecause({ heldBackBy }: WaitExplained, { i18n }: WaitWording): string[] {
  const gates = heldBackBy.map((gate) => {
    const known = GATES.find((each) => each === gate);
    return known === undefined ? gate : i18n.t(`wait.gate_${known}`);
  });
  return gates.length === 0 ? [] : [i18n.t("wait.held_because", { gates: listOf(gates, i18n.language) })];
}

/** What it asks of an agent now, sentence by sentence. */
export function demandSentences(wait: WaitExplained, wording: WaitWording): string[] {
  const { t, language } = wording.i18n;
  const { skills, groups, sites, tiers } = wait.requirement;
  const names = (list: readonly { readonly name: string }[]): string =>
    listOf(
      list.map(({ name }) => name),
      language,
      "disjunction",
    );
  const said: string[] = [];
  if (skills.length > 0) {
    const each = skills.map(({ skill, minLevel }) => skillWords(skill.name, minLevel, wording));
    said.push(t("wait.asks_skills", { skills: listOf(each, language) }));
  }
  if (groups?.length) said.push(t("wait.asks_groups", { groups: names(groups) }));
  if (sites?.length) said.push(t("wait.asks_sites", { sites: names(sites) }));
  if (tiers?.length) said.push(t("wait.asks_tiers", { tiers: tierWords(tiers, wording) }));
  if (said.length === 0) said.push(t("wait.asks_nothing"));
  if (wait.preferredSkills.length > 0) {
    said.push(
      t("wait.prefers", {
        skills: listOf(
          wait.preferredSkills.map((s) => s.name),
          language,
        ),
      }),
    );
  }
  if (wait.stepsTaken > 0) said.push(t("wait.step_of", { step: wait.stepsTaken, steps: wait.steps }));
  if (wait.criteria.length > 0) {
    const quoted = wait.criteria.map((name) => `“${name}”`);
    said.push(t("wait.criteria", { count: quoted.length, names: listOf(quoted, language) }));
  }
  if (wait.queuedAt < wait.enteredAt) {
    said.push(t("wait.kept_place", { time: formatSecond(wait.queuedAt, language) }));
  }
  return said;
}

export interface ComingEvent {
  readonly key: string;
  readonly at: Instant;
  /** `in 25 s`, or that it is now. */
  readonly when: string;
  readonly text: string;
}

/** What comes next and when. `stepChanges` says what a step changes, where the reader may know the queue's rules. */
export function comingEvents(
  wait: WaitExplained,
  wording: WaitWording,
  stepChanges: (step: number) => string | undefined,
): ComingEvent[] {
  const { t } = wording.i18n;
  return wait.next.map((event, index) => {
    const left = event.at - wording.now;
    return {
      key: `${event.what}-${event.at}-${index}`,
      at: event.at,
      when: left <= 0 ? t("wait.due") : t("wait.in", { time: span(left, wording) }),
      text: eventText(event, wording, stepChanges),
    };
  });
}

const OVERFLOWS = ["queue", "sites", "message", "hang_up", "callback"] as const;

function eventText(
  { what, params }: WaitExplained["next"][number],
  { i18n }: WaitWording,
  stepChanges: (step: number) => string | undefined,
): string {
  const { t } = i18n;
  switch (what) {
    case "step": {
      const step = Number(params.step);
      const changes = stepChanges(step);
      return changes === undefined
        ? t("wait.event_step", { step })
        : t("wait.event_step_says", { step, changes });
    }
    case "overflow_question": {
      const to = OVERFLOWS.find((each) => each === params.to);
      if (to === undefined || (to === "queue" && params.queue === undefined)) {
        return t("wait.event_overflow_other_way", params);
      }
      return t(`wait.event_overflow_${to}`, params);
    }
    case "priority_ages":
    case "everybodys":
    case "wakes":
    case "promise":
      return t(`wait.event_${what}`, params);
    default:
      return t("wait.event_unknown", { what: what.replaceAll("_", " ") });
  }
}

/** How long it will still take, with the band and the ground of it. */
export function estimateText(
  estimate: WaitEstimateView | null,
  wording: Pick<WaitWording, "i18n">,
): { readonly short: string; readonly long: string } {
  const { t } = wording.i18n;
  if (estimate === null) return { short: t("wait.unknown"), long: t("wait.unknown_hint") };
  const basis = t(`wait.basis_${estimate.basis}`);
  const { lowMs, expectedMs, highMs } = estimate;
  const short =
    expectedMs < 1_000 ? t("wait.any_moment") : t("wait.still", { time: span(expectedMs, wording) });
  if (highMs <= 0) return { short, long: basis };
  const band = t("wait.band", { low: span(lowMs, wording), high: span(highMs, wording) });
  return { short, long: `${band} ${basis}` };
}

/** Words joined as the language does: `a, b and c`. */
function listOf(
  words: readonly string[],
  language: string,
  type: "conjunction" | "disjunction" = "conjunction",
): string {
  return new Intl.ListFormat(language, { type }).format(words);
}

import type { QueueStay } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { i18n } from "i18next";
import { formatSpan } from "../../../format/duration.ts";

export type Offer = QueueStay["offers"][number];
type Overflow = QueueStay["overflows"][number];

/** What was expected and what became of it. `waitMs` null: it waits still. */
export function predictionSentences(
  predicted: QueueStay["predicted"],
  waitMs: number | null,
  { t, language }: i18n,
): string[] {
  if (predicted === null) return [t("why.predicted_none")];
  const span = (ms: number): string => formatSpan(ms, language);
  const { lowMs, expectedMs, highMs, position } = predicted;
  const said = [
    highMs < 1_000
      ? t("why.predicted_at_once")
      : t("why.predicted", {
          low: span(lowMs),
          expected: span(expectedMs),
          high: span(highMs),
          position,
        }),
  ];
  if (waitMs !== null) said.push(t(`why.was_${verdictOf(predicted, waitMs)}`, { actual: span(waitMs) }));
  return said;
}

/** Seconds are what people see: a wait that reads as the band's end is inside it. */
function verdictOf(
  { lowMs, highMs }: NonNullable<QueueStay["predicted"]>,
  waitMs: number,
): "inside" | "longer" | "shorter" {
  const seconds = (ms: number): number => Math.round(ms / 1000);
  if (seconds(waitMs) > seconds(highMs)) return "longer";
  return seconds(waitMs) < seconds(lowMs) ? "shorter" : "inside";
}

/** How the offer came about: what was sought for what, and among how many. */
export function choiceSentence({ choice, agent, considered }: Offer, { t }: i18n): string {
  const name = { agent: agent.name };
  switch (choice) {
    case "agent_for_item":
      return t("why.chose_agent", { ...name, count: considered ?? 1 });
    case "item_for_agent":
      return t("why.chose_item", { ...name, count: considered ?? 1 });
    case "preferred_agent":
      return t("why.chose_preferred", name);
    case "only_agent":
      return t("why.chose_only", name);
    case "picked":
      return t("why.chose_picked", name);
    case "unknown":
      return t("why.chose_unknown");
  }
}

const STRATEGIES = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
  "none",
  "priority_then_oldest",
  "gcmu",
  "fqr",
  "service_level_race",
] as const;

/** The strategy in one sentence; undefined where none decided. */
export function strategySentence({ strategy, choice }: Offer, { t }: i18n): string | undefined {
  if (choice !== "agent_for_item" && choice !== "item_for_agent") return undefined;
  const known = STRATEGIES.find((each) => each === strategy);
  return known && t(`why.by_${known}`);
}

/** Whom quality alone and efficiency alone would have chosen. */
export function tradeSentence({ trade }: Offer, { t }: i18n): string | undefined {
  if (trade === null) return undefined;
  const { quality, efficiency } = trade;
  return quality.id === efficiency.id
    ? t("why.trade_same", { agent: quality.name })
    : t("why.trade", { quality: quality.name, efficiency: efficiency.name });
}

const OVERFLOWS = ["sites", "message", "hang_up", "callback"] as const;

function overflowSentence({ rule, to, queue }: Overflow, { t }: i18n): string {
  if (to === "queue" && queue !== null) return t("why.overflow_queue", { rule, queue: queue.name });
  const known = OVERFLOWS.find((each) => each === to);
  return known === undefined ? t("why.overflow_other_way", { rule }) : t(`why.overflow_${known}`, { rule });
}

function offerSentence({ outcome, agent, ringMs }: Offer, { t, language }: i18n): string {
  const ring = formatSpan(ringMs ?? 0, language);
  return t(`why.offer_${outcome}`, { agent: agent.name, ring });
}

/** One line of what happened during a stay. */
export interface StayLine {
  readonly key: string;
  readonly at: Instant;
  readonly kind: "entered" | "step" | "overflow" | "offer" | "left";
  readonly text: string;
}

/** All that happened in a stay, in order of time. `stepChanges` says what a step changed, where that may be known. */
export function stayLines(
  stay: QueueStay,
  i18n: i18n,
  words: {
    readonly stepChanges: (step: number) => string | undefined;
    readonly outcomeName: (outcome: string) => string;
  },
): StayLine[] {
  const { t } = i18n;
  const lines: StayLine[] = [
    { key: "entered", at: stay.enteredAt, kind: "entered", text: t("why.entered") },
    ...stay.steps.map(({ at, step }): StayLine => {
      const changes = words.stepChanges(step);
      const text =
        changes === undefined ? t("why.stepped", { step }) : t("why.stepped_says", { step, changes });
      return { key: `step-${step}`, at, kind: "step", text };
    }),
    ...stay.overflows.map(
      (overflow, index): StayLine => ({
        key: `overflow-${index}`,
        at: overflow.at,
        kind: "overflow",
        text: overflowSentence(overflow, i18n),
      }),
    ),
    ...stay.offers.map(
      (offer): StayLine => ({
        key: offer.offerId,
        at: offer.madeAt,
        kind: "offer",
        text: offerSentence(offer, i18n),
      }),
    ),
  ];
  if (stay.leftAt !== null) {
    const text =
      stay.outcome === null
        ? t("why.left_plain")
        : t("why.left", { outcome: words.outcomeName(stay.outcome) });
    lines.push({ key: "left", at: stay.leftAt, kind: "left", text });
  }
  return lines
    .map((line, index) => ({ line, index }))
    .sort((a, b) => a.line.at - b.line.at || a.index - b.index)
    .map(({ line }) => line);
}

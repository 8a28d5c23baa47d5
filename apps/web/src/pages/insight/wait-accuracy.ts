import type { AnswerOf, api } from "@svara/contracts";
import type { i18n } from "i18next";
import { formatSpan } from "../../format/duration.ts";

export type WaitAccuracy = AnswerOf<typeof api.insight.waitEstimates>["items"][number];

export interface AccuracyTotals {
  readonly predicted: number;
  readonly unpredicted: number;
  readonly meanErrorMs: number | null;
  readonly meanAbsoluteErrorMs: number | null;
  readonly insideBand: number | null;
}

/** Days and queues together, each weighing as many customers as it predicted. */
export function totalsOf(items: readonly WaitAccuracy[]): AccuracyTotals {
  const predicted = items.reduce((sum, each) => sum + each.predicted, 0);
  const mean = (of: (item: WaitAccuracy) => number | null): number | null => {
    if (predicted === 0) return null;
    return items.reduce((sum, each) => sum + each.predicted * (of(each) ?? 0), 0) / predicted;
  };
  return {
    predicted,
    unpredicted: items.reduce((sum, each) => sum + each.unpredicted, 0),
    meanErrorMs: mean((each) => each.meanErrorMs),
    meanAbsoluteErrorMs: mean((each) => each.meanAbsoluteErrorMs),
    insideBand: mean((each) => each.insideBand),
  };
}

/** The mean error as people say it: `12 s longer than said`. */
export function errorWords(meanErrorMs: number | null, { t, language }: i18n): string {
  if (meanErrorMs === null) return "–";
  const time = formatSpan(Math.abs(meanErrorMs), language);
  if (Math.round(meanErrorMs / 1000) === 0) return t("insight.exact");
  return meanErrorMs > 0 ? t("insight.longer", { time }) : t("insight.shorter", { time });
}

/** The error with its sign, for columns. */
export function signedSpan(ms: number | null, language: string): string {
  if (ms === null) return "–";
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return formatSpan(0, language);
  return `${seconds > 0 ? "+" : "−"}${formatSpan(Math.abs(ms), language)}`;
}

/** What is aimed at: eight of ten waits inside the band. */
export const BAND_AIM = 0.8;

/** Whether the band is right: too few inside is worse than too many. */
export function bandTone(insideBand: number | null): "plain" | "warn" | "bad" {
  if (insideBand === null || insideBand >= BAND_AIM - 0.1) return "plain";
  return insideBand >= BAND_AIM - 0.3 ? "warn" : "bad";
}

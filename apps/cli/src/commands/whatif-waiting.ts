import { type Dissatisfaction, dissatisfactionAt } from "@svara/workforce/forecasting";
import { table } from "./text-columns.ts";

const TOLD_WAITS_S = [10, 30, 60, 120, 180, 300, 600];

/** What waiting does to customers, as a table for a person. */
export function waitingLines(fit: Dissatisfaction): string[] {
  const { lowScores } = fit;
  const isKnown = lowScores.kind !== "unknown";
  const rows = TOLD_WAITS_S.flatMap((waitS) => {
    const { gaveUp, lowScore } = dissatisfactionAt(fit, waitS * 1000);
    const share = (band: typeof gaveUp): string =>
      band ? `${percent(band.share)} [${percent(band.low)}, ${percent(band.high)}]` : "-";
    if (gaveUp === null && lowScore === null) return [];
    return [[`${waitS} s`, share(gaveUp), ...(isKnown ? [share(lowScore)] : [])]];
  });
  return [
    `What waiting does, with bands of ${Math.round(100 * fit.confidence)} %:`,
    ...table([["wait", "have given up", ...(isKnown ? [`score ${fit.lowAtMost} or less`] : [])], ...rows]),
    lowScores.kind === "logistic"
      ? `Of ${number(lowScores.answers)} answers ${number(lowScores.low)} were low; each minute multiplies the odds by ${Math.exp(lowScores.perMinute).toFixed(2)} [${Math.exp(lowScores.perMinuteLow).toFixed(2)}, ${Math.exp(lowScores.perMinuteHigh).toFixed(2)}].`
      : lowScores.kind === "constant"
        ? `Of ${number(lowScores.answers)} answers ${number(lowScores.low)} were low: too few of one kind to tell what waiting does to them.`
        : "What customers said afterwards is not known here (a log of calls may have a column score).",
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function number(n: number): string {
  return n.toLocaleString("en");
}

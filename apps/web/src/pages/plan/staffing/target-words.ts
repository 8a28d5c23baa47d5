import type { StaffingInputs } from "@svara/contracts";
import type { TFunction } from "i18next";
import { formatSpan } from "../../../format/duration.ts";
import { planFormat } from "../kit/plan-format.ts";

/** By what a queue is staffed, in one line: `80 % within 20 s · handling 3 min · shrinkage 30 %`. */
export function targetWords(
  { work, backlog, target, handleS, patienceS, shrinkage }: StaffingInputs,
  t: TFunction,
  language: string,
): string {
  const { percent } = planFormat(language);
  const span = (seconds: number): string => formatSpan(seconds * 1000, language);
  const { serviceLevel, maxMeanWaitS, maxAbandon, maxOccupancy } = target;
  if (work === "back_office") {
    const time = span(serviceLevel?.thresholdS ?? 86_400);
    return [
      t("plan.staffing.words.promised", { time }),
      t("plan.staffing.words.backlog", { n: backlog }),
      t("plan.staffing.words.handling", { time: span(handleS) }),
      t("plan.staffing.words.shrinkage", { share: percent(shrinkage, 0) }),
    ].join(" · ");
  }
  const parts = [
    serviceLevel &&
      t("plan.staffing.words.service_level", {
        share: percent(serviceLevel.share, 0),
        time: span(serviceLevel.thresholdS),
      }),
    maxMeanWaitS !== null && t("plan.staffing.words.mean_wait", { time: span(maxMeanWaitS) }),
    maxAbandon !== null && t("plan.staffing.words.abandon", { share: percent(maxAbandon) }),
    maxOccupancy !== null && t("plan.staffing.words.occupancy", { share: percent(maxOccupancy, 0) }),
    t("plan.staffing.words.handling", { time: span(handleS) }),
    patienceS !== null && t("plan.staffing.words.patience", { time: span(patienceS) }),
    t("plan.staffing.words.shrinkage", { share: percent(shrinkage, 0) }),
  ];
  return parts.filter((part) => typeof part === "string").join(" · ");
}

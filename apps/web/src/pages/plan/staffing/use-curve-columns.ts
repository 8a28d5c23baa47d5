import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import type { ChartColumn } from "../kit/chart-with-table.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import type { CurvePoint } from "./curve-of.ts";

/** The table of a trade-off curve: what each number of agents gives. */
export function useCurveColumns(): readonly ChartColumn<CurvePoint>[] {
  const { t, i18n } = useTranslation();
  const { percent } = usePlanFormat();
  return [
    { key: "agents", label: t("plan.staffing.agents"), align: "left", value: (one) => one.agents },
    { key: "headcount", label: t("plan.staffing.headcount"), value: (one) => one.headcount },
    {
      key: "service_level",
      label: t("plan.staffing.service_level"),
      value: (one) => one.serviceLevel,
      shown: (one) => percent(one.serviceLevel),
    },
    {
      key: "mean_wait_s",
      label: t("plan.staffing.mean_wait"),
      value: (one) => one.meanWaitS,
      shown: (one) => formatSpan(one.meanWaitS * 1000, i18n.language),
    },
    {
      key: "abandon",
      label: t("plan.staffing.abandon"),
      value: (one) => one.abandon,
      shown: (one) => percent(one.abandon),
    },
    {
      key: "occupancy",
      label: t("plan.staffing.occupancy"),
      value: (one) => one.occupancy,
      shown: (one) => percent(one.occupancy),
    },
  ];
}

import { Slider, Text } from "@mantine/core";
import type { RequirementInterval, StaffingInputs } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import { Figure } from "../../../kit/figure.tsx";
import classes from "../forecast/forecast.module.css";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { curveOf } from "./curve-of.ts";
import { FigureCurve } from "./figure-curve.tsx";
import { patienceIn } from "./patience-in.ts";
import { useCurveColumns } from "./use-curve-columns.ts";

/** What one agent more or fewer means in a quarter of an hour: quality against efficiency, reckoned as one slides. */
export function TradeOff(props: {
  readonly interval: RequirementInterval;
  readonly inputs: StaffingInputs;
  readonly timeZone: string;
}) {
  const { t, i18n } = useTranslation();
  const { percent, count, moment } = usePlanFormat();
  const columns = useCurveColumns();
  const { interval, inputs, timeZone } = props;
  const thresholdS = inputs.target.serviceLevel?.thresholdS ?? 20;
  const basis = inputs.target.serviceLevel?.basis ?? "abandonsOut";
  const demand = {
    lambdaPerHour: (interval.load / inputs.handleS) * 3600,
    ahtS: inputs.handleS,
    patience: patienceIn(inputs),
  };
  const points = curveOf(demand, { thresholdS, basis, around: interval.agents, shrinkage: inputs.shrinkage });
  const [agents, setAgents] = useState(interval.agents);
  const [first, last] = [points[0], points.at(-1)];
  const current = points.find((one) => one.agents === agents) ?? first;
  if (!first || !last || !current) return null;
  return (
    <ChartWithTable
      title={t("plan.staffing.trade_off", { time: moment(interval.at, timeZone) })}
      description={t("plan.staffing.trade_off_text")}
      fileName="trade-off"
      rows={points}
      rowKey={(one) => one.agents}
      columns={columns}
      chart={
        <>
          <div className={classes.figures} style={{ padding: "0 0 1rem" }}>
            <Figure size="lg" label={t("plan.staffing.agents")} value={agents} />
            <Figure
              size="lg"
              label={t("plan.staffing.service_level")}
              value={percent(current.serviceLevel)}
              tone={current.serviceLevel < (inputs.target.serviceLevel?.share ?? 0) ? "warn" : "plain"}
            />
            <Figure
              size="lg"
              label={t("plan.staffing.mean_wait")}
              value={formatSpan(current.meanWaitS * 1000, i18n.language)}
            />
            {inputs.patienceS !== null && (
              <Figure size="lg" label={t("plan.staffing.abandon")} value={percent(current.abandon)} />
            )}
            <Figure size="lg" label={t("plan.staffing.occupancy")} value={percent(current.occupancy)} />
          </div>
          <FigureCurve points={points} agents={agents} required={interval.agents} />
          <Text size="sm" fw={560} mt="md" mb={6} id="trade-off-agents">
            {t("plan.staffing.slide")}
          </Text>
          <Slider
            aria-labelledby="trade-off-agents"
            min={first.agents}
            max={last.agents}
            value={agents}
            onChange={setAgents}
            marks={[{ value: interval.agents, label: t("plan.staffing.required", { n: interval.agents }) }]}
            mb="xl"
            label={(value) => count(value)}
          />
        </>
      }
    />
  );
}

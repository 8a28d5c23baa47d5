import { Anchor, Badge, Group } from "@mantine/core";
import type { ForecastSeries } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart, type TimeSeries } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";

/** The days to come with their bands, beside what came; a day opens its quarters of an hour. */
export function DaysChart(props: {
  readonly series: ForecastSeries;
  readonly timeZone: string;
  readonly actual: ReadonlyMap<string, number>;
  readonly onPick: (date: string) => void;
}) {
  const { t } = useTranslation();
  const { count, day } = usePlanFormat();
  const { series, actual, onPick } = props;
  const at = (date: string): number => Date.parse(`${date}T12:00:00Z`);
  const shapes: TimeSeries[] = [
    {
      key: "p95",
      label: t("plan.forecast.band95"),
      kind: "band",
      colour: PLAN_COLOURS.band95,
      opacity: 0.12,
    },
    {
      key: "p80",
      label: t("plan.forecast.band80"),
      kind: "band",
      colour: PLAN_COLOURS.band80,
      opacity: 0.22,
    },
    { key: "mean", label: t("plan.forecast.forecast"), kind: "line", colour: PLAN_COLOURS.forecast },
    ...(series.days.some(({ unadjusted }) => unadjusted !== null)
      ? [
          {
            key: "unadjusted",
            label: t("plan.forecast.before_changes"),
            kind: "line" as const,
            colour: PLAN_COLOURS.quiet,
            dashed: true,
          },
        ]
      : []),
    ...(actual.size > 0
      ? [
          {
            key: "actual",
            label: t("plan.forecast.actual"),
            kind: "line" as const,
            colour: PLAN_COLOURS.actual,
          },
        ]
      : []),
  ];
  return (
    <ChartWithTable
      title={t("plan.forecast.by_day")}
      description={t("plan.forecast.by_day_hint")}
      fileName={`forecast-days-${series.days[0]?.date ?? ""}`}
      rows={series.days}
      rowKey={({ date }) => date}
      columns={[
        {
          key: "day",
          label: t("insight.day"),
          align: "left",
          value: ({ date }) => date,
          shown: ({ date, special }) => (
            <Group gap={6} wrap="nowrap">
              <Anchor component="button" type="button" size="sm" onClick={() => onPick(date)}>
                {day(date)}
              </Anchor>
              {special.map((name) => (
                <Badge key={name} size="sm" color="violet">
                  {name}
                </Badge>
              ))}
            </Group>
          ),
        },
        {
          key: "contacts",
          label: t("plan.forecast.contacts"),
          value: ({ mean }) => Math.round(mean * 10) / 10,
          shown: ({ mean }) => count(mean),
        },
        {
          key: "low_80",
          label: t("plan.forecast.low80"),
          value: ({ quantiles }) => Math.round(quantiles.p100),
        },
        {
          key: "high_80",
          label: t("plan.forecast.high80"),
          value: ({ quantiles }) => Math.round(quantiles.p900),
        },
        {
          key: "low_95",
          label: t("plan.forecast.low95"),
          value: ({ quantiles }) => Math.round(quantiles.p025),
        },
        {
          key: "high_95",
          label: t("plan.forecast.high95"),
          value: ({ quantiles }) => Math.round(quantiles.p975),
        },
        { key: "actual", label: t("plan.forecast.actual"), value: ({ date }) => actual.get(date) ?? null },
      ]}
      chart={
        <TimeChart
          timeZone="UTC"
          label={t("plan.forecast.by_day")}
          height={300}
          series={shapes}
          onPick={(instant) => onPick(new Date(instant).toISOString().slice(0, 10))}
          points={series.days.map(({ date, mean, quantiles, unadjusted }) => ({
            at: at(date),
            mean,
            p80: [quantiles.p100, quantiles.p900] as const,
            p95: [quantiles.p025, quantiles.p975] as const,
            unadjusted: unadjusted ?? mean,
            actual: actual.get(date) ?? null,
          }))}
        />
      }
    />
  );
}

import { Anchor, Group } from "@mantine/core";
import type { AnswerOf, api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { Figure } from "../../../kit/figure.tsx";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { ContactsLink } from "../kit/contacts-link.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { accuracyTotals } from "./accuracy-totals.ts";

type Accuracy = AnswerOf<typeof api.planForecasts.accuracy>;

/** How good it was: each day beside what came, with the error counted over quarters of an hour. */
export function AccuracySection(props: {
  readonly accuracy: Accuracy;
  readonly queueId: string;
  readonly timeZone: string;
  readonly onPick: (date: string) => void;
}) {
  const { t } = useTranslation();
  const { count, percent, day } = usePlanFormat();
  const { accuracy, queueId, onPick } = props;
  const days = accuracy.days.filter((one) => one.queueId === queueId);
  if (days.length === 0) return null;
  const totals = accuracyTotals(days);
  return (
    <ChartWithTable
      title={t("plan.forecast.accuracy")}
      description={t("plan.forecast.accuracy_hint")}
      fileName="forecast-accuracy"
      rows={days}
      rowKey={({ date }) => date}
      columns={[
        {
          key: "day",
          label: t("insight.day"),
          align: "left",
          value: ({ date }) => date,
          shown: ({ date }) => (
            <Anchor component="button" type="button" size="sm" onClick={() => onPick(date)}>
              {day(date)}
            </Anchor>
          ),
        },
        {
          key: "forecast",
          label: t("plan.forecast.forecast"),
          value: (one) => Math.round(one.forecast * 10) / 10,
        },
        {
          key: "actual",
          label: t("plan.forecast.actual"),
          value: (one) => one.actual,
          shown: (one) => (
            <ContactsLink queueId={queueId} from={one.from} to={one.to} counted="offered">
              {count(one.actual)}
            </ContactsLink>
          ),
        },
        {
          key: "difference",
          label: t("plan.forecast.difference"),
          value: (one) => Math.round(10 * (one.forecast - one.actual)) / 10,
        },
        {
          key: "wape",
          label: t("plan.forecast.wape"),
          value: (one) =>
            one.actual > 0 ? Math.round((1000 * one.absoluteError) / one.actual) / 1000 : null,
          shown: (one) => percent(one.actual > 0 ? one.absoluteError / one.actual : null),
        },
        {
          key: "inside_80",
          label: t("plan.forecast.inside80"),
          value: (one) => Math.round((1000 * one.inside80) / Math.max(1, one.intervals)) / 1000,
          shown: (one) => percent(one.inside80 / Math.max(1, one.intervals), 0),
        },
      ]}
      chart={
        <>
          <Group gap="xl" mb="sm">
            <Figure
              label={t("plan.forecast.wape")}
              value={percent(totals.wape)}
              hint={t("plan.forecast.wape_hint")}
            />
            <Figure
              label={t("plan.forecast.wape_days")}
              value={percent(totals.dayWape)}
              hint={t("plan.forecast.wape_days_hint")}
            />
            <Figure
              label={t("plan.forecast.bias")}
              value={percent(totals.bias)}
              hint={t("plan.forecast.bias_hint")}
            />
            <Figure
              label={t("plan.forecast.inside80")}
              value={percent(totals.inside80, 0)}
              hint={t("plan.forecast.inside80_hint")}
            />
          </Group>
          <TimeChart
            timeZone="UTC"
            height={200}
            label={t("plan.forecast.accuracy")}
            onPick={(at) => onPick(new Date(at).toISOString().slice(0, 10))}
            series={[
              {
                key: "actual",
                label: t("plan.forecast.actual"),
                kind: "bar",
                colour: PLAN_COLOURS.actual,
                opacity: 0.55,
              },
              {
                key: "forecast",
                label: t("plan.forecast.forecast"),
                kind: "line",
                colour: PLAN_COLOURS.forecast,
              },
            ]}
            points={days.map(({ date, forecast, actual }) => ({
              at: Date.parse(`${date}T12:00:00Z`),
              forecast,
              actual,
            }))}
          />
        </>
      }
    />
  );
}

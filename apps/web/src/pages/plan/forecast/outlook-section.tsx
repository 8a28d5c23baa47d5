import { Text, Title } from "@mantine/core";
import type { ForecastSeries } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { Area, CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatSpan } from "../../../format/duration.ts";
import { Figure } from "../../../kit/figure.tsx";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { ContactsLink } from "../kit/contacts-link.tsx";
import { PLAN_COLOURS } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import classes from "./forecast.module.css";

/** How long contacts take and how long customers wait for them, each with what it was learnt from. */
export function OutlookSection({ series }: { readonly series: ForecastSeries }) {
  const { t, i18n } = useTranslation();
  const { count, percent } = usePlanFormat();
  const { handling, patience, queue } = series;
  const span = (ms: number | null): string => (ms === null ? "–" : formatSpan(ms, i18n.language));
  const samples = count(handling.samples);
  return (
    <div className={classes.two}>
      <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
        <Title order={3} mb={2}>
          {t("plan.forecast.handling_title")}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {t(`plan.forecast.handling_from.${handling.basis}`, { n: samples })}
        </Text>
        <div className={classes.two}>
          <Figure size="lg" label={t("plan.forecast.mean")} value={span(handling.meanMs)} />
          <Figure size="lg" label={t("plan.forecast.median")} value={span(handling.medianMs)} />
          <Figure
            label={t("plan.forecast.spread")}
            value={handling.scv === null ? "–" : count(handling.scv)}
            hint={t("plan.forecast.spread_hint")}
          />
          <Figure
            label={t("plan.forecast.samples")}
            value={
              handling.basis === "own" && handling.from !== null && handling.to !== null ? (
                <ContactsLink queueId={queue.id} from={handling.from} to={handling.to + 1} counted="handled">
                  {samples}
                </ContactsLink>
              ) : (
                samples
              )
            }
          />
        </div>
      </section>
      <ChartWithTable
        title={t("plan.forecast.patience_title")}
        description={t(`plan.forecast.patience_from.${patience.basis}`, {
          n: patience.samples,
          gone: patience.abandoned,
        })}
        fileName="patience"
        rows={patience.curve}
        rowKey={({ atMs }) => atMs}
        columns={[
          {
            key: "wait_s",
            label: t("plan.forecast.waited"),
            align: "left",
            value: ({ atMs }) => atMs / 1000,
            shown: ({ atMs }) => span(atMs),
          },
          {
            key: "still_there",
            label: t("plan.forecast.still_there"),
            value: ({ survival }) => Math.round(survival * 1000) / 1000,
            shown: ({ survival }) => percent(survival),
          },
        ]}
        chart={
          patience.curve.length === 0 ? (
            <Text size="sm" c="dimmed" py="md">
              {t("plan.forecast.patience_unknown")}
            </Text>
          ) : (
            <div style={{ height: 190 }}>
              <ResponsiveContainer width="100%" height="100%">
                <ComposedChart data={patience.curve} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
                  <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" vertical={false} />
                  <XAxis
                    dataKey="atMs"
                    type="number"
                    domain={[0, "dataMax"]}
                    tickCount={7}
                    tickFormatter={(ms: number) => span(ms)}
                    tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                    tickLine={false}
                    axisLine={{ stroke: "var(--sv-line)" }}
                  />
                  <YAxis
                    width={46}
                    domain={[0, 1]}
                    tickFormatter={(share: number) => percent(share, 0)}
                    tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                    tickLine={false}
                    axisLine={false}
                  />
                  <Tooltip
                    isAnimationActive={false}
                    labelFormatter={(ms) => span(Number(ms))}
                    formatter={(value) => [percent(Number(value)), t("plan.forecast.still_there")]}
                    contentStyle={{
                      background: "var(--sv-surface)",
                      border: "1px solid var(--sv-line)",
                      borderRadius: 8,
                      fontSize: 13,
                    }}
                  />
                  <Area
                    dataKey="survival"
                    type="stepAfter"
                    stroke={PLAN_COLOURS.load}
                    fill={PLAN_COLOURS.load}
                    fillOpacity={0.14}
                    strokeWidth={2}
                    isAnimationActive={false}
                  />
                </ComposedChart>
              </ResponsiveContainer>
            </div>
          )
        }
      />
    </div>
  );
}

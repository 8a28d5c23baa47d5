import { Badge, Group, List, Text } from "@mantine/core";
import type { ForecastSeries } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { methodHint, methodName } from "./method-name.ts";

/** Why this method: the errors of all that were tried on days of the history which they had not seen. */
export function MethodSection({ series }: { readonly series: ForecastSeries }) {
  const { t } = useTranslation();
  const { percent, dayLong, count } = usePlanFormat();
  const { scores, choices, notes, history } = series;
  const distances = [...new Set(scores.map(({ daysAhead }) => daysAhead))].toSorted((a, b) => a - b);
  const nearest = scores.filter(({ daysAhead }) => daysAhead === distances[0]);
  const chosen = new Set(choices.map(({ method }) => method));
  if (scores.length === 0 && notes.length === 0) return null;
  return (
    <ChartWithTable
      title={t("plan.forecast.why_method")}
      description={
        <>
          {history &&
            t("plan.forecast.learnt_from", {
              from: dayLong(history.firstDay),
              to: dayLong(history.lastDay),
              days: history.openDays,
              contacts: count(history.contacts),
            })}{" "}
          {t("plan.forecast.rolling_origin")}
        </>
      }
      fileName="forecast-methods"
      rows={scores}
      rowKey={({ method, daysAhead }) => `${method} ${daysAhead}`}
      columns={[
        {
          key: "method",
          label: t("plan.forecast.method"),
          align: "left",
          value: ({ method }) => method,
          shown: ({ method }) => (
            <Group gap={6} wrap="nowrap">
              {methodName(method, t)}
              {chosen.has(method) && (
                <Badge size="sm" color="fjord">
                  {t("plan.forecast.used")}
                </Badge>
              )}
            </Group>
          ),
        },
        { key: "days_ahead", label: t("plan.forecast.days_ahead"), value: ({ daysAhead }) => daysAhead },
        { key: "days", label: t("plan.forecast.days_tried"), value: ({ days }) => days },
        ...(
          [
            ["wape", (one: Score) => one.intervals.wape, t("plan.forecast.wape")],
            ["wape_days", (one: Score) => one.dayTotals.wape, t("plan.forecast.wape_days")],
            ["bias", (one: Score) => one.intervals.bias, t("plan.forecast.bias")],
            ["inside_80", (one: Score) => one.intervals.coverage80, t("plan.forecast.inside80")],
            ["inside_95", (one: Score) => one.intervals.coverage95, t("plan.forecast.inside95")],
          ] as const
        ).map(([key, value, label]) => ({
          key,
          label,
          value: (one: Score) => value(one),
          shown: (one: Score) => percent(value(one)),
        })),
      ]}
      chart={
        nearest.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t("plan.forecast.chosen_by.short_history")}
          </Text>
        ) : (
          <ErrorBars scores={nearest} chosen={choices[0]?.method ?? ""} />
        )
      }
      footer={
        notes.length > 0 ? (
          <List size="sm" mt="sm" spacing={4} c="dimmed">
            {notes.map((note) => (
              <List.Item key={note.code}>
                {t(`plan.forecast.notes.${note.code as "short_history"}`, { defaultValue: note.text })}
              </List.Item>
            ))}
          </List>
        ) : null
      }
    />
  );
}

type Score = ForecastSeries["scores"][number];

function ErrorBars({ scores, chosen }: { readonly scores: readonly Score[]; readonly chosen: string }) {
  const { t } = useTranslation();
  const { percent } = usePlanFormat();
  const data = scores
    .map(({ method, intervals }) => ({
      name: methodName(method, t),
      hint: methodHint(method, t),
      wape: intervals.wape ?? 0,
      fill:
        method === chosen
          ? PLAN_COLOURS.forecast
          : "color-mix(in srgb, var(--sv-state-away) 45%, transparent)",
    }))
    .toSorted((a, b) => a.wape - b.wape);
  return (
    <figure style={{ margin: 0 }} aria-label={t("plan.forecast.why_method")}>
      <div style={{ height: 36 + 34 * data.length }}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={data} layout="vertical" margin={{ left: 8, right: 48, top: 4, bottom: 4 }}>
            <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" horizontal={false} />
            <XAxis
              type="number"
              tickFormatter={(value: number) => percent(value, 0)}
              tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
              tickLine={false}
              axisLine={false}
            />
            <YAxis
              type="category"
              dataKey="name"
              width={170}
              tick={{ fontSize: 12, fill: "var(--mantine-color-text)" }}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--sv-sunken)" }}
              contentStyle={{
                background: "var(--sv-surface)",
                border: "1px solid var(--sv-line)",
                borderRadius: 8,
                fontSize: 13,
                maxWidth: 320,
                whiteSpace: "normal",
              }}
              formatter={(value) => [percent(Number(value)), t("plan.forecast.wape")]}
            />
            <Bar
              dataKey="wape"
              isAnimationActive={false}
              radius={[0, 4, 4, 0]}
              maxBarSize={18}
              label={{
                position: "right",
                fontSize: 12,
                fill: "var(--mantine-color-text)",
                formatter: (value: unknown) => percent(Number(value)),
              }}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

import type { PlanToday, TodayInterval, TodayQueue } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatMoment } from "../../../format/moment.ts";
import { type ChartColumn, ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { busyPart, whole } from "./today-figures.ts";

/** Agents of the day: required, scheduled, on duty. */
export function StaffChart({ day, queue }: { readonly day: PlanToday; readonly queue: TodayQueue }) {
  const { t, i18n } = useTranslation();
  const rows = busyPart(queue.intervals);
  const column = (key: keyof TodayInterval, label: string): ChartColumn<TodayInterval> => ({
    key,
    label,
    value: (row) => row[key],
    shown: (row) => whole(row[key], i18n.language),
  });
  const title = t("plan.today.agents_of", { queue: queue.queue.name });
  return (
    <ChartWithTable
      title={title}
      description={t("plan.today.agents_text")}
      fileName={`today-${day.date}-agents`}
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "at",
          label: t("plan.what_if.time"),
          align: "left",
          value: ({ at }) => new Date(at).toISOString(),
          shown: ({ at }) => formatMoment(at, at, i18n.language, day.timeZone),
        },
        column("required", t("plan.today.required")),
        column("scheduled", t("plan.today.scheduled")),
        column("onDuty", t("plan.today.on_duty")),
        {
          key: "over",
          label: t("plan.today.over"),
          value: over,
          shown: (row) => {
            const value = over(row);
            return value === null ? "–" : `${value > 0 ? "+" : ""}${whole(value, i18n.language)}`;
          },
        },
      ]}
      chart={
        <TimeChart
          isWhole
          points={rows.map(({ at, required, scheduled, onDuty }) => ({ at, required, scheduled, onDuty }))}
          series={[
            {
              key: "onDuty",
              label: t("plan.today.on_duty"),
              kind: "area",
              colour: PLAN_COLOURS.load,
              opacity: 0.2,
            },
            {
              key: "scheduled",
              label: t("plan.today.scheduled"),
              kind: "step",
              colour: PLAN_COLOURS.scheduled,
            },
            {
              key: "required",
              label: t("plan.today.required"),
              kind: "step",
              colour: PLAN_COLOURS.requirement,
            },
          ]}
          marks={[
            {
              at: Math.min(Math.max(day.now, rows[0]?.at ?? day.now), rows.at(-1)?.at ?? day.now),
              label: t("plan.today.now"),
            },
          ]}
          timeZone={day.timeZone}
          label={title}
          height={230}
        />
      }
    />
  );
}

/** Agents above what is required; below 0: short. */
function over({ required, scheduled, onDuty }: TodayInterval): number | null {
  const there = onDuty ?? scheduled;
  return required === null || there === null ? null : there - required;
}

import { Anchor, Text } from "@mantine/core";
import type { PlanToday, TodayInterval, TodayQueue } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { formatShare } from "../../../format/figures.ts";
import { formatMoment } from "../../../format/moment.ts";
import { type ChartColumn, ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { busyPart, whole } from "./today-figures.ts";

/** Contacts of the day: as forecast, as they came, and as they are expected to go on. */
export function ContactsChart({ day, queue }: { readonly day: PlanToday; readonly queue: TodayQueue }) {
  const { t, i18n } = useTranslation();
  const may = useMay("contacts.view");
  const rows = busyPart(queue.intervals);
  const clock = (at: number): string => formatMoment(at, at, i18n.language, day.timeZone);
  const counted = Math.floor(day.now / 900_000) * 900_000; // only quarters that are over are set against the plan
  const number = (value: number | null): string => whole(value, i18n.language);
  const column = (
    key: keyof TodayInterval,
    label: string,
    shown: (value: number | null) => string = number,
  ): ChartColumn<TodayInterval> => ({
    key,
    label,
    value: (row) => row[key],
    shown: (row) => shown(row[key]),
  });
  const title = t("plan.today.contacts_of", { queue: queue.queue.name });
  return (
    <ChartWithTable
      title={title}
      description={
        queue.reforecastBy === null
          ? t("plan.today.contacts_text")
          : `${t("plan.today.contacts_text")} ${t(`plan.today.by_${queue.reforecastBy}`)}`
      }
      fileName={`today-${day.date}-contacts`}
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "at",
          label: t("plan.what_if.time"),
          align: "left",
          value: ({ at }) => new Date(at).toISOString(),
          shown: ({ at }) => clock(at),
        },
        column("forecast", t("plan.today.forecast")),
        {
          key: "actual",
          label: t("plan.today.actual"),
          value: ({ actual }) => actual,
          shown: ({ at, actual }) =>
            may && actual !== null && actual > 0 ? (
              <Anchor
                component={Link}
                size="sm"
                href={`/contacts?queueId=${queue.queue.id}&countedFrom=${at}&countedTo=${at + 900_000}&counted=offered`}
              >
                {number(actual)}
              </Anchor>
            ) : (
              number(actual)
            ),
        },
        column("reforecast", t("plan.today.reforecast")),
        column("answered", t("plan.today.answered")),
        column("abandoned", t("plan.today.abandoned")),
        column("serviceLevel", t("plan.today.service_level"), (value) => formatShare(value, i18n.language)),
      ]}
      chart={
        <TimeChart
          isWhole
          points={rows.map((row) => ({
            at: row.at,
            band: pair(row.low, row.high),
            restBand: pair(row.reforecastLow, row.reforecastHigh),
            forecast: row.forecast,
            actual: row.at <= day.now ? row.actual : null,
            reforecast: row.reforecast,
          }))}
          series={[
            { key: "actual", label: t("plan.today.actual"), kind: "bar", colour: PLAN_COLOURS.actual },
            ...(queue.forecast
              ? ([
                  {
                    key: "band",
                    label: t("plan.today.band"),
                    kind: "band",
                    colour: PLAN_COLOURS.quiet,
                    opacity: 0.2,
                  },
                  {
                    key: "restBand",
                    label: t("plan.today.rest_band"),
                    kind: "band",
                    colour: PLAN_COLOURS.forecast,
                    opacity: 0.2,
                  },
                  {
                    key: "forecast",
                    label: t("plan.today.forecast"),
                    kind: "line",
                    colour: PLAN_COLOURS.quiet,
                    dashed: true,
                  },
                  {
                    key: "reforecast",
                    label: t("plan.today.reforecast"),
                    kind: "line",
                    colour: PLAN_COLOURS.forecast,
                  },
                ] as const)
              : []),
          ]}
          marks={[{ at: nearest(rows, day.now), label: t("plan.today.now") }]}
          timeZone={day.timeZone}
          label={title}
          height={260}
        />
      }
      footer={
        <Text size="sm" c="dimmed" mt="xs">
          {queue.soFar.forecast === null
            ? t("plan.today.came", { time: clock(counted), n: number(queue.soFar.actual) })
            : t("plan.today.came_of", {
                time: clock(counted),
                n: number(queue.soFar.actual),
                planned: number(queue.soFar.forecast),
                rest: number(queue.rest.reforecast),
                rest_planned: number(queue.rest.forecast),
              })}
        </Text>
      }
    />
  );
}

function pair(low: number | null, high: number | null): readonly [number, number] | null {
  return low === null || high === null ? null : [low, high];
}

/** The chart's axis has the beginnings of intervals; the line of the present stands at the instant itself. */
function nearest(rows: readonly TodayInterval[], now: number): number {
  const first = rows[0]?.at ?? now;
  const last = rows.at(-1)?.at ?? now;
  return Math.min(Math.max(now, first), last);
}

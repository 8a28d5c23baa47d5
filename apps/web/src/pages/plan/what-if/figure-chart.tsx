import { Anchor, Group, Text } from "@mantine/core";
import type { WhatIfFigure, WhatIfIntervals, WhatIfResult } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { formatMoment } from "../../../format/moment.ts";
import { type ChartColumn, ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart, type TimePoint, type TimeSeries } from "../kit/time-chart.tsx";
import { FigureSelect } from "./figure-select.tsx";
import { busySpan, FLOOR_FIGURES, formatFigure, INTERVAL_FIGURES } from "./figures.ts";

interface Row {
  readonly at: number;
  readonly happened: number | null;
  readonly base: number | null;
  readonly baseHalf: number | null;
  readonly changed: number | null;
  readonly changedHalf: number | null;
}

/** A figure by quarter of an hour as a fan: eight runs of ten lie within the band, of the day as it is and otherwise. */
export function FigureChart({ result }: { readonly result: WhatIfResult }) {
  const { t, i18n } = useTranslation();
  const [wanted, setFigure] = useState<WhatIfFigure>("serviceLevel");
  const [picked, setPicked] = useState<number | null>(null);
  const { intervals, timeZone } = result;
  const figures = INTERVAL_FIGURES.filter(
    (figure) => intervals.queueId === null || !FLOOR_FIGURES.includes(figure),
  );
  const figure = figures.find((one) => one === wanted) ?? "serviceLevel";
  const how = { locale: i18n.language, currency: result.costs.currency };
  const format = (value: number): string => formatFigure(figure, value, how);
  const clock = (at: number): string => formatMoment(at, at, i18n.language, timeZone);
  const { points, rows } = pointsOf(result, intervals, figure);
  const series: TimeSeries[] = [
    {
      key: "baseBand",
      label: t("plan.what_if.band_base"),
      kind: "band",
      colour: PLAN_COLOURS.quiet,
      opacity: 0.22,
    },
    ...(intervals.changed
      ? [
          {
            key: "changedBand",
            label: t("plan.what_if.band_changed"),
            kind: "band",
            colour: PLAN_COLOURS.forecast,
            opacity: 0.22,
          } as const,
        ]
      : []),
    { key: "base", label: t("plan.what_if.base"), kind: "line", colour: PLAN_COLOURS.quiet, dashed: true },
    ...(intervals.changed
      ? [
          {
            key: "changed",
            label: t("plan.what_if.changed"),
            kind: "line",
            colour: PLAN_COLOURS.forecast,
          } as const,
        ]
      : []),
    ...(intervals.happened
      ? [
          {
            key: "happened",
            label: t("plan.what_if.happened"),
            kind: "step",
            colour: PLAN_COLOURS.actual,
          } as const,
        ]
      : []),
  ];
  const column = (key: Exclude<keyof Row, "at">, label: string): ChartColumn<Row> => ({
    key,
    label,
    value: (row) => row[key],
    shown: (row) => formatFigure(figure, row[key], how),
  });
  const isRecorded = result.day.kind === "recorded";
  const columns: ChartColumn<Row>[] = [
    {
      key: "at",
      label: t("plan.what_if.time"),
      align: "left",
      value: ({ at }) => new Date(at).toISOString(),
      shown: ({ at }) => (
        <Behind result={result} at={at} {...(isRecorded ? {} : { plain: true })}>
          {clock(at)}
        </Behind>
      ),
    },
    ...(intervals.happened ? [column("happened", t("plan.what_if.happened"))] : []),
    column("base", t("plan.what_if.base")),
    column("baseHalf", "±"),
    ...(intervals.changed ? [column("changed", t("plan.what_if.changed")), column("changedHalf", "± ")] : []),
  ];
  const name = t(`plan.what_if.figure.${figure}`);
  return (
    <ChartWithTable
      title={name}
      description={t("plan.what_if.fan_text")}
      fileName={`what-if-${result.day.date}-${figure}`}
      columns={columns}
      rows={rows}
      rowKey={({ at }) => at}
      actions={<FigureSelect value={figure} onChange={setFigure} figures={figures} />}
      chart={
        <TimeChart
          points={points}
          series={series}
          timeZone={timeZone}
          label={t("plan.what_if.chart_label", { figure: name })}
          format={format}
          {...(isRecorded ? { onPick: setPicked } : {})}
        />
      }
      footer={
        isRecorded && (
          <Group mt="xs">
            <Text size="sm" c="dimmed">
              {picked === null ? (
                t("plan.what_if.pick_hint")
              ) : (
                <Behind result={result} at={picked}>
                  {t("plan.what_if.contacts_of", {
                    from: clock(picked),
                    to: clock(picked + result.intervalMs),
                  })}
                </Behind>
              )}
            </Text>
          </Group>
        )
      }
    />
  );
}

/** The way to the contacts that came in the interval. */
function Behind(props: {
  readonly result: WhatIfResult;
  readonly at: number;
  readonly children: string;
  readonly plain?: boolean;
}) {
  const { result, at, children } = props;
  const may = useMay("contacts.view");
  if (props.plain || !may) return <>{children}</>;
  const { queueId } = result.intervals;
  const place = queueId === null ? "" : `queueId=${queueId}&`;
  return (
    <Anchor
      component={Link}
      size="sm"
      href={`/contacts?${place}countedFrom=${at}&countedTo=${at + result.intervalMs}&counted=offered`}
    >
      {children}
    </Anchor>
  );
}

function pointsOf(
  { from, intervalMs }: WhatIfResult,
  intervals: WhatIfIntervals,
  figure: WhatIfFigure,
): { readonly points: TimePoint[]; readonly rows: Row[] } {
  const { base, changed, happened } = intervals;
  const { first, end } = busySpan(intervals);
  const points: TimePoint[] = [];
  const rows: Row[] = [];
  const band = (side: WhatIfIntervals["base"] | null, i: number): readonly [number, number] | null => {
    const low = side?.[figure].p10[i] ?? null;
    const high = side?.[figure].p90[i] ?? null;
    return low === null || high === null ? null : [low, high];
  };
  for (let i = first; i < end; i++) {
    const row: Row = {
      at: from + i * intervalMs,
      happened: happened?.[figure][i] ?? null,
      base: base[figure].value[i] ?? null,
      baseHalf: base[figure].halfWidth[i] ?? null,
      changed: changed?.[figure].value[i] ?? null,
      changedHalf: changed?.[figure].halfWidth[i] ?? null,
    };
    rows.push(row);
    points.push({
      at: row.at,
      happened: row.happened,
      base: row.base,
      changed: row.changed,
      baseBand: band(base, i),
      changedBand: band(changed, i),
    });
  }
  return { points, rows };
}

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import classes from "./chart-with-table.module.css";
import { dayTicks, timeTicks } from "./time-ticks.ts";

/** One instant of a chart: a number for a line, a pair for a band, null for nothing. */
export interface TimePoint {
  readonly at: number;
  readonly [key: string]: number | readonly [number, number] | null | undefined;
}

export interface TimeSeries {
  readonly key: string;
  readonly label: string;
  /** `step`: holds until the next instant. `band`: between the two numbers of a pair. */
  readonly kind: "line" | "step" | "band" | "bar" | "area";
  /** A CSS colour; `PLAN_COLOURS` are readable in both schemes. */
  readonly colour: string;
  readonly dashed?: boolean;
  /** 0..1, of bands, bars and areas. */
  readonly opacity?: number;
}

/** Colours of the Plan room's charts, of the theme's state palette. */
export const PLAN_COLOURS = {
  forecast: "var(--sv-state-talking)",
  band80: "var(--sv-state-talking)",
  band95: "var(--sv-state-talking)",
  actual: "var(--sv-state-ringing)",
  requirement: "var(--sv-state-wrap)",
  load: "var(--sv-state-available)",
  scheduled: "var(--sv-state-held)",
  trouble: "var(--sv-state-trouble)",
  quiet: "var(--sv-state-away)",
} as const;

export interface TimeChartProps {
  readonly points: readonly TimePoint[];
  readonly series: readonly TimeSeries[];
  readonly timeZone: string;
  /** For those who do not see it: what the chart shows. */
  readonly label: string;
  readonly height?: number;
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
  readonly format?: (value: number) => string;
  readonly onPick?: (at: number) => void;
  readonly yLabel?: ReactNode;
  /** The axis has whole numbers only: contacts, agents. */
  readonly isWhole?: boolean;
}

/** Figures over time on the clocks of a zone: bands, lines, steps and bars, with a legend and a tip. */
export function TimeChart(props: TimeChartProps) {
  const { points, series, timeZone, label, height = 300, marks = [], onPick } = props;
  const { i18n } = useTranslation();
  const locale = i18n.language === "en" ? "en-GB" : i18n.language;
  const format =
    props.format ??
    ((value: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value));
  const first = points[0]?.at ?? 0;
  const last = points.at(-1)?.at ?? 0;
  const daily = isDaily(points);
  const { ticks, words } = daily
    ? dayTicks(
        points.map(({ at }) => at),
        timeZone,
        locale,
      )
    : timeTicks(first, last, timeZone, locale);
  const moment = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(daily ? {} : { hour: "2-digit", minute: "2-digit" }),
  });
  return (
    <figure style={{ margin: 0 }} aria-label={label}>
      <div className={classes.chart} style={{ height }}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={points as TimePoint[]}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            {...(onPick && {
              onClick: ({ activeLabel }: { activeLabel?: string | number | undefined }) => {
                if (activeLabel !== undefined) onPick(Number(activeLabel));
              },
              style: { cursor: "pointer" },
            })}
          >
            <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" vertical={false} />
            <XAxis
              dataKey="at"
              type="number"
              domain={["dataMin", "dataMax"]}
              padding={series.some(({ kind }) => kind === "bar") || daily ? { left: 16, right: 16 } : {}}
              ticks={ticks}
              tickFormatter={(at: number) => words.get(at) ?? ""}
              tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
              tickLine={false}
              axisLine={{ stroke: "var(--sv-line)" }}
              minTickGap={8}
            />
            <YAxis
              width={44}
              tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
              tickFormatter={format}
              tickLine={false}
              axisLine={false}
              domain={[0, "auto"]}
              allowDecimals={props.isWhole !== true}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--mantine-color-dimmed)", strokeDasharray: "3 3" }}
              content={({ active, payload }) => {
                const point = payload?.[0]?.payload as TimePoint | undefined;
                if (!active || !point) return null;
                return <Tip point={point} series={series} title={moment.format(point.at)} format={format} />;
              }}
            />
            {marks.map((mark) => (
              <ReferenceLine
                key={mark.at}
                x={mark.at}
                stroke="var(--mantine-color-dimmed)"
                strokeDasharray="4 4"
                label={{
                  value: mark.label,
                  position: "insideTopRight",
                  fontSize: 11,
                  fill: "var(--mantine-color-dimmed)",
                }}
              />
            ))}
            {series.map((one) => shapeOf(one, daily))}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <Legend series={series} />
    </figure>
  );
}

/** Days are totals: between two of them nothing is, so their lines are straight and their points shown. */
function shapeOf({ key, kind, colour, dashed, opacity }: TimeSeries, daily: boolean) {
  const curve = daily ? "linear" : "monotone";
  const common = { dataKey: key, isAnimationActive: false } as const;
  const dash = dashed ? { strokeDasharray: "6 4" } : {};
  switch (kind) {
    case "band":
      return (
        <Area
          key={key}
          {...common}
          type={curve}
          stroke="none"
          fill={colour}
          fillOpacity={opacity ?? 0.18}
          activeDot={false}
        />
      );
    case "area":
      return (
        <Area
          key={key}
          {...common}
          type={curve}
          stroke={colour}
          strokeWidth={1.5}
          fill={colour}
          fillOpacity={opacity ?? 0.15}
          {...dash}
        />
      );
    case "bar":
      return (
        <Bar
          key={key}
          {...common}
          fill={colour}
          fillOpacity={opacity ?? 0.75}
          radius={[3, 3, 0, 0]}
          maxBarSize={28}
          stackId="bars"
        />
      );
    case "line":
    case "step":
      return (
        <Line
          key={key}
          {...common}
          type={kind === "step" ? "stepAfter" : curve}
          stroke={colour}
          strokeWidth={2}
          dot={daily && !dashed ? { r: 2.5, fill: colour, strokeWidth: 0 } : false}
          activeDot={{ r: 3.5 }}
          connectNulls={false}
          {...dash}
        />
      );
  }
}

function Tip(props: {
  readonly point: TimePoint;
  readonly series: readonly TimeSeries[];
  readonly title: string;
  readonly format: (value: number) => string;
}) {
  const { point, series, title, format } = props;
  return (
    <div className={classes.tip}>
      <div style={{ fontWeight: 620, marginBottom: 4 }}>{title}</div>
      {series.map(({ key, label, colour, kind, opacity }) => {
        const value = point[key];
        if (value === null || value === undefined) return null;
        const shown = typeof value === "number" ? format(value) : `${format(value[0])} – ${format(value[1])}`;
        return (
          <div key={key} className={classes.tipRow}>
            <span className={classes.legendItem}>
              <Swatch colour={colour} kind={kind} {...(opacity === undefined ? {} : { opacity })} />
              {label}
            </span>
            <span className="sv-num" style={{ fontWeight: 560 }}>
              {shown}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function Legend({ series }: { readonly series: readonly TimeSeries[] }) {
  return (
    <figcaption className={classes.legend}>
      {series.map(({ key, label, colour, kind, opacity, dashed }) => (
        <span key={key} className={classes.legendItem}>
          <Swatch
            colour={colour}
            kind={kind}
            {...(opacity === undefined ? {} : { opacity })}
            {...(dashed === undefined ? {} : { dashed })}
          />
          {label}
        </span>
      ))}
    </figcaption>
  );
}

function Swatch(props: Pick<TimeSeries, "colour" | "kind" | "opacity" | "dashed">) {
  const { colour, kind, opacity, dashed } = props;
  if (kind === "line" || kind === "step")
    return (
      <span
        className={classes.line}
        style={{ borderTopColor: colour, ...(dashed ? { borderTopStyle: "dashed" } : {}) }}
        aria-hidden="true"
      />
    );
  return (
    <span
      className={classes.swatch}
      style={{ background: colour, opacity: (opacity ?? 0.5) + 0.1 }}
      aria-hidden="true"
    />
  );
}

function isDaily(points: readonly TimePoint[]): boolean {
  const [a, b] = points;
  return a !== undefined && b !== undefined && b.at - a.at >= 20 * 3_600_000;
}

import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import kit from "../kit/chart-with-table.module.css";
import { PLAN_COLOURS } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import type { CurvePoint } from "./curve-of.ts";

/** Service level against occupancy over the number of agents, with where one is and where one should be. */
export function FigureCurve(props: {
  readonly points: readonly CurvePoint[];
  readonly agents: number;
  readonly required?: number;
}) {
  const { t } = useTranslation();
  const { percent } = usePlanFormat();
  const { points, agents, required } = props;
  const lines = [
    ["serviceLevel", t("plan.staffing.service_level"), PLAN_COLOURS.forecast],
    ["occupancy", t("plan.staffing.occupancy"), PLAN_COLOURS.actual],
    ...(points.some(({ abandon }) => abandon > 0)
      ? ([["abandon", t("plan.staffing.abandon"), PLAN_COLOURS.trouble]] as const)
      : []),
  ] as const;
  return (
    <figure style={{ margin: 0 }} aria-label={t("plan.staffing.curve")}>
      <div style={{ height: 240 }}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={[...points]} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
            <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" vertical={false} />
            <XAxis
              dataKey="agents"
              type="number"
              domain={["dataMin", "dataMax"]}
              allowDecimals={false}
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
              labelFormatter={(value) => t("plan.staffing.n_agents", { n: Number(value) })}
              formatter={(value, key) => [
                percent(Number(value)),
                lines.find(([one]) => one === key)?.[1] ?? String(key),
              ]}
              contentStyle={{
                background: "var(--sv-surface)",
                border: "1px solid var(--sv-line)",
                borderRadius: 8,
                fontSize: 13,
              }}
            />
            {required !== undefined && (
              <ReferenceLine x={required} stroke={PLAN_COLOURS.requirement} strokeDasharray="4 4" />
            )}
            <ReferenceLine x={agents} stroke="var(--mantine-color-text)" strokeWidth={1.5} />
            {lines.map(([key, , colour]) => (
              <Line
                key={key}
                dataKey={key}
                type="monotone"
                stroke={colour}
                strokeWidth={2}
                dot={false}
                isAnimationActive={false}
              />
            ))}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <figcaption className={kit.legend}>
        {lines.map(([key, label, colour]) => (
          <span key={key} className={kit.legendItem}>
            <span className={kit.line} style={{ borderTopColor: colour }} aria-hidden="true" />
            {label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

import { Text } from "@mantine/core";
import { api, type WhatIfDissatisfaction, type WhatIfResult } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatSpan } from "../../../format/duration.ts";
import { formatShare } from "../../../format/figures.ts";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { type ChartColumn, ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS } from "../kit/time-chart.tsx";

type Point = WhatIfDissatisfaction["points"][number];
const FEWEST = 20; // who gave up: of fewer a curve says nothing

/** What waiting does to the customers of a queue: who gives up, and low scores where there are any, with their uncertainty. */
export function WaitingEffects({
  result,
  queueId,
}: {
  readonly result: WhatIfResult;
  readonly queueId: string;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const query = useQuery({
    queryKey: ["plan", "what-if", "dissatisfaction", queueId],
    queryFn: () => client.call(api.planWhatIf.dissatisfaction, { query: { queueId } }),
  });
  if (query.isError) return <QueryProblem error={query.error} onRetry={() => void query.refetch()} />;
  const found = query.data;
  if (!found) return null;
  const points = found.points.filter(({ gaveUp, lowScore }) => gaveUp !== null || lowScore !== null);
  const share = (value: number | undefined): string => formatShare(value ?? null, i18n.language);
  const column = (
    key: string,
    label: string,
    of: (point: Point) => number | undefined,
  ): ChartColumn<Point> => ({
    key,
    label,
    value: (point) => of(point) ?? null,
    shown: (point) => share(of(point)),
  });
  const totals = result.queues.find((one) => one.queueId === queueId);
  const marks = [
    { key: "base", at: totals?.base.meanWaitMs.value, label: t("plan.what_if.base") },
    { key: "changed", at: totals?.changed?.meanWaitMs.value, label: t("plan.what_if.changed") },
  ];
  const hasScores = found.scores.kind !== "unknown";
  return (
    <ChartWithTable
      title={t("plan.what_if.waiting_title")}
      description={t("plan.what_if.waiting_text", { waits: found.waits, n: found.gaveUp })}
      fileName="waiting-effects"
      rows={points}
      rowKey={({ waitMs }) => waitMs}
      columns={[
        {
          key: "wait",
          label: t("plan.what_if.wait"),
          align: "left",
          value: ({ waitMs }) => waitMs / 1000,
          shown: ({ waitMs }) => formatSpan(waitMs, i18n.language),
        },
        column("gaveUp", t("plan.what_if.gave_up"), ({ gaveUp }) => gaveUp?.share),
        column("low", t("plan.what_if.from_95"), ({ gaveUp }) => gaveUp?.low),
        column("high", t("plan.what_if.to_95"), ({ gaveUp }) => gaveUp?.high),
        ...(hasScores
          ? [column("score", t("plan.what_if.low_score"), ({ lowScore }) => lowScore?.share)]
          : []),
      ]}
      chart={
        found.gaveUp < FEWEST ? (
          <Text size="sm" c="dimmed" py="md">
            {t("plan.what_if.waiting_few")}
          </Text>
        ) : (
          <figure style={{ margin: 0, height: 240 }} aria-label={t("plan.what_if.waiting_title")}>
            <ResponsiveContainer width="100%" height="100%">
              <ComposedChart
                data={points.map(({ waitMs, gaveUp, lowScore }) => ({
                  wait: waitMs,
                  gaveUp: gaveUp?.share ?? null,
                  band: gaveUp ? [gaveUp.low, gaveUp.high] : null,
                  score: lowScore?.share ?? null,
                }))}
                margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
              >
                <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" vertical={false} />
                <XAxis
                  dataKey="wait"
                  type="number"
                  domain={[0, "dataMax"]}
                  tickCount={6}
                  tickFormatter={(wait: number) => formatSpan(wait, i18n.language, "narrow")}
                  tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                  tickLine={false}
                  axisLine={{ stroke: "var(--sv-line)" }}
                />
                <YAxis
                  width={44}
                  tickFormatter={(value: number) => share(value)}
                  tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                  tickLine={false}
                  axisLine={false}
                />
                <Tooltip
                  isAnimationActive={false}
                  formatter={(value) =>
                    Array.isArray(value)
                      ? value.map((one) => share(Number(one))).join(" – ")
                      : share(Number(value))
                  }
                  labelFormatter={(wait) => formatSpan(Number(wait), i18n.language)}
                  contentStyle={{
                    background: "var(--sv-surface)",
                    border: "1px solid var(--sv-line)",
                    borderRadius: 8,
                    fontSize: 13,
                  }}
                />
                {marks.map(({ key, at, label }) =>
                  at === null || at === undefined ? null : (
                    <ReferenceLine
                      key={key}
                      x={at}
                      stroke={key === "base" ? PLAN_COLOURS.quiet : PLAN_COLOURS.forecast}
                      strokeDasharray="4 4"
                      label={{
                        value: label,
                        position: key === "base" ? "insideTopLeft" : "insideLeft",
                        fontSize: 11,
                        fill: "var(--mantine-color-dimmed)",
                      }}
                    />
                  ),
                )}
                <Area
                  dataKey="band"
                  name="95 %"
                  stroke="none"
                  fill={PLAN_COLOURS.actual}
                  fillOpacity={0.18}
                  isAnimationActive={false}
                  activeDot={false}
                />
                <Line
                  dataKey="gaveUp"
                  name={t("plan.what_if.gave_up")}
                  stroke={PLAN_COLOURS.actual}
                  strokeWidth={2}
                  dot={false}
                  isAnimationActive={false}
                />
                {hasScores && (
                  <Line
                    dataKey="score"
                    name={t("plan.what_if.low_score")}
                    stroke={PLAN_COLOURS.requirement}
                    strokeWidth={2}
                    dot={false}
                    isAnimationActive={false}
                  />
                )}
              </ComposedChart>
            </ResponsiveContainer>
          </figure>
        )
      }
      footer={
        <Text size="sm" c="dimmed" mt="xs">
          {hasScores
            ? t("plan.what_if.scores", { n: found.scores.answers, low: found.scores.low })
            : t("plan.what_if.no_scores")}
        </Text>
      }
    />
  );
}

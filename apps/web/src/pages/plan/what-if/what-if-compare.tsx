import { Anchor, Skeleton, Stack, Table, Text } from "@mantine/core";
import { api, WHAT_IF_FIGURES, type WhatIfFigure, type WhatIfResult } from "@svara/contracts";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { formatMoment } from "../../../format/moment.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart, type TimePoint } from "../kit/time-chart.tsx";
import { dayName } from "./day-name.ts";
import { FigureSelect } from "./figure-select.tsx";
import { busySpan, formatChange, formatFigure, verdict } from "./figures.ts";
import classes from "./what-if.module.css";

const COLOURS = [
  PLAN_COLOURS.forecast,
  PLAN_COLOURS.actual,
  PLAN_COLOURS.scheduled,
  PLAN_COLOURS.load,
  PLAN_COLOURS.trouble,
  PLAN_COLOURS.requirement,
];
const MOST = COLOURS.length;

/** Several simulations side by side: the day otherwise of each, and its difference to its own unchanged day. */
export function WhatIfCompare() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [params] = useSearchParams();
  const ids = [...new Set((params.get("ids") ?? "").split(",").filter(Boolean))].slice(0, MOST);
  const queries = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["plan", "what-if", "one", id, null],
      queryFn: () => client.call(api.planWhatIf.get, { params: { id } }),
    })),
  });
  const failed = queries.find(({ isError }) => isError);
  const results = queries.flatMap(({ data }) => data ?? []);
  return (
    <Stack gap="md" maw={1280} mx="auto">
      <PageHeader
        title={t("plan.what_if.compare_title")}
        description={t("plan.what_if.compare_text")}
        before={
          <Anchor component={Link} href="/plan/what-if" size="sm">
            {t("plan.sections.what-if")}
          </Anchor>
        }
      />
      {failed && <QueryProblem error={failed.error} onRetry={() => void failed.refetch()} />}
      {results.length < ids.length && !failed && <Skeleton height={300} aria-busy="true" />}
      {results.length > 0 && (
        <>
          <Totals results={results} />
          <Together results={results} />
        </>
      )}
    </Stack>
  );
}

function Totals({ results }: { readonly results: readonly WhatIfResult[] }) {
  const { t, i18n } = useTranslation();
  return (
    <section className={`sv-surface ${classes.block}`}>
      <Table.ScrollContainer minWidth={240 + results.length * 180}>
        <Table verticalSpacing={7} className="sv-num">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plan.what_if.whole_day")}</Table.Th>
              {results.map(({ id, name, day }) => (
                <Table.Th key={id} ta="right">
                  <Anchor component={Link} href={`/plan/what-if/${id}`} size="sm" fw={600}>
                    {name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {dayName(day.date, i18n.language)}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {WHAT_IF_FIGURES.map((figure) => (
              <Table.Tr key={figure}>
                <Table.Td>{t(`plan.what_if.figure.${figure}`)}</Table.Td>
                {results.map(({ id, total, costs }) => {
                  const how = { locale: i18n.language, currency: costs.currency };
                  const apart = total.difference?.[figure];
                  return (
                    <Table.Td key={id} ta="right">
                      {formatFigure(figure, (total.changed ?? total.base)[figure].value, how)}
                      {apart && (
                        <Text size="xs" className={classes[verdict(figure, apart)] ?? ""}>
                          {formatChange(figure, apart.value, how)}
                        </Text>
                      )}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

/** The days over each other, by the time since midnight of each. */
function Together({ results }: { readonly results: readonly WhatIfResult[] }) {
  const { t, i18n } = useTranslation();
  const [figure, setFigure] = useState<WhatIfFigure>("serviceLevel");
  const [model] = results;
  if (!model) return null;
  const how = { locale: i18n.language, currency: model.costs.currency };
  const origin = model.from - sinceMidnightMs(model);
  const byTime = new Map<number, Record<string, number | null>>();
  for (const result of results) {
    const side = result.intervals.changed ?? result.intervals.base;
    const { first, end } = busySpan(result.intervals);
    for (let i = first; i < end; i++) {
      const at = origin + sinceMidnightMs(result) + i * result.intervalMs;
      byTime.set(at, { ...byTime.get(at), [result.id]: side[figure].value[i] ?? null });
    }
  }
  const rows = [...byTime].sort(([a], [b]) => a - b).map(([at, values]): TimePoint => ({ ...values, at }));
  const name = t(`plan.what_if.figure.${figure}`);
  return (
    <ChartWithTable
      title={name}
      description={t("plan.what_if.together_text")}
      fileName={`what-if-compared-${figure}`}
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "at",
          label: t("plan.what_if.time"),
          align: "left",
          value: ({ at }) => new Date(at).toISOString(),
          shown: ({ at }) => formatMoment(at, at, i18n.language, model.timeZone),
        },
        ...results.map((result) => ({
          key: result.id,
          label: result.name,
          value: (row: TimePoint) => {
            const value = row[result.id];
            return typeof value === "number" ? value : null;
          },
          shown: (row: TimePoint) => {
            const value = row[result.id];
            return formatFigure(figure, typeof value === "number" ? value : null, how);
          },
        })),
      ]}
      actions={<FigureSelect value={figure} onChange={setFigure} />}
      chart={
        <TimeChart
          points={rows}
          series={results.map((result, i) => ({
            key: result.id,
            label: result.name,
            kind: "line",
            colour: COLOURS[i % COLOURS.length] ?? PLAN_COLOURS.forecast,
          }))}
          timeZone={model.timeZone}
          label={t("plan.what_if.chart_label", { figure: name })}
          format={(value) => formatFigure(figure, value, how)}
        />
      }
    />
  );
}

/** What the clocks of the centre show at a result's first instant. */
function sinceMidnightMs({ from, timeZone }: WhatIfResult): number {
  const [hours = 0, minutes = 0] = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
    .format(from)
    .split(":")
    .map(Number);
  return (hours * 60 + minutes) * 60_000;
}

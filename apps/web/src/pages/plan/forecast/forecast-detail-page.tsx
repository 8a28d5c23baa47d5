import { Anchor, Badge, Button, Group, SegmentedControl, Select, Skeleton, Stack } from "@mantine/core";
import { api, type ForecastDetail } from "@svara/contracts";
import { IconArrowLeft, IconUsersGroup, IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { PlanMenu } from "../kit/plan-menu.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { AccuracySection } from "./accuracy-section.tsx";
import { AdjustModal } from "./adjust-modal.tsx";
import { ChangeList } from "./change-list.tsx";
import { DaysChart } from "./days-chart.tsx";
import { ForecastFigures } from "./forecast-figures.tsx";
import { IntervalsChart } from "./intervals-chart.tsx";
import { MethodSection } from "./method-section.tsx";
import { OutlookSection } from "./outlook-section.tsx";

/** Of no forecast: none of the intervals is told. */
const NO_DAY = "1970-01-01";

/** One forecast: its days and quarters with bands, what it was learnt from, what planners changed, and how good it was. */
export function ForecastDetailPage({ id }: { readonly id: string }) {
  const { client } = useServices();
  const [params] = useSearchParams();
  // the days are told always; the quarters of an hour only of the day that is open
  const intervalsOf = params.get("day") ?? undefined;
  const forecast = useQuery({
    queryKey: ["plan", "forecast", id, { intervalsOf }],
    queryFn: () =>
      client.call(api.planForecasts.get, { params: { id }, query: { intervalsOf: intervalsOf ?? NO_DAY } }),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  if (forecast.isError)
    return <QueryProblem error={forecast.error} onRetry={() => void forecast.refetch()} />;
  if (forecast.isPending) return <Skeleton height={480} radius="lg" aria-busy="true" />;
  return <Shown forecast={forecast.data} />;
}

function Shown({ forecast }: { readonly forecast: ForecastDetail }) {
  const { t } = useTranslation();
  const { dayLong } = usePlanFormat();
  const [params, setParams] = useSearchParams();
  const [adjusting, setAdjusting] = useState(false);
  const series = forecast.series.find(({ queue }) => queue.id === params.get("queue")) ?? forecast.series[0];
  const day = series?.days.find(({ date }) => date === params.get("day"));
  const { data: accuracy } = useAccuracy(forecast.id);
  const { data: whole } = useWhole(forecast.id, adjusting);
  if (!series) return null;
  const set = (change: Readonly<Record<string, string | null>>): void => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(change)) {
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    setParams(next, { replace: true });
  };
  const actualDays = new Map(
    (accuracy?.days ?? [])
      .filter(({ queueId }) => queueId === series.queue.id)
      .map((one) => [one.date, one.actual]),
  );
  return (
    <Stack gap="md">
      <PageHeader
        before={
          <Anchor component={Link} href="/plan/forecast" size="sm">
            <Group gap={4} wrap="nowrap" component="span">
              <IconArrowLeft size={15} aria-hidden="true" />
              {t("plan.forecast.all_forecasts")}
            </Group>
          </Anchor>
        }
        title={forecast.name}
        description={
          <Group gap="xs" component="span">
            <span>
              {dayLong(forecast.firstDay)} – {dayLong(forecast.lastDay)}
            </span>
            {forecast.basis === "flat" && <Badge color="yellow">{t("plan.forecast.methods.flat")}</Badge>}
          </Group>
        }
        actions={<Actions forecast={forecast} onAdjust={() => setAdjusting(true)} />}
      />
      {forecast.series.length > 1 && (
        <QueueChoice
          forecast={forecast}
          value={series.queue.id}
          onChange={(queue) => set({ queue, day: null })}
        />
      )}
      <ForecastFigures forecast={forecast} series={series} />
      <DaysChart
        series={series}
        timeZone={forecast.timeZone}
        actual={actualDays}
        onPick={(date) => set({ day: date })}
      />
      {day && (
        <IntervalsChart
          series={series}
          day={day}
          timeZone={forecast.timeZone}
          actual={(accuracy?.intervals ?? []).filter(({ queueId }) => queueId === series.queue.id)}
          known={actualDays.has(day.date)}
          onPick={(date) => set({ day: date })}
          onClose={() => set({ day: null })}
        />
      )}
      {forecast.changes.length > 0 && <ChangeList forecast={forecast} />}
      {accuracy && accuracy.days.length > 0 && (
        <AccuracySection
          accuracy={accuracy}
          queueId={series.queue.id}
          timeZone={forecast.timeZone}
          onPick={(date) => set({ day: date })}
        />
      )}
      <OutlookSection series={series} />
      {forecast.basis === "history" && <MethodSection series={series} />}
      {adjusting && whole && (
        <AdjustModal
          forecast={whole}
          queueId={series.queue.id}
          day={day?.date ?? forecast.firstDay}
          onClose={() => setAdjusting(false)}
        />
      )}
    </Stack>
  );
}

/** With the intervals of every day: a change may touch any of them. */
function useWhole(id: string, wanted: boolean) {
  const { client } = useServices();
  return useQuery({
    queryKey: ["plan", "forecast", id, "whole"],
    queryFn: () => client.call(api.planForecasts.get, { params: { id }, query: {} }),
    enabled: wanted,
  });
}

function useAccuracy(id: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: ["plan", "forecast", id, "accuracy"],
    queryFn: () => client.call(api.planForecasts.accuracy, { params: { id } }),
  });
}

function QueueChoice(props: {
  readonly forecast: ForecastDetail;
  readonly value: string;
  readonly onChange: (queueId: string) => void;
}) {
  const { t } = useTranslation();
  const data = props.forecast.series.map(({ queue }) => ({ value: queue.id, label: queue.name }));
  if (data.length > 5)
    return (
      <Select
        w={260}
        aria-label={t("fields.queue")}
        data={data}
        value={props.value}
        onChange={(value) => value && props.onChange(value)}
        searchable
      />
    );
  return (
    <div style={{ overflowX: "auto" }}>
      <SegmentedControl
        aria-label={t("fields.queue")}
        data={data}
        value={props.value}
        onChange={props.onChange}
      />
    </div>
  );
}

function Actions({
  forecast,
  onAdjust,
}: {
  readonly forecast: ForecastDetail;
  readonly onAdjust: () => void;
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  return (
    <>
      {forecast.may.edit && (
        <>
          <Button
            variant="default"
            leftSection={<IconWand size={17} />}
            onClick={onAdjust}
            data-testid="adjust"
          >
            {t("plan.forecast.adjust")}
          </Button>
          <Button
            component={Link}
            href={`/plan/staffing?forecast=${forecast.id}`}
            leftSection={<IconUsersGroup size={17} />}
          >
            {t("plan.forecast.staff_it")}
          </Button>
        </>
      )}
      <PlanMenu
        file={client.url(api.planForecasts.file, { params: { id: forecast.id } })}
        name={forecast.name}
        remove={
          forecast.may.edit
            ? () => client.call(api.planForecasts.remove, { params: { id: forecast.id } })
            : undefined
        }
        backTo="/plan/forecast"
      />
    </>
  );
}

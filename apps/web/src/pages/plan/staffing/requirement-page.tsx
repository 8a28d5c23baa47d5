import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Tooltip,
} from "@mantine/core";
import { api, type RequirementDetail } from "@svara/contracts";
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";
import { formatSpan } from "../../../format/duration.ts";
import { dayKey } from "../../../format/moment.ts";
import { Figure } from "../../../kit/figure.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import classes from "../forecast/forecast.module.css";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PlanMenu } from "../kit/plan-menu.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { targetWords } from "./target-words.ts";
import { TradeOff } from "./trade-off.tsx";

type Series = RequirementDetail["series"][number];

/** One requirement: steps over the day beside the load, and what more or fewer agents would mean. */
export function RequirementPage({ id }: { readonly id: string }) {
  const { client } = useServices();
  const requirement = useQuery({
    queryKey: ["plan", "requirement", id],
    queryFn: () => client.call(api.planStaffing.get, { params: { id } }),
  });
  if (requirement.isError)
    return <QueryProblem error={requirement.error} onRetry={() => void requirement.refetch()} />;
  if (requirement.isPending) return <Skeleton height={480} radius="lg" aria-busy="true" />;
  return <Shown requirement={requirement.data} />;
}

function Shown({ requirement }: { readonly requirement: RequirementDetail }) {
  const { t, i18n } = useTranslation();
  const { dayLong, count } = usePlanFormat();
  const [params, setParams] = useSearchParams();
  const series =
    requirement.series.find(({ queue }) => queue.id === params.get("queue")) ?? requirement.series[0];
  const days = daysOf(series, requirement.timeZone);
  const date = days.find((one) => one === params.get("day")) ?? days[0];
  const [picked, setPicked] = useState<number>();
  if (!series || date === undefined) return null;
  const set = (change: Readonly<Record<string, string>>): void => {
    setPicked(undefined);
    setParams({ queue: series.queue.id, day: date, ...change }, { replace: true });
  };
  const rows = series.intervals.filter(({ at }) => dayKey(at, requirement.timeZone) === date);
  const busiest = rows.toSorted((a, b) => b.load - a.load)[0];
  const chosen = rows.find(({ at }) => at === picked) ?? busiest;
  const hours = (of: (one: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, one) => sum + of(one), 0) / 4;
  return (
    <Stack gap="md">
      <PageHeader
        before={
          <Anchor component={Link} href="/plan/staffing" size="sm">
            <Group gap={4} wrap="nowrap" component="span">
              <IconArrowLeft size={15} aria-hidden="true" />
              {t("plan.staffing.all")}
            </Group>
          </Anchor>
        }
        title={requirement.name}
        description={
          <>
            {dayLong(dayKey(requirement.from, requirement.timeZone))} –{" "}
            {dayLong(dayKey(requirement.to - 1, requirement.timeZone))} ·{" "}
            <Anchor component={Link} href={`/plan/forecast/${requirement.forecast.id}`} size="sm">
              {t("plan.staffing.of_forecast", { name: requirement.forecast.name })}
            </Anchor>
          </>
        }
        actions={<Actions requirement={requirement} />}
      />
      <Group gap="sm" justify="space-between">
        {requirement.series.length > 1 && (
          <QueueChoice
            series={requirement.series}
            value={series.queue.id}
            onChange={(queue) => set({ queue })}
          />
        )}
        <DayChoice days={days} value={date} onChange={(day) => set({ day })} />
      </Group>
      <section className={`sv-surface ${classes.figures}`}>
        <Figure
          size="lg"
          label={t("plan.staffing.agent_hours")}
          value={count(hours(({ agents }) => agents))}
          hint={t("plan.staffing.agent_hours_hint")}
        />
        <Figure
          size="lg"
          label={t("plan.staffing.paid_hours")}
          value={count(hours(({ headcount }) => headcount))}
          hint={t("plan.staffing.paid_hours_hint")}
        />
        <Figure
          size="lg"
          label={t("plan.staffing.peak")}
          value={Math.max(0, ...rows.map(({ agents }) => agents))}
        />
        <Figure
          size="lg"
          label={t("plan.forecast.contacts")}
          value={count(rows.reduce((sum, { contacts }) => sum + contacts, 0))}
        />
        <Figure
          size="lg"
          label={t("plan.forecast.handling")}
          value={formatSpan(series.inputs.handleS * 1000, i18n.language)}
        />
      </section>
      <DayChart requirement={requirement} series={series} date={date} rows={rows} onPick={setPicked} />
      {chosen && chosen.load > 0 && series.inputs.work === "live" && (
        <TradeOff
          key={`${series.queue.id} ${chosen.at}`}
          interval={chosen}
          inputs={series.inputs}
          timeZone={requirement.timeZone}
        />
      )}
    </Stack>
  );
}

function DayChart(props: {
  readonly requirement: RequirementDetail;
  readonly series: Series;
  readonly date: string;
  readonly rows: Series["intervals"];
  readonly onPick: (at: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const { day, time, count, percent } = usePlanFormat();
  const { requirement, series, date, rows, onPick } = props;
  const last = rows.at(-1);
  const end = last ? [{ at: last.at + 900_000, agents: last.agents, load: null, contacts: null }] : [];
  return (
    <ChartWithTable
      title={t("plan.staffing.by_quarter", { queue: series.queue.name, day: day(date) })}
      description={targetWords(series.inputs, t, i18n.language)}
      fileName={`requirement-${date}`}
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "at",
          label: t("plan.forecast.time"),
          align: "left",
          value: ({ at }) => new Date(at).toISOString(),
          shown: ({ at }) => (
            <Anchor component="button" type="button" size="sm" onClick={() => onPick(at)}>
              {time(at, requirement.timeZone)}
            </Anchor>
          ),
        },
        {
          key: "contacts",
          label: t("plan.forecast.contacts"),
          value: ({ contacts }) => contacts,
          shown: ({ contacts }) => count(contacts),
        },
        {
          key: "load",
          label: t("plan.staffing.load"),
          value: ({ load }) => load,
          shown: ({ load }) => count(load),
        },
        { key: "agents", label: t("plan.staffing.agents"), value: ({ agents }) => agents },
        {
          key: "headcount",
          label: t("plan.staffing.headcount"),
          value: ({ headcount }) => headcount,
          shown: ({ headcount }) => count(headcount),
        },
        {
          key: "service_level",
          label: t("plan.staffing.service_level"),
          value: ({ serviceLevel }) => serviceLevel,
          shown: ({ serviceLevel }) => percent(serviceLevel),
        },
        {
          key: "mean_wait_s",
          label: t("plan.staffing.mean_wait"),
          value: ({ meanWaitS }) => meanWaitS,
          shown: ({ meanWaitS }) => (meanWaitS === null ? "–" : formatSpan(meanWaitS * 1000, i18n.language)),
        },
        {
          key: "abandon",
          label: t("plan.staffing.abandon"),
          value: ({ abandon }) => abandon,
          shown: ({ abandon }) => percent(abandon),
        },
        {
          key: "occupancy",
          label: t("plan.staffing.occupancy"),
          value: ({ occupancy }) => occupancy,
          shown: ({ occupancy }) => percent(occupancy, 0),
        },
      ]}
      chart={
        <TimeChart
          timeZone={requirement.timeZone}
          label={t("plan.staffing.requirement")}
          height={320}
          onPick={onPick}
          series={[
            {
              key: "load",
              label: t("plan.staffing.load"),
              kind: "area",
              colour: PLAN_COLOURS.load,
              opacity: 0.16,
            },
            {
              key: "agents",
              label: t("plan.staffing.agents"),
              kind: "step",
              colour: PLAN_COLOURS.requirement,
            },
          ]}
          points={[...rows.map(({ at, load, agents }) => ({ at, load, agents })), ...end]}
        />
      }
    />
  );
}

function QueueChoice(props: {
  readonly series: readonly Series[];
  readonly value: string;
  readonly onChange: (queueId: string) => void;
}) {
  const { t } = useTranslation();
  const data = props.series.map(({ queue }) => ({ value: queue.id, label: queue.name }));
  if (data.length > 5)
    return (
      <Select
        aria-label={t("fields.queue")}
        data={data}
        value={props.value}
        onChange={(value) => value && props.onChange(value)}
        searchable
      />
    );
  return (
    <div style={{ overflowX: "auto", maxWidth: "100%" }}>
      <SegmentedControl
        aria-label={t("fields.queue")}
        data={data}
        value={props.value}
        onChange={props.onChange}
      />
    </div>
  );
}

function DayChoice(props: {
  readonly days: readonly string[];
  readonly value: string;
  readonly onChange: (day: string) => void;
}) {
  const { t } = useTranslation();
  const { day } = usePlanFormat();
  const { days, value, onChange } = props;
  const index = days.indexOf(value);
  const step = (label: string, to: string | undefined, icon: React.ReactNode) => (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={to === undefined} onClick={() => to && onChange(to)} size="lg">
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={4} wrap="nowrap">
      {step(t("plan.forecast.day_before"), days[index - 1], <IconChevronLeft size={18} />)}
      <Select
        aria-label={t("insight.day")}
        w={170}
        data={days.map((one) => ({ value: one, label: day(one) }))}
        value={value}
        onChange={(next) => next && onChange(next)}
      />
      {step(t("plan.forecast.day_after"), days[index + 1], <IconChevronRight size={18} />)}
    </Group>
  );
}

function Actions({ requirement }: { readonly requirement: RequirementDetail }) {
  const { t } = useTranslation();
  const { client } = useServices();
  return (
    <>
      <Button component={Link} href="/plan/roster" variant="default">
        {t("plan.staffing.to_roster")}
      </Button>
      <PlanMenu
        file={client.url(api.planStaffing.file, { params: { id: requirement.id } })}
        name={requirement.name}
        remove={
          requirement.may.edit
            ? () => client.call(api.planStaffing.remove, { params: { id: requirement.id } })
            : undefined
        }
        backTo="/plan/staffing"
      />
    </>
  );
}

function daysOf(series: Series | undefined, timeZone: string): string[] {
  return [...new Set((series?.intervals ?? []).map(({ at }) => dayKey(at, timeZone)))];
}

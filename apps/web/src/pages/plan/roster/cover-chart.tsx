import { Group, Select, Text } from "@mantine/core";
import type { RosterView } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { dayCover } from "./roster-model.ts";
import { datesFrom, dayWords, wallDate, wallTime } from "./zone-time.ts";

/** Requirement against scheduled agents, by quarters of an hour. */
export function CoverChart({ view, date }: { readonly view: RosterView; readonly date: string | null }) {
  const { t, i18n } = useTranslation();
  const [group, setGroup] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const day = date ?? chosen;
  const rows = dayCover(view, day, group);
  const { coverage, timeZone } = view;
  const { count } = usePlanFormat();
  return (
    <ChartWithTable
      title={t("plan.roster.cover")}
      description={
        <Group gap="md">
          <Text size="sm" c="dimmed">
            {t("plan.roster.cover_text", {
              required: count(coverage.requiredHours),
              scheduled: count(coverage.scheduledHours),
              short: count(coverage.shortHours),
              over: count(coverage.overHours),
            })}
          </Text>
        </Group>
      }
      fileName={`roster-${view.from}-cover`}
      actions={
        <>
          {coverage.groups.length > 1 && (
            <Select
              size="xs"
              w={150}
              aria-label={t("plan.roster.group")}
              data={[
                { value: "", label: t("plan.roster.all_groups") },
                ...coverage.groups.map((each) => ({ value: each.group, label: each.name })),
              ]}
              value={group ?? ""}
              onChange={(next) => setGroup(next || null)}
            />
          )}
          {date === null && (
            <Select
              size="xs"
              w={140}
              aria-label={t("plan.roster.day")}
              data={[
                { value: "", label: t("plan.roster.all_days") },
                ...datesFrom(view.from, view.days).map((each) => ({
                  value: each,
                  label: dayWords(each, i18n.language),
                })),
              ]}
              value={chosen ?? ""}
              onChange={(next) => setChosen(next || null)}
            />
          )}
        </>
      }
      chart={
        <TimeChart
          isWhole
          points={rows}
          timeZone={timeZone}
          height={240}
          label={t("plan.roster.cover")}
          series={[
            {
              key: "scheduled",
              label: t("plan.roster.scheduled"),
              kind: "step",
              colour: PLAN_COLOURS.forecast,
            },
            {
              key: "required",
              label: t("plan.roster.required"),
              kind: "step",
              dashed: true,
              colour: PLAN_COLOURS.requirement,
            },
          ]}
        />
      }
      columns={[
        {
          key: "date",
          label: t("plan.roster.day"),
          align: "left",
          value: ({ at }) => wallDate(at, timeZone),
        },
        {
          key: "time",
          label: t("plan.roster.time"),
          align: "left",
          value: ({ at }) => wallTime(at, timeZone),
        },
        {
          key: "required",
          label: t("plan.roster.required"),
          value: ({ required }) => required,
          shown: ({ required }) => count(required),
        },
        {
          key: "scheduled",
          label: t("plan.roster.scheduled"),
          value: ({ scheduled }) => scheduled,
          shown: ({ scheduled }) => count(scheduled),
        },
        {
          key: "difference",
          label: t("plan.roster.difference"),
          value: ({ required, scheduled }) => Math.round((scheduled - required) * 100) / 100,
          shown: ({ required, scheduled }) => count(scheduled - required),
        },
      ]}
      rows={rows}
      rowKey={({ at }) => at}
    />
  );
}

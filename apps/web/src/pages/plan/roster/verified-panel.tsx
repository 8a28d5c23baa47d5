import { Button, Stack, Text } from "@mantine/core";
import type { RosterVerified, RosterView } from "@svara/contracts";
import { IconFlask } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import { formatShare } from "../../../format/figures.ts";
import { Empty } from "../../../kit/empty.tsx";
import { ChartWithTable, FigureTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { wallDate, wallTime } from "./zone-time.ts";

/** What the simulated floor makes of the roster, group by group and quarter by quarter. */
export function VerifiedPanel({
  view,
  onVerify,
}: {
  readonly view: RosterView;
  readonly onVerify: () => void;
}) {
  const { t } = useTranslation();
  const { verified } = view;
  if (!verified)
    return (
      <div className="sv-surface">
        <Empty
          compact
          icon={IconFlask}
          title={t("plan.roster.not_verified")}
          text={t("plan.roster.verify_text")}
          action={
            view.may.edit && view.shifts.length > 0 ? (
              <Button onClick={onVerify}>{t("plan.roster.verify")}</Button>
            ) : undefined
          }
        />
      </div>
    );
  return <Verified view={view} verified={verified} />;
}

function Verified({ view, verified }: { readonly view: RosterView; readonly verified: RosterVerified }) {
  const { t, i18n } = useTranslation();
  const names = new Map(view.groups.map(({ id, name }) => [id, name]));
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const rows = verified.groups.flatMap(({ group, intervals }) =>
    intervals.map(({ from, serviceLevel }) => ({ group, from, serviceLevel })),
  );
  const points = [...Map.groupBy(rows, ({ from }) => from)]
    .toSorted(([a], [b]) => a - b)
    .map(([at, same]) => ({
      at,
      ...Object.fromEntries(
        same.map(({ group, serviceLevel }) => [
          group,
          serviceLevel === null ? null : Math.round(serviceLevel * 1000) / 10,
        ]),
      ),
    }));
  const colours = [
    PLAN_COLOURS.forecast,
    PLAN_COLOURS.actual,
    PLAN_COLOURS.requirement,
    PLAN_COLOURS.load,
    PLAN_COLOURS.scheduled,
  ];
  return (
    <Stack gap="md">
      {verified.draftRevision !== view.draftRevision && (
        <Text size="sm" c="dimmed">
          {t("plan.roster.verified_before")}
        </Text>
      )}
      <div className="sv-surface" style={{ overflow: "hidden" }}>
        <FigureTable
          rows={verified.groups}
          rowKey={({ group }) => group}
          columns={[
            {
              key: "group",
              label: t("plan.roster.group"),
              align: "left",
              value: ({ group }) => names.get(group) ?? group,
            },
            {
              key: "service_level",
              label: t("plan.roster.service_level"),
              value: ({ serviceLevel }) => serviceLevel,
              shown: ({ serviceLevel, halfWidth }) =>
                `${formatShare(serviceLevel, i18n.language)}${halfWidth === null ? "" : ` ± ${number.format(halfWidth * 100)}`}`,
            },
            {
              key: "target",
              label: t("plan.roster.target"),
              value: ({ target }) => target,
              shown: ({ target }) => formatShare(target, i18n.language),
            },
            {
              key: "mean_wait_s",
              label: t("plan.roster.mean_wait"),
              value: ({ averageWaitMs }) => (averageWaitMs === null ? null : averageWaitMs / 1000),
              shown: ({ averageWaitMs }) =>
                averageWaitMs === null ? "–" : formatSpan(averageWaitMs, i18n.language),
            },
            {
              key: "abandoned",
              label: t("plan.roster.abandoned"),
              value: ({ abandonRate }) => abandonRate,
              shown: ({ abandonRate }) => formatShare(abandonRate, i18n.language),
            },
          ]}
        />
      </div>
      <ChartWithTable
        title={t("plan.roster.service_level")}
        description={t("plan.roster.verified_text", { n: verified.replications })}
        fileName={`roster-${view.from}-service-level`}
        chart={
          <TimeChart
            points={points}
            timeZone={view.timeZone}
            label={t("plan.roster.service_level")}
            height={240}
            format={(value) => formatShare(value / 100, i18n.language)}
            series={verified.groups.map(({ group }, index) => ({
              key: group,
              label: names.get(group) ?? group,
              kind: "line",
              colour: colours[index % colours.length] ?? PLAN_COLOURS.forecast,
            }))}
          />
        }
        columns={[
          {
            key: "group",
            label: t("plan.roster.group"),
            align: "left",
            value: ({ group }) => names.get(group) ?? group,
          },
          {
            key: "date",
            label: t("plan.roster.day"),
            align: "left",
            value: ({ from }) => wallDate(from, view.timeZone),
          },
          {
            key: "time",
            label: t("plan.roster.time"),
            align: "left",
            value: ({ from }) => wallTime(from, view.timeZone),
          },
          {
            key: "service_level",
            label: t("plan.roster.service_level"),
            value: ({ serviceLevel }) =>
              serviceLevel === null ? null : Math.round(serviceLevel * 1000) / 1000,
          },
        ]}
        rows={rows}
        rowKey={({ group, from }) => `${group}${from}`}
      />
    </Stack>
  );
}

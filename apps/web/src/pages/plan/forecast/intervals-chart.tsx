import { ActionIcon, Group, Tooltip } from "@mantine/core";
import type { ForecastSeries } from "@svara/contracts";
import { IconChevronLeft, IconChevronRight, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dayKey } from "../../../format/moment.ts";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { ContactsLink } from "../kit/contacts-link.tsx";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";

const QUARTER_MS = 900_000;

/** The quarters of an hour of one day, with bands, beside what came. */
export function IntervalsChart(props: {
  readonly series: ForecastSeries;
  readonly day: ForecastSeries["days"][number];
  readonly timeZone: string;
  readonly actual: readonly { readonly at: number; readonly actual: number }[];
  /** What came that day is known. */
  readonly known: boolean;
  readonly onPick: (date: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { count, day: dayName, time } = usePlanFormat();
  const { series, day, timeZone, known, onPick, onClose } = props;
  const came = new Map(props.actual.map(({ at, actual }) => [at, actual]));
  const rows = series.intervals.filter(({ at }) => dayKey(at, timeZone) === day.date);
  const index = series.days.indexOf(day);
  const [before, after] = [series.days[index - 1], series.days[index + 1]];
  const step = (label: string, to: typeof before, icon: React.ReactNode) => (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={!to} onClick={() => to && onPick(to.date)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  const actualOf = (at: number): number | null => (known ? (came.get(at) ?? null) : null);
  return (
    <ChartWithTable
      title={`${dayName(day.date)} · ${t("plan.forecast.n_contacts", { n: count(day.mean) })}`}
      description={day.special.length > 0 ? day.special.join(", ") : t("plan.forecast.by_quarter_hint")}
      fileName={`forecast-${day.date}`}
      actions={
        <Group gap={2} wrap="nowrap">
          {step(t("plan.forecast.day_before"), before, <IconChevronLeft size={17} />)}
          {step(t("plan.forecast.day_after"), after, <IconChevronRight size={17} />)}
          <Tooltip label={t("common.close")}>
            <ActionIcon aria-label={t("common.close")} onClick={onClose}>
              <IconX size={17} />
            </ActionIcon>
          </Tooltip>
        </Group>
      }
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "at",
          label: t("plan.forecast.time"),
          align: "left",
          value: ({ at }) => new Date(at).toISOString(),
          shown: ({ at }) => time(at, timeZone),
        },
        {
          key: "contacts",
          label: t("plan.forecast.contacts"),
          value: ({ mean }) => Math.round(mean * 100) / 100,
          shown: ({ mean }) => count(mean),
        },
        {
          key: "low_80",
          label: t("plan.forecast.low80"),
          value: ({ quantiles }) => Math.round(quantiles.p100),
        },
        {
          key: "high_80",
          label: t("plan.forecast.high80"),
          value: ({ quantiles }) => Math.round(quantiles.p900),
        },
        {
          key: "actual",
          label: t("plan.forecast.actual"),
          value: ({ at }) => actualOf(at),
          shown: ({ at }) => {
            const actual = actualOf(at);
            if (actual === null) return "–";
            return (
              <ContactsLink queueId={series.queue.id} from={at} to={at + QUARTER_MS} counted="offered">
                {count(actual)}
              </ContactsLink>
            );
          },
        },
      ]}
      chart={
        <TimeChart
          timeZone={timeZone}
          label={dayName(day.date)}
          height={260}
          series={[
            {
              key: "p95",
              label: t("plan.forecast.band95"),
              kind: "band",
              colour: PLAN_COLOURS.band95,
              opacity: 0.12,
            },
            {
              key: "p80",
              label: t("plan.forecast.band80"),
              kind: "band",
              colour: PLAN_COLOURS.band80,
              opacity: 0.22,
            },
            { key: "mean", label: t("plan.forecast.forecast"), kind: "line", colour: PLAN_COLOURS.forecast },
            ...(known
              ? [
                  {
                    key: "actual",
                    label: t("plan.forecast.actual"),
                    kind: "line" as const,
                    colour: PLAN_COLOURS.actual,
                  },
                ]
              : []),
          ]}
          points={rows.map(({ at, mean, quantiles }) => ({
            at,
            mean,
            p80: [quantiles.p100, quantiles.p900] as const,
            p95: [quantiles.p025, quantiles.p975] as const,
            actual: actualOf(at),
          }))}
        />
      }
    />
  );
}

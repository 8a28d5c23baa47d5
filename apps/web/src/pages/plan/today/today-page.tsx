import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { api, type PlanToday, type TodayQueue } from "@svara/contracts";
import { IconCalendarStats, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { dayName } from "../what-if/day-name.ts";
import { AdherenceNow } from "./adherence-now.tsx";
import { ContactsChart } from "./contacts-chart.tsx";
import { Proposals } from "./proposals.tsx";
import { QueueTile } from "./queue-tile.tsx";
import { StaffChart } from "./staff-chart.tsx";
import classes from "./today.module.css";

const LOOK_EVERY_MS = 15_000;

/** The day beside its plan, looked at anew four times a minute. */
export function TodayPage() {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const query = useQuery({
    queryKey: ["plan", "today"],
    queryFn: () => client.call(api.planToday.get, {}),
    refetchInterval: LOOK_EVERY_MS,
  });
  const day = query.data;
  return (
    <Stack gap="md" maw={1280} mx="auto">
      <PageHeader
        title={t("plan.sections.today")}
        description={
          day
            ? t("plan.today.description", {
                day: dayName(day.date, i18n.language),
                time: formatMoment(day.now, day.now, i18n.language, day.timeZone),
              })
            : t("plan.today.purpose")
        }
      />
      {query.isError && <QueryProblem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={480} aria-busy="true" />}
      {day && <Shown day={day} />}
    </Stack>
  );
}

function Shown({ day }: { readonly day: PlanToday }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [chosen, choose] = useState<string | null>(null);
  const queues = day.queues.filter(isAlive);
  const queue = queues.find((one) => one.queue.id === chosen) ?? queues[0];
  if (!queue) {
    return (
      <section className="sv-surface">
        <Empty
          icon={IconCalendarStats}
          title={t("plan.today.empty_title")}
          text={t("plan.today.empty_text")}
          action={<Button onClick={() => go("/plan/forecast")}>{t("plan.today.to_forecast")}</Button>}
        />
      </section>
    );
  }
  return (
    <>
      <Missing day={day} />
      <section className={classes.tiles} aria-label={t("plan.today.queues")}>
        {queues.map((one) => (
          <QueueTile
            key={one.queue.id}
            queue={one}
            now={day.now}
            isChosen={one.queue.id === queue.queue.id}
            onChoose={() => choose(one.queue.id)}
          />
        ))}
      </section>
      <ContactsChart day={day} queue={queue} />
      <StaffChart day={day} queue={queue} />
      <div className={classes.two}>
        <Proposals day={day} />
        <AdherenceNow day={day} />
      </div>
    </>
  );
}

/** Something is planned of it, or somebody came. */
function isAlive({ forecast, hasRequirement, soFar, intervals }: TodayQueue): boolean {
  return (
    forecast !== null ||
    hasRequirement ||
    soFar.actual > 0 ||
    intervals.some(({ actual }) => (actual ?? 0) > 0)
  );
}

/** What is not planned yet, with the way to plan it. */
function Missing({ day }: { readonly day: PlanToday }) {
  const { t } = useTranslation();
  const missing = [
    ...(day.hasForecast
      ? []
      : [{ text: t("plan.today.no_forecast"), link: t("plan.today.to_forecast"), to: "/plan/forecast" }]),
    ...(day.hasForecast && !day.hasRequirement
      ? [{ text: t("plan.today.no_requirement"), link: t("plan.today.to_staffing"), to: "/plan/staffing" }]
      : []),
    ...(day.hasRoster
      ? []
      : [{ text: t("plan.today.no_roster"), link: t("plan.today.to_roster"), to: "/plan/roster" }]),
  ];
  if (missing.length === 0) return null;
  return (
    <Alert color="gray" icon={<IconInfoCircle />}>
      <Stack gap={4}>
        {missing.map(({ text, link, to }) => (
          <Group key={to} gap={6}>
            <Text size="sm">{text}</Text>
            <Anchor component={Link} href={to} size="sm">
              {link}
            </Anchor>
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}

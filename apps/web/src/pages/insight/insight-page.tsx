import { Group, Select, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconHourglassEmpty } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useMay } from "../../api/rights.ts";
import { formatSpan } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import { dayKey } from "../../format/moment.ts";
import { Empty } from "../../kit/empty.tsx";
import { Figure } from "../../kit/figure.tsx";
import { PageHeader } from "../../kit/page-header.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices, useSession } from "../../services.ts";
import { daysBefore, readDays } from "./day-range.ts";
import classes from "./insight.module.css";
import { bandTone, errorWords, totalsOf } from "./wait-accuracy.ts";
import { WaitAccuracyTable } from "./wait-accuracy-table.tsx";

/** The first days that are shown. */
const USUAL_DAYS = 7;

/** How good the expected waits were, by queue and day, with the contacts behind. */
export function InsightPage() {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { centre } = useSession();
  const [params, setParams] = useSearchParams();
  const today = dayKey(serverClock.now(), centre.timeZone);
  const { from, to } = readDays(params, { from: daysBefore(today, USUAL_DAYS - 1), to: today });
  const queueId = params.get("queueId");
  const query = useQuery({
    queryKey: ["insight", "wait-estimates", from, to, queueId],
    queryFn: () =>
      client.call(api.insight.waitEstimates, {
        query: { from, to, ...(queueId === null ? {} : { queueId }) },
      }),
    placeholderData: (previous) => previous,
  });
  const set = (change: Readonly<Record<string, string | null>>): void => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(change)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    setParams(next, { replace: true });
  };
  const items = query.data?.items ?? [];
  const totals = totalsOf(items);
  return (
    <Stack gap="md" maw={1280} mx="auto">
      <PageHeader title={t("shell.insight")} description={t("insight.description")} />
      <section className={`sv-surface ${classes.block}`} aria-labelledby="insight-waits">
        <Title order={2} id="insight-waits">
          {t("insight.waits_title")}
        </Title>
        <Text size="sm" c="dimmed" maw={720} mb="md">
          {t("insight.waits_text")}
        </Text>
        <Group gap="sm" align="flex-end" mb="md">
          <TextInput
            type="date"
            size="xs"
            label={t("fields.from")}
            value={from}
            max={to}
            onChange={(event) => set({ from: event.currentTarget.value, to })}
          />
          <TextInput
            type="date"
            size="xs"
            label={t("fields.to")}
            value={to}
            min={from}
            onChange={(event) => set({ from, to: event.currentTarget.value })}
          />
          <QueueSelect value={queueId} onChange={(value) => set({ queueId: value })} />
          <Text size="xs" c="dimmed" pb={8}>
            {t("insight.days_hint")}
          </Text>
        </Group>
        {query.isError && <QueryProblem error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Skeleton height={260} aria-busy="true" />}
        {query.isSuccess && items.length === 0 && (
          <Empty
            compact
            icon={IconHourglassEmpty}
            title={t("insight.none_title")}
            text={t("insight.none_text")}
          />
        )}
        {items.length > 0 && (
          <div style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
            <div className={classes.totals}>
              <Figure
                size="lg"
                label={t("insight.inside")}
                value={formatShare(totals.insideBand, i18n.language)}
                tone={bandTone(totals.insideBand)}
                hint={t("insight.inside_hint")}
              />
              <Figure
                size="lg"
                label={t("insight.absolute_error")}
                value={
                  totals.meanAbsoluteErrorMs === null
                    ? "–"
                    : formatSpan(totals.meanAbsoluteErrorMs, i18n.language)
                }
                hint={t("insight.absolute_error_hint")}
              />
              <Figure
                size="lg"
                label={t("insight.mean_error")}
                value={<span className={classes.words}>{errorWords(totals.meanErrorMs, i18n)}</span>}
                hint={t("insight.mean_error_hint")}
              />
              <Figure size="lg" label={t("insight.predicted")} value={totals.predicted} />
              <Figure
                size="lg"
                label={t("insight.unpredicted")}
                value={totals.unpredicted}
                hint={t("insight.unpredicted_hint")}
              />
            </div>
            <WaitAccuracyTable items={items} />
          </div>
        )}
      </section>
    </Stack>
  );
}

function QueueSelect(props: {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const may = useMay("queues.view");
  const queues = useQuery({
    queryKey: ["config", "queues", "all"],
    queryFn: () => client.call(api.queues.list, { query: { limit: 500, archived: "true" } }),
    enabled: may,
  });
  if (!may) return null;
  return (
    <Select
      size="xs"
      label={t("fields.queue")}
      placeholder={t("insight.all_queues")}
      clearable
      searchable
      data={(queues.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={props.value}
      onChange={props.onChange}
    />
  );
}

import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
  Tooltip,
} from "@mantine/core";
import { api } from "@svara/contracts";
import { IconFileImport, IconHistory, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { useMay } from "../../../api/rights.ts";
import { formatSpan } from "../../../format/duration.ts";
import { dayKey, formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { daysBefore } from "../../insight/day-range.ts";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { ContactsLink } from "../kit/contacts-link.tsx";
import { type PlanQueue, usePlanQueues } from "../kit/queue-history.ts";
import { PLAN_COLOURS, TimeChart } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";

const SHOWN_DAYS = 91;

/** What forecasts learn from: each queue's days, one queue's figures, and the files that were taken in. */
export function HistorySection({ onImport }: { readonly onImport: () => void }) {
  const { t } = useTranslation();
  const queues = usePlanQueues();
  const mayEdit = useMay("plan.edit");
  const [chosen, setChosen] = useState<string | null>(null);
  if (queues.isError) return <QueryProblem error={queues.error} onRetry={() => void queues.refetch()} />;
  if (queues.isPending) return <Skeleton height={320} radius="lg" aria-busy="true" />;
  const known = queues.data.filter(({ days }) => days > 0);
  const current = known.find(({ queue }) => queue.id === chosen) ?? known[0];
  const importButton = mayEdit && (
    <Button leftSection={<IconFileImport size={17} />} onClick={onImport}>
      {t("plan.forecast.import_history")}
    </Button>
  );
  return (
    <Stack gap="md">
      {current ? (
        <QueueDays
          key={current.queue.id}
          queue={current}
          choice={
            <Select
              size="xs"
              w={210}
              aria-label={t("fields.queue")}
              data={known.map(({ queue }) => ({ value: queue.id, label: queue.name }))}
              value={current.queue.id}
              onChange={setChosen}
            />
          }
        />
      ) : (
        <div className="sv-surface">
          <Empty
            icon={IconHistory}
            title={t("plan.forecast.no_history_title")}
            text={t("plan.forecast.no_history_text")}
            action={importButton}
          />
        </div>
      )}
      <QueueOverview queues={queues.data} />
      <ImportList />
    </Stack>
  );
}

function QueueDays({ queue, choice }: { readonly queue: PlanQueue; readonly choice: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { count, day, percent } = usePlanFormat();
  const today = dayKey(serverClock.now(), queue.timeZone);
  const [to, setTo] = useState(queue.lastDay ?? today);
  const from = daysBefore(to, SHOWN_DAYS - 1);
  const history = useQuery({
    queryKey: ["plan", "history", queue.queue.id, from, to],
    queryFn: () =>
      client.call(api.planHistory.read, {
        query: { queueIds: queue.queue.id, from, to, by: "day" },
      }),
    placeholderData: (previous) => previous,
  });
  const rows = history.data?.items ?? [];
  const dateOf = (at: number): string => dayKey(at, queue.timeZone);
  if (history.isPending) return <Skeleton height={340} radius="lg" aria-busy="true" />;
  return (
    <ChartWithTable
      title={t("plan.forecast.history_of", { queue: queue.queue.name })}
      description={t("plan.forecast.history_hint")}
      fileName={`history-${from}-${to}`}
      actions={
        <Group gap="xs" wrap="nowrap">
          {choice}
          <TextInput
            type="date"
            size="xs"
            aria-label={t("plan.forecast.until_day")}
            value={to}
            max={today}
            onChange={(event) => event.currentTarget.value && setTo(event.currentTarget.value)}
          />
        </Group>
      }
      rows={rows}
      rowKey={({ at }) => at}
      columns={[
        {
          key: "day",
          label: t("insight.day"),
          align: "left",
          value: ({ at }) => dateOf(at),
          shown: ({ at }) => day(dateOf(at)),
        },
        {
          key: "offered",
          label: t("plan.forecast.contacts"),
          value: ({ offered }) => Math.round(offered * 100) / 100,
          shown: (row) =>
            row.source === "own" ? (
              <ContactsLink queueId={row.queueId} from={row.at} to={row.to} counted="offered">
                {count(row.offered)}
              </ContactsLink>
            ) : (
              count(row.offered)
            ),
        },
        {
          key: "answered",
          label: t("plan.forecast.answered"),
          value: ({ answered }) => answered,
          shown: (row) =>
            row.answered === null ? (
              "–"
            ) : (
              <ContactsLink queueId={row.queueId} from={row.at} to={row.to} counted="answered">
                {row.answered}
              </ContactsLink>
            ),
        },
        {
          key: "in_time",
          label: t("plan.forecast.in_time"),
          value: ({ answered, answeredInTime }) =>
            answered ? Math.round((1000 * (answeredInTime ?? 0)) / answered) / 1000 : null,
          shown: ({ answered, answeredInTime }) =>
            percent(answered ? (answeredInTime ?? 0) / answered : null, 0),
        },
        {
          key: "abandoned",
          label: t("plan.forecast.gave_up"),
          value: ({ abandoned }) => abandoned,
          shown: (row) =>
            row.abandoned === null ? (
              "–"
            ) : (
              <ContactsLink queueId={row.queueId} from={row.at} to={row.to} counted="abandoned">
                {row.abandoned}
              </ContactsLink>
            ),
        },
        {
          key: "handle_s",
          label: t("plan.forecast.handling"),
          value: ({ averageHandleMs }) =>
            averageHandleMs === null ? null : Math.round(averageHandleMs / 1000),
          shown: ({ averageHandleMs }) =>
            averageHandleMs === null ? "–" : formatSpan(averageHandleMs, i18n.language),
        },
        {
          key: "source",
          label: t("plan.forecast.source"),
          align: "left",
          value: ({ source }) => source,
          shown: ({ source }) => t(`plan.forecast.sources.${source}`),
        },
      ]}
      chart={
        <TimeChart
          timeZone={queue.timeZone}
          label={t("plan.forecast.history_of", { queue: queue.queue.name })}
          height={260}
          points={rows.map(({ at, offered, source }) => ({
            at,
            own: source === "own" ? offered : null,
            imported: source === "imported" ? offered : null,
          }))}
          series={[
            {
              key: "imported",
              label: t("plan.forecast.sources.imported"),
              kind: "bar",
              colour: PLAN_COLOURS.quiet,
            },
            { key: "own", label: t("plan.forecast.sources.own"), kind: "bar", colour: PLAN_COLOURS.forecast },
          ]}
        />
      }
    />
  );
}

function QueueOverview({ queues }: { readonly queues: readonly PlanQueue[] }) {
  const { t } = useTranslation();
  const { count, dayLong } = usePlanFormat();
  return (
    <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
      <Title order={3} mb="xs">
        {t("plan.forecast.what_is_known")}
      </Title>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("fields.queue")}</Table.Th>
              <Table.Th>{t("plan.forecast.medium")}</Table.Th>
              <Table.Th>{t("plan.forecast.period")}</Table.Th>
              <Table.Th ta="right">{t("plan.forecast.days_known")}</Table.Th>
              <Table.Th ta="right">{t("plan.forecast.contacts_a_day")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map((one) => (
              <Table.Tr key={one.queue.id}>
                <Table.Td>{one.queue.name}</Table.Td>
                <Table.Td>{t(`medium.${one.medium as "voice"}`)}</Table.Td>
                <Table.Td>
                  {one.firstDay && one.lastDay ? `${dayLong(one.firstDay)} – ${dayLong(one.lastDay)}` : "–"}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {one.days}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {one.days > 0 ? count(one.contacts / one.days) : "–"}
                </Table.Td>
                <Table.Td ta="right">
                  <Enough days={one.days} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function Enough({ days }: { readonly days: number }) {
  const { t } = useTranslation();
  if (days >= 42) return <Badge color="green">{t("plan.forecast.enough")}</Badge>;
  if (days >= 7) return <Badge color="yellow">{t("plan.forecast.enough_little")}</Badge>;
  return <Badge color="gray">{t("plan.forecast.not_enough")}</Badge>;
}

function ImportList() {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { count, dayLong } = usePlanFormat();
  const mayEdit = useMay("plan.edit");
  const cache = useQueryClient();
  const imports = useQuery({
    queryKey: ["plan", "history", "imports"],
    queryFn: async () => (await client.call(api.planHistory.imports, {})).items,
  });
  const remove = useMutation({
    mutationFn: (id: string) => client.call(api.planHistory.removeImport, { params: { id } }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["plan"] });
      notifyDone(t("plan.forecast.import_removed"));
    },
  });
  const items = imports.data ?? [];
  if (items.length === 0) return null;
  return (
    <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
      <Title order={3} mb="xs">
        {t("plan.forecast.files")}
      </Title>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={8} data-testid="imports">
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Text size="sm" fw={560}>
                    {one.fileName}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {one.importedBy} · {formatMoment(one.importedAt, serverClock.now(), i18n.language)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {dayLong(dayKey(one.firstAt))} – {dayLong(dayKey(one.lastAt - 1))}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {t("plan.forecast.n_contacts", { n: count(one.contacts) })}
                </Table.Td>
                <Table.Td ta="right" w={60}>
                  {mayEdit && (
                    <Tooltip label={t("plan.forecast.remove_import")}>
                      <ActionIcon
                        aria-label={`${t("plan.forecast.remove_import")}: ${one.fileName}`}
                        loading={remove.isPending && remove.variables === one.id}
                        onClick={() => remove.mutate(one.id)}
                      >
                        <IconTrash size={17} />
                      </ActionIcon>
                    </Tooltip>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

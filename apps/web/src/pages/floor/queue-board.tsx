import { Drawer, Group, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import type { FloorQueue } from "@svara/contracts";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatClock } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import { Figure } from "../../kit/figure.tsx";
import { useNow } from "../../kit/use-now.ts";
import { useSession } from "../../services.ts";
import classes from "./floor.module.css";
import {
  longestWaitMs,
  type QueueColumn,
  type QueueSort,
  serviceLevelTone,
  sortQueues,
  waitTone,
} from "./floor-model.ts";
import { QueueAgents } from "./queue-agents.tsx";
import { ServiceLevel } from "./service-level.tsx";
import { WaitingList } from "./waiting-list.tsx";

const TONES = { plain: undefined, warn: "var(--sv-state-ringing)", bad: "var(--sv-state-trouble)" } as const;

/** The queues: a table where there is room, cards on a phone. Figures lead to the contacts behind them. */
export function QueueBoard({
  queues,
  date,
}: {
  readonly queues: readonly FloorQueue[];
  readonly date: string;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const [sort, setSort] = useState<QueueSort>({ column: "name", descending: false });
  const [opened, setOpened] = useState<FloorQueue>();
  const rows = sortQueues(queues, sort, now);
  const head = (column: QueueColumn, label: string, end = true) => (
    <SortHead column={column} label={label} end={end} sort={sort} onSort={setSort} />
  );
  return (
    <>
      <div className="sv-surface" style={{ overflowX: "auto" }}>
        <Table visibleFrom="md" highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              {head("name", t("fields.queue"), false)}
              {head("waiting", t("floor.waiting"))}
              {head("longest", t("floor.longest_wait"))}
              <Table.Th>
                <span className={classes.sort}>{t("floor.agents")}</span>
              </Table.Th>
              {head("serviceLevel", t("floor.service_level"), false)}
              {head("answered", t("floor.answered"))}
              {head("abandoned", t("floor.abandoned"))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((queue) => (
              <QueueRow key={queue.id} queue={queue} date={date} onWaiting={() => setOpened(queue)} />
            ))}
          </Table.Tbody>
        </Table>
        <Stack hiddenFrom="md" gap={0}>
          {rows.map((queue) => (
            <QueueCard key={queue.id} queue={queue} onWaiting={() => setOpened(queue)} />
          ))}
        </Stack>
      </div>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size="lg"
        title={opened && t("floor.waiting_in", { queue: opened.name })}
      >
        {opened && <WaitingList queueId={opened.id} />}
      </Drawer>
    </>
  );
}

interface RowProps {
  readonly queue: FloorQueue;
  readonly onWaiting: () => void;
}

function QueueRow({ queue, date, onWaiting }: RowProps & { readonly date: string }) {
  const { t, i18n } = useTranslation();
  const drill = (metric: "answered" | "abandoned"): string =>
    `/contacts?queueId=${queue.id}&metric=${metric}&from=${date}`;
  return (
    <Table.Tr>
      <Table.Td>
        <QueueName queue={queue} />
      </Table.Td>
      <Table.Td ta="right">
        <Waiting queue={queue} onWaiting={onWaiting} />
      </Table.Td>
      <Table.Td ta="right">
        <LongestWait queue={queue} />
      </Table.Td>
      <Table.Td>
        <QueueAgents agents={queue.agents} />
      </Table.Td>
      <Table.Td miw={150}>
        <ServiceLevel queue={queue} />
      </Table.Td>
      <Table.Td ta="right" className="sv-num">
        <Link href={drill("answered")} className={classes.figureLink}>
          {queue.answered}
        </Link>
        <Text span c="dimmed" size="xs">
          {" "}
          {t("floor.of", { count: queue.offered })}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="sv-num">
        <Link href={drill("abandoned")} className={classes.figureLink}>
          {queue.abandoned}
        </Link>
        <Text span c="dimmed" size="xs">
          {" "}
          {formatShare(queue.abandonRate, i18n.language)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function QueueCard({ queue, onWaiting }: RowProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const longest = longestWaitMs(queue, now);
  return (
    <Stack gap="sm" p="md" style={{ borderBottom: "1px solid var(--sv-line)" }}>
      <Group justify="space-between" wrap="nowrap">
        <QueueName queue={queue} />
        <QueueAgents agents={queue.agents} short />
      </Group>
      <Group grow align="flex-start" gap="sm">
        <UnstyledButton onClick={onWaiting} disabled={queue.waiting === 0} data-testid="queue-waiting">
          <Figure
            label={t("floor.waiting")}
            value={queue.waiting}
            tone={queue.waiting > 0 ? "warn" : "plain"}
          />
        </UnstyledButton>
        <Figure
          label={t("floor.longest_wait")}
          value={longest === 0 ? "–" : formatClock(longest)}
          tone={waitTone(longest, queue.thresholdSec)}
        />
        <Figure
          label={t("floor.service_level_short")}
          value={formatShare(queue.serviceLevel, i18n.language)}
          tone={serviceLevelTone(queue.serviceLevel, queue.serviceLevelTarget)}
        />
        <Figure label={t("floor.abandoned")} value={queue.abandoned} />
      </Group>
    </Stack>
  );
}

function QueueName({ queue }: { readonly queue: FloorQueue }) {
  const { clients } = useSession();
  const client = clients.length > 1 ? clients.find((each) => each.id === queue.clientId)?.name : undefined;
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" fw={600} truncate>
        {queue.name}
      </Text>
      {client && (
        <Text size="xs" c="dimmed" truncate>
          {client}
        </Text>
      )}
    </div>
  );
}

function Waiting({ queue, onWaiting }: RowProps) {
  const { t } = useTranslation();
  if (queue.waiting === 0) {
    return (
      <Text span c="dimmed" className="sv-num">
        0
      </Text>
    );
  }
  return (
    <UnstyledButton
      onClick={onWaiting}
      data-testid="queue-waiting"
      className={`${classes.figureLink} sv-num`}
      aria-label={t("floor.waiting_in", { queue: queue.name })}
      style={{ color: "var(--sv-state-ringing)", fontWeight: 640, fontSize: "1.125rem" }}
    >
      {queue.waiting}
    </UnstyledButton>
  );
}

function LongestWait({ queue }: { readonly queue: FloorQueue }) {
  const now = useNow();
  const wait = longestWaitMs(queue, now);
  const color = TONES[waitTone(wait, queue.thresholdSec)];
  return (
    <Text span size="sm" className="sv-num" fw={560} style={color ? { color } : {}}>
      {wait === 0 ? "–" : formatClock(wait)}
    </Text>
  );
}

function SortHead(props: {
  readonly column: QueueColumn;
  readonly label: string;
  readonly end: boolean;
  readonly sort: QueueSort;
  readonly onSort: (sort: QueueSort) => void;
}) {
  const { column, label, end, sort, onSort } = props;
  const active = sort.column === column;
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      ta={end ? "right" : "left"}
      aria-sort={active ? (sort.descending ? "descending" : "ascending") : "none"}
    >
      <UnstyledButton
        className={classes.sort}
        data-active={active || undefined}
        onClick={() => onSort({ column, descending: active ? !sort.descending : column !== "name" })}
      >
        {label}
        {active && <Arrow size={13} aria-hidden="true" />}
      </UnstyledButton>
    </Table.Th>
  );
}

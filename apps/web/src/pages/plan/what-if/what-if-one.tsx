import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  Menu,
  Select,
  Skeleton,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import { api, type WhatIfResult } from "@svara/contracts";
import { IconCopy, IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { useDeletion } from "../kit/plan-menu.tsx";
import { changeWords } from "./change-words.ts";
import { dayName } from "./day-name.ts";
import { FigureChart } from "./figure-chart.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { TotalsTable } from "./totals-table.tsx";
import { usePlanNames } from "./use-plan-names.ts";
import { WaitingEffects } from "./waiting-effects.tsx";
import classes from "./what-if.module.css";
import { WhatIfAssumptions } from "./what-if-assumptions.tsx";

/** One simulation: the day beside the day otherwise, in all and by quarter of an hour. */
export function WhatIfOne({ id }: { readonly id: string }) {
  const { client } = useServices();
  const [queueId, setQueueId] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["plan", "what-if", "one", id, queueId],
    queryFn: () =>
      client.call(api.planWhatIf.get, { params: { id }, query: queueId === null ? {} : { queueId } }),
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap="md" maw={1280} mx="auto">
      {query.isError && <QueryProblem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={480} aria-busy="true" />}
      {query.data && <Shown result={query.data} queueId={queueId} onQueue={setQueueId} />}
    </Stack>
  );
}

function Shown(props: {
  readonly result: WhatIfResult;
  readonly queueId: string | null;
  readonly onQueue: (queueId: string | null) => void;
}) {
  const { result, queueId, onQueue } = props;
  const { t, i18n } = useTranslation();
  const names = usePlanNames();
  const words = changeWords(result.change, names, i18n);
  const totals = result.queues.find((queue) => queue.queueId === queueId) ?? result.queues[0];
  const day = t(result.day.kind === "recorded" ? "plan.what_if.day_recorded" : "plan.what_if.day_planned", {
    day: dayName(result.day.date, i18n.language),
  });
  return (
    <>
      <PageHeader
        title={result.name}
        description={`${day} · ${t("plan.what_if.runs_made", { n: result.runs })}`}
        before={
          <Anchor component={Link} href="/plan/what-if" size="sm">
            {t("plan.sections.what-if")}
          </Anchor>
        }
        actions={<Actions result={result} />}
      />
      <section className={`sv-surface ${classes.block}`}>
        <Group justify="space-between" align="flex-start" gap="md">
          <div style={{ flex: "1 1 320px", minWidth: 0 }}>
            <Text fw={600} size="sm">
              {t("plan.what_if.otherwise_is")}
            </Text>
            {words.length === 0 ? (
              <Text size="sm">{t("plan.what_if.said.nothing")}</Text>
            ) : (
              <ul className={classes.words}>
                {words.map((word) => (
                  <li key={word}>{word}</li>
                ))}
              </ul>
            )}
            {result.absent.length > 0 && (
              <Text size="xs" c="dimmed" mt={6}>
                {t("plan.what_if.taken_out", { names: result.absent.map(({ name }) => name).join(", ") })}
              </Text>
            )}
          </div>
          <Select
            label={t("fields.queue")}
            data={result.queues.map((queue) => ({
              value: queue.queueId ?? "",
              label: queue.queueName ?? t("plan.what_if.all_queues"),
            }))}
            value={queueId ?? ""}
            onChange={(value) => onQueue(value === "" || value === null ? null : value)}
            allowDeselect={false}
            searchable
            w={240}
          />
        </Group>
        {totals && <TotalsTable result={result} totals={totals} />}
      </section>
      <FigureChart result={result} />
      {queueId !== null && <WaitingEffects result={result} queueId={queueId} />}
      <WhatIfAssumptions result={result} />
    </>
  );
}

function Actions({ result }: { readonly result: WhatIfResult }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const [, go] = useLocation();
  const mayEdit = useMay("plan.edit");
  const [renames, setRenames] = useState(false);
  const ask = useDeletion(result.name, "/plan/what-if");
  if (!mayEdit) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconCopy size={16} />}
        onClick={() => go(`/plan/what-if/new?from=${result.id}`)}
      >
        {t("plan.what_if.again")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label={t("common.more")}>
            <ActionIcon size="lg" variant="default" aria-label={t("common.more")}>
              <IconDots size={18} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setRenames(true)}>
            {t("plan.what_if.rename")}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={() => ask(() => client.call(api.planWhatIf.remove, { params: { id: result.id } }))}
          >
            {t("common.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renames && <RenameDialog id={result.id} name={result.name} onClose={() => setRenames(false)} />}
    </>
  );
}

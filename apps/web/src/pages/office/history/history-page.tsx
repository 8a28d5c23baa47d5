import { ActionIcon, Button, Collapse, Group, Select, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { type AnswerOf, api, CONFIGURATION_KINDS, type ConfigurationKind } from "@svara/contracts";
import { IconArrowBackUp, IconChevronDown, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { notifyDone } from "../../../api/notify.tsx";
import { useMay } from "../../../api/rights.ts";
import { formatMoment } from "../../../format/moment.ts";
import { Pill } from "../../../kit/agent-state.tsx";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import classes from "../office.module.css";
import { differences } from "./differences.ts";

type Revision = AnswerOf<typeof api.revisions.list>["items"][number];

/** Who changed what and when, with the way back. `?revision=` opens one change, however far down it stands. */
export function HistoryPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [kind, setKind] = useState<ConfigurationKind | null>(null);
  const list = useInfiniteQuery({
    queryKey: ["config", "revisions", kind],
    queryFn: ({ pageParam }) =>
      client.call(api.revisions.list, {
        query: { limit: 50, ...(kind ? { kind } : {}), ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const wanted = Number(useSearchParams()[0].get("revision"));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const oldest = items.at(-1)?.revision ?? 0;
  useEffect(() => {
    if (wanted > 0 && wanted < oldest && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [wanted, oldest, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <Stack gap="md">
      <PageHeader
        title={t("office.history")}
        description={t("history.description")}
        actions={
          <Select
            aria-label={t("history.kind")}
            placeholder={t("common.all")}
            clearable
            data={CONFIGURATION_KINDS.map((each) => ({ value: each, label: t(`kind.${each}`) }))}
            value={kind}
            onChange={(value) => setKind(value as ConfigurationKind | null)}
          />
        }
      />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={300} radius="lg" />}
      {list.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          <Empty icon={IconHistory} title={t("history.empty_title")} text={t("history.empty_text")} />
        </div>
      )}
      {items.length > 0 && (
        <div className="sv-surface">
          {items.map((item) => (
            <RevisionRow key={item.revision} item={item} isWanted={item.revision === wanted} />
          ))}
        </div>
      )}
      {list.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            onClick={() => void list.fetchNextPage()}
            loading={list.isFetchingNextPage}
          >
            {t("common.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function RevisionRow({ item, isWanted }: { readonly item: Revision; readonly isWanted: boolean }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const queries = useQueryClient();
  const mayUndo = useMay("revisions.undo");
  const [open, setOpen] = useState(isWanted);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isWanted) row.current?.scrollIntoView({ block: "center" });
  }, [isWanted]);
  const undo = useMutation({
    mutationFn: () => client.call(api.revisions.undo, { params: { revision: item.revision } }),
    onSuccess: async () => {
      notifyDone(t("office.undone"));
      await queries.invalidateQueries({ queryKey: ["config"] });
    },
  });
  const name = item.entityName ?? t(`kind.${item.kind}`);
  return (
    <div ref={row} style={{ borderBottom: "1px solid var(--sv-line)", padding: "0.75rem 1rem" }}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <ActionIcon
            aria-expanded={open}
            aria-label={t("history.details", { name })}
            onClick={() => setOpen(!open)}
          >
            <IconChevronDown
              size={17}
              style={{ rotate: open ? "0deg" : "-90deg", transition: "rotate 150ms" }}
            />
          </ActionIcon>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" truncate>
              <b>{name}</b>{" "}
              <Text span c="dimmed">
                {t(`kind.${item.kind}`)} · {t(`history.${item.change}`)}
              </Text>
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {item.actor.name} · {formatMoment(item.at, serverClock.now(), i18n.language)} ·{" "}
              <span className="sv-num">{t("history.revision", { number: item.revision })}</span>
              {item.undoes !== null && ` · ${t("history.undoes", { number: item.undoes })}`}
            </Text>
          </div>
        </Group>
        {item.undoneBy !== null ? (
          <Pill tone="away">{t("history.undone")}</Pill>
        ) : (
          mayUndo && (
            <Tooltip label={t("history.undo_hint")}>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconArrowBackUp size={15} />}
                loading={undo.isPending}
                onClick={() => undo.mutate()}
              >
                {t("common.undo")}
              </Button>
            </Tooltip>
          )
        )}
      </Group>
      <Collapse expanded={open}>
        <Changes item={item} />
      </Collapse>
    </div>
  );
}

function Changes({ item }: { readonly item: Revision }) {
  const { t } = useTranslation();
  const changes = differences(item.before, item.after);
  if (changes.length === 0) {
    return (
      <Text size="sm" c="dimmed" pl={44} pt="xs">
        {t("history.no_difference")}
      </Text>
    );
  }
  return (
    <div className={classes.diff} style={{ padding: "0.75rem 0 0.25rem 2.75rem" }}>
      <span className="sv-caption">{t("history.field")}</span>
      <span className="sv-caption">{t("history.before")}</span>
      <span className="sv-caption">{t("history.after")}</span>
      {changes.map((change) => (
        <div key={change.path} style={{ display: "contents" }}>
          <span>{change.path}</span>
          <span className={change.before === undefined ? undefined : classes.before}>
            {change.before ?? "–"}
          </span>
          <span className={change.after === undefined ? undefined : classes.after}>
            {change.after ?? "–"}
          </span>
        </div>
      ))}
    </div>
  );
}

import { Button, Group, Pill, Skeleton, Stack, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconDownload, IconMessages, IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useMay } from "../../api/rights.ts";
import { Empty } from "../../kit/empty.tsx";
import { PageHeader } from "../../kit/page-header.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices, useSession } from "../../services.ts";
import { PeopleTabs } from "../customers/people-tabs.tsx";
import { ContactFilters } from "./contact-filters.tsx";
import { type ContactQuery, readContactQuery, withFilter } from "./contact-query.ts";
import { ContactTable } from "./contact-table.tsx";

const PAGE_SIZE = 50;

/** Every contact one may see, newest first, found by words and filters that stand in the address. */
export function ContactsPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [params, setParams] = useSearchParams();
  const mayExport = useMay("contacts.export");
  const query = readContactQuery(params);
  const list = useInfiniteQuery({
    queryKey: ["contacts", query],
    queryFn: ({ pageParam }) =>
      client.call(api.contacts.list, {
        query: { ...query, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (previous) => previous,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = [...params.keys()].length > 0;
  return (
    <Stack gap="md" maw={1600} mx="auto">
      <PeopleTabs current="contacts" />
      <PageHeader
        title={t("shell.contacts")}
        description={t("contacts.description")}
        actions={
          mayExport && (
            <Button
              component="a"
              href={client.url(api.contacts.export, { query })}
              download
              variant="default"
              leftSection={<IconDownload size={17} />}
            >
              {t("contacts.export_csv")}
            </Button>
          )
        }
      />
      <ContactFilters query={query} onChange={(next) => setParams(next, { replace: true })} />
      {query.metric && query.from && (
        <Group gap="xs">
          <Pill
            size="md"
            withRemoveButton
            onRemove={() => setParams(withFilter(query, { metric: "", from: "" }), { replace: true })}
            removeButtonProps={{ "aria-label": t("contacts.clear_filters") }}
          >
            {t("contacts.behind_figure", { figure: t(`floor.${query.metric}`), day: query.from })}
          </Pill>
        </Group>
      )}
      <CountPill query={query} onRemove={(next) => setParams(next, { replace: true })} />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={420} radius="lg" aria-busy="true" />}
      {list.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          {filtered ? (
            <Empty
              icon={IconSearchOff}
              title={t("common.nothing_found")}
              text={t("contacts.nothing_found_text")}
              action={
                <Button variant="default" onClick={() => setParams(new URLSearchParams())}>
                  {t("contacts.clear_filters")}
                </Button>
              }
            />
          ) : (
            <Empty icon={IconMessages} title={t("contacts.none_title")} text={t("contacts.none_text")} />
          )}
        </div>
      )}
      {items.length > 0 && (
        <>
          <div
            className="sv-surface"
            style={{ overflow: "hidden", opacity: list.isPlaceholderData ? 0.6 : 1 }}
          >
            <ContactTable items={items} />
          </div>
          <Group justify="center" mih={40}>
            {list.hasNextPage ? (
              <Button
                variant="default"
                onClick={() => void list.fetchNextPage()}
                loading={list.isFetchingNextPage}
              >
                {t("common.more")}
              </Button>
            ) : (
              <Text size="xs" c="dimmed">
                {t("contacts.count", { count: items.length })}
              </Text>
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}

/** Which count of planning these contacts made, with the way out of it. */
function CountPill(props: {
  readonly query: ContactQuery;
  readonly onRemove: (next: URLSearchParams) => void;
}) {
  const { t, i18n } = useTranslation();
  const { centre } = useSession();
  const { counted, countedFrom: from, countedTo: to } = props.query;
  if (!counted || from === undefined || to === undefined) return null;
  const moment = new Intl.DateTimeFormat(i18n.language === "en" ? "en-GB" : i18n.language, {
    timeZone: centre.timeZone,
    dateStyle: "medium",
    timeStyle: "short",
  });
  const none = { counted: "", countedFrom: "", countedTo: "" } as const;
  return (
    <Group gap="xs">
      <Pill
        size="md"
        withRemoveButton
        onRemove={() => props.onRemove(withFilter(props.query, none))}
        removeButtonProps={{ "aria-label": t("contacts.clear_filters") }}
      >
        {t("contacts.behind_count", {
          figure: t(`contacts.counted.${counted}`),
          span: moment.formatRange(from, to),
        })}
      </Pill>
    </Group>
  );
}

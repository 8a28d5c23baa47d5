import { Button, Group, Select, Skeleton, Stack, Table, Text } from "@mantine/core";
import { AUDIT_ACTIONS, api } from "@svara/contracts";
import { IconWorld } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";

type Action = (typeof AUDIT_ACTIONS)[number];

/** Sign-ins and uses of personal data. */
export function AuditPage() {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const [action, setAction] = useState<Action | null>(null);
  const list = useInfiniteQuery({
    queryKey: ["audit", action],
    queryFn: ({ pageParam }) =>
      client.call(api.audit.list, {
        query: {
          limit: 100,
          ...(action ? { action } : {}),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="md">
      <PageHeader
        title={t("office.audit")}
        description={t("audit.description")}
        actions={
          <Select
            aria-label={t("audit.action")}
            placeholder={t("common.all")}
            clearable
            data={AUDIT_ACTIONS.map((each) => ({ value: each, label: t(`audit.${each}`) }))}
            value={action}
            onChange={(value) => setAction(value as Action | null)}
          />
        }
      />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={300} radius="lg" />}
      {list.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          <Empty icon={IconWorld} title={t("common.nothing_found")} text={t("audit.description")} />
        </div>
      )}
      {items.length > 0 && (
        <div className="sv-surface" style={{ overflowX: "auto" }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("audit.when")}</Table.Th>
                <Table.Th>{t("audit.who")}</Table.Th>
                <Table.Th>{t("audit.action")}</Table.Th>
                <Table.Th>{t("audit.from")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td className="sv-num">
                    {formatMoment(item.at, serverClock.now(), i18n.language)}
                  </Table.Td>
                  <Table.Td>{item.userName ?? "–"}</Table.Td>
                  <Table.Td>
                    {t(`audit.${item.action}`)}
                    {item.subjectId && item.action.startsWith("recording") && (
                      <Text span size="xs" ml="xs">
                        <Link href={`/contacts/${item.subjectId}`}>{t("audit.subject")}</Link>
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td className="sv-num">{item.address ?? "–"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
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

import { Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { api, type PlanRequest } from "@svara/contracts";
import { IconCalendarPlus, IconClockPlus, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices, useSession } from "../../../services.ts";
import { EnterLeave } from "./enter-leave.tsx";
import { OfferList } from "./offer-list.tsx";
import { RequestDrawer } from "./request-drawer.tsx";
import { RequestSentence, RequestState } from "./request-words.tsx";

const VIEWS = ["open", "all", "offers"] as const;

/** What agents ask for, to be decided; what was decided; overtime on offer. */
export function RequestsPage() {
  const { t } = useTranslation();
  const mayApprove = useMay("plan.approve");
  const mayEdit = useMay("plan.edit");
  const [view, setView] = useState<(typeof VIEWS)[number]>("open");
  const [dialog, setDialog] = useState<"leave" | "offer">();
  return (
    <Stack gap="md">
      <PageHeader
        title={t("plan.requests.title")}
        description={t("plan.requests.description")}
        actions={
          <>
            {mayEdit && (
              <Button
                variant="default"
                leftSection={<IconClockPlus size={17} />}
                onClick={() => {
                  setView("offers");
                  setDialog("offer");
                }}
              >
                {t("plan.requests.offer_overtime")}
              </Button>
            )}
            {mayApprove && (
              <Button
                variant="default"
                leftSection={<IconCalendarPlus size={17} />}
                onClick={() => setDialog("leave")}
              >
                {t("plan.requests.enter_leave")}
              </Button>
            )}
          </>
        }
      />
      <SegmentedControl
        style={{ alignSelf: "flex-start" }}
        value={view}
        aria-label={t("plan.requests.title")}
        onChange={(next) => setView(next as typeof view)}
        data={VIEWS.map((value) => ({ value, label: t(`plan.requests.view.${value}`) }))}
      />
      {view === "offers" ? (
        <OfferList making={dialog === "offer"} onMade={() => setDialog(undefined)} />
      ) : (
        <RequestList key={view} open={view === "open"} />
      )}
      {dialog === "leave" && <EnterLeave onClose={() => setDialog(undefined)} />}
    </Stack>
  );
}

function RequestList({ open }: { readonly open: boolean }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { centre } = useSession();
  const [opened, setOpened] = useState<string>();
  const pages = useInfiniteQuery({
    queryKey: ["plan", "requests", open],
    queryFn: ({ pageParam }) =>
      client.call(api.planRequests.list, {
        query: { ...(open && { state: "open" }), ...(pageParam !== "" && { cursor: pageParam }), limit: 50 },
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: 30_000,
  });
  const requests: PlanRequest[] = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const { timeZone } = centre;
  return (
    <>
      {pages.isError && <QueryProblem error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <Skeleton height={220} radius="lg" aria-busy="true" />}
      {pages.isSuccess && requests.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconInbox}
            title={t(open ? "plan.requests.none_open" : "plan.requests.none")}
            text={t("plan.requests.empty_text")}
          />
        </div>
      )}
      {requests.length > 0 && (
        <div className="sv-surface" style={{ overflow: "hidden" }}>
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("fields.agent")}</Table.Th>
                  <Table.Th>{t("plan.requests.what")}</Table.Th>
                  <Table.Th>{t("plan.requests.asked")}</Table.Th>
                  <Table.Th>{t("fields.state")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {requests.map((request) => (
                  <Table.Tr key={request.id} className="sv-rowlink" onClick={() => setOpened(request.id)}>
                    <Table.Td>
                      <UnstyledButton data-row fw={600} fz="sm">
                        {request.agentName}
                      </UnstyledButton>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" fw={560} component="span">
                        {t(`plan.requests.kind.${request.kind}`)}
                      </Text>
                      <Text size="sm" c="dimmed">
                        <RequestSentence request={request} timeZone={timeZone} />
                      </Text>
                    </Table.Td>
                    <Table.Td className="sv-num">
                      {formatMoment(request.createdAt, serverClock.now(), i18n.language, timeZone)}
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6}>
                        <RequestState request={request} />
                        {request.decidedByRules && (
                          <Text size="xs" c="dimmed">
                            {t("plan.requests.by_rules")}
                          </Text>
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t("common.more")}
        </Button>
      )}
      {opened !== undefined && (
        <RequestDrawer id={opened} timeZone={timeZone} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}

import { Badge, Button, Group, Skeleton, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { api, type RosterSummary } from "@svara/contracts";
import { IconCalendarWeek, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { planFormat } from "../kit/plan-format.ts";
import { NewRoster } from "./new-roster.tsx";
import { addDays, dayWords } from "./zone-time.ts";

/** Every roster that may be seen, the newest days first. */
export function RosterList() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [, go] = useLocation();
  const mayEdit = useMay("plan.edit");
  const [making, setMaking] = useState(false);
  const list = useQuery({
    queryKey: ["plan", "rosters"],
    queryFn: () => client.call(api.planRosters.list, { query: { limit: 200 } }),
  });
  const rosters = list.data?.items ?? [];
  const create = mayEdit && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setMaking(true)} data-testid="new-roster">
      {t("plan.roster.new")}
    </Button>
  );
  return (
    <Stack gap="md">
      <PageHeader
        title={t("plan.roster.title")}
        description={t("plan.roster.description")}
        actions={rosters.length > 0 ? create : undefined}
      />
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={220} radius="lg" aria-busy="true" />}
      {list.isSuccess && rosters.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconCalendarWeek}
            title={t("plan.roster.empty_title")}
            text={t(mayEdit ? "plan.roster.empty_text" : "plan.roster.empty_text_read")}
            action={create}
          />
        </div>
      )}
      {rosters.length > 0 && <RosterTable rosters={rosters} onOpen={(id) => go(`/plan/roster/${id}`)} />}
      {making && <NewRoster onClose={() => setMaking(false)} onMade={({ id }) => go(`/plan/roster/${id}`)} />}
    </Stack>
  );
}

function RosterTable(props: {
  readonly rosters: readonly RosterSummary[];
  readonly onOpen: (id: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const days = ({ from, days: length }: RosterSummary): string =>
    `${dayWords(from, i18n.language)} – ${dayWords(addDays(from, length - 1), i18n.language)}`;
  return (
    <div className="sv-surface" style={{ overflow: "hidden" }}>
      <Table.ScrollContainer minWidth={520}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plan.roster.days")}</Table.Th>
              <Table.Th>{t("plan.roster.of")}</Table.Th>
              <Table.Th ta="right">{t("plan.roster.agents")}</Table.Th>
              <Table.Th ta="right">{t("plan.roster.short")}</Table.Th>
              <Table.Th ta="right">{t("plan.roster.broken")}</Table.Th>
              <Table.Th>{t("fields.state")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.rosters.map((roster) => (
              <Table.Tr key={roster.id} className="sv-rowlink" onClick={() => props.onOpen(roster.id)}>
                <Table.Td>
                  <UnstyledButton
                    data-row
                    fw={600}
                    fz="sm"
                    onClick={(event) => {
                      event.stopPropagation();
                      props.onOpen(roster.id);
                    }}
                  >
                    {days(roster)}
                  </UnstyledButton>
                </Table.Td>
                <Table.Td>{roster.placeName}</Table.Td>
                <Table.Td ta="right">{roster.agents}</Table.Td>
                <Table.Td ta="right">
                  {t("plan.roster.hours", { n: planFormat(i18n.language).count(roster.shortHours) })}
                </Table.Td>
                <Table.Td ta="right">{roster.violations}</Table.Td>
                <Table.Td>
                  <RosterState roster={roster} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

/** Draft, published, or published and changed since. */
export function RosterState({ roster }: { readonly roster: Pick<RosterSummary, "version" | "unpublished"> }) {
  const { t } = useTranslation();
  if (roster.version === 0) return <Badge color="gray">{t("plan.roster.draft")}</Badge>;
  return (
    <Group gap={6} wrap="nowrap">
      <Badge color="green">{t("plan.roster.published", { version: roster.version })}</Badge>
      {roster.unpublished && (
        <Text size="xs" c="dimmed">
          {t("plan.roster.changed_since")}
        </Text>
      )}
    </Group>
  );
}

import {
  Drawer,
  Group,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { type AgentAdherence, api } from "@svara/contracts";
import { IconTargetArrow } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { formatShare } from "../../../format/figures.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices, useSession } from "../../../services.ts";
import { useEntities } from "../../office/entity/crud.ts";
import { AdherenceDay } from "./adherence-day.tsx";
import { addDays, wallDate } from "./zone-time.ts";

/** How a day was kept to: adherence (K53) and conformance (K54), agent by agent, down to the states. */
export function AdherencePage() {
  const { t } = useTranslation();
  const { client, serverClock } = useServices();
  const session = useSession();
  const teams = useEntities("team", api.teams, { enabled: useMay("organisation.view") });
  const [date, setDate] = useState(() => wallDate(serverClock.now(), session.centre.timeZone));
  const [teamId, setTeamId] = useState<string | null>(null);
  const [opened, setOpened] = useState<AgentAdherence>();
  const today = wallDate(serverClock.now(), session.centre.timeZone);
  const found = useQuery({
    queryKey: ["plan", "adherence", date, teamId],
    queryFn: () =>
      client.call(api.planAdherence.day, { query: { date, ...(teamId !== null && { teamId }) } }),
    ...(date === today && { refetchInterval: 60_000 }),
  });
  const agents = (found.data?.agents ?? []).toSorted((a, b) => (a.adherence ?? 2) - (b.adherence ?? 2));
  return (
    <Stack gap="md">
      <PageHeader
        title={t("plan.adherence.title")}
        description={t("plan.adherence.description")}
        actions={
          <Group gap="xs" align="flex-end">
            {(teams.data?.length ?? 0) > 1 && (
              <Select
                w={180}
                clearable
                aria-label={t("fields.team")}
                placeholder={t("fields.team")}
                data={(teams.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={teamId}
                onChange={setTeamId}
              />
            )}
            <TextInput
              type="date"
              aria-label={t("plan.roster.day")}
              value={date}
              max={addDays(today, 0)}
              onChange={(event) => event.currentTarget.value && setDate(event.currentTarget.value)}
            />
          </Group>
        }
      />
      {found.isError && <QueryProblem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={220} radius="lg" aria-busy="true" />}
      {found.isSuccess && agents.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconTargetArrow}
            title={t("plan.adherence.empty_title")}
            text={t("plan.adherence.empty_text")}
          />
        </div>
      )}
      {agents.length > 0 && found.data && (
        <div className="sv-surface" style={{ overflow: "hidden" }}>
          <Table.ScrollContainer minWidth={560}>
            <Table className="sv-num">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("fields.agent")}</Table.Th>
                  <Table.Th ta="right">{t("plan.adherence.adherence")}</Table.Th>
                  <Table.Th ta="right">{t("plan.adherence.conformance")}</Table.Th>
                  <Table.Th ta="right">{t("plan.adherence.scheduled")}</Table.Th>
                  <Table.Th ta="right">{t("plan.adherence.on_queue")}</Table.Th>
                  <Table.Th ta="right">{t("plan.adherence.deviations")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                <Row figures={found.data.total} name={t("plan.adherence.all")} strong />
                {agents.map((agent) => (
                  <Row
                    key={agent.agentId}
                    figures={agent}
                    name={agent.agentName}
                    deviations={agent.exceptions.length}
                    onOpen={() => setOpened(agent)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size={620}
        title={opened?.agentName}
      >
        {opened && <AdherenceDay agentId={opened.agentId} date={date} />}
      </Drawer>
    </Stack>
  );
}

function Row(props: {
  readonly figures: Pick<AgentAdherence, "adherence" | "conformance" | "scheduledMs" | "actualOnQueueMs">;
  readonly name: string;
  readonly strong?: boolean;
  readonly deviations?: number;
  readonly onOpen?: () => void;
}) {
  const { i18n } = useTranslation();
  const { figures, name, strong, deviations, onOpen } = props;
  return (
    <Table.Tr {...(onOpen && { className: "sv-rowlink", onClick: onOpen })}>
      <Table.Td>
        {onOpen ? (
          <UnstyledButton data-row fw={600} fz="sm">
            {name}
          </UnstyledButton>
        ) : (
          <Text size="sm" fw={strong ? 620 : 400}>
            {name}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{formatShare(figures.adherence, i18n.language)}</Table.Td>
      <Table.Td ta="right">{formatShare(figures.conformance, i18n.language)}</Table.Td>
      <Table.Td ta="right">{hours(figures.scheduledMs)}</Table.Td>
      <Table.Td ta="right">{hours(figures.actualOnQueueMs)}</Table.Td>
      <Table.Td ta="right">{deviations ?? ""}</Table.Td>
    </Table.Tr>
  );
}

function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

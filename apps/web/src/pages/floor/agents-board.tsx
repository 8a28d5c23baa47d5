import { Chip, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { api, type FloorAgent, type FloorQueue } from "@svara/contracts";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { Empty } from "../../kit/empty.tsx";
import { useServices } from "../../services.ts";
import { AgentCard } from "./agent-card.tsx";
import classes from "./floor.module.css";
import { AGENT_GROUPS, type AgentGroup, groupOf, selectAgents } from "./floor-model.ts";

/** The people at work: state, since when, on what; by group, team or name. */
export function AgentsBoard(props: {
  readonly agents: readonly FloorAgent[];
  readonly queues: readonly FloorQueue[];
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const seesTeams = useMay("organisation.view");
  const [search, setSearch] = useState("");
  const [teamId, setTeamId] = useState<string | null>(null);
  const [group, setGroup] = useState<AgentGroup | null>(null);
  const teams = useQuery({
    queryKey: ["config", "teams"],
    queryFn: () => client.call(api.teams.list, { query: { limit: 500 } }),
    enabled: seesTeams,
  });
  const atWork = selectAgents(props.agents, { search: "", teamId: null, group: null });
  const shown = selectAgents(props.agents, { search, teamId, group });
  const count = (each: AgentGroup): number => atWork.filter((agent) => groupOf(agent.state) === each).length;
  const teamName = (id: string | undefined) => teams.data?.items.find((team) => team.id === id)?.name;
  const queueName = (id: string | undefined) => props.queues.find((queue) => queue.id === id)?.name;

  return (
    <section aria-labelledby="floor-agents">
      <Group justify="space-between" mb="sm" gap="sm">
        <Title order={2} id="floor-agents">
          {t("floor.agents")}{" "}
          <Text span c="dimmed" className="sv-num">
            {atWork.length}
          </Text>
        </Title>
        <Group gap="xs">
          <TextInput
            size="xs"
            aria-label={t("floor.find_agent")}
            placeholder={t("floor.find_agent")}
            leftSection={<IconSearch size={15} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          {seesTeams && (teams.data?.items.length ?? 0) > 0 && (
            <Select
              size="xs"
              aria-label={t("fields.team")}
              placeholder={t("floor.all_teams")}
              clearable
              data={(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))}
              value={teamId}
              onChange={setTeamId}
            />
          )}
        </Group>
      </Group>
      <Stack gap="md">
        <Group gap={6}>
          {AGENT_GROUPS.filter((each) => each !== "trouble" || count(each) > 0).map((each) => (
            <Chip
              key={each}
              size="xs"
              checked={group === each}
              onChange={() => setGroup(group === each ? null : each)}
              variant="outline"
            >
              {t(`floor.group_${each}`)} <b className="sv-num">{count(each)}</b>
            </Chip>
          ))}
        </Group>
        {shown.length === 0 ? (
          <div className="sv-surface">
            <Empty
              compact
              icon={IconUsers}
              title={atWork.length === 0 ? t("floor.no_agents_title") : t("common.nothing_found")}
              text={atWork.length === 0 ? t("floor.no_agents_text") : t("floor.no_agents_match")}
            />
          </div>
        ) : (
          <div className={classes.agents}>
            {shown.map((agent) => (
              <AgentCard
                key={agent.id}
                agent={agent}
                team={teamName(agent.teamId)}
                queue={queueName(agent.queueId)}
              />
            ))}
          </div>
        )}
      </Stack>
    </section>
  );
}

import { ActionIcon, Group, Menu, Text } from "@mantine/core";
import { api, type FloorAgent, type PresenceChoice } from "@svara/contracts";
import { IconCircleCheck, IconCoffee, IconDots, IconLogout } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { notifyDone } from "../../api/notify.tsx";
import { useMay } from "../../api/rights.ts";
import { StateBadge, stateColor } from "../../kit/agent-state.tsx";
import { Elapsed } from "../../kit/elapsed.tsx";
import { LineQualityMark } from "../../kit/line-quality.tsx";
import { PersonAvatar } from "../../kit/person-avatar.tsx";
import { useServices } from "../../services.ts";
import { stateDetail } from "../desk/presence-panel.tsx";
import { reasonName, useReasons } from "../desk/reasons.ts";
import classes from "./floor.module.css";
import { groupOf } from "./floor-model.ts";
import { MonitorAgent } from "./monitor-agent.tsx";

/** One person at work. */
export function AgentCard(props: {
  readonly agent: FloorAgent;
  readonly team: string | undefined;
  readonly queue: string | undefined;
}) {
  const { t } = useTranslation();
  const { agent, team, queue } = props;
  const reasons = useReasons();
  const mayControl = useMay("agents.control");
  const detail = stateDetail({ state: agent.state, reasonCode: agent.reasonId }, reasons, t);
  return (
    <article
      className={`sv-surface ${classes.agent}`}
      style={{ borderLeftColor: stateColor(agent.state) }}
      data-testid="agent"
      data-agent={agent.id}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <PersonAvatar name={agent.name} size={32} />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {agent.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {team ?? "\u00a0"}
            </Text>
          </div>
        </Group>
        {mayControl && <AgentMenu agent={agent} />}
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <StateBadge state={agent.state} detail={detail} />
        <Group gap={6} wrap="nowrap">
          {agent.quality && <LineQualityMark quality={agent.quality} compact />}
          <Text size="sm" fw={560}>
            <Elapsed since={agent.since} />
          </Text>
        </Group>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="xs" mih={17}>
        <Text size="xs" c="dimmed" truncate>
          {agent.contactId ? (
            <Link href={`/contacts/${agent.contactId}`} style={{ color: "inherit" }}>
              {queue ?? t("floor.on_contact")}
            </Link>
          ) : null}
        </Text>
        {agent.handledToday !== undefined && (
          <Text size="xs" c="dimmed" className="sv-num" style={{ whiteSpace: "nowrap" }}>
            {t("floor.handled", { count: agent.handledToday })}
          </Text>
        )}
      </Group>
      <MonitorAgent agent={agent} />
    </article>
  );
}

function AgentMenu({ agent }: { readonly agent: FloorAgent }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const reasons = useReasons();
  const live = groupOf(agent.state) === "busy";
  const set = useMutation({
    mutationFn: (presence: PresenceChoice) =>
      client.call(api.floor.setPresence, { params: { id: agent.id }, body: presence }),
    onSuccess: () =>
      notifyDone(t(live ? "floor.presence_set_live" : "floor.presence_set", { name: agent.name })),
  });
  const logOut = useMutation({
    mutationFn: () => client.call(api.floor.logOut, { params: { id: agent.id } }),
    onSuccess: () => notifyDone(t(live ? "floor.logged_out_live" : "floor.logged_out", { name: agent.name })),
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon aria-label={t("floor.agent_actions", { name: agent.name })}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("floor.set_presence")}</Menu.Label>
        <Menu.Item
          leftSection={<IconCircleCheck size={16} />}
          onClick={() => set.mutate({ kind: "available" })}
        >
          {t("agent_state.available")}
        </Menu.Item>
        {reasons.map((reason) => (
          <Menu.Item
            key={reason.id}
            leftSection={<IconCoffee size={16} />}
            onClick={() => set.mutate({ kind: "not_ready", reasonId: reason.id })}
          >
            {reasonName(reason, t)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => logOut.mutate()}>
          {t("floor.log_out", { name: agent.name })}
        </Menu.Item>
        <Text size="xs" c="dimmed" px="sm" pt={4} pb={6} maw={260}>
          {t("floor.force_hint")}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}

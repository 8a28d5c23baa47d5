import { Button, Group, Menu, Stack, Text, UnstyledButton } from "@mantine/core";
import type { DeskState } from "@svara/contracts";
import { IconCheck, IconChevronDown, IconCircleCheck, IconCoffee, IconLogout } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { StateBadge, stateColor } from "../../kit/agent-state.tsx";
import { Elapsed } from "../../kit/elapsed.tsx";
import { PersonAvatar } from "../../kit/person-avatar.tsx";
import { CallingBadges } from "./calling-badges.tsx";
import { type Reason, reasonName } from "./reasons.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** Who I am, what I am doing and since when, and the choice of what to do next. */
export function PresencePanel(props: {
  readonly agent: DeskState["agent"];
  readonly reasons: readonly Reason[];
  readonly commands: DeskCommands;
  readonly calling: DeskState["calling"];
}) {
  const { t } = useTranslation();
  const { agent, reasons, commands } = props;
  const loggedOut = agent.state === "logged_out";
  return (
    <Stack gap="md" p="md" className="sv-surface">
      <Group gap="sm" wrap="nowrap">
        <PersonAvatar name={agent.name} size={40} />
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate>
            {agent.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t("desk.your_state")}
          </Text>
        </div>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="xs" aria-live="polite">
        <StateBadge state={agent.state} detail={stateDetail(agent, reasons, t)} />
        <Text fw={560} style={{ color: stateColor(agent.state) }}>
          <Elapsed since={agent.since} />
        </Text>
      </Group>
      {loggedOut ? (
        <Button fullWidth onClick={() => commands.logIn()} loading={commands.busy("logIn")}>
          {t("desk.log_in")}
        </Button>
      ) : (
        <PresenceMenu {...props} />
      )}
      {agent.pendingPresence && (
        <Text size="xs" c="dimmed">
          {t("desk.pending", { presence: presenceName(agent.pendingPresence, reasons, t) })}
        </Text>
      )}
      <CallingBadges calling={props.calling} commands={commands} />
    </Stack>
  );
}

function PresenceMenu({
  agent,
  reasons,
  commands,
}: Pick<Parameters<typeof PresencePanel>[0], "agent" | "reasons" | "commands">) {
  const { t } = useTranslation();
  const chosen = agent.pendingPresence ?? agent.presence;
  const available = chosen?.kind === "available";
  return (
    <Menu position="bottom-start" width="target" shadow="md" withinPortal>
      <Menu.Target>
        <UnstyledButton
          data-testid="presence"
          style={{
            display: "flex",
            alignItems: "center",
            justifyContent: "space-between",
            padding: "0.5rem 0.75rem",
            border: "1px solid var(--mantine-color-default-border)",
            borderRadius: 8,
          }}
        >
          <Group gap={8} wrap="nowrap" style={{ minWidth: 0 }}>
            {available ? (
              <IconCircleCheck size={17} color="var(--sv-state-available)" aria-hidden="true" />
            ) : (
              <IconCoffee size={17} color="var(--sv-state-away)" aria-hidden="true" />
            )}
            <Text size="sm" fw={560} truncate>
              {chosen ? presenceName(chosen, reasons, t) : t("desk.choose_presence")}
            </Text>
          </Group>
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCircleCheck size={16} color="var(--sv-state-available)" />}
          rightSection={available ? <IconCheck size={14} /> : null}
          onClick={() => commands.setPresence({ kind: "available" })}
        >
          {t("agent_state.available")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("desk.not_ready_because")}</Menu.Label>
        {reasons.map((reason) => (
          <Menu.Item
            key={reason.id}
            leftSection={<IconCoffee size={16} color="var(--sv-state-away)" />}
            rightSection={
              chosen?.kind === "not_ready" && chosen.reasonId === reason.id ? <IconCheck size={14} /> : null
            }
            onClick={() => commands.setPresence({ kind: "not_ready", reasonId: reason.id })}
          >
            {reasonName(reason, t)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => commands.logOut()}>
          {t("desk.log_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function presenceName(
  presence: NonNullable<DeskState["agent"]["presence"]>,
  reasons: readonly Reason[],
  t: TFunction,
): string {
  if (presence.kind === "available") return t("agent_state.available");
  const reason = reasons.find((each) => each.id === presence.reasonId);
  if (!reason) return systemReasonName(presence.reasonId, t) ?? t("agent_state.not_ready");
  return reasonName(reason, t);
}

const SYSTEM_REASONS = [
  "rona",
  "refused",
  "offer_failed",
  "lease_expired",
  "microphone",
  "wrapup_timeout",
  "supervisor_forced",
  "connection_lost",
  "do_not_disturb",
] as const;

/** What stands in the badge: the reason when there is one, otherwise the state's own word. */
export function stateDetail(
  agent: Pick<DeskState["agent"], "state" | "reasonCode">,
  reasons: readonly Reason[],
  t: TFunction,
): string | undefined {
  if (agent.state !== "not_ready" && agent.state !== "not_responding") return undefined;
  const code = agent.reasonCode;
  if (code === undefined) return undefined;
  const reason = reasons.find((each) => each.id === code);
  return systemReasonName(code, t) ?? (reason && reasonName(reason, t));
}

/** The words for a reason that the system gave; undefined for one that people choose. */
export function systemReasonName(code: string, t: TFunction): string | undefined {
  const known = SYSTEM_REASONS.find((each) => each === code);
  return known && t(`system_reason.${known}`);
}

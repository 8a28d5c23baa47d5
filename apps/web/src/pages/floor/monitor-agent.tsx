import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { type FloorAgent, MONITOR_MODES, type MonitorMode } from "@svara/contracts";
import { type Icon, IconEar, IconHeadphones, IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { mayIn } from "../../api/rights.ts";
import { MONITOR_RIGHTS, useMonitorCommands } from "../../monitor/use-monitors.ts";
import { useSession } from "../../services.ts";

const MONITOR_ICONS: Readonly<Record<MonitorMode, Icon>> = {
  listen: IconHeadphones,
  whisper: IconEar,
  barge: IconMicrophone,
};

/** Who is in the agent's call as supervisor, and the ways to come in oneself. */
export function MonitorAgent({ agent }: { readonly agent: FloorAgent }) {
  const { t } = useTranslation();
  const session = useSession();
  const { start } = useMonitorCommands();
  const monitors = agent.monitors ?? [];
  const mine = monitors.some(({ supervisorId }) => supervisorId === session.user.id);
  const { contactId } = agent;
  const open = agent.talking === true && contactId !== undefined && agent.id !== session.user.id && !mine;
  const modes = MONITOR_MODES.filter((mode) => mayIn(session, MONITOR_RIGHTS[mode]));
  if (monitors.length === 0 && !(open && modes.length > 0)) return null;
  return (
    <Group gap={4} justify="space-between" wrap="wrap" data-testid="monitor-agent">
      {monitors.length > 0 && (
        <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
          {monitors.map((monitor) => {
            const Mark = MONITOR_ICONS[monitor.mode];
            return (
              <Text key={monitor.id} size="xs" c="dimmed" truncate>
                <Mark size={14} aria-hidden="true" style={{ verticalAlign: "-2px" }} />{" "}
                {t(`monitor.by_${monitor.mode}`, { name: monitor.name })}
              </Text>
            );
          })}
        </Group>
      )}
      {open && contactId !== undefined && (
        <Group gap={4} wrap="nowrap">
          {modes.map((mode, index) => (
            <Enter
              key={mode}
              mode={mode}
              agent={agent}
              spelled={index === 0}
              pending={start.isPending && start.variables.mode === mode}
              disabled={start.isPending}
              onClick={() => start.mutate({ contactId, agentId: agent.id, mode })}
            />
          ))}
        </Group>
      )}
    </Group>
  );
}

/** A way into the call: the first is spelled out, the others are marks, so that a card has room for them. */
function Enter(props: {
  readonly mode: MonitorMode;
  readonly agent: FloorAgent;
  readonly spelled: boolean;
  readonly pending: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
}) {
  const { t } = useTranslation();
  const { mode, agent, spelled, pending, disabled, onClick } = props;
  const Mark = MONITOR_ICONS[mode];
  const shared = {
    "aria-label": t(`monitor.${mode}_to`, { name: agent.name }),
    loading: pending,
    disabled,
    onClick,
    "data-testid": `monitor-${mode}`,
  };
  return (
    <Tooltip label={`${t(`monitor.${mode}`)}: ${t(`monitor.${mode}_hint`)}`} multiline maw={240}>
      {spelled ? (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Mark size={14} aria-hidden="true" />}
          {...shared}
        >
          {t(`monitor.${mode}`)}
        </Button>
      ) : (
        <ActionIcon size={24} variant="default" {...shared}>
          <Mark size={14} aria-hidden="true" />
        </ActionIcon>
      )}
    </Tooltip>
  );
}

import { Button, Group, Text, Tooltip } from "@mantine/core";
import { type FloorAgent, MONITOR_MODES, type MonitorMode } from "@svara/contracts";
import { type Icon, IconEar, IconHeadphones, IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { mayIn } from "../../api/rights.ts";
import { MONITOR_RIGHTS, useMonitorCommands } from "../../monitor/use-monitors.ts";
import { useSession } from "../../services.ts";

export const MONITOR_ICONS: Readonly<Record<MonitorMode, Icon>> = {
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
          {modes.map((mode) => {
            const Mark = MONITOR_ICONS[mode];
            return (
              <Tooltip key={mode} label={t(`monitor.${mode}_hint`)} multiline maw={240}>
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<Mark size={13} aria-hidden="true" />}
                  aria-label={t(`monitor.${mode}_to`, { name: agent.name })}
                  loading={start.isPending && start.variables.mode === mode}
                  disabled={start.isPending}
                  onClick={() => start.mutate({ contactId, agentId: agent.id, mode })}
                  data-testid={`monitor-${mode}`}
                >
                  {t(`monitor.${mode}`)}
                </Button>
              </Tooltip>
            );
          })}
        </Group>
      )}
    </Group>
  );
}

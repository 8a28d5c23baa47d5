import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { MONITOR_MODES, type Monitor, type MonitorMode } from "@svara/contracts";
import { IconHandStop, IconHeadphones, IconPhoneOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { mayIn } from "../api/rights.ts";
import { useDesk } from "../desk/desk-provider.tsx";
import { Elapsed } from "../kit/elapsed.tsx";
import { useTopic } from "../live/use-topic.ts";
import { useSession } from "../services.ts";
import { MONITOR_RIGHTS, useMonitorCommands, useOwnMonitors } from "./use-monitors.ts";

/** In every room as long as one is in a call as its supervisor: whom one hears, who hears oneself, and the way out. */
export function MonitorBar() {
  const monitors = useOwnMonitors();
  const letGo = useDesk()?.letGo;
  const listening = monitors.length > 0;
  // the microphone of somebody who is not at work is closed again
  useEffect(() => {
    if (!listening) return;
    return () => letGo?.();
  }, [listening, letGo]);
  return monitors.map((monitor) => <Bar key={monitor.id} monitor={monitor} />);
}

function Bar({ monitor }: { readonly monitor: Monitor }) {
  const { t } = useTranslation();
  const session = useSession();
  const [, go] = useLocation();
  const { change, takeOver, stop } = useMonitorCommands();
  const name = useTopic("floor").data?.agents.find(({ id }) => id === monitor.agentId)?.name ?? "";
  const mode = change.isPending ? change.variables.mode : monitor.mode;
  const modes = MONITOR_MODES.filter((each) => each === monitor.mode || mayIn(session, MONITOR_RIGHTS[each]));
  function confirmTakeOver(): void {
    modals.openConfirmModal({
      title: t("monitor.take_over_title", { name }),
      children: <Text size="sm">{t("monitor.take_over_text", { name })}</Text>,
      labels: { confirm: t("monitor.take_over"), cancel: t("common.cancel") },
      onConfirm: () => takeOver.mutate(monitor.id, { onSuccess: () => go("/desk") }),
    });
  }
  return (
    <Group
      justify="space-between"
      gap="xs"
      px="md"
      py={6}
      role="region"
      aria-label={t("monitor.title")}
      style={{
        position: "sticky",
        top: 0,
        zIndex: 16,
        background: "var(--sv-state-held-soft)",
        borderBottom: "1px solid var(--sv-line)",
      }}
      data-testid="monitor-bar"
      data-mode={monitor.mode}
      data-state={monitor.state}
    >
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0, flex: "1 1 16rem" }}>
        <IconHeadphones
          size={19}
          aria-hidden="true"
          style={{ flex: "none", color: "var(--sv-state-held)" }}
        />
        <div style={{ minWidth: 0 }} aria-live="polite">
          <Group gap={8} wrap="nowrap">
            <Text size="sm" fw={600} truncate>
              {t("monitor.in_call_of", { name })}
            </Text>
            {monitor.state === "on" && (
              <Text size="sm" c="dimmed">
                <Elapsed since={monitor.since} />
              </Text>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {monitor.state === "ringing" ? t("monitor.ringing") : t(`monitor.${mode}_hint`)}
          </Text>
        </div>
      </Group>
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t("monitor.mode")}
          disabled={monitor.state === "ringing"}
          value={mode}
          onChange={(next) => change.mutate({ id: monitor.id, mode: next as MonitorMode })}
          data={modes.map((each) => ({ value: each, label: t(`monitor.${each}`) }))}
        />
        {mayIn(session, "monitor.take_over") && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHandStop size={15} aria-hidden="true" />}
            disabled={monitor.state === "ringing"}
            loading={takeOver.isPending}
            onClick={confirmTakeOver}
            data-testid="monitor-take-over"
          >
            {t("monitor.take_over")}
          </Button>
        )}
        <Button
          size="xs"
          color="red"
          leftSection={<IconPhoneOff size={15} aria-hidden="true" />}
          loading={stop.isPending}
          onClick={() => stop.mutate(monitor.id)}
          data-testid="monitor-stop"
        >
          {t("monitor.stop")}
        </Button>
      </Group>
    </Group>
  );
}

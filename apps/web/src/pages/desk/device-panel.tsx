import { Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { api, type DeskContact, type DeskState } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useServices } from "../../services.ts";
import type { SoftphoneSnapshot } from "../../softphone/softphone.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** Where calls ring: in this browser or on a desk phone. */
export function DevicePanel(props: {
  readonly device: DeskState["device"];
  readonly phone: SoftphoneSnapshot;
  readonly commands: DeskCommands;
  /** The call in progress, which goes along when the device is changed. */
  readonly live: DeskContact | undefined;
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const { device, phone, commands, live } = props;
  const choose = (kind: "browser" | "phone", phoneId?: string): void =>
    live ? commands.move(live, kind, phoneId) : commands.setDevice(kind, phoneId);
  const phones = useQuery({
    queryKey: ["config", "desk-phones"],
    queryFn: () => client.call(api.desk.phones, {}),
  });
  const items = phones.data?.items ?? [];
  const ready = device.kind === "browser" ? phone.state.kind === "ready" : device.registered;
  return (
    <Stack gap="sm" p="md" className="sv-surface">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          {t("desk.device")}
        </Text>
        <Group gap={6} wrap="nowrap" data-testid="device-state" data-ready={ready}>
          <span
            aria-hidden="true"
            style={{
              width: 8,
              height: 8,
              borderRadius: 8,
              background: ready ? "var(--sv-state-available)" : "transparent",
              border: ready ? "none" : "2px solid var(--sv-state-away)",
            }}
          />
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {ready ? t("desk.device_ready") : t("desk.device_not_ready")}
          </Text>
        </Group>
      </Group>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("desk.device")}
        value={device.kind}
        disabled={commands.busy("move") || commands.busy("setDevice")}
        onChange={(kind) =>
          kind === "browser" ? choose("browser") : choose("phone", device.phoneId ?? items[0]?.id)
        }
        data={[
          { value: "browser", label: t("desk.device_browser") },
          {
            value: "phone",
            label: t("desk.device_phone"),
            disabled: items.length === 0 && device.kind !== "phone",
          },
        ]}
      />
      {device.kind === "phone" && items.length > 0 && (
        <Select
          size="xs"
          aria-label={t("desk.device_phone")}
          data={items.map((item) => ({
            value: item.id,
            label: item.registered ? item.name : `${item.name} – ${t("desk.not_registered")}`,
          }))}
          value={device.phoneId ?? null}
          onChange={(phoneId) => phoneId && choose("phone", phoneId)}
        />
      )}
      {live && (
        <Text size="xs" c="dimmed">
          {t("desk.device_moves")}
        </Text>
      )}
    </Stack>
  );
}

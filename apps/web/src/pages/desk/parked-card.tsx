import { Button, CloseButton, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconParking } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useParked } from "./nearby-calls.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

/** The slot of the call that one has just parked, big enough to be called across the room; gone once it is fetched. */
export function ParkedCard(props: {
  readonly slot: number;
  readonly commands: DeskCommands;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const parked = useParked();
  const { slot, commands } = props;
  if (parked.data && !parked.data.items.some((call) => call.slot === slot)) return null;
  return (
    <section className="sv-surface" style={{ padding: "1.25rem" }} data-testid="parked" aria-live="polite">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="lg" wrap="nowrap">
          <Text
            className="sv-num"
            fw={680}
            style={{
              fontSize: "4rem",
              lineHeight: 1,
              minWidth: "5.5rem",
              padding: "0.75rem 1rem",
              borderRadius: 14,
              textAlign: "center",
              color: "var(--sv-state-held)",
              background: "var(--sv-state-held-soft)",
            }}
            data-testid="park-slot"
          >
            {slot}
          </Text>
          <Stack gap={6} align="flex-start">
            <Group gap={6} wrap="nowrap">
              <IconParking size={18} aria-hidden="true" />
              <Text fw={620}>{t("park.parked_title", { slot })}</Text>
            </Group>
            <Text size="sm" c="dimmed">
              {t("park.parked_text")}
            </Text>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowBackUp size={15} />}
              loading={commands.busy("fetchParked")}
              onClick={() => commands.fetchParked(slot)}
              data-testid="park-undo"
            >
              {t("park.fetch_back")}
            </Button>
          </Stack>
        </Group>
        <CloseButton aria-label={t("common.close")} onClick={props.onClose} />
      </Group>
    </section>
  );
}

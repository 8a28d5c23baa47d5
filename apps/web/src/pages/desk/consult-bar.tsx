import { Button, Group, Text } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { IconArrowsExchange, IconCheck, IconUserQuestion, IconUsersGroup, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeskCommands } from "./use-desk-commands.ts";

/** While the customer waits and somebody is asked: who hears whom, and the three ways on. */
export function ConsultBar({
  contact,
  commands,
}: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const { consult } = contact;
  if (!consult) return null;
  const sentence =
    consult.state === "ringing"
      ? t("desk.consult_ringing", { name: consult.target.label })
      : consult.customerHeld
        ? t("desk.consult_with", { name: consult.target.label })
        : t("desk.consult_waits", { name: consult.target.label });
  return (
    <Group
      gap="sm"
      p="sm"
      justify="space-between"
      style={{ background: "var(--sv-state-talking-soft)", borderRadius: 10 }}
      role="region"
      aria-label={t("desk.consult")}
    >
      <Group gap="xs" wrap="nowrap" aria-live="polite">
        <IconUserQuestion size={20} aria-hidden="true" color="var(--sv-state-talking)" />
        <Text size="sm" fw={560}>
          {sentence}
        </Text>
      </Group>
      <Group gap="xs">
        <Button
          size="xs"
          leftSection={<IconCheck size={15} />}
          onClick={() => commands.consultComplete(contact)}
          loading={commands.busy("consultComplete")}
        >
          {t("desk.consult_complete")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowsExchange size={15} />}
          disabled={consult.state !== "talking"}
          onClick={() => commands.consultSwap(contact)}
          id="desk-swap"
        >
          {t("desk.consult_swap")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUsersGroup size={15} />}
          disabled={consult.state !== "talking"}
          loading={commands.busy("merge")}
          onClick={() => commands.merge(contact)}
          id="desk-merge"
          data-testid="merge"
        >
          {t("conference.merge")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={15} />}
          onClick={() => commands.consultCancel(contact)}
        >
          {t("desk.consult_cancel")}
        </Button>
      </Group>
    </Group>
  );
}

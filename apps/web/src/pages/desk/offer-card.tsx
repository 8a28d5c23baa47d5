import { Button, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { IconBellRinging, IconPhone, IconPhoneIncoming, IconPhoneOff } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Desk } from "../../desk/desk-provider.tsx";
import { Pill } from "../../kit/agent-state.tsx";
import { Remaining } from "../../kit/elapsed.tsx";
import { CallbackNotice } from "./callback-notice.tsx";
import { contactTitle } from "./contact-title.ts";
import { CustomerCard } from "./customer-card.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

/** A call that rings: who, for what, how long they have waited, and the two answers. */
export function OfferCard(props: {
  readonly contact: DeskContact;
  readonly desk: Desk;
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const { contact, desk, commands } = props;
  const call = desk.callOf(contact);
  const onDeskPhone = desk.view.data?.device.kind === "phone";
  const answering = call?.phase === "answering" || commands.busy("accept");
  return (
    <section
      className="sv-surface sv-ringing"
      style={{ padding: "1.25rem", borderColor: "var(--sv-state-ringing)" }}
      aria-label={t("desk.incoming")}
      data-testid="offer"
    >
      <Stack gap="md">
        <Group justify="space-between">
          <Pill tone="ringing" icon={IconBellRinging}>
            {offerTitle(contact, t)}
          </Pill>
          {contact.offer && (
            <Text size="sm" c="dimmed">
              {t("desk.time_to_answer")} <Remaining until={contact.offer.expiresAt} />
            </Text>
          )}
        </Group>
        <Title order={2} style={{ fontSize: "1.625rem" }} aria-live="assertive">
          {contactTitle(contact, t)}
        </Title>
        <CallbackNotice contact={contact} />
        <CustomerCard contact={contact} />
        {contact.autoAnswer && (
          <Group gap={6} wrap="nowrap" data-testid="auto-answer">
            <IconPhoneIncoming size={18} aria-hidden="true" />
            <Text size="sm">{t("desk.answers_itself")}</Text>
          </Group>
        )}
        {onDeskPhone ? (
          <Group justify="space-between">
            <Text size="sm">{t("desk.answer_on_phone")}</Text>
            <RefuseButton contact={contact} commands={commands} />
          </Group>
        ) : (
          <Group gap="sm">
            <Tooltip label="Alt+A">
              <Button
                size="lg"
                color="green"
                leftSection={<IconPhone size={20} />}
                loading={answering}
                onClick={() => commands.accept(contact)}
                style={{ flex: 1 }}
                data-testid="accept"
              >
                {t("desk.accept")}
              </Button>
            </Tooltip>
            <RefuseButton contact={contact} commands={commands} size="lg" />
          </Group>
        )}
      </Stack>
    </section>
  );
}

function offerTitle(contact: DeskContact, t: TFunction): string {
  if (contact.callbackAttempt !== undefined) return t("wait.callback");
  return contact.direction === "internal" ? t("desk.incoming_internal") : t("desk.incoming");
}

function RefuseButton(props: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
  readonly size?: "sm" | "lg";
}) {
  const { t } = useTranslation();
  return (
    <Tooltip label="Alt+R">
      <Button
        size={props.size ?? "sm"}
        variant="default"
        leftSection={<IconPhoneOff size={18} />}
        loading={props.commands.busy("refuse")}
        onClick={() => props.commands.refuse(props.contact)}
        data-testid="refuse"
      >
        {t("desk.refuse")}
      </Button>
    </Tooltip>
  );
}

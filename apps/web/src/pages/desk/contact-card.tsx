import { Alert, Button, Divider, Group, Loader, Stack, Text } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconDeviceMobileShare,
  IconEar,
  IconHeadphones,
  IconMusic,
  IconPencil,
  IconPhoneCall,
  IconPhoneOutgoing,
  IconPhonePause,
  IconPlayerRecordFilled,
  IconRefresh,
  IconSpeakerphone,
  IconUsers,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Desk } from "../../desk/desk-provider.tsx";
import { Pill } from "../../kit/agent-state.tsx";
import { Elapsed } from "../../kit/elapsed.tsx";
import { LineQualityMark } from "../../kit/line-quality.tsx";
import { CallControls } from "./call-controls.tsx";
import { CallbackNotice } from "./callback-notice.tsx";
import { ConferenceBar } from "./conference-bar.tsx";
import { ConsultBar } from "./consult-bar.tsx";
import classes from "./contact-card.module.css";
import { ContactExtras } from "./contact-extras.tsx";
import { CustomerCard } from "./customer-card.tsx";
import { CustomerName } from "./customer-name.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";
import { WorkForm } from "./work-form.tsx";
import { WrapUpBar } from "./wrap-up-bar.tsx";

/** The contact in hand: who it is, how it stands, what can be done, and what is written down about it. */
export function ContactCard(props: {
  readonly contact: DeskContact;
  readonly desk: Desk;
  readonly commands: DeskCommands;
  readonly onTransfer: () => void;
  readonly onAdd: () => void;
  readonly onPark: () => void;
}) {
  const { t } = useTranslation();
  const { contact, desk, commands } = props;
  const muted = desk.callOf(contact)?.muted ?? contact.muted ?? false;
  const wrapping = contact.state === "wrap_up";
  const returning = isReturning(desk);
  const DirectionIcon = contact.direction === "outbound" ? IconArrowUpRight : IconArrowDownLeft;
  return (
    <section
      className="sv-surface"
      style={{ padding: "1.25rem" }}
      data-testid="contact"
      data-state={contact.state}
    >
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
            <Group gap={6}>
              <DirectionIcon size={15} aria-hidden="true" />
              <Text size="sm" c="dimmed">
                {t(`direction.${contact.direction}`)} ·{" "}
                {t("desk.contact_no", { number: contact.shortNumber })}
              </Text>
            </Group>
            <CustomerName contact={contact} />
          </Stack>
          <Stack gap={4} align="flex-end">
            <ContactStateBadge contact={contact} />
            <Text fw={620} style={{ fontSize: "1.375rem", lineHeight: 1.1 }}>
              <Elapsed since={wrapping ? contact.since : (contact.answeredAt ?? contact.since)} />
            </Text>
            <div className={classes.marks}>
              {contact.quality && !wrapping && <LineQualityMark quality={contact.quality} />}
              <RecordingMark contact={contact} />
            </div>
          </Stack>
        </Group>
        {contact.monitored && <MonitoredBadge mode={contact.monitored} />}
        <CustomerCard contact={contact} />
        <CallbackNotice contact={contact} />
        {contact.announcing && (
          <Alert color="fjord" icon={<IconSpeakerphone size={20} />} py="xs" data-testid="announcing">
            <Text size="sm">
              {contact.queue ? t("desk.announcing_of", { queue: contact.queue.name }) : t("desk.announcing")}
            </Text>
          </Alert>
        )}
        {contact.moving && (
          <Alert color="fjord" icon={<IconDeviceMobileShare size={20} />} py="xs" data-testid="moving">
            <Text size="sm">{t("desk.moving")}</Text>
          </Alert>
        )}
        {contact.state === "detached" && (
          <Alert
            color="orange"
            icon={returning ? <Loader size={18} color="orange" /> : <IconMusic size={20} />}
            title={returning ? t("desk.returning_title") : t("desk.detached_title")}
            data-testid="detached"
          >
            <Group justify="space-between">
              <Text size="sm">{returning ? t("desk.returning_text") : t("desk.detached_text")}</Text>
              <Button
                size="xs"
                leftSection={<IconRefresh size={15} />}
                onClick={() => commands.reattach(contact)}
              >
                {t("desk.reattach")}
              </Button>
            </Group>
          </Alert>
        )}
        {wrapping ? (
          <WrapUpBar contact={contact} commands={commands} />
        ) : (
          <CallControls
            contact={contact}
            muted={muted}
            commands={commands}
            onTransfer={props.onTransfer}
            onAdd={props.onAdd}
            onPark={props.onPark}
          />
        )}
        <ConsultBar contact={contact} commands={commands} />
        {!wrapping && <ConferenceBar contact={contact} commands={commands} onAdd={props.onAdd} />}
        {!wrapping && <ContactExtras contact={contact} commands={commands} />}
        <Divider />
        <WorkForm key={contact.contactId} contact={contact} commands={commands} />
      </Stack>
    </section>
  );
}

/** This browser has not given the call up: it opens the microphone, registers, and is rung again. */
function isReturning(desk: Desk): boolean {
  if (desk.view.data?.device.kind === "phone") return false;
  const { kind } = desk.phone.state;
  return kind === "claiming" || kind === "opening" || kind === "connecting";
}

/** A supervisor is in the call: seen by the agent where the centre shows it, and always once they can be heard. */
function MonitoredBadge({ mode }: { readonly mode: NonNullable<DeskContact["monitored"]> }) {
  const { t } = useTranslation();
  const Mark = { listen: IconHeadphones, whisper: IconEar, barge: IconUsers }[mode];
  return (
    <span data-testid="monitored" data-mode={mode}>
      <Pill tone="held" icon={Mark}>
        {t(`monitor.shown_${mode}`)}
      </Pill>
    </span>
  );
}

function ContactStateBadge({ contact }: { readonly contact: DeskContact }) {
  const { t } = useTranslation();
  if (contact.conference && contact.state !== "wrap_up")
    return (
      <Pill tone="talking" icon={IconUsers}>
        {t("agent_state.conferenced")}
      </Pill>
    );
  const word = t(`contact_state.${contact.state}`);
  switch (contact.state) {
    case "dialing":
      return (
        <Pill tone="ringing" icon={IconPhoneOutgoing}>
          {word}
        </Pill>
      );
    case "talking":
      return (
        <Pill tone="talking" icon={IconPhoneCall}>
          {word}
        </Pill>
      );
    case "held":
      return (
        <Pill tone="held" icon={IconPhonePause}>
          {word}
        </Pill>
      );
    case "consulting":
      return (
        <Pill tone="talking" icon={IconUsers}>
          {word}
        </Pill>
      );
    case "wrap_up":
      return (
        <Pill tone="wrap" icon={IconPencil}>
          {word}
        </Pill>
      );
    case "detached":
      return (
        <Pill tone="trouble" icon={IconMusic}>
          {word}
        </Pill>
      );
    case "offered":
      return <Pill tone="ringing">{word}</Pill>;
  }
}

function RecordingMark({ contact }: { readonly contact: DeskContact }) {
  const { t } = useTranslation();
  if (contact.recording === "off" || contact.state === "wrap_up") return null;
  return (
    <Group gap={4} wrap="nowrap">
      <IconPlayerRecordFilled
        size={12}
        aria-hidden="true"
        color={contact.recording === "on" ? "var(--sv-state-trouble)" : "var(--sv-state-away)"}
      />
      <Text size="xs" c="dimmed">
        {contact.recording === "on" ? t("desk.recording_on") : t("desk.recording_paused")}
      </Text>
    </Group>
  );
}

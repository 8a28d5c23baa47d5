import { ActionIcon, Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import { IconDoorExit, IconPhone, IconUser, IconUserPlus, IconUsersGroup, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../format/phone-number.ts";
import { PersonAvatar } from "../../kit/person-avatar.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

type Participant = NonNullable<DeskContact["conference"]>[number];

/** Who is in the conference, and what each may be done with. */
export function ConferenceBar(props: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
  readonly onAdd: () => void;
}) {
  const { t } = useTranslation();
  const { contact, commands } = props;
  const { conference } = contact;
  if (!conference) return null;
  return (
    <Stack
      gap="xs"
      p="sm"
      component="section"
      aria-label={t("agent_state.conferenced")}
      style={{ background: "var(--sv-state-talking-soft)", borderRadius: 10 }}
      data-testid="conference"
    >
      <Group justify="space-between" gap="xs">
        <Group gap="xs" wrap="nowrap" aria-live="polite">
          <IconUsersGroup size={20} aria-hidden="true" color="var(--sv-state-talking)" />
          <Text size="sm" fw={600}>
            {t("conference.count", { count: conference.length })}
          </Text>
        </Group>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconUserPlus size={15} />}
            onClick={props.onAdd}
            data-testid="conference-open-add"
          >
            {t("conference.add")}
          </Button>
          <Tooltip label={t("conference.leave_hint")}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDoorExit size={15} />}
              loading={commands.busy("leaveConference")}
              onClick={() => commands.leaveConference(contact)}
              data-testid="conference-leave"
            >
              {t("conference.leave")}
            </Button>
          </Tooltip>
        </Group>
      </Group>
      <Stack gap={2} component="ul" style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {conference.map((participant) => (
          <li key={participant.participantId} data-testid="participant" data-state={participant.state}>
            <ParticipantRow participant={participant} contact={contact} commands={commands} />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

function ParticipantRow(props: {
  readonly participant: Participant;
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const { participant, contact, commands } = props;
  const name = useParticipantName(participant, contact);
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" mih={34}>
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <ParticipantMark participant={participant} name={name} />
        <Text size="sm" fw={560} truncate>
          {name}
        </Text>
        {participant.state !== "talking" && (
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {t(`conference.state_${participant.state}`)}
          </Text>
        )}
      </Group>
      {!participant.self && participant.kind !== "customer" && (
        <Tooltip label={t("conference.drop", { name })}>
          <ActionIcon
            aria-label={t("conference.drop", { name })}
            onClick={() => commands.dropFromConference(contact, participant.participantId)}
            data-testid="conference-drop"
          >
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function ParticipantMark({
  participant,
  name,
}: {
  readonly participant: Participant;
  readonly name: string;
}) {
  if (participant.kind === "agent") return <PersonAvatar name={name} size={28} />;
  const Mark = participant.kind === "customer" ? IconUser : IconPhone;
  return (
    <span style={{ width: 28, display: "grid", placeItems: "center", flex: "none" }} aria-hidden="true">
      <Mark size={20} stroke={1.6} />
    </span>
  );
}

function useParticipantName(participant: Participant, contact: DeskContact): string {
  const { t } = useTranslation();
  if (participant.self) return t("conference.you");
  if (participant.label !== "") return formatPhone(participant.label);
  if (participant.kind === "customer") return contact.customer?.name ?? t("conference.customer");
  return t("desk.withheld");
}

import { Button, Group, Popover, Tooltip } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import {
  type Icon,
  IconArrowsRightLeft,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerRecord,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { DtmfPad } from "./dtmf-pad.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

/** What can be done with the call in hand. Each control keeps its place whatever the state, so that hands learn it. */
export function CallControls(props: {
  readonly contact: DeskContact;
  readonly muted: boolean;
  readonly commands: DeskCommands;
  readonly onTransfer: () => void;
}) {
  const { t } = useTranslation();
  const { contact, muted, commands } = props;
  const held = contact.state === "held";
  const consulting = contact.consult !== undefined;
  const live = contact.state === "talking" || held || contact.state === "consulting";
  return (
    <Group gap="xs" role="toolbar" aria-label={t("desk.call_controls")}>
      <Control
        icon={muted ? IconMicrophoneOff : IconMicrophone}
        label={muted ? t("desk.unmute") : t("desk.mute")}
        keys="Alt+M"
        pressed={muted}
        disabled={!live}
        onClick={() => commands.setMuted(contact, !muted)}
      />
      <Control
        icon={held ? IconPlayerPlay : IconPlayerPause}
        label={held ? t("desk.resume") : t("desk.hold")}
        keys="Alt+H"
        pressed={held}
        disabled={!live || consulting}
        loading={commands.busy("hold") || commands.busy("resume")}
        onClick={() => (held ? commands.resume(contact) : commands.hold(contact))}
      />
      <Popover position="bottom" shadow="md" trapFocus>
        <Popover.Target>
          <span>
            <Control
              icon={IconDialpad}
              label={t("desk.keypad")}
              keys="Alt+K"
              id="desk-keypad"
              disabled={!live}
            />
          </span>
        </Popover.Target>
        <Popover.Dropdown>
          <DtmfPad onTone={(tone) => commands.sendTone(contact, tone)} />
        </Popover.Dropdown>
      </Popover>
      <Control
        icon={IconArrowsRightLeft}
        label={t("desk.transfer")}
        keys="Alt+T"
        disabled={!live || consulting}
        onClick={props.onTransfer}
      />
      {contact.recording !== "off" && (
        <Control
          icon={IconPlayerRecord}
          label={contact.recording === "on" ? t("desk.pause_recording") : t("desk.resume_recording")}
          pressed={contact.recording === "paused"}
          disabled={!live}
          onClick={() =>
            contact.recording === "on" ? commands.pauseRecording(contact) : commands.resumeRecording(contact)
          }
        />
      )}
      <Tooltip label="Alt+X">
        <Button
          ml="auto"
          color="red"
          leftSection={<IconPhoneOff size={18} />}
          onClick={() => commands.hangUp(contact)}
          loading={commands.busy("hangUp")}
          data-testid="hang-up"
        >
          {t("desk.hang_up")}
        </Button>
      </Tooltip>
    </Group>
  );
}

function Control(props: {
  readonly icon: Icon;
  readonly label: string;
  readonly keys?: string;
  readonly id?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly loading?: boolean;
  readonly onClick?: () => void;
}) {
  return (
    <Tooltip label={props.keys ?? props.label}>
      <Button
        id={props.id}
        variant={props.pressed ? "light" : "default"}
        leftSection={<props.icon size={18} stroke={1.8} />}
        aria-pressed={props.pressed}
        disabled={props.disabled}
        loading={props.loading}
        onClick={props.onClick}
        px="sm"
      >
        {props.label}
      </Button>
    </Tooltip>
  );
}

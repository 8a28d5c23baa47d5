import { Button, Popover, Tooltip } from "@mantine/core";
import type { DeskContact } from "@svara/contracts";
import {
  type Icon,
  IconArrowsRightLeft,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconParking,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerRecord,
  IconUserPlus,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./call-controls.module.css";
import { DtmfPad } from "./dtmf-pad.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

/** What can be done with the call in hand. Each control keeps its place whatever the state, so that hands learn it. */
export function CallControls(props: {
  readonly contact: DeskContact;
  readonly muted: boolean;
  readonly commands: DeskCommands;
  readonly onTransfer: () => void;
  readonly onAdd: () => void;
  readonly onPark: () => void;
}) {
  const { t } = useTranslation();
  const { contact, muted, commands } = props;
  const held = contact.state === "held";
  const consulting = contact.consult !== undefined;
  const conferenced = contact.conference !== undefined;
  const live = contact.state === "talking" || held || contact.state === "consulting";
  return (
    <div className={classes.controls} role="toolbar" aria-label={t("desk.call_controls")}>
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
        disabled={!live || consulting || conferenced}
        onClick={props.onTransfer}
      />
      <Control
        icon={IconUserPlus}
        label={t("conference.add_short")}
        keys="Alt+C"
        disabled={!live || consulting}
        onClick={props.onAdd}
      />
      <Control
        icon={IconParking}
        label={t("park.park")}
        keys="Alt+O"
        disabled={!live || consulting || conferenced || contact.direction === "internal"}
        loading={commands.busy("park")}
        onClick={props.onPark}
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
          classNames={{ root: classes.control, inner: classes.inner, label: classes.label }}
          color="red"
          onClick={() => commands.hangUp(contact)}
          loading={commands.busy("hangUp")}
          data-testid="hang-up"
        >
          <IconPhoneOff size={21} stroke={1.8} aria-hidden="true" />
          <span>{t("desk.hang_up")}</span>
        </Button>
      </Tooltip>
    </div>
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
        classNames={{ root: classes.control, inner: classes.inner, label: classes.label }}
        aria-pressed={props.pressed}
        disabled={props.disabled}
        loading={props.loading}
        onClick={props.onClick}
      >
        <props.icon size={21} stroke={1.7} aria-hidden="true" />
        <span>{props.label}</span>
      </Button>
    </Tooltip>
  );
}

import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { DeskContact } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desk } from "../../desk/desk-provider.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

const HELP = [
  ["Alt+A", "accept"],
  ["Alt+R", "refuse"],
  ["Alt+X", "hang_up"],
  ["Alt+M", "mute"],
  ["Alt+H", "hold"],
  ["Alt+K", "keypad"],
  ["Alt+T", "transfer"],
  ["Alt+C", "conference"],
  ["Alt+S", "swap"],
  ["Alt+O", "park"],
  ["Alt+N", "notes"],
  ["Alt+Enter", "finish"],
  ["Alt+D", "dial"],
  ["Alt+P", "presence"],
  ["?", "help"],
] as const;

/** The desk by keyboard, and the overlay that teaches it. */
export function DeskShortcuts(props: {
  readonly contacts: readonly DeskContact[];
  readonly desk: Desk;
  readonly commands: DeskCommands;
  readonly onTransfer: () => void;
  readonly onAdd: () => void;
  readonly onPark: () => void;
}) {
  const { t } = useTranslation();
  const { contacts, desk, commands } = props;
  const [helpOpen, setHelpOpen] = useState(false);
  const offered = contacts.find((contact) => contact.state === "offered");
  const inHand = contacts.find((contact) => contact.state !== "offered");
  const onLine = inHand && inHand.state !== "wrap_up" ? inHand : undefined;
  // Alt chords work inside fields too: that is where an agent's hands are
  useHotkeys(
    [
      ["alt+A", () => offered && commands.accept(offered)],
      ["alt+R", () => offered && commands.refuse(offered)],
      ["alt+X", () => onLine && commands.hangUp(onLine)],
      [
        "alt+M",
        () => onLine && commands.setMuted(onLine, !(desk.callOf(onLine)?.muted ?? onLine.muted ?? false)),
      ],
      [
        "alt+H",
        () => {
          if (onLine?.state === "held") commands.resume(onLine);
          else if (onLine?.state === "talking") commands.hold(onLine);
        },
      ],
      ["alt+K", () => document.getElementById("desk-keypad")?.click()],
      ["alt+T", () => onLine && !onLine.consult && !onLine.conference && props.onTransfer()],
      // while somebody is asked, the same key brings all three together
      ["alt+C", () => (onLine?.consult ? document.getElementById("desk-merge")?.click() : props.onAdd())],
      ["alt+S", () => document.getElementById("desk-swap")?.click()],
      [
        "alt+O",
        () => onLine?.direction !== "internal" && !onLine?.consult && !onLine?.conference && props.onPark(),
      ],
      ["alt+N", () => document.querySelector<HTMLElement>("[data-testid=notes]")?.focus()],
      ["alt+Enter", () => document.getElementById("desk-finish")?.click()],
      ["alt+D", () => document.getElementById("desk-dial")?.focus()],
      ["alt+P", () => document.querySelector<HTMLElement>("[data-testid=presence]")?.click()],
    ],
    [],
  );
  useHotkeys([["shift+?", () => setHelpOpen(true)]]);
  return (
    <Modal opened={helpOpen} onClose={() => setHelpOpen(false)} title={t("shortcuts.title")}>
      <Stack gap="xs">
        {HELP.map(([keys, key]) => (
          <Group key={key} justify="space-between">
            <Text size="sm">{t(`shortcuts.${key}`)}</Text>
            <Group gap={4}>
              {keys.split("+").map((part) => (
                <Kbd key={part}>{part}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}

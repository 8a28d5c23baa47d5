import { Anchor, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** A quiet word that something was done, with the way back when there is one. */
export function notifyDone(
  message: ReactNode,
  undo?: { readonly label: string; readonly run: () => void },
): void {
  const id = `done-${++counter}`;
  notifications.show({
    id,
    color: "fjord",
    icon: <IconCheck size={16} />,
    withBorder: true,
    autoClose: undo ? 10_000 : 3_500,
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            fw={600}
            onClick={() => {
              notifications.hide(id);
              undo.run();
            }}
          >
            {undo.label}
          </Anchor>
        )}
      </Group>
    ),
  });
}

/** Something went wrong that no field of a form can show. */
export function notifyProblem(message: string): void {
  notifications.show({
    color: "red",
    icon: <IconAlertTriangle size={16} />,
    withBorder: true,
    autoClose: 8_000,
    message,
    role: "alert",
  });
}

let counter = 0;

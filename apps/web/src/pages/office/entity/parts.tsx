import { ActionIcon, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";

/** One thing that a rule may say, or be silent about. */
export interface Part {
  readonly key: string;
  /** What it is about; stands above its fields and in the menu. */
  readonly label: string;
  /** One sentence for the menu. */
  readonly hint?: string;
  readonly present: boolean;
  readonly add: () => void;
  readonly remove: () => void;
  readonly body?: ReactNode;
}

/** What a rule says, part by part, with a menu of what it could say as well. Nothing is shown that is not said. */
export function Parts(props: {
  readonly parts: readonly Part[];
  readonly addLabel: string;
  /** What silence means, while there is no part. */
  readonly none?: string;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const present = props.parts.filter((part) => part.present);
  const absent = props.parts.filter((part) => !part.present);

  /** The person goes on with what was just added. */
  function add(part: Part): void {
    part.add();
    setTimeout(() => {
      box.current?.querySelector<HTMLElement>(`[data-part="${part.key}"] :is(input, textarea)`)?.focus();
    });
  }
  return (
    <Stack gap="sm" ref={box}>
      {present.length === 0 && props.none !== undefined && (
        <Text size="sm" c="dimmed">
          {props.none}
        </Text>
      )}
      {present.map((part) => (
        <Group key={part.key} data-part={part.key} align="flex-start" wrap="nowrap" gap="xs">
          <div style={{ flex: 1, minWidth: 0 }}>
            {part.body ?? (
              <Text size="sm" py={6}>
                {part.label}
              </Text>
            )}
          </div>
          <ActionIcon aria-label={`${t("common.remove")}: ${part.label}`} onClick={part.remove}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {absent.length > 0 && (
        <Menu position="bottom-start" width={340} shadow="md">
          <Menu.Target>
            <Button
              variant="subtle"
              size="xs"
              leftSection={<IconPlus size={15} />}
              style={{ alignSelf: "flex-start" }}
            >
              {props.addLabel}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {absent.map((part) => (
              <Menu.Item key={part.key} onClick={() => add(part)}>
                <Text size="sm">{part.label}</Text>
                {part.hint !== undefined && (
                  <Text size="xs" c="dimmed">
                    {part.hint}
                  </Text>
                )}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  );
}

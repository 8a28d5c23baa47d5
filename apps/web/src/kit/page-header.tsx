import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The top of a page: what it is, one line on what it is for, and its main actions. */
export function PageHeader(props: {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly before?: ReactNode;
}) {
  return (
    <Group justify="space-between" align="flex-start" gap="md" wrap="wrap">
      <Stack gap={2} style={{ minWidth: 0, flex: "1 1 16rem" }}>
        {props.before}
        <Title order={1}>{props.title}</Title>
        {props.description !== undefined && (
          <Text component="div" c="dimmed" size="sm" maw={760}>
            {props.description}
          </Text>
        )}
      </Stack>
      {props.actions !== undefined && <Group gap="xs">{props.actions}</Group>}
    </Group>
  );
}

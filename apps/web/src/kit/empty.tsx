import { Box, Stack, Text, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Nothing here yet: what would be here, why one wants it, and the way to it. */
export function Empty(props: {
  readonly icon: Icon;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly compact?: boolean;
}) {
  return (
    <Stack align="center" gap="xs" py={props.compact ? "lg" : 56} px="md" ta="center">
      <Box
        style={{
          width: 52,
          height: 52,
          borderRadius: 16,
          display: "grid",
          placeItems: "center",
          background: "var(--sv-accent-soft)",
          color: "var(--sv-state-talking)",
        }}
      >
        <props.icon size={26} stroke={1.6} aria-hidden="true" />
      </Box>
      <Title order={3} mt={4}>
        {props.title}
      </Title>
      <Text c="dimmed" size="sm" maw={440}>
        {props.text}
      </Text>
      {props.action !== undefined && <Box mt="sm">{props.action}</Box>}
    </Stack>
  );
}

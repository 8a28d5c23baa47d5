import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { problemText } from "../api/problem-text.ts";

/** Something could not be read: why, and the way to try again. */
export function QueryProblem({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      <Group justify="space-between">
        <Text size="sm">{problemText(error, i18n)}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t("common.try_again")}
        </Button>
      </Group>
    </Alert>
  );
}

import { Button, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PlanWork } from "./use-plan-work.ts";

/** How far work is, and the way to stop it; nothing while none runs. */
export function WorkProgress({ work, word }: { readonly work: PlanWork<unknown>; readonly word: string }) {
  const { t } = useTranslation();
  if (!work.running) return null;
  return (
    <div role="status">
      <Group justify="space-between" mb={6}>
        <Text size="sm">{word}</Text>
        <Button size="compact-sm" variant="default" onClick={work.stop}>
          {t("plan.kit.stop")}
        </Button>
      </Group>
      <Progress
        value={work.progress ? work.progress * 100 : 100}
        animated={!work.progress}
        aria-label={word}
      />
    </div>
  );
}

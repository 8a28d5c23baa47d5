import { Group, Slider, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../../../format/figures.ts";
import { ClientSelect } from "../../entity/fields.tsx";
import { SecondsInput } from "../../entity/seconds-input.tsx";
import { useQueueEditor } from "../editor-context.ts";
import { FieldFindings, SectionFrame, SubSection } from "./section-parts.tsx";

/** What the queue is called, how long it rings, and what is promised. */
export function BasicsSection() {
  const { t, i18n } = useTranslation();
  const { form, values } = useQueueEditor();
  return (
    <SectionFrame title={t("queue_editor.basics")} text={t("queue_editor.basics_text")}>
      <TextInput
        label={t("fields.name")}
        description={t("queues.name_hint")}
        required
        maw={420}
        {...form.getInputProps("name")}
      />
      <ClientSelect {...form.getInputProps("clientId")} />
      <FieldFindings at="media" />
      <SecondsInput
        label={t("queues.ring_time")}
        description={t("queues.ring_time_hint")}
        min={5}
        max={120}
        {...form.getInputProps("ringTimeoutMs")}
      />
      <SubSection title={t("floor.service_level")} text={t("queues.service_level_hint")}>
        <Stack gap={4} maw={420}>
          <Text size="sm" fw={500}>
            {t("queues.target")}: {formatShare(values.serviceLevel.target, i18n.language)}
          </Text>
          <Slider
            min={50}
            max={100}
            step={5}
            label={null}
            thumbLabel={t("queues.target")}
            value={Math.round(values.serviceLevel.target * 100)}
            onChange={(percent) => form.setFieldValue("serviceLevel.target", percent / 100)}
          />
        </Stack>
        <Group grow align="flex-start">
          <SecondsInput
            label={t("queues.threshold")}
            description={t("queues.threshold_hint")}
            min={1}
            max={3600}
            {...form.getInputProps("serviceLevel.thresholdMs")}
          />
          <SecondsInput
            label={t("queues.short_abandon")}
            description={t("queues.short_abandon_hint")}
            min={0}
            max={60}
            {...form.getInputProps("shortAbandonMs")}
          />
        </Group>
      </SubSection>
    </SectionFrame>
  );
}

import { NumberInput, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../entity/duration-input.tsx";
import { EntitySelect } from "../../entity/fields.tsx";
import { SecondsInput } from "../../entity/seconds-input.tsx";
import { promptRoutes } from "../../prompts/prompt-routes.ts";
import { useQueueEditor } from "../editor-context.ts";
import { FieldFindings, SectionFrame, SubSection } from "./section-parts.tsx";

/** What customers hear while they wait. */
export function WaitingSection() {
  const { t } = useTranslation();
  const { form, values, setRouting } = useQueueEditor();
  const { expectedHandleMs } = values.routing;
  return (
    <SectionFrame title={t("queue_editor.waiting")} text={t("queue_editor.waiting_text")}>
      <NumberInput
        label={t("queues.max_waiting")}
        description={t("queues.max_waiting_hint")}
        min={1}
        max={10_000}
        allowDecimal={false}
        maw={320}
        value={values.maxWaiting ?? ""}
        error={form.errors.maxWaiting}
        onChange={(value) => form.setFieldValue("maxWaiting", typeof value === "number" ? value : null)}
      />
      <EntitySelect
        kind="prompt"
        routes={promptRoutes}
        keep={(prompt: { kind: string }) => prompt.kind === "music"}
        label={t("queues.music")}
        placeholder={t("queues.music_default")}
        clearable
        {...form.getInputProps("musicPromptId")}
      />
      <Switch
        label={t("queues.announce_position")}
        {...form.getInputProps("announce.position", { type: "checkbox" })}
      />
      <Switch
        label={t("queues.announce_wait")}
        {...form.getInputProps("announce.estimatedWait", { type: "checkbox" })}
      />
      <SecondsInput
        label={t("queues.announce_every")}
        min={15}
        max={600}
        {...form.getInputProps("announce.everyMs")}
      />
      <SubSection title={t("queue_editor.expected_handle")} text={t("queue_editor.expected_handle_text")}>
        <Switch
          label={t("queue_editor.expected_handle_own")}
          checked={expectedHandleMs !== null}
          onChange={(event) => setRouting({ expectedHandleMs: event.currentTarget.checked ? 240_000 : null })}
        />
        {expectedHandleMs !== null && (
          <DurationInput
            label={t("queue_editor.expected_handle")}
            minMs={1_000}
            maxMs={86_400_000}
            value={expectedHandleMs}
            onChange={(ms) => setRouting({ expectedHandleMs: ms })}
          />
        )}
        <FieldFindings at="routing.expectedHandleMs" />
      </SubSection>
    </SectionFrame>
  );
}

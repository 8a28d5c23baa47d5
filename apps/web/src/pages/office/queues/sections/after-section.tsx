import { Radio, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationInput } from "../../entity/duration-input.tsx";
import { useQueueEditor } from "../editor-context.ts";
import { WRAP_UP_MODES, type WrapUpMode, withLimit, withWrapUpMode } from "../wrap-up.ts";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

/** What the agent does when the customer has gone. */
export function AfterSection() {
  const { t } = useTranslation();
  const { form, values } = useQueueEditor();
  const { wrapUp } = values;
  const limitMs = "limitMs" in wrapUp ? wrapUp.limitMs : undefined;
  const mayBeOpen = wrapUp.mode === "manual" || wrapUp.mode === "requested";
  return (
    <SectionFrame title={t("queue_editor.after")} text={t("queue_editor.after_text")}>
      <Radio.Group
        label={t("agent_state.wrap_up")}
        value={wrapUp.mode}
        onChange={(mode) => form.setFieldValue("wrapUp", withWrapUpMode(wrapUp, mode as WrapUpMode))}
      >
        <Stack gap={10} mt={6}>
          {WRAP_UP_MODES.map((mode) => (
            <Radio
              key={mode}
              value={mode}
              label={t(`queue_editor.wrap_up_${mode}`)}
              description={t(`queue_editor.wrap_up_${mode}_hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {mayBeOpen && (
        <Switch
          label={t("queue_editor.wrap_up_limited")}
          checked={limitMs !== undefined}
          onChange={(event) =>
            form.setFieldValue("wrapUp", withLimit(wrapUp, event.currentTarget.checked ? 60_000 : undefined))
          }
        />
      )}
      {limitMs !== undefined && (
        <DurationInput
          label={t("queues.wrap_up_limit")}
          minMs={1_000}
          maxMs={900_000}
          value={limitMs}
          error={form.errors["wrapUp.limitMs"]}
          onChange={(ms) => form.setFieldValue("wrapUp", withLimit(wrapUp, ms))}
        />
      )}
      <FieldFindings at="wrapUp" />
      <Switch
        label={t("queues.disposition_required")}
        description={t("queues.disposition_required_hint")}
        {...form.getInputProps("dispositionRequired", { type: "checkbox" })}
      />
    </SectionFrame>
  );
}

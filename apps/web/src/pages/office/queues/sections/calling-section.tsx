import { Select, Switch } from "@mantine/core";
import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../../../format/phone-number.ts";
import { useEntities } from "../../entity/crud.ts";
import { EntitySelect } from "../../entity/fields.tsx";
import { promptRoutes } from "../../prompts/prompt-routes.ts";
import { useQueueEditor } from "../editor-context.ts";
import { FieldFindings, SectionFrame } from "./section-parts.tsx";

/** How the queue's calls come to its agents, and which number is shown when they call for it. */
export function CallingSection() {
  const { t } = useTranslation();
  const { form, values } = useQueueEditor();
  const numbers = useEntities("number", api.numbers).data ?? [];
  return (
    <SectionFrame title={t("queue_editor.calling")} text={t("queue_editor.calling_text")}>
      <Switch
        label={t("queue_editor.auto_answer")}
        description={t("queue_editor.auto_answer_hint")}
        {...form.getInputProps("calling.autoAnswer", { type: "checkbox" })}
      />
      <EntitySelect
        kind="prompt"
        routes={promptRoutes}
        keep={(prompt: { kind: string }) => prompt.kind === "announcement"}
        label={t("queue_editor.agent_announcement")}
        description={t("queue_editor.agent_announcement_hint")}
        placeholder={t("common.none")}
        clearable
        {...form.getInputProps("calling.whisperPromptId")}
      />
      <FieldFindings at="calling.whisperPromptId" />
      <Select
        label={t("queue_editor.caller_number")}
        description={t("queue_editor.caller_number_hint")}
        placeholder={t("queue_editor.caller_number_none")}
        clearable
        data={numbers
          .filter(
            ({ clientId, number, outbound, target }) =>
              clientId === values.clientId && number.startsWith("+") && outbound && target.kind !== "agent",
          )
          .map(({ id, number, label }) => ({
            value: id,
            label: label === "" ? formatPhone(number) : `${formatPhone(number)} · ${label}`,
          }))}
        {...form.getInputProps("calling.callerIdNumberId")}
      />
      <FieldFindings at="calling.callerIdNumberId" />
    </SectionFrame>
  );
}

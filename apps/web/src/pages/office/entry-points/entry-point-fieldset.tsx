import { NumberInput, SegmentedControl, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, LANGUAGES } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import type { DraftOf } from "../entity/crud.ts";
import { ClientSelect, EntitySelect, FormSection, useChoices } from "../entity/fields.tsx";
import { PromptSelect } from "./prompt-select.tsx";

export type EntryPointDraft = DraftOf<typeof api.entryPoints>;

/** The plain form of an entry point, in the order in which a caller meets it. */
export function EntryPointFieldset({ form }: { readonly form: UseFormReturnType<EntryPointDraft> }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <ClientSelect {...form.getInputProps("clientId")} />
      <Select
        label={t("fields.language")}
        description={t("entry_points.language_hint")}
        data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
        {...form.getInputProps("form.language")}
      />
      <HoursFields form={form} />
      <WelcomeFields form={form} />
      <WaitingFields form={form} />
      <UnstaffedFields form={form} />
    </>
  );
}

interface Props {
  readonly form: UseFormReturnType<EntryPointDraft>;
}

function HoursFields({ form }: Props) {
  const { t } = useTranslation();
  const queues = useChoices("queue", api.queues);
  const { hoursId, closedThen } = form.getValues().form;
  return (
    <FormSection title={t("entry_points.hours")}>
      <EntitySelect
        kind="hours"
        routes={api.hours}
        label={t("office.hours")}
        placeholder={t("entry_points.always_open")}
        clearable
        value={hoursId}
        error={form.errors["form.hoursId"]}
        onChange={(id: string | null) => form.setFieldValue("form.hoursId", id ?? undefined)}
      />
      {hoursId !== undefined && (
        <>
          <PromptSelect
            label={t("entry_points.closed_message")}
            value={form.getValues().form.closedMessage ?? "default"}
            onChange={(value) =>
              form.setFieldValue("form.closedMessage", value === "default" ? undefined : value)
            }
          />
          <Select
            label={t("entry_points.closed_then")}
            data={[{ value: "hangup", label: t("entry_points.then_hangup") }, ...queues]}
            value={closedThen.kind === "queue" ? closedThen.queueId : "hangup"}
            onChange={(value) =>
              form.setFieldValue(
                "form.closedThen",
                value === null || value === "hangup" ? { kind: "hangup" } : { kind: "queue", queueId: value },
              )
            }
          />
        </>
      )}
    </FormSection>
  );
}

function WelcomeFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <FormSection title={t("entry_points.welcome")}>
      <PromptSelect
        none
        label={t("entry_points.greeting")}
        value={form.getValues().form.greeting ?? "none"}
        onChange={(value) => form.setFieldValue("form.greeting", value === "none" ? undefined : value)}
      />
      <Switch
        label={t("entry_points.notice")}
        description={t("entry_points.notice_hint")}
        {...form.getInputProps("form.recordingNotice", { type: "checkbox" })}
      />
    </FormSection>
  );
}

function WaitingFields({ form }: Props) {
  const { t } = useTranslation();
  const { announcePosition, announceEstimatedWait } = form.getValues().form;
  return (
    <FormSection title={t("entry_points.waiting")}>
      <EntitySelect
        kind="queue"
        routes={api.queues}
        label={t("fields.queue")}
        required
        {...form.getInputProps("form.queueId")}
      />
      <PromptSelect
        music
        label={t("queues.music")}
        value={form.getValues().form.music}
        onChange={(value) => form.setFieldValue("form.music", value)}
      />
      <Switch
        label={t("queues.announce_position")}
        {...form.getInputProps("form.announcePosition", { type: "checkbox" })}
      />
      <Switch
        label={t("queues.announce_wait")}
        {...form.getInputProps("form.announceEstimatedWait", { type: "checkbox" })}
      />
      {(announcePosition || announceEstimatedWait) && (
        <NumberInput
          label={t("queues.announce_every")}
          suffix=" s"
          min={15}
          max={600}
          {...form.getInputProps("form.announceEverySec")}
        />
      )}
    </FormSection>
  );
}

function UnstaffedFields({ form }: Props) {
  const { t } = useTranslation();
  const queues = useChoices("queue", api.queues);
  const { unstaffedThen, unstaffedMessage } = form.getValues().form;
  return (
    <FormSection title={t("entry_points.unstaffed")}>
      <Stack gap={6}>
        <Text size="xs" c="dimmed">
          {t("entry_points.unstaffed_hint")}
        </Text>
        <SegmentedControl
          aria-label={t("entry_points.unstaffed")}
          value={unstaffedThen?.kind ?? "wait"}
          onChange={(kind) =>
            form.setFieldValue(
              "form.unstaffedThen",
              kind === "wait"
                ? undefined
                : kind === "queue"
                  ? { kind: "queue", queueId: queues[0]?.value ?? "" }
                  : { kind: "hangup" },
            )
          }
          data={[
            { value: "wait", label: t("entry_points.unstaffed_wait") },
            { value: "hangup", label: t("entry_points.then_hangup") },
            { value: "queue", label: t("entry_points.then_queue"), disabled: queues.length === 0 },
          ]}
        />
      </Stack>
      {unstaffedThen !== undefined && (
        <PromptSelect
          label={t("entry_points.unstaffed_message")}
          value={unstaffedMessage ?? "default"}
          onChange={(value) =>
            form.setFieldValue("form.unstaffedMessage", value === "default" ? undefined : value)
          }
        />
      )}
      {unstaffedThen?.kind === "queue" && (
        <Select
          label={t("entry_points.then_queue")}
          data={queues}
          value={unstaffedThen.queueId}
          error={form.errors["form.unstaffedThen.queueId"]}
          onChange={(queueId) =>
            queueId && form.setFieldValue("form.unstaffedThen", { kind: "queue", queueId })
          }
        />
      )}
    </FormSection>
  );
}

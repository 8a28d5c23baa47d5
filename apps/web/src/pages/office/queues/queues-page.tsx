import { Group, NumberInput, SegmentedControl, Slider, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconListCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../../format/figures.ts";
import { useSession } from "../../../services.ts";
import type { DraftOf } from "../entity/crud.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import {
  ClientSelect,
  EntityMultiSelect,
  EntitySelect,
  FormSection,
  SkillLevels,
} from "../entity/fields.tsx";
import { SecondsInput } from "../entity/seconds-input.tsx";
import { promptRoutes } from "../prompts/prompt-routes.ts";

type QueueDraft = DraftOf<typeof api.queues>;

/** Where contacts wait for agents with the right skills. */
export function QueuesPage() {
  const { t, i18n } = useTranslation();
  const { clients } = useSession();
  return (
    <EntityPage
      wide
      kind="queue"
      routes={api.queues}
      edit="queues.edit"
      icon={IconListCheck}
      words={{
        title: t("office.queues"),
        description: t("queues.description"),
        create: t("queues.create"),
        emptyTitle: t("queues.empty_title"),
        emptyText: t("queues.empty_text"),
      }}
      nameOf={(queue) => queue.name}
      columns={[
        { label: t("queues.priority"), end: true, render: (queue) => queue.priority },
        { label: t("office.skills"), end: true, render: (queue) => queue.requiredSkills.length || "–" },
        {
          label: t("queues.ring_time"),
          end: true,
          render: (queue) => `${queue.ringTimeoutMs / 1000} s`,
        },
        {
          label: t("floor.service_level"),
          end: true,
          render: (queue) =>
            `${formatShare(queue.serviceLevel.target, i18n.language)} / ${queue.serviceLevel.thresholdMs / 1000} s`,
        },
      ]}
      blank={(): QueueDraft => ({
        clientId: clients[0]?.id ?? "",
        name: "",
        medium: "voice",
        priority: 0,
        maxWaiting: null,
        requiredSkills: [],
        teamIds: [],
        agentIds: [],
        ringTimeoutMs: 18_000,
        wrapUp: { mode: "timed", limitMs: 60_000 },
        serviceLevel: { thresholdMs: 20_000, target: 0.8 },
        shortAbandonMs: 5_000,
        musicPromptId: null,
        announce: { position: true, estimatedWait: true, everyMs: 45_000 },
        dispositionRequired: false,
      })}
      toDraft={({ id: _id, revision: _revision, archived: _archived, ...draft }) => draft}
      fields={(form) => <QueueFields form={form} />}
    />
  );
}

function QueueFields({ form }: { readonly form: UseFormReturnType<QueueDraft> }) {
  const { t, i18n } = useTranslation();
  const values = form.getValues();
  return (
    <>
      <TextInput
        label={t("fields.name")}
        description={t("queues.name_hint")}
        required
        {...form.getInputProps("name")}
      />
      <ClientSelect {...form.getInputProps("clientId")} />
      <NumberInput
        label={t("queues.priority")}
        description={t("queues.priority_hint")}
        min={0}
        max={100}
        maw={220}
        {...form.getInputProps("priority")}
      />
      <FormSection title={t("queues.who_answers")}>
        <SkillLevels
          label={t("queues.required_skills")}
          description={t("queues.required_skills_hint")}
          levelKey="minLevel"
          value={values.requiredSkills}
          onChange={(skills) => form.setFieldValue("requiredSkills", skills)}
        />
        <EntityMultiSelect
          kind="team"
          routes={api.teams}
          label={t("queues.teams")}
          description={t("queues.teams_hint")}
          {...form.getInputProps("teamIds")}
        />
        <EntityMultiSelect
          kind="user"
          routes={api.users}
          keep={(user: { agent: unknown }) => user.agent !== null}
          label={t("queues.agents")}
          {...form.getInputProps("agentIds")}
        />
      </FormSection>
      <FormSection title={t("queues.ringing")}>
        <SecondsInput
          label={t("queues.ring_time")}
          description={t("queues.ring_time_hint")}
          min={5}
          max={120}
          {...form.getInputProps("ringTimeoutMs")}
        />
        <WrapUpFields form={form} />
        <Switch
          label={t("queues.disposition_required")}
          description={t("queues.disposition_required_hint")}
          {...form.getInputProps("dispositionRequired", { type: "checkbox" })}
        />
      </FormSection>
      <FormSection title={t("floor.service_level")}>
        <Text size="xs" c="dimmed">
          {t("queues.service_level_hint")}
        </Text>
        <Stack gap={4}>
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
      </FormSection>
      <FormSection title={t("queues.while_waiting")}>
        <NumberInput
          label={t("queues.max_waiting")}
          description={t("queues.max_waiting_hint")}
          min={1}
          max={10_000}
          allowDecimal={false}
          maw={260}
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
      </FormSection>
    </>
  );
}

function WrapUpFields({ form }: { readonly form: UseFormReturnType<QueueDraft> }) {
  const { t } = useTranslation();
  const { wrapUp } = form.getValues();
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {t("agent_state.wrap_up")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("queues.wrap_up_hint")}
        </Text>
      </div>
      <SegmentedControl
        aria-label={t("agent_state.wrap_up")}
        value={wrapUp.mode}
        onChange={(mode) =>
          form.setFieldValue(
            "wrapUp",
            mode === "timed" ? { mode, limitMs: 60_000 } : { mode: mode as "off" | "manual" },
          )
        }
        data={[
          { value: "timed", label: t("queues.wrap_up_timed") },
          { value: "manual", label: t("queues.wrap_up_manual") },
          { value: "off", label: t("queues.wrap_up_off") },
        ]}
      />
      {wrapUp.mode === "timed" && (
        <SecondsInput
          label={t("queues.wrap_up_limit")}
          min={1}
          max={900}
          {...form.getInputProps("wrapUp.limitMs")}
        />
      )}
    </Stack>
  );
}

import { ActionIcon, Checkbox, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconClockHour8, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DraftOf } from "../../../office/entity/crud.ts";
import { EntityPage } from "../../../office/entity/entity-page.tsx";
import { AddRow, EntitySelect, FormSection } from "../../../office/entity/fields.tsx";
import { dayName } from "../../../office/hours/day-name.ts";
import { HoursInput } from "./hours-input.tsx";
import { WeekdayChoice } from "./weekday-choice.tsx";

type Draft = DraftOf<typeof api.planPatterns>;

/** Kinds of shift: when they begin, how long they are, where their breaks may lie. */
export function PatternsPage() {
  const { t, i18n } = useTranslation();
  return (
    <EntityPage
      wide
      kind="shift_pattern"
      routes={api.planPatterns}
      edit="plan.edit"
      icon={IconClockHour8}
      words={{
        title: t("plan.roster.parts.patterns"),
        description: t("plan.patterns.description"),
        create: t("plan.patterns.create"),
        emptyTitle: t("plan.patterns.empty_title"),
        emptyText: t("plan.patterns.empty_text"),
      }}
      nameOf={(pattern) => pattern.name}
      columns={[
        {
          label: t("plan.patterns.begins"),
          render: ({ earliestStart, latestStart }) =>
            earliestStart === latestStart ? earliestStart : `${earliestStart}–${latestStart}`,
        },
        {
          label: t("plan.patterns.paid"),
          end: true,
          render: ({ paidMinutes }) => t("plan.roster.hours", { n: paidMinutes / 60 }),
        },
        { label: t("plan.patterns.breaks"), end: true, render: ({ breaks }) => breaks.length },
        {
          label: t("plan.patterns.weekdays"),
          render: ({ weekdays }) =>
            weekdays.length === 0
              ? t("common.all")
              : weekdays.map((day) => dayName(day, i18n.language)).join(" "),
        },
      ]}
      blank={(): Draft => ({
        name: "",
        siteId: null,
        weekdays: [],
        earliestStart: "08:00",
        latestStart: "10:00",
        startEveryMinutes: 30,
        paidMinutes: 480,
        breaks: [
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 90, latestAfterMinutes: 150 },
          { kind: "lunch", minutes: 30, paid: false, earliestAfterMinutes: 195, latestAfterMinutes: 285 },
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 345, latestAfterMinutes: 420 },
        ],
      })}
      toDraft={({ id: _, revision: _r, archived: _a, ...draft }) => draft}
      fields={(form) => <PatternFields form={form} />}
    />
  );
}

function PatternFields({ form }: { readonly form: UseFormReturnType<Draft> }) {
  const { t } = useTranslation();
  const draft = form.getValues();
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <EntitySelect
        kind="site"
        routes={api.sites}
        clearable
        label={t("fields.site")}
        placeholder={t("plan.patterns.every_site")}
        {...form.getInputProps("siteId")}
      />
      <Group grow align="flex-start">
        <TextInput
          type="time"
          step={900}
          label={t("plan.patterns.earliest")}
          {...form.getInputProps("earliestStart")}
        />
        <TextInput
          type="time"
          step={900}
          label={t("plan.patterns.latest")}
          {...form.getInputProps("latestStart")}
        />
        <Select
          label={t("plan.patterns.every")}
          data={[15, 30, 60, 120].map((minutes) => ({
            value: String(minutes),
            label: t("plan.roster.minutes", { n: minutes }),
          }))}
          value={String(draft.startEveryMinutes ?? 30)}
          onChange={(minutes) => form.setFieldValue("startEveryMinutes", Number(minutes))}
        />
      </Group>
      <HoursInput
        label={t("plan.patterns.paid")}
        description={t("plan.patterns.paid_hint")}
        max={20}
        minutes={draft.paidMinutes}
        error={form.errors.paidMinutes}
        onChange={(minutes) => form.setFieldValue("paidMinutes", minutes ?? 0)}
      />
      <WeekdayChoice
        label={t("plan.patterns.weekdays_hint")}
        value={draft.weekdays ?? []}
        onChange={(days) => form.setFieldValue("weekdays", days)}
      />
      <FormSection title={t("plan.patterns.breaks")}>
        {draft.breaks.map((rest, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: breaks have no identity of their own
          <Stack key={index} gap={6} className="sv-surface" p="sm">
            <Group wrap="nowrap" align="flex-end" gap="xs">
              <Select
                flex={1}
                aria-label={t("plan.roster.activity")}
                data={(["break", "lunch"] as const).map((kind) => ({
                  value: kind,
                  label: t(`plan.roster.part.${kind}`),
                }))}
                {...form.getInputProps(`breaks.${index}.kind`)}
              />
              <NumberInput
                w={110}
                label={t("plan.roster.minutes_long")}
                min={5}
                max={180}
                step={5}
                {...form.getInputProps(`breaks.${index}.minutes`)}
              />
              <Checkbox
                mb={8}
                label={t("plan.roster.paid")}
                {...form.getInputProps(`breaks.${index}.paid`, { type: "checkbox" })}
              />
              <ActionIcon
                mb={4}
                aria-label={`${t("common.remove")}: ${t(`plan.roster.part.${rest.kind}`)}`}
                onClick={() => form.removeListItem("breaks", index)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
            <Group grow align="flex-start">
              <HoursInput
                label={t("plan.patterns.break_from")}
                max={20}
                minutes={rest.earliestAfterMinutes}
                error={form.errors[`breaks.${index}.earliestAfterMinutes`]}
                onChange={(minutes) =>
                  form.setFieldValue(`breaks.${index}.earliestAfterMinutes`, minutes ?? 0)
                }
              />
              <HoursInput
                label={t("plan.patterns.break_to")}
                max={20}
                minutes={rest.latestAfterMinutes}
                error={form.errors[`breaks.${index}.latestAfterMinutes`]}
                onChange={(minutes) => form.setFieldValue(`breaks.${index}.latestAfterMinutes`, minutes ?? 0)}
              />
            </Group>
          </Stack>
        ))}
        {draft.breaks.length < 6 && (
          <AddRow
            label={t("plan.patterns.add_break")}
            onClick={() => {
              const last = draft.breaks.at(-1);
              const from = last ? last.latestAfterMinutes + 60 : 90;
              form.insertListItem("breaks", {
                kind: "break",
                minutes: 15,
                paid: true,
                earliestAfterMinutes: Math.ceil(from / 15) * 15,
                latestAfterMinutes: Math.ceil(from / 15) * 15 + 60,
              });
            }}
          />
        )}
      </FormSection>
    </>
  );
}

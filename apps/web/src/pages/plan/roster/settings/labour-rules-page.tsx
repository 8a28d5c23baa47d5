import { Alert, NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconGavel, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useServices } from "../../../../services.ts";
import type { DraftOf } from "../../../office/entity/crud.ts";
import { EntityPage } from "../../../office/entity/entity-page.tsx";
import { HoursInput } from "./hours-input.tsx";
import { RulesForFields, RulesForWords } from "./rules-for.tsx";

type Draft = DraftOf<typeof api.planLabourRules>;

const NOTHING = {
  minRestMinutes: null,
  minRestTimesShift: null,
  maxDailyMinutes: null,
  maxWeeklyMinutes: null,
  maxConsecutiveDays: null,
  weeklyRestMinutes: null,
  maxMinutesWithoutBreak: null,
};

/** What law and agreement demand of shifts. */
export function LabourRulesPage() {
  const { t } = useTranslation();
  const hours = (minutes: number | null): string =>
    minutes === null ? "–" : t("plan.roster.hours", { n: minutes / 60 });
  return (
    <EntityPage
      wide
      kind="labour_rules"
      routes={api.planLabourRules}
      edit="plan.edit"
      icon={IconGavel}
      words={{
        title: t("plan.roster.parts.labour"),
        description: t("plan.labour.description"),
        create: t("plan.labour.create"),
        emptyTitle: t("plan.labour.empty_title"),
        emptyText: t("plan.labour.empty_text"),
      }}
      nameOf={(rules) => rules.name}
      columns={[
        {
          label: t("plan.rules.for"),
          render: ({ teamIds, siteIds }) => <RulesForWords teamIds={teamIds} siteIds={siteIds} />,
        },
        { label: t("plan.labour.rest"), end: true, render: ({ limits }) => hours(limits.minRestMinutes) },
        { label: t("plan.labour.week"), end: true, render: ({ limits }) => hours(limits.maxWeeklyMinutes) },
      ]}
      blank={() => ({ name: "", source: "", teamIds: [], siteIds: [], limits: NOTHING })}
      toDraft={({ id: _, revision: _r, archived: _a, ...draft }) => draft}
      fields={(form, rules) => <LabourFields form={form} isNew={rules === undefined} />}
    />
  );
}

function LabourFields(props: { readonly form: UseFormReturnType<Draft>; readonly isNew: boolean }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const { form, isNew } = props;
  const presets = useQuery({
    queryKey: ["plan", "labour-presets"],
    queryFn: () => client.call(api.planLabourRules.presets, {}),
    enabled: isNew,
  });
  const draft = form.getValues();
  const limits = { ...NOTHING, ...draft.limits };
  const hours = (field: keyof typeof NOTHING, max: number) => (
    <HoursInput
      label={t(`plan.labour.${field}`)}
      max={max}
      minutes={limits[field]}
      error={form.errors[`limits.${field}`]}
      onChange={(minutes) => form.setFieldValue("limits", { ...limits, [field]: minutes })}
    />
  );
  const number = (field: "minRestTimesShift" | "maxConsecutiveDays", max: number, decimals: number) => (
    <NumberInput
      label={t(`plan.labour.${field}`)}
      min={0}
      max={max}
      decimalScale={decimals}
      value={limits[field] ?? ""}
      error={form.errors[`limits.${field}`]}
      onChange={(value) =>
        form.setFieldValue("limits", { ...limits, [field]: typeof value === "number" ? value : null })
      }
    />
  );
  return (
    <>
      {isNew && (
        <Select
          label={t("plan.labour.preset")}
          placeholder={t("plan.labour.preset_none")}
          data={(presets.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id) => {
            const preset = presets.data?.items.find((each) => each.id === id);
            if (preset)
              form.setValues({ ...draft, name: preset.name, source: preset.source, limits: preset.limits });
          }}
        />
      )}
      <Alert icon={<IconInfoCircle />} color="fjord">
        {t("plan.labour.check")}
      </Alert>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <Textarea label={t("plan.labour.source")} minRows={2} {...form.getInputProps("source")} />
      <RulesForFields teams={form.getInputProps("teamIds")} sites={form.getInputProps("siteIds")} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {hours("minRestMinutes", 48)}
        {number("minRestTimesShift", 4, 1)}
        {hours("maxDailyMinutes", 24)}
        {hours("maxWeeklyMinutes", 168)}
        {number("maxConsecutiveDays", 31, 0)}
        {hours("weeklyRestMinutes", 168)}
        {hours("maxMinutesWithoutBreak", 24)}
      </SimpleGrid>
    </>
  );
}

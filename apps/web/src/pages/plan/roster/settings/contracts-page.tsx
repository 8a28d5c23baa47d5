import { Group, NumberInput, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconFileCertificate } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type DraftOf, useEntities } from "../../../office/entity/crud.ts";
import { EntityPage } from "../../../office/entity/entity-page.tsx";
import { EntityMultiSelect, EntitySelect } from "../../../office/entity/fields.tsx";
import { HoursInput } from "./hours-input.tsx";
import { TERMS_ROUTES } from "./terms-routes.ts";

type Draft = DraftOf<typeof api.planContracts>;

/** What agents are employed for: hours, days, patterns, weekends. */
export function ContractsPage() {
  const { t } = useTranslation();
  const terms = useEntities("agent_terms", TERMS_ROUTES);
  return (
    <EntityPage
      kind="work_contract"
      routes={api.planContracts}
      edit="plan.edit"
      icon={IconFileCertificate}
      words={{
        title: t("plan.roster.parts.contracts"),
        description: t("plan.contracts.description"),
        create: t("plan.contracts.create"),
        emptyTitle: t("plan.contracts.empty_title"),
        emptyText: t("plan.contracts.empty_text"),
      }}
      nameOf={(contract) => contract.name}
      columns={[
        {
          label: t("plan.contracts.weekly"),
          end: true,
          render: ({ weeklyMinutes: { min, max } }) =>
            t("plan.roster.hours", { n: min === max ? max / 60 : `${min / 60}–${max / 60}` }),
        },
        {
          label: t("plan.contracts.days"),
          end: true,
          render: ({ daysPerWeek: { min, max } }) => (min === max ? max : `${min}–${max}`),
        },
        { label: t("plan.contracts.weekends"), render: (one) => t(`plan.contracts.weekend.${one.weekends}`) },
        {
          label: t("plan.roster.agents"),
          end: true,
          render: ({ id }) => terms.data?.filter(({ contractId }) => contractId === id).length ?? "–",
        },
      ]}
      blank={(): Draft => ({
        name: "",
        siteId: null,
        weeklyMinutes: { min: 0, max: 2400 },
        daysPerWeek: { min: 0, max: 5 },
        patternIds: [],
        weekends: "any",
        costPerHour: null,
      })}
      toDraft={({ id: _, revision: _r, archived: _a, ...draft }) => draft}
      fields={(form) => <ContractFields form={form} />}
    />
  );
}

function ContractFields({ form }: { readonly form: UseFormReturnType<Draft> }) {
  const { t } = useTranslation();
  const draft = form.getValues();
  const weekly = (end: "min" | "max") => (
    <HoursInput
      label={t(`plan.contracts.weekly_${end}`)}
      max={168}
      step={1}
      minutes={draft.weeklyMinutes[end]}
      error={form.errors[`weeklyMinutes.${end}`]}
      onChange={(minutes) => form.setFieldValue(`weeklyMinutes.${end}`, minutes ?? 0)}
    />
  );
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
        {weekly("min")}
        {weekly("max")}
      </Group>
      <Group grow align="flex-start">
        <NumberInput
          label={t("plan.contracts.days_min")}
          min={0}
          max={7}
          allowDecimal={false}
          {...form.getInputProps("daysPerWeek.min")}
        />
        <NumberInput
          label={t("plan.contracts.days_max")}
          min={1}
          max={7}
          allowDecimal={false}
          {...form.getInputProps("daysPerWeek.max")}
        />
      </Group>
      <EntityMultiSelect
        kind="shift_pattern"
        routes={api.planPatterns}
        label={t("plan.roster.parts.patterns")}
        description={t("plan.contracts.patterns_hint")}
        {...form.getInputProps("patternIds")}
      />
      <Select
        label={t("plan.contracts.weekends")}
        data={(["any", "alternate", "none"] as const).map((each) => ({
          value: each,
          label: t(`plan.contracts.weekend.${each}`),
        }))}
        {...form.getInputProps("weekends")}
      />
      <NumberInput
        label={t("plan.contracts.cost")}
        description={t("plan.contracts.cost_hint")}
        min={0}
        decimalScale={2}
        value={draft.costPerHour ?? ""}
        error={form.errors.costPerHour}
        onChange={(cost) => form.setFieldValue("costPerHour", typeof cost === "number" ? cost : null)}
      />
    </>
  );
}

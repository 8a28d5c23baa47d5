import { ActionIcon, Group, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, WEEKDAYS } from "@svara/contracts";
import { IconUserCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type DraftOf, useEntities } from "../../../office/entity/crud.ts";
import { EntityPage } from "../../../office/entity/entity-page.tsx";
import { AddRow, EntitySelect, FormSection } from "../../../office/entity/fields.tsx";
import { dayName } from "../../../office/hours/day-name.ts";
import { TERMS_ROUTES } from "./terms-routes.ts";

type Routes = typeof TERMS_ROUTES;
type Draft = DraftOf<Routes>;
type Entry = Draft["availability"][number];

/** Which contract each agent has, and when they can work. */
export function TermsPage() {
  const { t } = useTranslation();
  const contracts = useEntities("work_contract", api.planContracts);
  return (
    <EntityPage<Routes>
      kind="agent_terms"
      routes={TERMS_ROUTES}
      edit="plan.edit"
      icon={IconUserCheck}
      createAction={<span />}
      nameLabel={t("fields.agent")}
      words={{
        title: t("plan.roster.parts.agents"),
        description: t("plan.terms.description"),
        create: t("plan.roster.parts.agents"),
        emptyTitle: t("plan.terms.empty_title"),
        emptyText: t("plan.terms.empty_text"),
      }}
      nameOf={(terms) => terms.agentName}
      columns={[
        {
          label: t("plan.terms.contract"),
          render: ({ contractId }) =>
            contracts.data?.find(({ id }) => id === contractId)?.name ?? t("plan.roster.no_contract"),
        },
        {
          label: t("plan.terms.availability"),
          render: ({ availability }) =>
            availability.length === 0
              ? t("plan.terms.always")
              : t("plan.terms.limits", { count: availability.length }),
        },
      ]}
      blank={() => ({ contractId: null, availability: [] })}
      toDraft={({ contractId, availability }) => ({ contractId, availability })}
      fields={(form) => <TermsFields form={form} />}
      removable={false}
    />
  );
}

function TermsFields({ form }: { readonly form: UseFormReturnType<Draft> }) {
  const { t, i18n } = useTranslation();
  const { availability } = form.getValues();
  const set = (index: number, entry: Entry): void =>
    form.setFieldValue(
      "availability",
      availability.map((each, at) => (at === index ? entry : each)),
    );
  const dayOf = (entry: Entry) => ("date" in entry ? { date: entry.date } : { weekday: entry.weekday });
  return (
    <>
      <EntitySelect
        kind="work_contract"
        routes={api.planContracts}
        clearable
        label={t("plan.terms.contract")}
        {...form.getInputProps("contractId")}
      />
      <FormSection title={t("plan.terms.availability")}>
        {availability.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity of their own
          <Stack key={index} gap={6} className="sv-surface" p="sm">
            <Group wrap="nowrap" align="flex-end" gap="xs">
              {"date" in entry ? (
                <TextInput
                  type="date"
                  flex={1}
                  label={t("plan.roster.day")}
                  value={entry.date}
                  error={form.errors[`availability.${index}`]}
                  onChange={(event) => set(index, { ...entry, date: event.currentTarget.value })}
                />
              ) : (
                <Select
                  flex={1}
                  label={t("plan.terms.weekday")}
                  error={form.errors[`availability.${index}`]}
                  data={WEEKDAYS.map((day) => ({ value: day, label: dayName(day, i18n.language, "long") }))}
                  value={entry.weekday}
                  onChange={(weekday) =>
                    set(index, { ...entry, weekday: (weekday ?? "mon") as typeof entry.weekday })
                  }
                />
              )}
              <Select
                flex={1}
                label={t("plan.terms.can")}
                data={[
                  { value: "unavailable", label: t("plan.terms.unavailable") },
                  { value: "between", label: t("plan.terms.between") },
                ]}
                value={entry.kind}
                onChange={(kind) =>
                  set(
                    index,
                    (kind === "between"
                      ? { ...dayOf(entry), kind, from: "08:00", to: "17:00" }
                      : { ...dayOf(entry), kind: "unavailable" }) as Entry,
                  )
                }
              />
              <ActionIcon
                mb={4}
                aria-label={`${t("common.remove")} ${index + 1}`}
                onClick={() => form.removeListItem("availability", index)}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
            {entry.kind === "between" && (
              <Group grow>
                <TextInput
                  type="time"
                  label={t("plan.roster.begins")}
                  value={entry.from}
                  onChange={(event) => set(index, { ...entry, from: event.currentTarget.value })}
                />
                <TextInput
                  type="time"
                  label={t("plan.roster.ends")}
                  value={entry.to}
                  onChange={(event) => set(index, { ...entry, to: event.currentTarget.value })}
                />
              </Group>
            )}
          </Stack>
        ))}
        <Group gap="xs">
          <AddRow
            label={t("plan.terms.add_weekday")}
            onClick={() => form.insertListItem("availability", { weekday: "wed", kind: "unavailable" })}
          />
          <AddRow
            label={t("plan.terms.add_date")}
            onClick={() => form.insertListItem("availability", { date: "", kind: "unavailable" })}
          />
        </Group>
      </FormSection>
    </>
  );
}

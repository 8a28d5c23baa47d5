import { Group, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, LANGUAGES } from "@svara/contracts";
import { IconBuildingStore } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { countryOptions } from "../../../kit/country-options.ts";
import { timeZoneOptions } from "../../../kit/time-zone-options.ts";
import { useSession } from "../../../services.ts";
import type { DraftOf } from "../entity/crud.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { FormSection } from "../entity/fields.tsx";
import { CentreSettings } from "./centre-settings.tsx";

type ClientDraft = DraftOf<typeof api.clients>;

/** The organisations on whose behalf contacts are handled, and the centre itself. */
export function ClientsPage() {
  const { t } = useTranslation();
  const { centre } = useSession();
  const days = (value: number | null): string =>
    value === null ? t("clients.kept") : t("clients.days", { count: value });
  return (
    <Stack gap="xl">
      <EntityPage
        kind="client"
        routes={api.clients}
        edit="clients.edit"
        icon={IconBuildingStore}
        words={{
          title: t("office.clients"),
          description: t("clients.description"),
          create: t("clients.create"),
          emptyTitle: t("clients.empty_title"),
          emptyText: t("clients.empty_text"),
        }}
        nameOf={(client) => client.name}
        columns={[
          { label: t("fields.time_zone"), render: (client) => client.timeZone },
          {
            label: t("clients.recordings"),
            end: true,
            render: (client) => days(client.recordingRetentionDays),
          },
          {
            label: t("clients.personal_data"),
            end: true,
            render: (client) => days(client.personalDataRetentionDays),
          },
        ]}
        blank={() => ({
          name: "",
          timeZone: centre.timeZone,
          language: centre.language as ClientDraft["language"],
          country: centre.country,
          recordCalls: true,
          recordingRetentionDays: 90,
          personalDataRetentionDays: 365,
          callerIdNumber: null,
        })}
        toDraft={({ id: _id, revision: _revision, archived: _archived, ...draft }) => draft}
        fields={(form) => <ClientFields form={form} />}
      />
      <CentreSettings />
    </Stack>
  );
}

function ClientFields({ form }: { readonly form: UseFormReturnType<ClientDraft> }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <Group grow align="flex-start">
        <Select
          label={t("fields.language")}
          data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
          {...form.getInputProps("language")}
        />
        <Select
          label={t("fields.country")}
          searchable
          data={countryOptions(i18n.language)}
          {...form.getInputProps("country")}
        />
      </Group>
      <Select
        label={t("fields.time_zone")}
        searchable
        data={timeZoneOptions()}
        {...form.getInputProps("timeZone")}
      />
      <TextInput
        label={t("clients.caller_id")}
        description={t("clients.caller_id_hint")}
        placeholder="+46 8 123 456"
        value={form.getValues().callerIdNumber ?? ""}
        error={form.errors.callerIdNumber}
        onChange={(event) =>
          form.setFieldValue("callerIdNumber", event.currentTarget.value.replace(/[\s()-]/g, "") || null)
        }
      />
      <FormSection title={t("clients.retention")}>
        <Switch
          label={t("clients.record_calls")}
          description={t("clients.record_calls_hint")}
          {...form.getInputProps("recordCalls", { type: "checkbox" })}
        />
        <Retention
          label={t("clients.recordings")}
          description={t("clients.recordings_hint")}
          value={form.getValues().recordingRetentionDays}
          error={form.errors.recordingRetentionDays}
          onChange={(days) => form.setFieldValue("recordingRetentionDays", days)}
          fallback={90}
        />
        <Retention
          label={t("clients.personal_data")}
          description={t("clients.personal_data_hint")}
          value={form.getValues().personalDataRetentionDays}
          error={form.errors.personalDataRetentionDays}
          onChange={(days) => form.setFieldValue("personalDataRetentionDays", days)}
          fallback={365}
        />
      </FormSection>
    </>
  );
}

function Retention(props: {
  readonly label: string;
  readonly description: string;
  readonly value: number | null;
  readonly error: React.ReactNode;
  readonly fallback: number;
  readonly onChange: (days: number | null) => void;
}) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  return (
    <Group align="flex-end" justify="space-between" wrap="nowrap">
      <NumberInput
        style={{ flex: 1 }}
        label={props.label}
        description={props.description}
        suffix={` ${t("clients.days_suffix")}`}
        min={1}
        max={36_500}
        disabled={value === null}
        value={value ?? ""}
        error={props.error}
        onChange={(days) => typeof days === "number" && onChange(days)}
      />
      <Switch
        mb={8}
        label={t("clients.keep")}
        checked={value === null}
        onChange={(event) => onChange(event.currentTarget.checked ? null : props.fallback)}
      />
    </Group>
  );
}

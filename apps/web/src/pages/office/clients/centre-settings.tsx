import { Alert, Button, Group, Select, Skeleton, Stack, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type AnswerOf, api, LANGUAGES } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { countryOptions } from "../../../kit/country-options.ts";
import { timeZoneOptions } from "../../../kit/time-zone-options.ts";
import { useServices } from "../../../services.ts";
import { useChangeTold } from "../entity/crud.ts";

type Centre = AnswerOf<typeof api.centre.get>;

/** The installation's own name, zone, language and country. */
export function CentreSettings() {
  const { t } = useTranslation();
  const { client } = useServices();
  const centre = useQuery({ queryKey: ["config", "centre"], queryFn: () => client.call(api.centre.get, {}) });
  return (
    <section aria-labelledby="centre-settings">
      <Title order={2} id="centre-settings" mb="sm">
        {t("centre.title")}
      </Title>
      {centre.data ? (
        <CentreForm key={centre.data.revision} centre={centre.data} />
      ) : (
        <Skeleton height={200} radius="lg" />
      )}
    </section>
  );
}

function CentreForm({ centre }: { readonly centre: Centre }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const mayEdit = useMay("centre.edit");
  const told = useChangeTold("centre");
  const { id, revision, ...draft } = centre;
  const form = useForm({ initialValues: draft });
  const save = useMutation({
    mutationFn: (values: typeof draft) =>
      client.call(api.centre.replace, { body: values, ifMatch: revision }),
    onSuccess: async (saved) => {
      await told(t("office.saved"), { id, revision: saved.revision });
      await queries.invalidateQueries({ queryKey: ["session"] });
    },
    onError: (error) => form.setErrors(fieldProblems(error, i18n)),
    meta: { handlesErrors: true },
  });
  return (
    <form
      className="sv-surface"
      style={{ padding: "1.25rem" }}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0 }}>
        <Stack gap="md">
          {save.isError && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problemText(save.error, i18n)}
            </Alert>
          )}
          <Group grow align="flex-start">
            <TextInput label={t("first_run.centre_name")} required {...form.getInputProps("name")} />
            <Select
              label={t("fields.time_zone")}
              searchable
              data={timeZoneOptions()}
              {...form.getInputProps("timeZone")}
            />
          </Group>
          <Group grow align="flex-start">
            <Select
              label={t("fields.language")}
              data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
              {...form.getInputProps("language")}
            />
            <Select
              label={t("fields.country")}
              description={t("centre.country_hint")}
              searchable
              data={countryOptions(i18n.language)}
              {...form.getInputProps("country")}
            />
          </Group>
          {mayEdit && (
            <Group justify="flex-end">
              <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
                {t("common.save")}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

import { Alert, Button, Group, PasswordInput, Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, LANGUAGES, type Language } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { fieldProblems, problemText } from "../../api/problem-text.ts";
import { LANGUAGE_NAMES } from "../../i18n/i18n.ts";
import { countryOptions } from "../../kit/country-options.ts";
import { timeZoneOptions } from "../../kit/time-zone-options.ts";
import { useServices } from "../../services.ts";
import { FrontDoor } from "../sign-in/front-door.tsx";

/** Creates the first administrator with the one-time token of the link that the console printed. */
export function FirstRunPage() {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const token = tokenOf(location);
  const form = useForm({
    initialValues: {
      centreName: "",
      displayName: "",
      username: "",
      password: "",
      language: i18n.language as Language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      country: new Intl.Locale(navigator.language).maximize().region ?? "SE",
    },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) =>
      client.call(api.identity.firstRun, { body: { token, ...values } }),
    onSuccess: (session) => {
      queries.setQueryData(["session"], session);
      go("/office", { replace: true });
    },
    onError: (error) => form.setErrors(fieldProblems(error, i18n)),
    meta: { handlesErrors: true },
  });
  return (
    <FrontDoor title={t("first_run.title")} text={t("first_run.form_text")}>
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} style={{ display: "contents" }}>
        {token === "" && (
          <Alert color="orange" icon={<IconAlertTriangle />}>
            {t("first_run.no_token")}
          </Alert>
        )}
        {create.isError && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {problemText(create.error, i18n)}
          </Alert>
        )}
        <TextInput
          label={t("first_run.centre_name")}
          description={t("first_run.centre_name_hint")}
          required
          {...form.getInputProps("centreName")}
        />
        <TextInput
          label={t("first_run.display_name")}
          autoComplete="name"
          required
          {...form.getInputProps("displayName")}
        />
        <TextInput
          label={t("sign_in.username")}
          description={t("first_run.username_hint")}
          autoComplete="username"
          autoCapitalize="none"
          required
          {...form.getInputProps("username")}
        />
        <PasswordInput
          label={t("sign_in.password")}
          description={t("password.rule")}
          autoComplete="new-password"
          minLength={10}
          required
          {...form.getInputProps("password")}
        />
        <Group grow align="flex-start">
          <Select
            label={t("shell.language")}
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
        <Text size="xs" c="dimmed">
          {t("first_run.later")}
        </Text>
        <Button type="submit" size="md" loading={create.isPending} disabled={token === ""} fullWidth>
          {t("first_run.submit")}
        </Button>
      </form>
    </FrontDoor>
  );
}

/** The token stands in the query or behind `#`, where proxies do not log it. */
function tokenOf(place: Location): string {
  const inHash = new URLSearchParams(place.hash.slice(1)).get("token");
  return inHash ?? new URLSearchParams(place.search).get("token") ?? "";
}

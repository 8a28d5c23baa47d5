import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../api/notify.tsx";
import { fieldProblems, problemText } from "../../api/problem-text.ts";
import { useServices } from "../../services.ts";

/** Changes the own password. */
export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { current: "", next: "", again: "" },
    validate: { again: (value, values) => (value === values.next ? null : t("password.differs")) },
  });
  const change = useMutation({
    mutationFn: ({ current, next }: typeof form.values) =>
      client.call(api.identity.changePassword, { body: { current, next } }),
    onSuccess: async () => {
      notifyDone(t("password.changed"));
      await queries.invalidateQueries({ queryKey: ["session"] });
      onDone();
    },
    onError: (error) => {
      const fields = fieldProblems(error, i18n);
      form.setErrors(Object.keys(fields).length > 0 ? fields : { current: problemText(error, i18n) });
    },
    meta: { handlesErrors: true },
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="md">
        <PasswordInput
          label={t("password.current")}
          autoComplete="current-password"
          required
          {...form.getInputProps("current")}
        />
        <PasswordInput
          label={t("password.next")}
          description={t("password.rule")}
          autoComplete="new-password"
          minLength={10}
          required
          {...form.getInputProps("next")}
        />
        <PasswordInput
          label={t("password.again")}
          autoComplete="new-password"
          required
          {...form.getInputProps("again")}
        />
        <Button type="submit" loading={change.isPending}>
          {t("password.submit")}
        </Button>
      </Stack>
    </form>
  );
}

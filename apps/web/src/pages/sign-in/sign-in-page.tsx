import { Alert, Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconAlertTriangle, IconDoorEnter } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { problemText } from "../../api/problem-text.ts";
import { Empty } from "../../kit/empty.tsx";
import { useServices } from "../../services.ts";
import { FrontDoor } from "./front-door.tsx";

/** Name and password. While the first administrator is missing it points at the link in the console. */
export function SignInPage() {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const firstRun = useQuery({
    queryKey: ["first-run"],
    queryFn: () => client.call(api.identity.firstRunState, {}),
  });
  const form = useForm({ initialValues: { username: "", password: "" } });
  const signIn = useMutation({
    mutationFn: (values: { username: string; password: string }) =>
      client.call(api.identity.signIn, { body: values }),
    onSuccess: (session) => queries.setQueryData(["session"], session),
    meta: { handlesErrors: true },
  });
  if (firstRun.data?.needed) {
    return (
      <FrontDoor title={t("first_run.title")} text={t("first_run.text")}>
        <Empty
          compact
          icon={IconDoorEnter}
          title={t("first_run.link_title")}
          text={t("first_run.link_text")}
        />
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title={t("sign_in.title")} text={t("sign_in.text")}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} style={{ display: "contents" }}>
        {signIn.isError && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {problemText(signIn.error, i18n)}
          </Alert>
        )}
        <TextInput
          label={t("sign_in.username")}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          withAsterisk={false}
          {...form.getInputProps("username")}
        />
        <PasswordInput
          label={t("sign_in.password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
          {t("sign_in.submit")}
        </Button>
      </form>
    </FrontDoor>
  );
}

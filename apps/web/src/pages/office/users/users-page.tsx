import { Group, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, LANGUAGES, type Language, type User } from "@svara/contracts";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatMoment } from "../../../format/moment.ts";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { Pill } from "../../../kit/agent-state.tsx";
import { useServices, useSession } from "../../../services.ts";
import type { DraftOf } from "../entity/crud.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { FormSection } from "../entity/fields.tsx";
import { roleName, useRoles } from "../roles/role-name.ts";
import { AgentFields } from "./agent-fields.tsx";
import { GrantFields } from "./grant-fields.tsx";
import { UserPassword } from "./user-password.tsx";

export type UserDraft = DraftOf<typeof api.users>;

/** The people: how they sign in, what they may, and whether they take contacts. */
export function UsersPage() {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const { centre } = useSession();
  const roles = useRoles();
  return (
    <EntityPage
      wide
      kind="user"
      routes={api.users}
      edit="users.edit"
      icon={IconUsers}
      words={{
        title: t("office.users"),
        description: t("users.description"),
        create: t("users.create"),
        emptyTitle: t("users.empty_title"),
        emptyText: t("users.empty_text"),
      }}
      nameOf={(user) => user.displayName}
      nameLabel={t("users.display_name")}
      columns={[
        { label: t("sign_in.username"), render: (user) => user.username },
        {
          label: t("office.roles"),
          render: (user) =>
            user.grants
              .map((grant) => roles.find((role) => role.id === grant.roleId))
              .flatMap((role) => (role ? [roleName(role, t)] : []))
              .join(", ") || "–",
        },
        { label: t("fields.state"), render: (user) => <UserState user={user} now={serverClock.now()} /> },
        {
          label: t("users.last_sign_in"),
          end: true,
          render: (user) =>
            user.lastSignInAt === null
              ? "–"
              : formatMoment(user.lastSignInAt, serverClock.now(), i18n.language),
        },
      ]}
      blank={() => ({
        username: "",
        displayName: "",
        email: null,
        language: centre.language as Language,
        active: true,
        grants: [],
        agent: null,
        password: "",
      })}
      toDraft={({ username, displayName, email, language, active, grants, agent }) => ({
        username,
        displayName,
        email,
        language,
        active,
        grants,
        agent,
      })}
      fields={(form, user) => <UserFields form={form} isNew={user === undefined} />}
      extra={(user) => <UserPassword user={user} />}
    />
  );
}

function UserState({ user, now }: { readonly user: User; readonly now: number }) {
  const { t } = useTranslation();
  if (!user.active) return <Pill tone="away">{t("users.inactive")}</Pill>;
  if (user.lockedUntil !== null && user.lockedUntil > now)
    return <Pill tone="trouble">{t("users.locked")}</Pill>;
  return <Pill tone="available">{user.agent ? t("users.active_agent") : t("users.active")}</Pill>;
}

function UserFields({
  form,
  isNew,
}: {
  readonly form: UseFormReturnType<UserDraft>;
  readonly isNew: boolean;
}) {
  const { t } = useTranslation();
  const email = form.getInputProps("email");
  return (
    <>
      <Group grow align="flex-start">
        <TextInput label={t("users.display_name")} required {...form.getInputProps("displayName")} />
        <TextInput
          label={t("sign_in.username")}
          required
          autoComplete="off"
          autoCapitalize="none"
          {...form.getInputProps("username")}
        />
      </Group>
      {isNew && (
        <PasswordInput
          label={t("users.first_password")}
          description={t("users.first_password_hint")}
          required
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
      )}
      <Group grow align="flex-start">
        <TextInput
          label={t("fields.email")}
          type="email"
          {...email}
          value={email.value ?? ""}
          onChange={(event) => form.setFieldValue("email", event.currentTarget.value || null)}
        />
        <Select
          label={t("fields.language")}
          data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
          {...form.getInputProps("language")}
        />
      </Group>
      <Switch
        label={t("users.may_sign_in")}
        description={t("users.may_sign_in_hint")}
        {...form.getInputProps("active", { type: "checkbox" })}
      />
      <FormSection title={t("office.roles")}>
        <GrantFields form={form} />
      </FormSection>
      <FormSection title={t("users.as_agent")}>
        <AgentFields form={form} />
      </FormSection>
    </>
  );
}

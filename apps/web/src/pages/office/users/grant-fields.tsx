import { ActionIcon, Group, Select, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, SCOPE_KINDS, type ScopeKind } from "@svara/contracts";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../services.ts";
import { AddRow, useChoices } from "../entity/fields.tsx";
import { roleName, useRoles } from "../roles/role-name.ts";
import type { UserDraft } from "./users-page.tsx";

/** Which roles a person has, each with what it covers. */
export function GrantFields({ form }: { readonly form: UseFormReturnType<UserDraft> }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const { grants } = form.getValues();
  const firstRole = roles[0];
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t("users.grants_hint")}
      </Text>
      {grants.map((grant, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grants have no identity of their own
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
          <Select
            aria-label={t("users.role")}
            data={roles.map((role) => ({ value: role.id, label: roleName(role, t) }))}
            {...form.getInputProps(`grants.${index}.roleId`)}
            style={{ flex: 1 }}
          />
          <ScopeSelect
            scope={grant.scope}
            error={form.errors[`grants.${index}.scope`]}
            onChange={(scope) => form.setFieldValue(`grants.${index}.scope`, scope)}
          />
          <ActionIcon
            mt={6}
            aria-label={t("common.remove")}
            onClick={() => form.removeListItem("grants", index)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {firstRole && (
        <AddRow
          label={t("users.add_role")}
          onClick={() => {
            const agentRole = roles.find((role) => role.preset === "agent") ?? firstRole;
            form.insertListItem("grants", { roleId: agentRole.id, scope: { kind: "centre" } });
          }}
        />
      )}
    </Stack>
  );
}

type ScopeValue = UserDraft["grants"][number]["scope"];

/** What a grant covers: everything, or one site, team, client or queue. */
export function ScopeSelect(props: {
  readonly scope: ScopeValue;
  readonly onChange: (scope: ScopeValue) => void;
  readonly error?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const { clients } = useSession();
  const { scope, onChange } = props;
  const lists: Readonly<Record<Exclude<ScopeKind, "centre">, { value: string; label: string }[]>> = {
    site: useChoices("site", api.sites),
    team: useChoices("team", api.teams),
    client: clients.map((client) => ({ value: client.id, label: client.name })),
    queue: useChoices("queue", api.queues),
  };
  const data = SCOPE_KINDS.map((kind) =>
    kind === "centre"
      ? { group: t("scope.all"), items: [{ value: "centre", label: t("scope.centre") }] }
      : {
          group: t(`scope.${kind}`),
          items: lists[kind].map((each) => ({ value: `${kind}:${each.value}`, label: each.label })),
        },
  ).filter((group) => group.items.length > 0);
  return (
    <Select
      aria-label={t("scope.label")}
      data={data}
      searchable
      value={scope.kind === "centre" ? "centre" : `${scope.kind}:${scope.id}`}
      error={props.error}
      onChange={(value) => {
        if (!value || value === "centre") return onChange({ kind: "centre" });
        const [kind = "", id = ""] = value.split(":");
        onChange({ kind: kind as Exclude<ScopeKind, "centre">, id });
      }}
      style={{ flex: 1 }}
    />
  );
}

import { Checkbox, Stack, Text, TextInput, Title } from "@mantine/core";
import { api, PERMISSION_NAMES, type Permission } from "@svara/contracts";
import { IconCheck, IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EntityPage } from "../entity/entity-page.tsx";
import classes from "../office.module.css";
import { permissionKey } from "./permission-key.ts";
import { roleName, useRoles } from "./role-name.ts";

/** Permissions by the area that stands before the dot. */
const AREAS = [...Map.groupBy(PERMISSION_NAMES, (name) => name.split(".")[0] ?? name)];

/** Roles: named sets of permissions, granted to people with a scope; and all of them side by side. */
export function RolesPage() {
  const { t } = useTranslation();
  return (
    <Stack gap="xl">
      <EntityPage
        wide
        kind="role"
        routes={api.roles}
        edit="roles.edit"
        icon={IconShieldLock}
        words={{
          title: t("office.roles"),
          description: t("roles.description"),
          create: t("roles.create"),
          emptyTitle: t("roles.empty_title"),
          emptyText: t("roles.empty_text"),
        }}
        nameOf={(role) => roleName(role, t)}
        columns={[
          {
            label: t("roles.kind"),
            render: (role) => (role.preset === null ? t("roles.own") : t("roles.preset")),
          },
          { label: t("roles.permissions"), end: true, render: (role) => role.permissions.length },
        ]}
        locked={(role) => role.preset !== null}
        blank={() => ({ name: "", permissions: [] as Permission[] })}
        toDraft={(role) => ({ name: roleName(role, t), permissions: role.permissions })}
        fields={(form) => (
          <>
            <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
            <Checkbox.Group {...form.getInputProps("permissions")}>
              <Stack gap="md">
                {AREAS.map(([area, names]) => (
                  <Stack key={area} gap={6}>
                    {names.map((name) => (
                      <Checkbox key={name} value={name} label={t(`permission.${permissionKey(name)}`)} />
                    ))}
                  </Stack>
                ))}
              </Stack>
            </Checkbox.Group>
          </>
        )}
      />
      <PermissionMatrix />
    </Stack>
  );
}

function PermissionMatrix() {
  const { t } = useTranslation();
  const roles = useRoles();
  if (roles.length === 0) return null;
  return (
    <section aria-labelledby="permission-matrix">
      <Title order={2} id="permission-matrix" mb="sm">
        {t("roles.matrix")}
      </Title>
      <div className="sv-surface" style={{ overflowX: "auto" }}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">{t("roles.permission")}</th>
              {roles.map((role) => (
                <th key={role.id} scope="col">
                  {roleName(role, t)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERMISSION_NAMES.map((name) => (
              <tr key={name}>
                <td>{t(`permission.${permissionKey(name)}`)}</td>
                {roles.map((role) => (
                  <td key={role.id}>
                    {role.permissions.includes(name) ? (
                      <IconCheck size={16} color="var(--sv-state-available)" aria-label={t("common.yes")} />
                    ) : (
                      <Text span c="dimmed" aria-label={t("common.no")}>
                        ·
                      </Text>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

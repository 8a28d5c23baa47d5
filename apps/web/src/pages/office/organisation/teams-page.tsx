import { Select, Stack, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconBuilding, IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { timeZoneOptions } from "../../../kit/time-zone-options.ts";
import { useSession } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { EntityMultiSelect, EntitySelect, useChoices } from "../entity/fields.tsx";

/** Teams, and the sites at which they sit. */
export function TeamsPage() {
  const { t } = useTranslation();
  const { centre } = useSession();
  const sites = useChoices("site", api.sites);
  return (
    <Stack gap="xl">
      <EntityPage
        kind="team"
        routes={api.teams}
        edit="organisation.edit"
        icon={IconUsersGroup}
        words={{
          title: t("teams.title"),
          description: t("teams.description"),
          create: t("teams.create"),
          emptyTitle: t("teams.empty_title"),
          emptyText: t("teams.empty_text"),
        }}
        nameOf={(team) => team.name}
        columns={[
          {
            label: t("fields.site"),
            render: (team) => sites.find((site) => site.value === team.siteId)?.label ?? "–",
          },
          { label: t("teams.leaders"), end: true, render: (team) => team.leaderIds.length },
        ]}
        blank={() => ({ name: "", siteId: null, leaderIds: [] })}
        toDraft={({ name, siteId, leaderIds }) => ({ name, siteId, leaderIds })}
        fields={(form) => (
          <>
            <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
            <EntitySelect
              kind="site"
              routes={api.sites}
              label={t("fields.site")}
              clearable
              {...form.getInputProps("siteId")}
            />
            <EntityMultiSelect
              kind="user"
              routes={api.users}
              label={t("teams.leaders")}
              description={t("teams.leaders_hint")}
              {...form.getInputProps("leaderIds")}
            />
          </>
        )}
      />
      <EntityPage
        nested
        kind="site"
        routes={api.sites}
        edit="organisation.edit"
        icon={IconBuilding}
        words={{
          title: t("sites.title"),
          description: t("sites.description"),
          create: t("sites.create"),
          emptyTitle: t("sites.empty_title"),
          emptyText: t("sites.empty_text"),
        }}
        nameOf={(site) => site.name}
        columns={[{ label: t("fields.time_zone"), render: (site) => site.timeZone }]}
        blank={() => ({ name: "", timeZone: centre.timeZone })}
        toDraft={({ name, timeZone }) => ({ name, timeZone })}
        fields={(form) => (
          <>
            <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
            <Select
              label={t("fields.time_zone")}
              searchable
              data={timeZoneOptions()}
              {...form.getInputProps("timeZone")}
            />
          </>
        )}
      />
    </Stack>
  );
}

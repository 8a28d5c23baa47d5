import { Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { EntityMultiSelect, type FieldProps, useChoices } from "../../../office/entity/fields.tsx";

/** For which teams and sites a set of rules holds. */
export function RulesForFields(props: { readonly teams: FieldProps; readonly sites: FieldProps }) {
  const { t } = useTranslation();
  return (
    <>
      <EntityMultiSelect kind="team" routes={api.teams} label={t("plan.rules.teams")} {...props.teams} />
      <EntityMultiSelect kind="site" routes={api.sites} label={t("plan.rules.sites")} {...props.sites} />
      <Text size="xs" c="dimmed">
        {t("plan.rules.for_hint")}
      </Text>
    </>
  );
}

/** The names of teams and sites, or that it holds for everybody else. */
export function RulesForWords(props: {
  readonly teamIds: readonly string[];
  readonly siteIds: readonly string[];
}) {
  const { t } = useTranslation();
  const teams = useChoices("team", api.teams);
  const sites = useChoices("site", api.sites);
  const names = [...teams, ...sites]
    .filter(({ value }) => props.teamIds.includes(value) || props.siteIds.includes(value))
    .map(({ label }) => label);
  return <>{names.length > 0 ? names.join(", ") : t("plan.rules.everybody")}</>;
}

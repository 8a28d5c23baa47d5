import { Select } from "@mantine/core";
import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { useSession } from "../../../services.ts";
import { useEntities } from "../../office/entity/crud.ts";

/** A team, a site, or the whole centre. */
export interface PlaceValue {
  readonly teamId: string | null;
  readonly siteId: string | null;
}

/** Whose agents it is about. The server checks that they are the caller's. */
export function PlaceChoice(props: {
  readonly label: string;
  readonly value: PlaceValue;
  readonly onChange: (place: PlaceValue) => void;
  readonly error?: string | undefined;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const sees = useMay("organisation.view");
  const teams = useEntities("team", api.teams, { enabled: sees });
  const sites = useEntities("site", api.sites, { enabled: sees });
  const scopes = session.permissions.find(({ permission }) => permission === "plan.edit")?.scopes ?? [];
  const everywhere = scopes.some(({ kind }) => kind === "centre");
  const within = (kind: "team" | "site", id: string): boolean =>
    everywhere || scopes.some((scope) => scope.kind === kind && scope.id === id);
  const named = (kind: "team" | "site", entities: readonly { id: string; name: string }[] | undefined) =>
    (entities ?? [])
      .filter(({ id }) => within(kind, id))
      .map(({ id, name }) => ({ value: `${kind}:${id}`, label: name }));
  const { teamId, siteId } = props.value;
  const value = teamId !== null ? `team:${teamId}` : siteId !== null ? `site:${siteId}` : "centre";
  return (
    <Select
      label={props.label}
      data={[
        ...(everywhere ? [{ value: "centre", label: t("scope.centre") }] : []),
        ...grouped(t("fields.team"), named("team", teams.data)),
        ...grouped(t("fields.site"), named("site", sites.data)),
      ]}
      value={value}
      error={props.error}
      onChange={(next) => {
        const [kind, id = null] = (next ?? "centre").split(":");
        props.onChange({ teamId: kind === "team" ? id : null, siteId: kind === "site" ? id : null });
      }}
    />
  );
}

function grouped(group: string, items: { value: string; label: string }[]) {
  return items.length > 0 ? [{ group, items }] : [];
}

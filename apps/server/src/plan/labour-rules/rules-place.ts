import type { ConfigurationKind, FieldProblem } from "@svara/contracts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { Reference } from "../../office/office-kind.ts";
import { listReferences } from "../../office/own-client.ts";
import type { Place } from "../../rights/access.ts";

/** Whom a set of rules is for: the teams and sites that it names; naming none, everybody else. */
export interface RulesFor {
  readonly teamIds: readonly string[];
  readonly siteIds: readonly string[];
}

/** Where an agent works. */
export interface WorkPlace {
  readonly teamId: string | null;
  readonly siteId: string | null;
}

/** Of one team or of one site it stands there; all others stand over the whole centre. */
export function rulesPlace({ teamIds, siteIds }: RulesFor): Place {
  if (teamIds.length + siteIds.length !== 1) return {};
  return teamIds[0] === undefined ? { siteId: siteIds[0] ?? null } : { teamId: teamIds[0] };
}

export function rulesReferences({ teamIds, siteIds }: RulesFor): Reference[] {
  return [...listReferences("team", "teamIds", teamIds), ...listReferences("site", "siteIds", siteIds)];
}

/** A team, a site and everybody else have one set each. */
export function doubledRules(
  kind: ConfigurationKind,
  value: RulesFor,
  { id, catalogue }: { readonly id: string; readonly catalogue: Catalogue },
): FieldProblem[] {
  const others = catalogue
    .inUseOf(kind)
    .filter((stored) => stored.id !== id)
    .map((stored) => stored.value as RulesFor & { readonly name: string });
  const doubled = (field: "teamIds" | "siteIds"): FieldProblem[] =>
    value[field].flatMap((one, index) => {
      const other = others.find((each) => each[field].includes(one));
      return other
        ? [{ field: `${field}.${index}`, code: "taken", message: `has the rules ${other.name} already` }]
        : [];
    });
  const general = value.teamIds.length + value.siteIds.length === 0;
  const other = others.find(({ teamIds, siteIds }) => teamIds.length + siteIds.length === 0);
  return [
    ...doubled("teamIds"),
    ...doubled("siteIds"),
    ...(general && other
      ? [{ field: "teamIds", code: "taken", message: `${other.name} holds for everybody else already` }]
      : []),
  ];
}

/** The set that holds for somebody: of the team, else of the site, else the general one. */
export function rulesFor<T extends RulesFor>(
  sets: readonly { readonly id: string; readonly value: T }[],
  { teamId, siteId }: WorkPlace,
): { readonly id: string; readonly value: T } | undefined {
  const naming = (field: "teamIds" | "siteIds", id: string | null) =>
    id === null ? undefined : sets.find(({ value }) => value[field].includes(id));
  return (
    naming("teamIds", teamId) ??
    naming("siteIds", siteId) ??
    sets.find(({ value }) => value.teamIds.length + value.siteIds.length === 0)
  );
}

import { centreKind } from "../../clients/centre-kind.ts";
import { type UserValue, userKind } from "../../identity/user-kind.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import { siteKind, teamKind } from "../../organisation/organisation-kinds.ts";
import type { Place } from "../../rights/access.ts";

/** Whose a roster is: a team's, a site's, or, with neither, the whole centre's. */
export interface RosterOwner {
  readonly teamId: string | null;
  readonly siteId: string | null;
}

/** An agent as the office knows them. */
export interface OfficeAgent {
  readonly id: string;
  readonly name: string;
  readonly value: UserValue;
  readonly agent: NonNullable<UserValue["agent"]>;
}

/** Where a roster stands, for rights. */
export function rosterPlace(catalogue: Catalogue, { teamId, siteId }: RosterOwner): Place {
  if (teamId === null) return siteId === null ? {} : { siteId };
  return { teamId, siteId: catalogue.get(teamKind, teamId)?.value.siteId ?? null };
}

/** What a roster is called by. */
export function placeName(catalogue: Catalogue, { teamId, siteId }: RosterOwner): string {
  if (teamId !== null) return catalogue.get(teamKind, teamId)?.value.name ?? "";
  if (siteId !== null) return catalogue.get(siteKind, siteId)?.value.name ?? "";
  return catalogue.inUse(centreKind)[0]?.value.name ?? "";
}

/** The zone whose days and wall times hold: the site's, else the centre's. */
export function placeTimeZone(catalogue: Catalogue, { teamId, siteId }: RosterOwner): string {
  const site = teamId === null ? siteId : (catalogue.get(teamKind, teamId)?.value.siteId ?? null);
  const ofSite = site === null ? undefined : catalogue.get(siteKind, site)?.value.timeZone;
  return ofSite ?? catalogue.inUse(centreKind)[0]?.value.timeZone ?? "UTC";
}

/** The active agents of a place, by name. */
export function agentsAt(catalogue: Catalogue, { teamId, siteId }: RosterOwner): OfficeAgent[] {
  return officeAgents(catalogue).filter(
    ({ agent }) =>
      (teamId === null || agent.teamId === teamId) &&
      (siteId === null || siteOf(catalogue, agent) === siteId),
  );
}

/** Every active agent, by name. */
export function officeAgents(catalogue: Catalogue): OfficeAgent[] {
  return catalogue
    .inUse(userKind)
    .flatMap(({ id, value }) =>
      value.agent && value.active ? [{ id, name: value.displayName, value, agent: value.agent }] : [],
    )
    .toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** Where an agent stands, for rights. */
export function agentPlace(catalogue: Catalogue, agentId: string): Place {
  const user = catalogue.get(userKind, agentId);
  return user ? userKind.placeOf(user.value, agentId) : {};
}

export function agentName(catalogue: Catalogue, agentId: string): string {
  return catalogue.get(userKind, agentId)?.value.displayName ?? "";
}

/** An agent's own site, else that of the team. */
function siteOf(catalogue: Catalogue, { teamId, siteId }: OfficeAgent["agent"]): string | null {
  return siteId ?? (teamId === null ? null : (catalogue.get(teamKind, teamId)?.value.siteId ?? null));
}

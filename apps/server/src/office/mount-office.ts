import { api, type ConfigurationKind } from "@svara/contracts";
import { centreKind } from "../clients/centre-kind.ts";
import { clientKind } from "../clients/client-kind.ts";
import type { Revision } from "../configuration/index.ts";
import { entryPointKind } from "../entry-points/entry-point-kind.ts";
import { hoursKind } from "../hours/hours-kind.ts";
import type { HttpCore } from "../http/http-core.ts";
import { HttpError } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import { numberKind } from "../numbers/number-kind.ts";
import { reasonKind, siteKind, skillKind, teamKind } from "../organisation/organisation-kinds.ts";
import { dispositionKind } from "../queues/disposition-kind.ts";
import type { Caller } from "../rights/access.ts";
import type { Office } from "./office.ts";
import type { Stored } from "./office-kind.ts";
import { mountOfficeRoutes } from "./office-routes.ts";

/** The kinds whose routes do no more than list, read, create, replace and remove. */
export function mountPlainOfficeRoutes(
  http: HttpCore,
  office: Office,
  options: {
    readonly centreId: string;
    /** Gives a new client what it begins with. */
    readonly equip: (clientId: string, timeZone: string) => Promise<void>;
  },
): void {
  const { centreId, equip } = options;
  mountCentre(http, office, centreId);
  mountOfficeRoutes(http, office, api.clients, {
    kind: clientKind,
    toEntity,
    async afterWrite(client) {
      const ofClient = office.catalogue.inUse(hoursKind).some(({ value }) => value.clientId === client.id);
      if (!ofClient) await equip(client.id, client.value.timeZone);
    },
  });
  mountOfficeRoutes(http, office, api.sites, { kind: siteKind, toEntity });
  mountOfficeRoutes(http, office, api.teams, { kind: teamKind, toEntity });
  mountOfficeRoutes(http, office, api.skills, { kind: skillKind, toEntity });
  mountOfficeRoutes(http, office, api.reasons, { kind: reasonKind, toEntity });
  mountOfficeRoutes(http, office, api.dispositions, { kind: dispositionKind, toEntity });
  mountOfficeRoutes(http, office, api.hours, { kind: hoursKind, toEntity });
  mountOfficeRoutes(http, office, api.numbers, { kind: numberKind, toEntity });
  mountEntryPoints(http, office);
  mountRevisions(http, office);
}

function toEntity<Value extends object>({ id, revision, archived, value }: Stored<Value>) {
  return { id, revision, archived, ...value };
}

function mountCentre(http: HttpCore, office: Office, centreId: string): void {
  http.mount(api.centre.get, async ({ caller, tag }) => {
    const stored = office.see(caller, centreKind, centreId);
    tag(stored.revision);
    return toEntity(stored);
  });
  http.mount(api.centre.replace, async ({ caller, body, ifMatch, tag }) => {
    const stored = await office.replace(caller, centreKind, centreId, body, { ifMatch });
    tag(stored.revision);
    return toEntity(stored);
  });
}

function mountEntryPoints(http: HttpCore, office: Office): void {
  const { check, ...routes } = api.entryPoints;
  mountOfficeRoutes(http, office, routes, {
    kind: entryPointKind,
    toEntity: (stored) => ({ ...toEntity(stored), version: stored.extra.version }),
  });
  http.mount(check, async ({ body }) => {
    try {
      office.refuseFaulty(entryPointKind, "", body);
      return { errors: [] };
    } catch (error) {
      if (error instanceof HttpError && error.errors) return { errors: [...error.errors] };
      throw error;
    }
  });
}

function mountRevisions(http: HttpCore, office: Office): void {
  http.mount(api.revisions.list, async ({ caller, query }) => {
    const limit = query?.limit ?? 50;
    const before = query?.cursor === undefined ? undefined : Number(query.cursor);
    const found = await office.history({
      limit: limit + 1,
      ...(query?.kind && { kind: query.kind }),
      ...(query?.entityId && { entityId: query.entityId }),
      ...(before !== undefined && Number.isSafeInteger(before) && { before }),
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const undoneBy = new Map(
      found.flatMap(({ undoes, revision }) => (undoes === null ? [] : [[undoes, revision] as const])),
    );
    return {
      items: shown
        .filter((entry) => maySee(office, caller, entry))
        .map((entry) => ({
          ...revisionEntity(office, entry),
          undoneBy: undoneBy.get(entry.revision) ?? null,
        })),
      nextCursor: found.length > limit && last ? String(last.revision) : null,
    };
  });
  http.mount(api.revisions.undo, async ({ caller, params }) => {
    const { revision } = await office.undo(caller, Number(params.revision));
    return { revision };
  });
}

function maySee(office: Office, caller: Caller, entry: Revision): boolean {
  const kind = office.kind(entry.kind as ConfigurationKind);
  const value = entry.after ?? entry.before;
  return kind !== undefined && caller.access.covers("revisions.view", kind.placeOf(value, entry.entityId));
}

function revisionEntity(office: Office, entry: Revision) {
  const kind = office.kind(entry.kind as ConfigurationKind);
  const value = entry.after ?? entry.before;
  const userId = /^user:(.+)$/.exec(entry.actor)?.[1] ?? null;
  return {
    revision: entry.revision,
    at: entry.at,
    actor: {
      id: userId,
      name: (userId && office.catalogue.get(userKind, userId)?.value.displayName) || entry.actor,
    },
    clientId: entry.clientId,
    kind: entry.kind as ConfigurationKind,
    entityId: entry.entityId,
    entityName: (value !== null && kind?.nameOf(value)) || null,
    change:
      entry.before === null
        ? ("created" as const)
        : entry.after === null
          ? ("removed" as const)
          : ("changed" as const),
    summary: entry.summary || null,
    before: entry.before,
    after: entry.after,
    undoes: entry.undoes,
  };
}

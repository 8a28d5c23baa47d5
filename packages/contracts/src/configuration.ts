import { z } from "zod";
import type { Permission, RouteAccess } from "./permission.ts";
import { done, flag, id, instant, page, pageOf, revision } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** What every configured thing has beside its own fields. */
export const configured = {
  id,
  /** Revision that last changed it; send it back as `If-Match` when changing. */
  revision,
  /** Taken out of use: kept for the names in old contacts, shown only when asked for. */
  archived: z.boolean(),
};

export const configurationParams = z.object({ id });

/** Query of every list of configured things. */
export const configurationQuery = page.extend({
  search: z.string().max(80).optional(),
  clientId: id.optional(),
  archived: flag.optional(),
});

export interface ConfigurationRouteOptions<Entity extends z.ZodType, Draft extends z.ZodType> {
  readonly path: `/api/v1/${string}`;
  /** One and many, for the summaries: `["a queue", "queues"]`. */
  readonly words: readonly [one: string, many: string];
  readonly tag: string;
  readonly entity: Entity;
  readonly draft: Draft;
  readonly view: RouteAccess;
  readonly edit: Permission;
}

/** List, read, create, replace and remove one kind of configured thing. */
export function configurationRoutes<Entity extends z.ZodType, Draft extends z.ZodType>(
  options: ConfigurationRouteOptions<Entity, Draft>,
) {
  const { path, words, tag, entity, draft, view, edit } = options;
  const [one, many] = words;
  return {
    list: defineRoute({
      method: "GET",
      path,
      permission: view,
      query: configurationQuery.optional(),
      response: pageOf(entity),
      summary: `List ${many}`,
      tag,
    }),
    get: defineRoute({
      method: "GET",
      path: `${path}/:id`,
      permission: view,
      params: configurationParams,
      response: entity,
      summary: `Read ${one}`,
      tag,
    }),
    create: defineRoute({
      method: "POST",
      path,
      permission: edit,
      body: draft,
      response: entity,
      summary: `Create ${one}`,
      tag,
      idempotent: true,
    }),
    replace: defineRoute({
      method: "PUT",
      path: `${path}/:id`,
      permission: edit,
      params: configurationParams,
      body: draft,
      response: entity,
      summary: `Change ${one}`,
      tag,
      versioned: true,
    }),
    remove: defineRoute({
      method: "DELETE",
      path: `${path}/:id`,
      permission: edit,
      params: configurationParams,
      response: done,
      summary: `Take ${one} out of use`,
      tag,
      versioned: true,
    }),
  };
}

/** Kinds of configured things, as named in revisions and in the topic `config`. */
export const CONFIGURATION_KINDS = [
  "centre",
  "client",
  "site",
  "team",
  "skill",
  "user",
  "role",
  "queue",
  "entry_point",
  "number",
  "trunk",
  "phone",
  "prompt",
  "hours",
  "disposition",
  "not_ready_reason",
  "capacity_profile",
  "routing_rules",
  "calling_rules",
  "dial_rules",
  "special_day",
  "shift_pattern",
  "work_contract",
  "agent_terms",
  "labour_rules",
  "approval_rules",
] as const;
export const configurationKind = z.enum(CONFIGURATION_KINDS);
export type ConfigurationKind = z.output<typeof configurationKind>;

/** One change of the configuration. Secrets are never in `before` and `after`. */
export const revisionEntry = z.object({
  revision,
  at: instant,
  actor: z.object({ id: id.nullable(), name: z.string() }),
  clientId: id.nullable(),
  kind: configurationKind,
  entityId: id,
  entityName: z.string().nullable(),
  change: z.enum(["created", "changed", "removed"]),
  summary: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  undoes: revision.nullable(),
  /** The revision that undid it, as far as it is on the same page. */
  undoneBy: revision.nullable(),
});

export const revisions = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/revisions",
    permission: "revisions.view",
    query: page.extend({ kind: configurationKind.optional(), entityId: id.optional() }).optional(),
    response: pageOf(revisionEntry),
    summary: "Changes of the configuration, newest first",
    tag: "revisions",
  }),
  undo: defineRoute({
    method: "POST",
    path: "/api/v1/revisions/:revision/undo",
    permission: "revisions.undo",
    params: z.object({ revision: z.coerce.number<number | string>().int().min(1) }),
    body: z.object({}).optional(),
    response: z.object({ revision }),
    summary: "Undo a change; refused (409) when the thing has been changed since",
    tag: "revisions",
  }),
};

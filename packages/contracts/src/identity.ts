import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { PERMISSION_NAMES, SCOPE_KINDS } from "./permission.ts";
import {
  country,
  done,
  extension,
  id,
  instant,
  language,
  name,
  page,
  pageOf,
  timeZone,
} from "./primitives.ts";
import { tier } from "./queue-routing.ts";
import { defineRoute } from "./route.ts";

export const permission = z.enum(PERMISSION_NAMES as [string, ...string[]]) as z.ZodType<
  (typeof PERMISSION_NAMES)[number],
  (typeof PERMISSION_NAMES)[number]
>;

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/, "2 to 64 small letters, digits and . _ - @");

/** At least 10 characters; length is what makes a password strong (NIST SP 800-63B). */
export const newPassword = z.string().min(10).max(256);

/** What a grant covers; `centre` covers all. */
export const scope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("centre") }),
  z.object({ kind: z.enum(SCOPE_KINDS.filter((kind) => kind !== "centre")), id }),
]);
export type Scope = z.output<typeof scope>;

export const grant = z.object({ roleId: id, scope });

export const agentProfile = z.object({
  teamId: id.nullable(),
  siteId: id.nullable(),
  extension: extension.nullable(),
  skills: z.array(z.object({ skillId: id, level: z.int().min(1).max(5) })).max(100),
  /** The lines of support that the agent serves. */
  tiers: z.array(tier).min(1).max(4).default([1]),
  /** What the agent may have in hand at once; null: one call. */
  capacityProfileId: id.nullable().default(null),
  /** The agent's device answers by itself after a beep. */
  autoAnswer: z.boolean().default(false),
});

const userFields = {
  username,
  displayName: name,
  email: z.email().nullable(),
  language,
  /** A user who is not active cannot sign in. */
  active: z.boolean(),
  grants: z.array(grant).max(50),
  /** Null: takes no contacts. The agent's id is the user's id. */
  agent: agentProfile.nullable(),
};

/** A given password must be changed at the first sign-in unless `mustChangePassword` is false. */
export const userDraft = z.object({
  ...userFields,
  password: newPassword.optional(),
  mustChangePassword: z.boolean().optional(),
});
export const user = z.object({
  ...configured,
  ...userFields,
  passwordSet: z.boolean(),
  mustChangePassword: z.boolean(),
  lastSignInAt: instant.nullable(),
  lockedUntil: instant.nullable(),
});
export type User = z.output<typeof user>;

export const roleDraft = z.object({ name, permissions: z.array(permission) });
export const role = z.object({
  ...configured,
  /** Null for presets: the code is translated. */
  name: z.string().nullable(),
  /** `administrator`, `supervisor`, `agent`; null for roles made here. */
  preset: z.string().nullable(),
  permissions: z.array(permission),
});

/** Who is signed in and what they may. */
export const session = z.object({
  user: z.object({
    id,
    username: z.string(),
    displayName: z.string(),
    language,
    isAgent: z.boolean(),
    mustChangePassword: z.boolean(),
  }),
  /** To be sent as `X-Svara-Csrf` with everything that changes something. */
  csrf: z.string(),
  expiresAt: instant,
  /** Each permission held with the scopes in which it is held. */
  permissions: z.array(z.object({ permission, scopes: z.array(scope) })),
  /** Clients whose business one may see, with what is needed to show times and numbers. */
  clients: z.array(z.object({ id, name: z.string(), timeZone: z.string(), language, country: z.string() })),
  centre: z.object({ id, name: z.string(), timeZone: z.string(), language, country: z.string() }),
});
export type Session = z.output<typeof session>;

const tag = "identity";

export const identity = {
  signIn: defineRoute({
    method: "POST",
    path: "/api/v1/session",
    permission: "public",
    body: z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) }),
    response: session,
    summary: "Sign in; sets the session cookie",
    tag,
  }),
  session: defineRoute({
    method: "GET",
    path: "/api/v1/session",
    permission: "signed_in",
    response: session,
    summary: "Who is signed in",
    tag,
  }),
  signOut: defineRoute({
    method: "DELETE",
    path: "/api/v1/session",
    permission: "signed_in",
    response: done,
    summary: "Sign out",
    tag,
  }),
  changePassword: defineRoute({
    method: "PUT",
    path: "/api/v1/session/password",
    permission: "signed_in",
    body: z.object({ current: z.string().min(1).max(256), next: newPassword }),
    response: done,
    summary: "Change the own password; other sessions end",
    tag,
  }),
  changeLanguage: defineRoute({
    method: "PUT",
    path: "/api/v1/session/language",
    permission: "signed_in",
    body: z.object({ language }),
    response: done,
    summary: "Choose the language of the screen",
    tag,
  }),
  firstRunState: defineRoute({
    method: "GET",
    path: "/api/v1/first-run",
    permission: "public",
    response: z.object({ needed: z.boolean() }),
    summary: "Whether the first administrator is still to be created",
    tag,
  }),
  firstRun: defineRoute({
    method: "POST",
    path: "/api/v1/first-run",
    permission: "public",
    body: z.object({
      /** The one-time token of the link printed at start. */
      token: z.string().min(20).max(100),
      username,
      displayName: name,
      password: newPassword,
      language,
      centreName: name.optional(),
      timeZone: timeZone.optional(),
      country: country.optional(),
    }),
    response: session,
    summary: "Create the first administrator and sign in",
    tag,
  }),
};

export const users = {
  ...configurationRoutes({
    path: "/api/v1/users",
    words: ["a user", "users"],
    tag: "users",
    entity: user,
    draft: userDraft,
    view: "users.view",
    edit: "users.edit",
  }),
  setPassword: defineRoute({
    method: "PUT",
    path: "/api/v1/users/:id/password",
    permission: "users.edit",
    params: configurationParams,
    body: z.object({ password: newPassword, mustChange: z.boolean().default(true).optional() }),
    response: done,
    summary: "Set somebody's password; their sessions end",
    tag: "users",
  }),
  unlock: defineRoute({
    method: "POST",
    path: "/api/v1/users/:id/unlock",
    permission: "users.edit",
    params: configurationParams,
    body: z.object({}).optional(),
    response: done,
    summary: "Lift a lock after wrong passwords",
    tag: "users",
  }),
};

export const roles = configurationRoutes({
  path: "/api/v1/roles",
  words: ["a role", "roles"],
  tag: "users",
  entity: role,
  draft: roleDraft,
  view: "roles.view",
  edit: "roles.edit",
});

export const apiToken = z.object({
  id,
  name: z.string(),
  permissions: z.array(permission),
  scope,
  createdAt: instant,
  createdBy: z.string(),
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
});

export const tokens = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/tokens",
    permission: "tokens.edit",
    response: z.object({ items: z.array(apiToken) }),
    summary: "API tokens",
    tag: "tokens",
  }),
  create: defineRoute({
    method: "POST",
    path: "/api/v1/tokens",
    permission: "tokens.edit",
    body: z.object({ name, permissions: z.array(permission).min(1), scope, expiresAt: instant.nullable() }),
    response: apiToken.extend({ token: z.string() }),
    summary: "Create a token, told in this answer only; it can do no more than its maker",
    tag: "tokens",
  }),
  remove: defineRoute({
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    permission: "tokens.edit",
    params: configurationParams,
    response: done,
    summary: "Withdraw a token",
    tag: "tokens",
  }),
};

export const AUDIT_ACTIONS = [
  "signed_in",
  "sign_in_failed",
  "sign_in_locked",
  "signed_out",
  "password_changed",
  "password_set",
  "user_reset",
  "first_administrator",
  "token_created",
  "token_removed",
  "recording_played",
  "recording_exported",
  "contacts_exported",
  "customer_viewed",
  "customer_erased",
  "call_listened",
  "call_whispered",
  "call_barged",
  "call_taken_over",
  "ban_lifted",
  "roster_published",
  "plan_request_granted",
  "plan_request_refused",
  "plan_request_undone",
  "calendar_feed_made",
  "calendar_feed_removed",
  "agent_day_viewed",
  "adherence_viewed",
  "forecast_made",
  "forecast_changed",
  "forecast_change_undone",
  "forecast_removed",
  "requirement_made",
  "requirement_removed",
  "history_imported",
  "history_import_removed",
  "what_if_removed",
  "roster_made",
  "roster_solved",
  "roster_removed",
] as const;

export const audit = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/audit",
    permission: "audit.view",
    query: page.extend({ action: z.enum(AUDIT_ACTIONS).optional(), userId: id.optional() }).optional(),
    response: pageOf(
      z.object({
        id,
        at: instant,
        action: z.enum(AUDIT_ACTIONS),
        userId: id.nullable(),
        userName: z.string().nullable(),
        address: z.string().nullable(),
        subjectId: id.nullable(),
      }),
    ),
    summary: "Sign-ins and uses of personal data, newest first",
    tag: "audit",
  }),
};

import { api, PERMISSION_NAMES, PERMISSIONS, type Session as SessionAnswer } from "@svara/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { centreKind } from "../clients/centre-kind.ts";
import { clientKind } from "../clients/client-kind.ts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, notFound, notSignedIn } from "../http/http-error.ts";
import type { Office } from "../office/office.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import type { Caller } from "../rights/access.ts";
import { Access } from "../rights/access.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { Audit } from "./audit.ts";
import type { FirstRun } from "./first-run.ts";
import { accessOf, heldGrant } from "./held-grants.ts";
import { type Identity, refuseForeignOrigin, type SignedIn } from "./identity.ts";
import { roleKind } from "./role-kind.ts";
import { SESSION_COOKIE, type Session } from "./sessions.ts";
import type { SignInThrottle } from "./throttle.ts";
import { userKind } from "./user-kind.ts";

export interface IdentityRouteParts {
  readonly http: HttpCore;
  readonly office: Office;
  readonly identity: Identity;
  readonly firstRun: FirstRun;
  readonly accounts: Accounts;
  readonly throttle: SignInThrottle;
  readonly tokens: ApiTokens;
  readonly audit: Audit;
  readonly centreId: string;
  /** After the first administrator exists. */
  readonly onFirstRun: () => void;
}

/** Sessions, first run, users, roles, tokens, audit. */
export function mountIdentityRoutes(parts: IdentityRouteParts): void {
  mountSessionRoutes(parts);
  mountUserRoutes(parts);
  mountRoleRoutes(parts);
  mountTokenRoutes(parts);
  mountAuditRoutes(parts);
}

function mountSessionRoutes(parts: IdentityRouteParts): void {
  const { http, identity, firstRun, accounts } = parts;

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
  ): Promise<SessionAnswer> {
    setCookie(request, reply, signedIn);
    const account = await accounts.byId(signedIn.userId);
    if (!account) throw notSignedIn();
    return sessionAnswer(parts, account, signedIn);
  }

  http.mountPublic(api.identity.signIn, async ({ body, address, request, reply }) => {
    refuseForeignOrigin(request.headers);
    return answer(request, reply, await identity.signIn(body.username, body.password, address));
  });
  http.mount(api.identity.session, async ({ request }) => {
    const found = await identity.session(request);
    if (!found) throw notSignedIn();
    return sessionAnswer(parts, found.account, found.session);
  });
  http.mount(api.identity.signOut, async ({ caller, reply }) => {
    await identity.signOut(caller);
    reply.clearCookie(SESSION_COOKIE, { path: "/" });
    return {};
  });
  http.mount(api.identity.changePassword, async ({ caller, body }) => {
    await identity.changePassword(caller, body.current, body.next);
    return {};
  });
  http.mount(api.identity.changeLanguage, async ({ caller, body }) => {
    if (caller.kind !== "user") throw notSignedIn(); // a token has no screen
    await accounts.setLanguage(caller.userId, body.language);
    await parts.office.reload("user");
    return {};
  });
  http.mountPublic(api.identity.firstRunState, async () => ({ needed: firstRun.needed }));
  http.mountPublic(api.identity.firstRun, async ({ body, address, request, reply }) => {
    refuseForeignOrigin(request.headers);
    const signedIn = await firstRun.create(body, address);
    const told = await answer(request, reply, signedIn);
    parts.onFirstRun();
    return told;
  });
}

function setCookie(request: FastifyRequest, reply: FastifyReply, session: SignedIn): void {
  reply.setCookie(SESSION_COOKIE, session.token, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: request.protocol === "https",
    expires: new Date(session.expiresAt),
  });
}

function sessionAnswer(parts: IdentityRouteParts, account: Account, session: Session): SessionAnswer {
  const { catalogue } = parts.office;
  const user = catalogue.get(userKind, account.id);
  const centre = catalogue.get(centreKind, parts.centreId);
  if (!user || !centre) throw notSignedIn();
  const access = accessOf(user.value.grants, catalogue);
  const permissions = PERMISSION_NAMES.flatMap((permission) => {
    const scopes = access.grants.filter((held) => held.permissions.has(permission)).map((held) => held.scope);
    return scopes.length > 0 ? [{ permission, scopes }] : [];
  });
  const clients = catalogue.inUse(clientKind).filter((client) => access.reachesClient(client.id));
  return {
    user: {
      id: account.id,
      username: account.username,
      displayName: account.displayName,
      language: user.value.language,
      isAgent: user.value.agent !== null,
      mustChangePassword: account.mustChangePassword,
    },
    csrf: session.csrf,
    expiresAt: session.expiresAt,
    permissions,
    clients: clients.map(({ id, value }) => ({
      id,
      name: value.name,
      timeZone: value.timeZone,
      language: value.language,
      country: value.country,
    })),
    centre: { id: centre.id, ...centre.value },
  };
}

function mountUserRoutes({ http, office, accounts, throttle, identity, audit }: IdentityRouteParts): void {
  mountOfficeRoutes(http, office, api.users, {
    kind: userKind,
    async toEntity(stored) {
      const states = await accounts.states([stored.id]);
      const state = states.get(stored.id);
      const locked = await throttle.lockedUntil([stored.value.username]);
      return {
        id: stored.id,
        revision: stored.revision,
        archived: stored.archived,
        ...stored.value,
        passwordSet: state?.passwordSet ?? false,
        mustChangePassword: state?.mustChangePassword ?? false,
        lastSignInAt: state?.lastSignInAt ?? null,
        lockedUntil: locked.get(stored.value.username) ?? null,
      };
    },
    fromDraft: ({ password: _password, mustChangePassword: _must, ...value }) => value,
    async afterWrite(stored, draft, caller) {
      if (draft.password !== undefined) {
        await identity.setPassword(stored.id, draft.password, draft.mustChangePassword ?? true);
        await audit.note({
          action: "password_set",
          userId: caller.userId,
          address: caller.address,
          subjectId: stored.id,
        });
      }
      if (!stored.value.active) await identity.endSessions(stored.id);
    },
    afterRemove: (id) => identity.endSessions(id),
  });

  /** Whoever may change the user, and holds no less than they do. */
  function changeable(caller: Caller, id: string) {
    const user = office.see(caller, userKind, id);
    if (!caller.access.covers("users.edit", userKind.placeOf(user.value, id))) throw forbidden("users.edit");
    userKind.guard?.({ caller, id, before: user.value, after: user.value, catalogue: office.catalogue });
    return user;
  }

  http.mount(api.users.setPassword, async ({ caller, params, body }) => {
    const user = changeable(caller, params.id);
    await identity.setPassword(user.id, body.password, body.mustChange ?? true);
    await audit.note({
      action: "password_set",
      userId: caller.userId,
      address: caller.address,
      subjectId: user.id,
    });
    return {};
  });
  http.mount(api.users.unlock, async ({ caller, params }) => {
    await throttle.succeeded(changeable(caller, params.id).value.username);
    return {};
  });
}

function mountRoleRoutes({ http, office }: IdentityRouteParts): void {
  mountOfficeRoutes(http, office, api.roles, {
    kind: roleKind,
    toEntity: (stored) => ({
      id: stored.id,
      revision: stored.revision,
      archived: stored.archived,
      preset: stored.extra.preset,
      ...stored.value,
    }),
  });
  http.mount(api.system.permissions, async () => ({
    items: PERMISSION_NAMES.map((permission) => ({ permission, summary: PERMISSIONS[permission] })),
  }));
}

function mountTokenRoutes({ http, office, tokens, audit }: IdentityRouteParts): void {
  const nameOf = (userId: string): string => office.catalogue.get(userKind, userId)?.value.displayName ?? "";

  http.mount(api.tokens.list, async ({ caller }) => {
    const all = caller.access.hasEverywhere("tokens.edit");
    const rows = (await tokens.list()).filter((row) => all || row.userId === caller.userId);
    return {
      items: rows.map(({ userId, permissions, ...row }) => ({
        ...row,
        permissions: [...permissions],
        createdBy: nameOf(userId),
      })),
    };
  });
  http.mount(api.tokens.create, async ({ caller, body }) => {
    const grant = heldGrant(new Set(body.permissions), body.scope, office.catalogue);
    if (!new Access([grant]).isWithin(caller.access)) throw forbidden(body.permissions.join(", "));
    const made = await tokens.create({ ...body, userId: caller.userId });
    await audit.note({
      action: "token_created",
      userId: caller.userId,
      address: caller.address,
      subjectId: made.id,
    });
    const { userId, permissions, ...told } = made;
    return { ...told, permissions: [...permissions], createdBy: nameOf(userId) };
  });
  http.mount(api.tokens.remove, async ({ caller, params }) => {
    const token = (await tokens.list()).find((row) => row.id === params.id);
    if (!token || (token.userId !== caller.userId && !caller.access.hasEverywhere("tokens.edit")))
      throw notFound("token");
    await tokens.remove(params.id);
    await audit.note({
      action: "token_removed",
      userId: caller.userId,
      address: caller.address,
      subjectId: params.id,
    });
    return {};
  });
}

function mountAuditRoutes({ http, office, audit }: IdentityRouteParts): void {
  http.mount(api.audit.list, async ({ caller, query }) => {
    const clients = caller.access.clientsOf("audit.view");
    const page = await audit.list(
      { clients: clients === "all" ? "all-of-centre" : clients },
      {
        limit: query?.limit ?? 100,
        ...(query?.action && { action: query.action }),
        ...(query?.userId && { userId: query.userId }),
        ...(query?.cursor && { cursor: query.cursor }),
      },
    );
    return {
      items: page.items.map((row) => ({
        id: row.id,
        at: row.at,
        action: row.action,
        userId: row.userId,
        userName: (row.userId && office.catalogue.get(userKind, row.userId)?.value.displayName) || null,
        address: row.address,
        subjectId: row.subjectId,
      })),
      nextCursor: page.nextCursor,
    };
  });
}

import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { fastifyCookie } from "@fastify/cookie";
import { CSRF_HEADER } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import { HttpError, notSignedIn } from "../http/http-error.ts";
import type { Office } from "../office/office.ts";
import type { Caller } from "../rights/access.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { Audit } from "./audit.ts";
import { accessOf } from "./held-grants.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { SESSION_COOKIE, type Session, type Sessions } from "./sessions.ts";
import { SignInLine } from "./sign-in-line.ts";
import type { SignInThrottle } from "./throttle.ts";
import { userKind } from "./user-kind.ts";

/** What of a request tells who calls. */
export interface Credentials {
  readonly headers: IncomingMessage["headers"];
  readonly method: string;
  readonly address: string;
}

interface Parts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  readonly throttle: SignInThrottle;
  readonly audit: Audit;
  readonly office: Office;
  readonly clock: Clock;
}

export interface SignedIn extends Session {
  readonly token: string;
}

/** Who somebody is: signing in and out, and the caller behind a request. */
export class Identity {
  readonly #parts: Parts;
  readonly #line = new SignInLine();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Signs in. A wrong name and a wrong password are told alike and take as long.
   * @throws HttpError 401 `wrong_credentials`, 429 `locked`, 503 `busy`
   */
  signIn(username: string, password: string, address: string): Promise<SignedIn> {
    return this.#line.run(username, () => this.#signIn(username, password, address));
  }

  async #signIn(username: string, password: string, address: string): Promise<SignedIn> {
    const { throttle, accounts, audit, sessions, clock } = this.#parts;
    const waitMs = await throttle.waitMs(username, address);
    if (waitMs > 0) {
      await audit.note({ action: "sign_in_locked", address });
      throw locked(waitMs);
    }
    const account = await accounts.byUsername(username);
    const right = await verifyPassword(password, account?.passwordHash ?? null);
    if (!account || !right || !account.active) {
      await throttle.failed(username, address);
      await audit.note({ action: "sign_in_failed", userId: account?.id, address });
      throw new HttpError("User name or password is wrong", { status: 401, code: "wrong_credentials" });
    }
    await throttle.succeeded(username);
    await accounts.signedIn(account.id, clock.now());
    await audit.note({ action: "signed_in", userId: account.id, address });
    return sessions.begin(account.id, address);
  }

  async signOut(caller: Caller): Promise<void> {
    if (caller.sessionId === undefined) return;
    await this.#parts.sessions.end(caller.sessionId);
    await this.#parts.audit.note({ action: "signed_out", userId: caller.userId, address: caller.address });
  }

  /** The own password; the user's other sessions end. @throws HttpError 400 `wrong_password`, 429 */
  async changePassword(caller: Caller, current: string, next: string): Promise<void> {
    const { accounts, sessions, audit } = this.#parts;
    const account = await accounts.byId(caller.userId);
    if (!account || caller.kind !== "user") throw notSignedIn();
    await this.#line.run(account.username, () => this.#checkPresent(account, current, caller.address));
    await accounts.setPassword(account.id, await hashPassword(next), false);
    await sessions.endAll(account.id, caller.sessionId);
    await audit.note({ action: "password_changed", userId: account.id, address: caller.address });
  }

  /** @throws HttpError 400 `wrong_password`, 429 */
  async #checkPresent(account: Account, current: string, address: string): Promise<void> {
    const { throttle } = this.#parts;
    const waitMs = await throttle.waitMs(account.username, address);
    if (waitMs > 0) throw locked(waitMs);
    if (!(await verifyPassword(current, account.passwordHash))) {
      await throttle.failed(account.username, address);
      throw new HttpError("The present password is wrong", {
        status: 400,
        code: "wrong_password",
        field: "current",
      });
    }
  }

  /** Somebody's password, by whoever may; all their sessions end. The right is checked by the caller. */
  async setPassword(userId: string, password: string, mustChange: boolean): Promise<void> {
    const account = await this.#parts.accounts.byId(userId);
    if (!account) return;
    await this.#parts.accounts.setPassword(userId, await hashPassword(password), mustChange);
    await this.#parts.throttle.succeeded(account.username);
    await this.#parts.sessions.endAll(userId);
  }

  /** Signs a user out everywhere. */
  endSessions(userId: string): Promise<void> {
    return this.#parts.sessions.endAll(userId);
  }

  /** Who calls, or undefined. @throws HttpError 403 `csrf`, `origin` */
  async identify(request: Credentials): Promise<Caller | undefined> {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (bearer !== undefined) return this.#byToken(bearer, request);
    const found = await this.#session(request);
    if (!found) return undefined;
    if (request.method !== "GET" && request.method !== "HEAD") {
      refuseForeignOrigin(request.headers);
      if (!sameText(String(request.headers[CSRF_HEADER] ?? ""), found.session.csrf))
        throw new HttpError("The proof against forged requests is missing or old: load the page again", {
          status: 403,
          code: "csrf",
        });
    }
    return this.#caller(found.account, found.session, request.address);
  }

  /** Who opens a socket. Browsers send an Origin there always; a foreign one is refused. @throws HttpError 403 */
  async identifySocket(request: Credentials): Promise<Caller | undefined> {
    if (request.headers.authorization === undefined) {
      if (request.headers.origin === undefined)
        throw new HttpError("A browser tells its Origin here", { status: 403, code: "origin" });
      refuseForeignOrigin(request.headers);
    }
    return this.identify({ ...request, method: "GET" });
  }

  /** The session behind a request and its account. */
  async session(
    request: Pick<Credentials, "headers">,
  ): Promise<{ session: Session; account: Account } | undefined> {
    return this.#session(request);
  }

  async #session(
    request: Pick<Credentials, "headers">,
  ): Promise<{ session: Session; account: Account } | undefined> {
    const token = fastifyCookie.parse(request.headers.cookie ?? "")[SESSION_COOKIE];
    if (!token) return undefined;
    const session = await this.#parts.sessions.find(token);
    const account = session && (await this.#parts.accounts.byId(session.userId));
    return session && account?.active ? { session, account } : undefined;
  }

  async #byToken(token: string, request: Credentials): Promise<Caller | undefined> {
    const found = await this.#parts.tokens.find(token);
    const maker = found && this.#parts.office.catalogue.get(userKind, found.userId);
    if (!found || !maker || maker.archived || !maker.value.active) return undefined;
    const { catalogue } = this.#parts.office;
    return {
      kind: "token",
      userId: found.userId,
      displayName: found.name,
      actor: `token:${found.id}`,
      access: accessOf(maker.value.grants, catalogue).cutTo(found.permissions, found.grant(catalogue)),
      address: request.address,
    };
  }

  #caller(account: Account, session: Session, address: string): Caller | undefined {
    const { catalogue } = this.#parts.office;
    const user = catalogue.get(userKind, account.id);
    if (!user || user.archived) return undefined;
    return {
      kind: "user",
      userId: account.id,
      displayName: account.displayName,
      actor: `user:${account.id}`,
      access: accessOf(user.value.grants, catalogue),
      sessionId: session.id,
      address,
      ...(user.value.agent && { agentId: account.id }),
    };
  }
}

/** @throws HttpError 403 when the page that calls is not of this host. */
export function refuseForeignOrigin(headers: IncomingMessage["headers"]): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  let from: string;
  try {
    from = new URL(origin).host;
  } catch {
    from = ""; // "null": a sandboxed page or a file
  }
  if (from === "" || from !== host)
    throw new HttpError("Another site may not do this", { status: 403, code: "origin" });
}

function locked(waitMs: number): HttpError {
  return new HttpError("Too many failed attempts; wait and try again", {
    status: 429,
    code: "locked",
    retryAfterMs: waitMs,
  });
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

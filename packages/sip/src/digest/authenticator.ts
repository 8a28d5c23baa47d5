import type { Clock, Random } from "@svara/kernel";
import type { Authority, DigestAccount, SourceAddress } from "../authority.ts";
import type { SipRequest } from "../message/message.ts";
import { parseUri } from "../message/uri.ts";
import {
  algorithmOf,
  type DigestAlgorithm,
  digestResponse,
  parseDigest,
  pickHa1,
  sameDigest,
} from "./digest.ts";
import { NonceKeeper } from "./nonce-keeper.ts";

/** What checking a request's credentials gives. */
export type AuthResult =
  | { readonly kind: "authenticated"; readonly account: DigestAccount; readonly username: string }
  /** 401 with these WWW-Authenticate values, one for each algorithm (RFC 8760). */
  /** `tag` for the To of the answer: a copy of the request gets the same. */
  | { readonly kind: "challenge"; readonly challenges: readonly string[]; readonly tag: string }
  /** 403: too many failures, or locked out; says nothing about whether the user exists. */
  | { readonly kind: "refused" };

/**
 * MD5 stands first although SHA-256 is the better one: many phones read the first challenge only and know MD5 only;
 * phones that know both look through all of them. SHA-512-256 is offered only where it is asked for, since a phone that
 * knows it fails unless an HA1 of that kind is stored.
 */
export const DEFAULT_ALGORITHMS: readonly DigestAlgorithm[] = ["MD5", "SHA-256"];

/** baresip before 2.0 (libre's sip/auth.c) gives up at a challenge of another algorithm than MD5, wherever it stands. */
const TAG_CHARS = 16;
const KNOWS_MD5_ONLY = /^baresip v[01]\./;

interface Failures {
  count: number;
  since: number;
}

/** Checks digest credentials against the authority (RFC 3261 section 22, RFC 7616, RFC 8760). */
export class Authenticator {
  readonly #clock: Clock;
  readonly #authority: Authority;
  readonly #realm: string;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #nonces: NonceKeeper;
  readonly #maxFailures: number;
  readonly #windowMs: number;
  readonly #failures = new Map<string, Failures>();

  constructor(options: {
    clock: Clock;
    random: Random;
    authority: Authority;
    realm: string;
    algorithms: readonly DigestAlgorithm[];
    nonceLifeMs: number;
    maxLoginFailures: number;
    loginFailureWindowMs: number;
  }) {
    this.#clock = options.clock;
    this.#authority = options.authority;
    this.#realm = options.realm;
    this.#algorithms = options.algorithms;
    this.#nonces = new NonceKeeper({ ...options, lifeMs: options.nonceLifeMs, capacity: 10_000 });
    this.#maxFailures = options.maxLoginFailures;
    this.#windowMs = options.loginFailureWindowMs;
  }

  async check(request: SipRequest, source: SourceAddress): Promise<AuthResult> {
    const credentials = this.#credentialsFor(request);
    if (credentials === undefined) return this.challenge(request, source);
    const username = credentials.get("username") ?? "";
    if (this.#authority.isLockedOut?.(source, username)) return { kind: "refused" };
    if (this.#failedTooOften(source, username)) return { kind: "refused" };
    const nonce = credentials.get("nonce") ?? "";
    const qop = qopOf(credentials);
    const nc = qop === undefined ? 1 : Number.parseInt(qop.nc, 16) || 0;
    const standing = this.#nonces.standing(nonce, nc, source.host);
    if (standing === "forged") return this.challenge(request, source);
    if (standing === "foreign") return this.challenge(request, source, true);
    const account = await this.#authority.findAccount(username, this.#realm);
    const right = account !== undefined && this.#isRight(request, credentials, account);
    if (!right) return this.#failed(request, source, username);
    // Asked again after the lookup: two copies may have waited for it side by side.
    if (standing !== "fresh" || this.#nonces.standing(nonce, nc, source.host) !== "fresh") {
      return this.challenge(request, source, true);
    }
    this.#nonces.use(nonce, nc);
    this.#failures.delete(keyOf(source, username));
    this.#authority.loginSucceeded?.({ username, source, method: request.method });
    return { kind: "authenticated", account, username };
  }

  /** A challenge for each algorithm; `stale` tells the client that only its nonce was wrong. */
  challenge(request: SipRequest, source: SourceAddress, stale = false): AuthResult {
    const { callId, cseq, fromTag } = request;
    const nonce = this.#nonces.issue(source.host, `${callId} ${fromTag} ${cseq.seq} ${request.method}`);
    const md5Only = KNOWS_MD5_ONLY.test(request.headers.get("User-Agent") ?? "");
    const algorithms = md5Only ? this.#algorithms.filter((name) => name === "MD5") : this.#algorithms;
    const one = (algorithm: string): string =>
      `Digest realm="${this.#realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ", stale=true" : ""}`;
    return { kind: "challenge", challenges: algorithms.map(one), tag: nonce.slice(-TAG_CHARS) };
  }

  /** Whether the request brings credentials for our realm. */
  hasCredentials(request: SipRequest): boolean {
    return this.#credentialsFor(request) !== undefined;
  }

  #credentialsFor(request: SipRequest): Map<string, string> | undefined {
    for (const name of ["Authorization", "Proxy-Authorization"]) {
      for (const value of request.headers.all(name)) {
        const params = parseDigest(value);
        if (params?.get("realm") === this.#realm) return params;
      }
    }
    return undefined;
  }

  #isRight(request: SipRequest, credentials: Map<string, string>, account: DigestAccount): boolean {
    const algorithm = algorithmOf(credentials);
    const ha1 = algorithm && pickHa1(account.ha1, algorithm.algorithm);
    if (algorithm === undefined || ha1 === undefined) return false;
    const uri = credentials.get("uri") ?? "";
    if (!sameTarget(uri, request.uri)) return false;
    const qop = qopOf(credentials);
    if (qop !== undefined && (qop.value !== "auth" || qop.nc.length !== 8)) return false;
    const nonce = credentials.get("nonce") ?? "";
    const expected = digestResponse({ ...algorithm, ha1, method: request.method, uri, nonce, qop });
    return sameDigest(expected, credentials.get("response") ?? "");
  }

  #failed(request: SipRequest, source: SourceAddress, username: string): AuthResult {
    const key = keyOf(source, username);
    const now = this.#clock.now();
    let entry = this.#failures.get(key);
    if (entry === undefined || now - entry.since > this.#windowMs) {
      this.#forgetOld(now);
      entry = { count: 0, since: now };
      this.#failures.set(key, entry);
    }
    entry.count++;
    this.#authority.loginFailed?.({ username, source, method: request.method, failures: entry.count });
    return entry.count >= this.#maxFailures ? { kind: "refused" } : this.challenge(request, source);
  }

  /** Until the window is over not even the right password helps: guesses must not be free. */
  #failedTooOften(source: SourceAddress, username: string): boolean {
    const entry = this.#failures.get(keyOf(source, username));
    if (entry === undefined || this.#clock.now() - entry.since > this.#windowMs) return false;
    return entry.count >= this.#maxFailures;
  }

  #forgetOld(now: number): void {
    if (this.#failures.size < 10_000) return;
    for (const [key, entry] of this.#failures) {
      if (now - entry.since > this.#windowMs) this.#failures.delete(key);
    }
    if (this.#failures.size >= 10_000) this.#failures.clear();
  }
}

function keyOf(source: SourceAddress, username: string): string {
  return `${source.host} ${username}`;
}

function qopOf(params: Map<string, string>): { value: string; cnonce: string; nc: string } | undefined {
  const value = params.get("qop");
  if (value === undefined) return undefined;
  return { value: value.toLowerCase(), cnonce: params.get("cnonce") ?? "", nc: params.get("nc") ?? "" };
}

/** Phones write the digest's uri with or without user, port and parameters; what is there must agree (RFC 3261 22.4). */
function sameTarget(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    const left = parseUri(a);
    const right = parseUri(b);
    return left.host === right.host && (left.user === undefined || left.user === right.user);
  } catch {
    return false;
  }
}

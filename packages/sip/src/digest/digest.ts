import { createHash, timingSafeEqual } from "node:crypto";
import type { Params } from "../message/params.ts";
import { closingQuote, splitOutside, unquote } from "../message/text.ts";

/** Hash functions of HTTP digest as SIP uses it (RFC 7616, RFC 8760). */
export type DigestAlgorithm = "MD5" | "SHA-256" | "SHA-512-256";

/** From the weakest to the strongest. */
export const DIGEST_ALGORITHMS: readonly DigestAlgorithm[] = ["MD5", "SHA-256", "SHA-512-256"];

/** H(user:realm:password) for each algorithm, in lower-case hexadecimal; what is stored instead of a password. */
export interface Ha1 {
  readonly md5?: string;
  readonly sha256?: string;
  readonly sha512256?: string;
}

/** Credentials for answering a challenge: a password, or what was made of it. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly ha1: Ha1 };

/** The HA1 values of a password, for storing. */
export function makeHa1(username: string, realm: string, password: string): Required<Ha1> {
  const text = `${username}:${realm}:${password}`;
  return {
    md5: hashHex("MD5", text),
    sha256: hashHex("SHA-256", text),
    sha512256: hashHex("SHA-512-256", text),
  };
}

function hashHex(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  return createHash(HASHES[algorithm]).update(data).digest("hex");
}

/** The names by which the platform knows them. */
const HASHES: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: "md5",
  "SHA-256": "sha256",
  "SHA-512-256": "sha512-256",
};

/** Whether two hexadecimal digests are equal, in constant time. */
export function sameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a.toLowerCase(), "latin1");
  const right = Buffer.from(b.toLowerCase(), "latin1");
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Parses `Digest name=value, ...` of a challenge or of credentials; undefined for another scheme or broken text. */
export function parseDigest(text: string): Params | undefined {
  const blank = text.indexOf(" ");
  if (text.slice(0, Math.max(0, blank)).toLowerCase() !== "digest") return undefined;
  const params: Params = new Map();
  for (const part of splitOutside(text.slice(blank + 1), ",")) {
    const equals = part.indexOf("=");
    if (equals < 0) return undefined;
    const name = part.slice(0, equals).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    const torn = value.startsWith('"') && closingQuote(value, 0) !== value.length - 1;
    if (torn || params.has(name)) return undefined;
    params.set(name, unquote(value));
  }
  return params;
}

/** The algorithm a digest names, MD5 when it names none; undefined when it is not ours. `sess` is the -sess variant. */
export function algorithmOf(params: Params): { algorithm: DigestAlgorithm; sess: boolean } | undefined {
  const name = (params.get("algorithm") ?? "MD5").toUpperCase();
  const sess = name.endsWith("-SESS");
  const base = sess ? name.slice(0, -5) : name;
  const algorithm = DIGEST_ALGORITHMS.find((known) => known === base);
  return algorithm && { algorithm, sess };
}

/** What a response is computed from (RFC 7616 section 3.4.1). */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly sess: boolean;
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent for the old form without qop (RFC 2069). */
  readonly qop?: { readonly value: string; readonly cnonce: string; readonly nc: string } | undefined;
  /** Of a -sess algorithm without qop, which has it nowhere else. */
  readonly cnonce?: string;
  /** What qop=auth-int protects; default none. */
  readonly body?: Uint8Array;
}

const NO_BODY = new Uint8Array(0);

/** The `response` of a digest, for no qop, auth and auth-int. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, nonce, qop } = input;
  const h = (text: string): string => hashHex(algorithm, text);
  const cnonce = qop?.cnonce ?? input.cnonce ?? "";
  const ha1 = input.sess ? h(`${input.ha1}:${nonce}:${cnonce}`) : input.ha1;
  const whole = qop?.value === "auth-int" ? `:${hashHex(algorithm, input.body ?? NO_BODY)}` : "";
  const ha2 = h(`${input.method}:${input.uri}${whole}`);
  if (qop === undefined) return h(`${ha1}:${nonce}:${ha2}`);
  return h(`${ha1}:${nonce}:${qop.nc}:${qop.cnonce}:${qop.value}:${ha2}`);
}

/** The stored HA1 for `algorithm`, or one made from the password. */
export function ha1Of(
  credentials: Credentials,
  realm: string,
  algorithm: DigestAlgorithm,
): string | undefined {
  if ("password" in credentials) {
    return hashHex(algorithm, `${credentials.username}:${realm}:${credentials.password}`);
  }
  return pickHa1(credentials.ha1, algorithm);
}

export function pickHa1(ha1: Ha1, algorithm: DigestAlgorithm): string | undefined {
  switch (algorithm) {
    case "MD5":
      return ha1.md5;
    case "SHA-256":
      return ha1.sha256;
    case "SHA-512-256":
      return ha1.sha512256;
  }
}

import { type Random, randomHex } from "@svara/kernel";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { quote } from "../message/text.ts";
import {
  algorithmOf,
  type Credentials,
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  digestResponse,
  ha1Of,
  parseDigest,
} from "./digest.ts";

/**
 * Puts credentials into `request` for the challenges of a 401 or 407 (RFC 3261 section 22.2, RFC 8760): for each realm
 * one, by the strongest algorithm that is known, whatever the order in which they stand. False when no challenge can be
 * answered, or when credentials for the same realm were refused before without `stale`.
 */
export function answerChallenge(
  request: SipRequest,
  response: SipResponse,
  credentials: Credentials,
  random: Random,
): boolean {
  const proxy = response.status === 407;
  const header = proxy ? "Proxy-Authorization" : "Authorization";
  const challenges = bestChallenges(response, proxy, credentials);
  const before = request.headers.all(header).map(parseDigest);
  const refused = challenges.filter(({ realm, params }) => {
    const stale = params.get("stale")?.toLowerCase() === "true";
    return !stale && before.some((old) => old?.get("realm") === realm);
  });
  if (challenges.length === 0 || refused.length > 0) return false;
  const others = request.headers.all(header).filter((text) => {
    const realm = parseDigest(text)?.get("realm");
    return !challenges.some((challenge) => challenge.realm === realm);
  });
  const answers = challenges.map((challenge) => credentialsFor(challenge, request, credentials, random));
  request.headers.remove(header);
  for (const text of [...others, ...answers]) request.headers.add(header, text);
  return true;
}

interface Answerable {
  readonly realm: string;
  readonly params: Map<string, string>;
  readonly algorithm: DigestAlgorithm;
  readonly sess: boolean;
  readonly ha1: string;
  readonly qop: "auth" | "auth-int" | undefined;
}

/** The strongest challenge of each realm. */
function bestChallenges(response: SipResponse, proxy: boolean, credentials: Credentials): Answerable[] {
  const best = new Map<string, Answerable>();
  for (const text of response.headers.all(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
    const challenge = readChallenge(text, credentials);
    if (!challenge) continue;
    const rival = best.get(challenge.realm);
    if (!rival || strength(challenge) > strength(rival)) best.set(challenge.realm, challenge);
  }
  return [...best.values()];
}

function readChallenge(text: string, credentials: Credentials): Answerable | undefined {
  const params = parseDigest(text);
  const known = params && algorithmOf(params);
  if (params === undefined || known === undefined) return undefined;
  const realm = params.get("realm") ?? "";
  const ha1 = ha1Of(credentials, realm, known.algorithm);
  if (ha1 === undefined) return undefined;
  const offered = params
    .get("qop")
    ?.split(",")
    .map((value) => value.trim().toLowerCase());
  const qop = (["auth", "auth-int"] as const).find((value) => offered?.includes(value));
  // A qop that only knows what we do not know cannot be answered.
  if (offered !== undefined && qop === undefined) return undefined;
  return { realm, params, ...known, ha1, qop };
}

function strength(challenge: Answerable): number {
  return DIGEST_ALGORITHMS.indexOf(challenge.algorithm);
}

function credentialsFor(
  challenge: Answerable,
  request: SipRequest,
  credentials: Credentials,
  random: Random,
): string {
  const { params, algorithm, sess, ha1, realm } = challenge;
  const nonce = params.get("nonce") ?? "";
  const cnonce = randomHex(random, 8);
  const qop = challenge.qop && { value: challenge.qop, cnonce, nc: "00000001" };
  const { method, uri, body } = request;
  const value = digestResponse({ algorithm, sess, ha1, method, uri, nonce, qop, cnonce, body });
  let text = `Digest username=${quote(credentials.username)}, realm=${quote(realm)}, nonce=${quote(nonce)}`;
  text += `, uri=${quote(uri)}, response="${value}"`;
  const named = params.get("algorithm");
  if (named !== undefined) text += `, algorithm=${named}`;
  const opaque = params.get("opaque");
  if (opaque !== undefined) text += `, opaque=${quote(opaque)}`;
  if (qop !== undefined) text += `, qop=${qop.value}, nc=${qop.nc}`;
  if (qop !== undefined || sess) text += `, cnonce="${cnonce}"`;
  return text;
}

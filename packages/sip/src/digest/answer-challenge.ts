import { type Random, randomHex } from "@svara/kernel";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { quote } from "../message/text.ts";
import {
  algorithmOf,
  type Credentials,
  type DigestAlgorithm,
  digestResponse,
  ha1Of,
  parseDigest,
} from "./digest.ts";

/**
 * Puts credentials into `request` for the challenges of a 401 or 407 (RFC 3261 section 22.2). False when none of them
 * can be answered, or when the same nonce was refused before without `stale`.
 */
export function answerChallenge(
  request: SipRequest,
  response: SipResponse,
  credentials: Credentials,
  random: Random,
): boolean {
  const proxy = response.status === 407;
  const header = proxy ? "Proxy-Authorization" : "Authorization";
  const before = parseDigest(request.headers.get(header) ?? "");
  const challenge = bestChallenge(response, proxy, credentials);
  if (challenge === undefined) return false;
  const { params, algorithm, sess, ha1 } = challenge;
  const stale = params.get("stale")?.toLowerCase() === "true";
  if (before !== undefined && !stale) return false;
  const realm = params.get("realm") ?? "";
  const nonce = params.get("nonce") ?? "";
  const auth = (params.get("qop") ?? "").split(",").some((q) => q.trim().toLowerCase() === "auth");
  const qop = auth ? { value: "auth", cnonce: randomHex(random, 8), nc: "00000001" } : undefined;
  const value = digestResponse({
    algorithm,
    sess,
    ha1,
    method: request.method,
    uri: request.uri,
    nonce,
    qop,
  });
  let text = `Digest username=${quote(credentials.username)}, realm=${quote(realm)}, nonce=${quote(nonce)}`;
  text += `, uri=${quote(request.uri)}, response="${value}"`;
  const named = params.get("algorithm");
  if (named !== undefined) text += `, algorithm=${named}`;
  const opaque = params.get("opaque");
  if (opaque !== undefined) text += `, opaque=${quote(opaque)}`;
  if (qop !== undefined) text += `, qop=auth, nc=${qop.nc}, cnonce="${qop.cnonce}"`;
  request.headers.set(header, text);
  return true;
}

interface Answerable {
  readonly params: Map<string, string>;
  readonly algorithm: DigestAlgorithm;
  readonly sess: boolean;
  readonly ha1: string;
}

function bestChallenge(
  response: SipResponse,
  proxy: boolean,
  credentials: Credentials,
): Answerable | undefined {
  let best: Answerable | undefined;
  for (const text of response.headers.all(proxy ? "Proxy-Authenticate" : "WWW-Authenticate")) {
    const params = parseDigest(text);
    const known = params && algorithmOf(params);
    if (params === undefined || known === undefined) continue;
    const ha1 = ha1Of(credentials, params.get("realm") ?? "", known.algorithm);
    if (ha1 === undefined) continue;
    if (known.algorithm === "SHA-256") return { params, ...known, ha1 };
    best ??= { params, ...known, ha1 };
  }
  return best;
}

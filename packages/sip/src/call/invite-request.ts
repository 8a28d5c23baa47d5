import { Dialog } from "../dialog/dialog.ts";
import { formatReplaces, type ReplacesTarget } from "../dialog/refer.ts";
import type { SessionTimerOptions } from "../dialog/session-interval.ts";
import { ALLOW, SUPPORTED } from "../dialog/sip-context.ts";
import type { Credentials } from "../digest/digest.ts";
import { type AutoAnswer, autoAnswerHeaders } from "../message/auto-answer.ts";
import type { PrivacyValue } from "../message/caller-identity.ts";
import { type DiversionParts, formatDiversion } from "../message/diversion.ts";
import { SipHeaders } from "../message/headers.ts";
import { formatHistoryInfo, type HistoryParts } from "../message/history-info.ts";
import { SipRequest } from "../message/message.ts";
import { formatNameAddr } from "../message/name-addr.ts";
import { type HeaderLines, oneLine } from "../message/respond.ts";
import { makeUri, parseUri } from "../message/uri.ts";
import type { FollowRedirects } from "./redirects.ts";

export interface InviteOptions {
  /** Our session description. */
  readonly offer: string;
  /** The caller as shown; `host` defaults to our own address. */
  readonly from: { readonly user: string; readonly displayName?: string; readonly host?: string };
  readonly toDisplayName?: string;
  readonly headers?: HeaderLines;
  /** For a carrier that challenges. */
  readonly credentials?: Credentials;
  /** P-Asserted-Identity, as name-addr: one, or a SIP URI and a telephone number (RFC 3325). */
  readonly assertedIdentity?: string | readonly string[];
  /** P-Preferred-Identity, as a name-addr, toward a carrier that asserts by itself. */
  readonly preferredIdentity?: string;
  /** Withholds the number: From anonymous and Privacy: id (RFC 3323). */
  readonly anonymous?: boolean;
  /** Further values of Privacy. */
  readonly privacy?: readonly PrivacyValue[];
  /** Who sent the call on before, the latest first (RFC 5806). */
  readonly diversions?: readonly DiversionParts[];
  /** The same by RFC 7044, in order. */
  readonly historyInfo?: readonly HistoryParts[];
  /** Asks the callee's phone to answer by itself. */
  readonly autoAnswer?: AutoAnswer;
  /** The dialog of the callee whose place the new call shall take (RFC 3891). */
  readonly replaces?: Dialog | ReplacesTarget;
  /** Who asked us to make this call, as a name-addr (RFC 3892). */
  readonly referredBy?: string;
  /** Hops that the call may still take; that of the incoming call less one, where there is one. Default 70. */
  readonly maxForwards?: number;
  /** Session timer (RFC 4028), where it differs from the user agent's. */
  readonly sessionTimer?: Partial<SessionTimerOptions>;
  /** Follows 3xx responses; without it they are failures with `contacts`. */
  readonly followRedirects?: FollowRedirects;
  /** A URI that becomes the first Route. */
  readonly outboundProxy?: string;
  /** Unanswered after this, the call is cancelled and failed by "timeout". */
  readonly timeoutMs?: number;
}

/** What distinguishes one INVITE of a call from the others. */
export interface InviteParts {
  readonly uri: string;
  readonly callId: string;
  readonly localTag: string;
  readonly seq: number;
  readonly userAgentName: string;
  readonly timerHeaders: HeaderLines;
  /** Diversions that a redirection added, before those of the options. */
  readonly diversions: readonly DiversionParts[];
  /** The proxy a 305 named. */
  readonly proxy: string | undefined;
  /** Route values of the phone's registration (RFC 3327). */
  readonly path: readonly string[];
}

/** Builds the INVITE without Via and Contact. Throws SipParseError for a bad URI. */
export function inviteRequest(parts: InviteParts, options: InviteOptions): SipRequest {
  const { from, anonymous } = options;
  const headers = new SipHeaders();
  const fromUri = anonymous
    ? makeUri({ user: "anonymous", host: "anonymous.invalid" })
    : makeUri({ user: from.user, host: from.host ?? "localhost" });
  const displayName = anonymous ? "Anonymous" : from.displayName;
  const proxy = parts.proxy ?? options.outboundProxy;
  if (proxy) headers.add("Route", looseRoute(proxy));
  for (const route of parts.path) headers.add("Route", oneLine(route));
  headers.add("Max-Forwards", String(options.maxForwards ?? 70));
  const tag = new Map([["tag", parts.localTag]]);
  headers.add("From", formatNameAddr({ displayName, uri: fromUri, params: tag }));
  const to = parseUri(parts.uri, "Request-URI");
  headers.add("To", formatNameAddr({ displayName: options.toDisplayName, uri: to }));
  headers.add("Call-ID", parts.callId).add("CSeq", `${parts.seq} INVITE`);
  headers.add("Allow", ALLOW).add("Supported", SUPPORTED).add("User-Agent", parts.userAgentName);
  addLines(headers, parts.timerHeaders);
  addIdentity(headers, options);
  for (const diversion of [...parts.diversions, ...(options.diversions ?? [])]) {
    headers.add("Diversion", formatDiversion(diversion));
  }
  for (const entry of options.historyInfo ?? []) headers.add("History-Info", formatHistoryInfo(entry));
  if (options.autoAnswer) addLines(headers, autoAnswerHeaders(options.autoAnswer));
  if (options.replaces) headers.add("Replaces", oneLine(replacesValue(options.replaces)));
  if (options.referredBy) headers.add("Referred-By", oneLine(options.referredBy));
  addLines(headers, options.headers ?? []);
  const request = new SipRequest("INVITE", parts.uri, headers);
  request.setBody("application/sdp", options.offer);
  return request;
}

function addIdentity(headers: SipHeaders, options: InviteOptions): void {
  const { anonymous, assertedIdentity = [], preferredIdentity, privacy = [] } = options;
  const asserted = typeof assertedIdentity === "string" ? [assertedIdentity] : assertedIdentity;
  for (const value of asserted) headers.add("P-Asserted-Identity", oneLine(value));
  if (preferredIdentity) headers.add("P-Preferred-Identity", oneLine(preferredIdentity));
  const values = anonymous && !privacy.includes("id") ? ["id", ...privacy] : privacy;
  if (values.length > 0) headers.add("Privacy", values.join(";"));
}

function replacesValue(replaces: Dialog | ReplacesTarget): string {
  return replaces instanceof Dialog ? replaces.toReplaces() : formatReplaces(replaces);
}

function addLines(headers: SipHeaders, lines: HeaderLines): void {
  for (const [name, value] of lines) headers.add(name, oneLine(value));
}

function looseRoute(uri: string): string {
  const parsed = parseUri(uri, "Route");
  return parsed.params.has("lr") ? `<${parsed.text}>` : `<${parsed.text};lr>`;
}

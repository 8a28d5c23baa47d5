import { addressesOf } from "./caller-identity.ts";
import type { DiversionReason } from "./diversion.ts";
import type { MessageBase } from "./message.ts";
import { formatNameAddr, type NameAddr } from "./name-addr.ts";
import { isDigits, unescapePercent } from "./text.ts";
import { parseUri, type SipUri } from "./uri.ts";

/** One target that a request was sent to on its way (RFC 7044). */
export interface HistoryEntry {
  readonly address: NameAddr;
  /** Its place in the tree of targets: "1", "1.1", "1.2.1". */
  readonly index: string;
  /** The SIP status for which the target was left again, from its Reason. */
  readonly leftCause: number | undefined;
  /** Why the request was sent here, from the URI's `cause` (RFC 4458). */
  readonly cause: number | undefined;
  readonly private: boolean;
}

/** What an entry of ours is written from. */
export interface HistoryParts {
  readonly uri: string;
  readonly displayName?: string | undefined;
  readonly index: string;
  readonly leftCause?: number | undefined;
  readonly cause?: number | undefined;
  readonly private?: boolean;
}

/** The entries in the order in which they stand; those without index or with a broken URI are left out. */
export function historyOf(message: MessageBase): HistoryEntry[] {
  return addressesOf(message, "History-Info").flatMap((address) => {
    const index = address.params.get("index") ?? "";
    if (!index.split(".").every(isDigits)) return [];
    const headers = uriHeaders(address.uri);
    return [
      {
        address,
        index,
        leftCause: causeIn(headers.get("reason") ?? ""),
        cause: statusOf(address.uri.params.get("cause")),
        private: headers.get("privacy")?.toLowerCase() === "history",
      },
    ];
  });
}

/** One History-Info value. Throws SipParseError for a bad URI. */
export function formatHistoryInfo(parts: HistoryParts): string {
  const cause = parts.cause === undefined ? "" : `;cause=${parts.cause}`;
  const headers: string[] = [];
  if (parts.leftCause !== undefined) {
    headers.push(`Reason=${encodeURIComponent(`SIP;cause=${parts.leftCause}`)}`);
  }
  if (parts.private) headers.push("Privacy=history");
  const question = headers.length > 0 ? `?${headers.join("&")}` : "";
  const uri = parseUri(`${parts.uri}${cause}${question}`, "History-Info");
  const params = new Map([["index", parts.index]]);
  return formatNameAddr({ displayName: parts.displayName, uri, params });
}

/** Diversion's word for a cause of RFC 4458, after RFC 7544 section 5. */
export function diversionReasonOf(cause: number | undefined): DiversionReason {
  switch (cause) {
    case 302:
      return "unconditional";
    case 408:
      return "no-answer";
    case 480:
    case 487:
      return "deflection";
    case 486:
    case 600:
      return "user-busy";
    case 503:
      return "unavailable";
    default:
      return "unknown";
  }
}

/** The cause of RFC 4458 for Diversion's word. */
export function causeOfDiversion(reason: DiversionReason): number {
  switch (reason) {
    case "unconditional":
      return 302;
    case "no-answer":
      return 408;
    case "deflection":
      return 480;
    case "user-busy":
      return 486;
    case "unavailable":
    case "out-of-service":
      return 503;
    default:
      return 404;
  }
}

/** The headers behind "?" of a URI; names in lower case, values unescaped, broken ones left out. */
export function uriHeaders(uri: SipUri): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of uri.headers?.split("&") ?? []) {
    const equals = part.indexOf("=");
    const value = equals < 0 ? "" : unescapePercent(part.slice(equals + 1));
    const name = (equals < 0 ? part : part.slice(0, equals)).toLowerCase();
    if (value !== undefined && !found.has(name)) found.set(name, value);
  }
  return found;
}

function causeIn(reason: string): number | undefined {
  const at = reason.toLowerCase().indexOf("cause=");
  return at < 0 ? undefined : statusOf(reason.slice(at + 6, at + 9));
}

function statusOf(text: string | undefined): number | undefined {
  return text !== undefined && text.length === 3 && isDigits(text) ? Number(text) : undefined;
}

import { SipParseError } from "../errors.ts";
import { escapeUser, isDigits, isHostText, isToken, unescapePercent } from "./text.ts";

/** A URI of scheme sip, sips or tel (RFC 3261 section 19.1, RFC 3966), or of another scheme unread. */
export interface SipUri {
  /** In lower case. */
  readonly scheme: string;
  /** Unescaped once; the number of a tel URI. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; IPv6 with its brackets; "" where the scheme has none. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case; values unescaped. */
  readonly params: ReadonlyMap<string, string>;
  /** What stands behind "?", as received. */
  readonly headers: string | undefined;
  /** The URI as it was written. */
  readonly text: string;
}

/** Parses a URI without brackets. Throws SipParseError naming `field`. */
export function parseUri(text: string, field = "URI"): SipUri {
  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(0, colon)).toLowerCase();
  if (!isToken(scheme)) throw new SipParseError(field, `"${text.slice(0, 60)}" has no scheme`);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 32 || c === 60 || c === 62 || c === 34 || c === 127) {
      throw new SipParseError(field, `"${text.slice(0, 60)}" holds a character that must be escaped`);
    }
  }
  if (scheme === "tel") return parseTel(text, colon + 1, field);
  if (scheme !== "sip" && scheme !== "sips") return { ...EMPTY, scheme, text };
  return parseSip(text, scheme, colon + 1, field);
}

/** Whether the scheme is one this stack can act on. */
export function isSipUri(uri: SipUri): boolean {
  return uri.scheme === "sip" || uri.scheme === "sips";
}

/** The parts a URI of ours is made from. */
export interface UriParts {
  readonly scheme?: "sip" | "sips";
  readonly user?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly params?: Readonly<Record<string, string>>;
}

/** Writes a SIP URI, escaping the user part and putting IPv6 addresses in brackets. */
export function makeUri(parts: UriParts): SipUri {
  const { scheme = "sip", user, port, params = {} } = parts;
  const host = bracketed(parts.host);
  let text = `${scheme}:${user === undefined ? "" : `${escapeUser(user)}@`}${host}`;
  if (port !== undefined) text += `:${port}`;
  for (const [name, value] of Object.entries(params)) text += value === "" ? `;${name}` : `;${name}=${value}`;
  return {
    scheme,
    user,
    password: undefined,
    host,
    port,
    params: new Map(Object.entries(params)),
    headers: undefined,
    text,
  };
}

/** `host` as it stands in a URI or Via: IPv6 in brackets. */
export function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** `host` as a socket takes it: IPv6 without brackets. */
export function unbracketed(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

const NO_PARAMS: ReadonlyMap<string, string> = new Map();
const EMPTY = {
  user: undefined,
  password: undefined,
  host: "",
  port: undefined,
  params: NO_PARAMS,
  headers: undefined,
};

function parseTel(text: string, start: number, field: string): SipUri {
  const semicolon = text.indexOf(";", start);
  const user = text.slice(start, semicolon < 0 ? text.length : semicolon);
  if (user === "") throw new SipParseError(field, "a tel URI without number");
  const params = semicolon < 0 ? NO_PARAMS : parseUriParams(text.slice(semicolon + 1), field);
  return { ...EMPTY, scheme: "tel", user, params, text };
}

function parseSip(text: string, scheme: string, start: number, field: string): SipUri {
  const at = text.indexOf("@", start);
  const userinfo = at < 0 ? undefined : text.slice(start, at);
  const rest = text.slice(at < 0 ? start : at + 1);
  const question = rest.indexOf("?");
  const beforeHeaders = question < 0 ? rest : rest.slice(0, question);
  const semicolon = beforeHeaders.indexOf(";");
  const hostport = semicolon < 0 ? beforeHeaders : beforeHeaders.slice(0, semicolon);
  const colon = userinfo?.indexOf(":") ?? -1;
  return {
    scheme,
    user: unescapeOr(field, colon < 0 ? userinfo : userinfo?.slice(0, colon)),
    password: colon < 0 ? undefined : userinfo?.slice(colon + 1),
    ...parseHostPort(hostport, field),
    params: semicolon < 0 ? NO_PARAMS : parseUriParams(beforeHeaders.slice(semicolon + 1), field),
    headers: question < 0 ? undefined : rest.slice(question + 1),
    text,
  };
}

/** Parses `host[:port]`, IPv6 in brackets (RFC 3261 section 25.1, hostport). Throws SipParseError. */
export function parseHostPort(text: string, field: string): { host: string; port: number | undefined } {
  const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
  const colon = text.indexOf(":", Math.max(0, bracket));
  const host = (colon < 0 ? text : text.slice(0, colon)).trim().toLowerCase();
  const plain = bracket >= 0 || !host.includes("[");
  if (!isHostText(host) || !plain || (bracket >= 0 && !isIpv6Text(host))) {
    throw new SipParseError(field, `bad host "${text.slice(0, 60)}"`);
  }
  if (colon < 0) return { host, port: undefined };
  const digits = text.slice(colon + 1).trim();
  const port = Number(digits);
  if (!isDigits(digits) || port > 65535) throw new SipParseError(field, `bad port "${digits.slice(0, 20)}"`);
  return { host, port };
}

function isIpv6Text(host: string): boolean {
  if (!host.endsWith("]") || !host.includes(":")) return false;
  for (let i = 1; i < host.length - 1; i++) {
    const c = host[i] ?? "";
    if (!"0123456789abcdef:.".includes(c)) return false;
  }
  return true;
}

function parseUriParams(text: string, field: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    const name = unescapeOr(field, equals < 0 ? part : part.slice(0, equals)) ?? "";
    if (name === "") throw new SipParseError(field, "an empty URI parameter");
    const value = equals < 0 ? "" : (unescapeOr(field, part.slice(equals + 1)) ?? "");
    if (!params.has(name.toLowerCase())) params.set(name.toLowerCase(), value);
  }
  return params;
}

function unescapeOr(field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = unescapePercent(text);
  if (plain === undefined) throw new SipParseError(field, `broken escape in "${text.slice(0, 60)}"`);
  return plain;
}

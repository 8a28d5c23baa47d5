import { SipParseError } from "../errors.ts";
import { formatParams, type Params, parseParams } from "./params.ts";
import { closingQuote, isBlank, isToken, quote, unquote } from "./text.ts";
import { parseUri, type SipUri } from "./uri.ts";

/** The value of From, To, Contact, Route, Refer-To and their like: display name, URI and header parameters. */
export interface NameAddr {
  /** Unquoted; undefined when there is none. */
  readonly displayName: string | undefined;
  readonly uri: SipUri;
  readonly params: Params;
}

/**
 * Parses one `name-addr` or `addr-spec` with parameters (RFC 3261 section 25.1). Without angle brackets everything
 * behind `;` is a parameter of the header, and a `?` is refused (section 20.10). Throws SipParseError.
 */
export function parseNameAddr(text: string, field: string): NameAddr {
  let i = 0;
  while (i < text.length && isBlank(text.charCodeAt(i))) i++;
  let displayName: string | undefined;
  let open = -1;
  if (text.charCodeAt(i) === 34) {
    const close = closingQuote(text, i);
    if (close < 0) throw new SipParseError(field, "the display name's quote is not closed");
    displayName = unquote(text.slice(i, close + 1));
    open = skipBlank(text, close + 1);
    if (text.charCodeAt(open) !== 60) throw new SipParseError(field, "no <URI> behind the display name");
  } else {
    open = text.indexOf("<", i);
    if (open < 0) return parseAddrSpec(text.slice(i), field);
    displayName = plainDisplayName(text.slice(i, open).trim(), field);
  }
  const close = text.indexOf(">", open);
  if (close < 0) throw new SipParseError(field, 'no ">" behind the URI');
  const uri = parseUri(text.slice(open + 1, close).trim(), field);
  return { displayName, uri, params: parseParams(text, close + 1, field) };
}

/** Writes a name-addr; the display name is quoted. */
export function formatNameAddr(value: {
  readonly displayName?: string | undefined;
  readonly uri: SipUri;
  readonly params?: ReadonlyMap<string, string>;
}): string {
  const name = value.displayName ? `${quote(value.displayName)} ` : "";
  return `${name}<${value.uri.text}>${value.params ? formatParams(value.params) : ""}`;
}

function skipBlank(text: string, from: number): number {
  let i = from;
  while (i < text.length && isBlank(text.charCodeAt(i))) i++;
  return i;
}

function parseAddrSpec(text: string, field: string): NameAddr {
  const semicolon = text.indexOf(";");
  const spec = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  if (spec.includes("?")) throw new SipParseError(field, 'a URI with "?" needs angle brackets');
  const params: Params = semicolon < 0 ? new Map() : parseParams(text, semicolon, field);
  return { displayName: undefined, uri: parseUri(spec, field), params };
}

function plainDisplayName(text: string, field: string): string | undefined {
  if (text === "") return undefined;
  for (const word of text.split(/[ \t]+/)) {
    // RFC 3261 asks for tokens; letters beyond ASCII are met in practice and harmless.
    if (!isToken(word) && !isForeignWord(word)) {
      throw new SipParseError(field, `display name "${text.slice(0, 40)}" needs quotes`);
    }
  }
  return text;
}

function isForeignWord(word: string): boolean {
  for (const c of word) {
    if (c.charCodeAt(0) < 128 && !isToken(c)) return false;
  }
  return true;
}

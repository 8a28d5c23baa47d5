import { SipParseError } from "../errors.ts";
import { formatParams, type Params, parseParams } from "./params.ts";
import { isToken } from "./text.ts";
import { parseHostPort } from "./uri.ts";

/** One Via value (RFC 3261 section 20.42): the hop that a response goes back to. */
export interface Via {
  /** In upper case: UDP, TCP, TLS, WS, WSS. */
  readonly transport: string;
  readonly version: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
}

/** The start of every branch made by RFC 3261 (section 8.1.1.7). */
export const BRANCH_COOKIE = "z9hG4bK";

/** Parses one Via value; blanks around "/" and ":" are allowed. Throws SipParseError. */
export function parseVia(text: string): Via {
  const slash1 = text.indexOf("/");
  const slash2 = text.indexOf("/", slash1 + 1);
  if (slash1 < 0 || slash2 < 0) throw new SipParseError("Via", `"${text.slice(0, 60)}" has no protocol`);
  let i = slash2 + 1;
  while (text[i] === " " || text[i] === "\t") i++;
  const start = i;
  while (i < text.length && text[i] !== " " && text[i] !== "\t") i++;
  const transport = text.slice(start, i).toUpperCase();
  const semicolon = text.indexOf(";", i);
  const sentBy = text.slice(i, semicolon < 0 ? text.length : semicolon).trim();
  if (!isToken(transport) || text.slice(0, slash1).trim().toUpperCase() !== "SIP") {
    throw new SipParseError("Via", `bad protocol in "${text.slice(0, 60)}"`);
  }
  return {
    transport,
    version: text.slice(slash1 + 1, slash2).trim(),
    ...parseHostPort(sentBy, "Via"),
    params: semicolon < 0 ? new Map() : parseParams(text, semicolon, "Via"),
  };
}

export function formatVia(via: Via): string {
  const port = via.port === undefined ? "" : `:${via.port}`;
  return `SIP/${via.version}/${via.transport} ${via.host}${port}${formatParams(via.params)}`;
}

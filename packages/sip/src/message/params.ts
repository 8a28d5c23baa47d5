import { SipParseError } from "../errors.ts";
import { closingQuote, isHostText, isToken, quote, unquote } from "./text.ts";

/** Parameters behind a `;`: names in lower case, values without quotes; a parameter without value has "". */
export type Params = Map<string, string>;

/** Parses `;name=value;flag` from `start` to the end of `text` (RFC 3261 section 25.1, generic-param). Throws SipParseError. */
export function parseParams(text: string, start: number, field: string): Params {
  const params: Params = new Map();
  let i = start;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 32 || c === 9) {
      i++;
      continue;
    }
    if (c !== 59) throw new SipParseError(field, `";" expected before "${text.slice(i, i + 20)}"`);
    const end = endOfParam(text, i + 1, field);
    addParam(params, text.slice(i + 1, end), field);
    i = end;
  }
  return params;
}

/** `;name=value` for each parameter, quoting what is neither token nor host. */
export function formatParams(params: ReadonlyMap<string, string>): string {
  let out = "";
  for (const [name, value] of params) {
    if (value === "") out += `;${name}`;
    else out += `;${name}=${isToken(value) || isHostText(value) ? value : quote(value)}`;
  }
  return out;
}

function endOfParam(text: string, from: number, field: string): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 59) return i;
    if (c !== 34) continue;
    i = closingQuote(text, i);
    if (i < 0) throw new SipParseError(field, "a quote is not closed");
  }
  return text.length;
}

function addParam(params: Params, text: string, field: string): void {
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).trim().toLowerCase();
  if (!isToken(name)) throw new SipParseError(field, `bad parameter "${text.trim().slice(0, 40)}"`);
  if (!params.has(name)) params.set(name, equals < 0 ? "" : unquote(text.slice(equals + 1).trim()));
}

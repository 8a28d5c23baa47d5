/** The character classes and small scanners that the grammar of RFC 3261 section 25 is made of. No regular expressions. */

const TOKEN = 1;
const HOST = 2;
const USER = 4;
const CLASS = new Uint8Array(128);
for (const c of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") {
  CLASS[c.charCodeAt(0)] = TOKEN | HOST | USER;
}
mark("-.!%*_+`'~", TOKEN);
mark("-._:[]", HOST);
mark("-_.!~*'()&=+$,;?/", USER);

function mark(characters: string, bit: number): void {
  for (const c of characters) CLASS[c.charCodeAt(0)] = (CLASS[c.charCodeAt(0)] ?? 0) | bit;
}

function allOf(text: string, bit: number): boolean {
  for (let i = 0; i < text.length; i++) {
    if (((CLASS[text.charCodeAt(i)] ?? 0) & bit) === 0) return false;
  }
  return text.length > 0;
}

/** One or more characters of a `token`. */
export function isToken(text: string): boolean {
  return allOf(text, TOKEN);
}

/** Letters of host names and addresses, without regard to their order. */
export function isHostText(text: string): boolean {
  return allOf(text, HOST);
}

/** One or more decimal digits. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return text.length > 0;
}

/** Space or tab. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** The text of a quoted string or token with its quotes and backslashes taken off. */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 34) return text;
  const inner = text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  let out = "";
  for (let i = 0; i < inner.length; i++) {
    if (inner[i] === "\\" && i + 1 < inner.length) i++;
    out += inner[i];
  }
  return out;
}

/** `text` as a quoted string; line breaks and other control characters, which it may not hold, become spaces. */
export function quote(text: string): string {
  let out = '"';
  for (const c of text) {
    if (c === '"' || c === "\\") out += `\\${c}`;
    else out += c < " " || c === "\x7f" ? " " : c;
  }
  return `${out}"`;
}

/** The index of the quote that closes the one at `open`, or -1. */
export function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i;
  }
  return -1;
}

/** Splits a header's value at `separator`, but not inside quotes or angle brackets; the parts are trimmed. */
export function splitOutside(text: string, separator: "," | ";"): string[] {
  if (!text.includes(separator)) return [text.trim()];
  const parts: string[] = [];
  const stop = separator.charCodeAt(0);
  let start = 0;
  let angle = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34 && !angle) {
      const close = closingQuote(text, i);
      if (close < 0) break;
      i = close;
    } else if (c === 60) angle = true;
    else if (c === 62) angle = false;
    else if (c === stop && !angle) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** Percent escapes undone once; bytes that are no UTF-8 stand for themselves; undefined when an escape is broken. */
export function unescapePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  const source = Buffer.from(text, "utf8");
  for (let i = 0; i < source.length; i++) {
    const c = source[i] ?? 0;
    if (c !== 37) {
      bytes.push(c);
      continue;
    }
    const value = hex(source[i + 1]) * 16 + hex(source[i + 2]);
    if (Number.isNaN(value)) return undefined;
    bytes.push(value);
    i += 2;
  }
  const out = Buffer.from(bytes);
  return out.toString(isUtf8Text(out) ? "utf8" : "latin1");
}

/** `text` fit for the user part of a SIP URI. */
export function escapeUser(text: string): string {
  if (allOf(text, USER)) return text;
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    out +=
      ((CLASS[byte] ?? 0) & USER) !== 0
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

function hex(code: number | undefined): number {
  if (code === undefined) return Number.NaN;
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : Number.NaN;
}

function isUtf8Text(bytes: Buffer): boolean {
  return !bytes.toString("utf8").includes("�");
}

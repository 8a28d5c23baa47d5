import { SipParseError } from "../errors.ts";
import type { SipHeaders } from "./headers.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";
import { isDigits, isToken, splitOutside } from "./text.ts";
import { parseUri, type SipUri } from "./uri.ts";
import { formatVia, parseVia, type Via } from "./via.ts";

/** A parsed CSeq (RFC 3261 section 20.16). */
export interface CSeq {
  readonly seq: number;
  readonly method: string;
}

/** How the octets of the header section were read; a message that is no UTF-8 is kept octet by octet. */
export type HeadEncoding = "utf8" | "latin1";

/** What requests and responses share. Header values are parsed when asked for, once; the getters throw SipParseError. */
export abstract class MessageBase {
  readonly headers: SipHeaders;
  body: Buffer;
  readonly encoding: HeadEncoding;
  #via: Via | undefined;
  #from: NameAddr | undefined;
  #to: NameAddr | undefined;
  #cseq: CSeq | undefined;
  #contacts: NameAddr[] | "*" | undefined;

  constructor(headers: SipHeaders, body: Buffer, encoding: HeadEncoding) {
    this.headers = headers;
    this.body = body;
    this.encoding = encoding;
  }

  abstract startLine(): string;

  /** The topmost Via. */
  get via(): Via {
    this.#via ??= parseVia(splitOutside(this.required("Via"), ",")[0] ?? "");
    return this.#via;
  }

  get from(): NameAddr {
    this.#from ??= parseNameAddr(this.required("From"), "From");
    return this.#from;
  }

  get to(): NameAddr {
    this.#to ??= parseNameAddr(this.required("To"), "To");
    return this.#to;
  }

  get cseq(): CSeq {
    this.#cseq ??= parseCSeq(this.required("CSeq"));
    return this.#cseq;
  }

  get callId(): string {
    return this.required("Call-ID");
  }

  /** "" when the peer gave none (RFC 2543). */
  get fromTag(): string {
    return this.from.params.get("tag") ?? "";
  }

  get toTag(): string {
    return this.to.params.get("tag") ?? "";
  }

  /** All Contact values; `Contact: *` gives "*". */
  get contacts(): readonly NameAddr[] | "*" {
    if (this.#contacts) return this.#contacts;
    const values = this.list("Contact");
    const star = values.length === 1 && values[0] === "*";
    this.#contacts = star ? "*" : values.map((value) => parseNameAddr(value, "Contact"));
    return this.#contacts;
  }

  /** The media type of the body in lower case, without parameters. */
  get contentType(): string | undefined {
    return this.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  }

  /** The values of all lines of that name, split at commas; empty elements are left out. */
  list(name: string): string[] {
    const lines = this.headers.all(name);
    return lines.flatMap((line) => splitOutside(line, ",")).filter((value) => value !== "");
  }

  /** A header of digits; undefined when absent, malformed or above 2^32-1. */
  number(name: string): number | undefined {
    const value = this.headers.get(name);
    if (value === undefined || !isDigits(value)) return undefined;
    const n = Number(value);
    return n <= 0xffff_ffff ? n : undefined;
  }

  /** Writes the topmost Via anew, leaving the others as they are. */
  setTopVia(via: Via): void {
    const rest = splitOutside(this.required("Via"), ",").slice(1);
    this.headers.set("Via", [formatVia(via), ...rest].join(", "));
    this.#via = via;
  }

  setTo(value: string): void {
    this.headers.set("To", value);
    this.#to = undefined;
  }

  setBody(contentType: string, body: string): void {
    this.headers.set("Content-Type", contentType);
    const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(body));
    bytes.write(body);
    this.body = bytes;
  }

  /**
   * The message as it goes on the wire, Content-Length included. In memory of its own: a transaction keeps it for half a minute, and a
   * slice of Node's pool would keep 64 KB with it.
   */
  toBytes(): Buffer {
    this.headers.set("Content-Length", String(this.body.length));
    const head = `${this.startLine()}\r\n${this.headers.format()}\r\n`;
    const length = Buffer.byteLength(head, this.encoding);
    const bytes = Buffer.allocUnsafeSlow(length + this.body.length);
    bytes.write(head, this.encoding);
    bytes.set(this.body, length);
    return bytes;
  }

  protected required(name: string): string {
    const value = this.headers.get(name);
    if (value === undefined || value === "") throw new SipParseError(name, "missing");
    return value;
  }
}

export class SipRequest extends MessageBase {
  readonly kind = "request";
  #requestUri: SipUri | undefined;
  readonly method: string;
  /** The Request-URI as written. */
  uri: string;

  constructor(
    method: string,
    uri: string,
    headers: SipHeaders,
    body: Buffer = NO_BODY,
    encoding: HeadEncoding = "utf8",
  ) {
    super(headers, body, encoding);
    this.method = method;
    this.uri = uri;
  }

  /** The Request-URI as read. Throws SipParseError. */
  get requestUri(): SipUri {
    if (this.#requestUri?.text !== this.uri) this.#requestUri = parseUri(this.uri, "Request-URI");
    return this.#requestUri;
  }

  startLine(): string {
    return `${this.method} ${this.uri} SIP/2.0`;
  }
}

export class SipResponse extends MessageBase {
  readonly kind = "response";
  readonly status: number;
  readonly reason: string;

  constructor(
    status: number,
    reason: string,
    headers: SipHeaders,
    body: Buffer = NO_BODY,
    encoding: HeadEncoding = "utf8",
  ) {
    super(headers, body, encoding);
    this.status = status;
    this.reason = reason;
  }

  startLine(): string {
    return `SIP/2.0 ${this.status} ${this.reason}`;
  }
}

export type SipMessage = SipRequest | SipResponse;

export const NO_BODY: Buffer = Buffer.alloc(0);

function parseCSeq(text: string): CSeq {
  let i = 0;
  while (i < text.length && text[i] !== " " && text[i] !== "\t") i++;
  const digits = text.slice(0, i);
  const method = text.slice(i).trim();
  const seq = Number(digits);
  // RFC 3261 section 8.1.1.5 asks for less than 2^31; what fits 32 bits does no harm.
  if (!isDigits(digits) || seq > 0xffff_ffff || !isToken(method)) {
    throw new SipParseError("CSeq", `"${text.slice(0, 60)}" is no number and method`);
  }
  return { seq, method };
}

import { SipParseError } from "../errors.ts";
import { contentLength, endOfHead, parseHeaders } from "../message/parse-message.ts";

/** What a stream's octets turn out to be. */
export type Framed =
  | { readonly kind: "message"; readonly bytes: Buffer }
  /** Double CRLF between messages, to be answered by CRLF (RFC 5626 section 3.5.1). */
  | { readonly kind: "ping" }
  /** Where the next message starts cannot be known; `head` is empty when it never ended. */
  | { readonly kind: "broken"; readonly head: Buffer; readonly status: number };

/** Cuts a TCP stream into messages by Content-Length (RFC 3261 sections 18.3 and 20.14). */
export class StreamFramer {
  readonly #maxHead: number;
  readonly #maxBody: number;
  #buffer: Buffer = Buffer.alloc(2048);
  #start = 0;
  #end = 0;
  #scanned = 0;
  /** Octets of the message that is being read, known once its head is whole. */
  #wanted: number | undefined;
  #broken = false;

  constructor(limits: { maxHeadBytes: number; maxBodyBytes: number }) {
    this.#maxHead = limits.maxHeadBytes;
    this.#maxBody = limits.maxBodyBytes;
  }

  /** Whether a message has begun and is not yet whole. */
  get isPartial(): boolean {
    return this.#end > this.#start;
  }

  push(chunk: Uint8Array): void {
    if (this.#broken) return;
    this.#reserve(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next whole thing in what was pushed; undefined until more comes. After "broken" nothing more is read. */
  next(): Framed | undefined {
    if (this.#broken) return undefined;
    if (this.#wanted === undefined) {
      const blank = this.#skipBlankLines();
      if (blank !== undefined) return blank;
      const broken = this.#readHead();
      if (broken !== undefined) return this.#break(broken);
    }
    if (this.#wanted === undefined || this.#end - this.#start < this.#wanted) return undefined;
    const bytes = Buffer.from(this.#buffer.subarray(this.#start, this.#start + this.#wanted));
    this.#start += this.#wanted;
    this.#scanned = this.#start;
    this.#wanted = undefined;
    return { kind: "message", bytes };
  }

  #skipBlankLines(): Framed | undefined {
    const buffer = this.#buffer;
    while (this.#end - this.#start >= 2 && buffer[this.#start] === 13 && buffer[this.#start + 1] === 10) {
      const double =
        this.#end - this.#start >= 4 && buffer[this.#start + 2] === 13 && buffer[this.#start + 3] === 10;
      this.#start += double ? 4 : 2;
      this.#scanned = this.#start;
      if (double) return { kind: "ping" };
    }
    return undefined;
  }

  #readHead(): Framed | undefined {
    const live = this.#buffer.subarray(this.#start, this.#end);
    const end = endOfHead(live, Math.max(0, this.#scanned - this.#start - 3));
    this.#scanned = this.#end;
    const length = end < 0 ? live.length : end;
    if (length > this.#maxHead) return { kind: "broken", head: Buffer.alloc(0), status: 513 };
    if (end < 0) return undefined;
    const head = Buffer.from(live.subarray(0, end));
    const body = bodyLength(head);
    if (body === undefined) return { kind: "broken", head, status: 400 };
    if (body > this.#maxBody) return { kind: "broken", head, status: 413 };
    this.#wanted = end + body;
    return undefined;
  }

  #break(framed: Framed): Framed {
    this.#broken = true;
    this.#start = this.#end = 0;
    this.#buffer = Buffer.alloc(0);
    return framed;
  }

  #reserve(more: number): void {
    const used = this.#end - this.#start;
    if (this.#end + more <= this.#buffer.length) return;
    const target =
      used + more <= this.#buffer.length / 2
        ? this.#buffer
        : Buffer.alloc(Math.max(this.#buffer.length * 2, used + more));
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#buffer = target;
    this.#scanned -= this.#start;
    this.#start = 0;
    this.#end = used;
  }
}

function bodyLength(head: Buffer): number | undefined {
  const text = head.toString("latin1");
  const firstLine = text.indexOf("\n") + 1;
  try {
    return contentLength(parseHeaders(text, firstLine, {}));
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

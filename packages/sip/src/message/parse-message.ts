import { isUtf8 } from "node:buffer";
import { SipParseError } from "../errors.ts";
import { SipHeaders } from "./headers.ts";
import { type HeadEncoding, NO_BODY, type SipMessage, SipRequest, SipResponse } from "./message.ts";
import { isBlank, isDigits, isToken } from "./text.ts";

/** What parsing gives: a message, or the error together with the request it was found in, if a reply can be made. */
export type ParseResult =
  | { readonly kind: "message"; readonly message: SipMessage }
  | { readonly kind: "malformed"; readonly error: SipParseError; readonly request: SipRequest | undefined };

/**
 * Parses the octets of one datagram, WebSocket message or framed stream message, and checks what every message must
 * have (RFC 3261 sections 7 and 8.1.1). Throws SipParseError only.
 */
export function parseMessage(bytes: Uint8Array): SipMessage {
  const result = tryParse(bytes);
  if (result.kind === "malformed") throw result.error;
  return result.message;
}

/** As `parseMessage`, but gives the error as a value, with what is needed to answer it. Never throws. */
export function tryParse(bytes: Uint8Array): ParseResult {
  let request: SipRequest | undefined;
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { head, bodyStart, encoding } = splitHead(buffer);
    const lineEnd = endOfLine(head, 0);
    const first = head.slice(0, lineEnd.end);
    const headerProblem: { error?: SipParseError } = {};
    const headers = parseHeaders(head, lineEnd.next, headerProblem);
    const body = buffer.subarray(bodyStart);
    if (isStatusLine(first)) {
      const response = parseStatusLine(first, headers, encoding);
      if (headerProblem.error) throw headerProblem.error;
      response.body = bodyOf(headers, body);
      checkCommon(response);
      return { kind: "message", message: response };
    }
    const line = parseRequestLine(first);
    request = new SipRequest(line.method, line.uri, headers, NO_BODY, encoding);
    if (line.error) throw line.error;
    if (headerProblem.error) throw headerProblem.error;
    request.body = bodyOf(headers, body);
    checkCommon(request);
    checkRequest(request);
    return { kind: "message", message: request };
  } catch (error) {
    if (error instanceof SipParseError) return { kind: "malformed", error, request };
    throw error;
  }
}

/** The octet behind the empty line that ends the header section, or -1. */
export function endOfHead(bytes: Uint8Array, from = 0): number {
  const i = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("\r\n\r\n", from, "latin1");
  return i < 0 ? -1 : i + 4;
}

/** The one Content-Length (RFC 3261 section 20.14), undefined when absent. Throws SipParseError when it is none. */
export function contentLength(headers: SipHeaders): number | undefined {
  const values = headers.all("Content-Length");
  const [first] = values;
  if (first === undefined) return undefined;
  const length = Number(first);
  if (!isDigits(first) || length > 0xffff_ffff || values.some((value) => Number(value) !== length)) {
    throw new SipParseError("Content-Length", `"${values.join(", ").slice(0, 60)}" is no length`);
  }
  return length;
}

/** Parses header lines from `start`; the first problem is put into `problem`, the rest is still read. */
export function parseHeaders(head: string, start: number, problem: { error?: SipParseError }): SipHeaders {
  const headers = new SipHeaders();
  let i = start;
  while (i < head.length) {
    const line = endOfLine(head, i);
    let text = head.slice(i, line.end);
    let next = line.next;
    while (next < head.length && isBlank(head.charCodeAt(next))) {
      const more = endOfLine(head, next);
      text = `${text} ${head.slice(next, more.end).trim()}`; // folded (section 7.3.1)
      next = more.next;
    }
    i = next;
    if (text === "") break;
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(0, colon)).trimEnd();
    if (isToken(name)) headers.add(name, text.slice(colon + 1).trim());
    else problem.error ??= new SipParseError("header", `"${text.slice(0, 40)}" is no header`);
  }
  return headers;
}

function splitHead(buffer: Buffer): { head: string; bodyStart: number; encoding: HeadEncoding } {
  let bodyStart = endOfHead(buffer);
  if (bodyStart < 0) {
    const bare = buffer.indexOf("\n\n", 0, "latin1");
    if (bare < 0) throw new SipParseError("header", "no empty line behind the header section");
    bodyStart = bare + 2;
  }
  const bytes = buffer.subarray(0, bodyStart);
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return { head: bytes.toString(encoding), bodyStart, encoding };
}

function endOfLine(text: string, from: number): { end: number; next: number } {
  const lf = text.indexOf("\n", from);
  if (lf < 0) return { end: text.length, next: text.length };
  return { end: lf > from && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf, next: lf + 1 };
}

function isStatusLine(line: string): boolean {
  return line.slice(0, 4).toUpperCase() === "SIP/";
}

function parseStatusLine(line: string, headers: SipHeaders, encoding: HeadEncoding): SipResponse {
  const blank1 = line.indexOf(" ");
  const code = line.slice(blank1 + 1, blank1 + 4);
  const after = line.charAt(blank1 + 4);
  const status = Number(code);
  if (line.slice(0, blank1).toUpperCase() !== "SIP/2.0")
    throw new SipParseError("Status-Line", "bad version");
  if (
    !isDigits(code) ||
    code.length !== 3 ||
    (after !== " " && after !== "") ||
    status < 100 ||
    status > 699
  ) {
    throw new SipParseError("Status-Line", `bad status in "${line.slice(0, 40)}"`);
  }
  return new SipResponse(status, line.slice(blank1 + 5), headers, NO_BODY, encoding);
}

function parseRequestLine(line: string): { method: string; uri: string; error?: SipParseError } {
  const parts = line.split(" ");
  const [method = "", uri = "", version = ""] = parts;
  if (!isToken(method)) throw new SipParseError("Request-Line", `bad method in "${line.slice(0, 40)}"`);
  if (parts.length !== 3 || uri === "" || version === "") {
    return {
      method,
      uri,
      error: new SipParseError("Request-Line", "method, URI and version expected, one blank between"),
    };
  }
  if (version.toUpperCase() === "SIP/2.0") return { method, uri };
  const known = version.toUpperCase().startsWith("SIP/");
  return {
    method,
    uri,
    error: new SipParseError("Request-Line", `version "${version.slice(0, 20)}"`, known ? 505 : 400),
  };
}

function bodyOf(headers: SipHeaders, rest: Buffer): Buffer {
  const length = contentLength(headers);
  if (length === undefined) return rest;
  if (length > rest.length) {
    throw new SipParseError("Content-Length", `${length} octets announced, ${rest.length} are there`);
  }
  return rest.subarray(0, length);
}

const ONCE = ["From", "To", "Call-ID", "CSeq", "Max-Forwards"];

function checkCommon(message: SipMessage): void {
  for (const name of ONCE) {
    if (message.headers.count(name) > 1) throw new SipParseError(name, "stands more than once");
  }
  // The getters parse, throw on what is missing or malformed, and keep the result.
  void message.via;
  void message.from;
  void message.to;
  void message.callId;
  void message.cseq;
}

function checkRequest(request: SipRequest): void {
  void request.requestUri;
  if (request.cseq.method !== request.method) {
    throw new SipParseError(
      "CSeq",
      `names ${request.cseq.method.slice(0, 20)}, the request is ${request.method.slice(0, 20)}`,
    );
  }
  if (request.via.version !== "2.0") throw new SipParseError("Via", "bad version", 505);
  void request.contacts;
}

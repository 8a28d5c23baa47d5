import { createHash } from "node:crypto";
import { makeHa1 } from "@svara/sip";

/**
 * SIP as SIPp writes it: templates and a few headers read by position. The load generator must cost little beside the
 * server on the same machine, and must not share the server's own stack.
 */
export interface SipText {
  /** 0 for a request. */
  readonly status: number;
  /** The method, of a response that of its CSeq. */
  readonly method: string;
  readonly text: string;
}

const callIdLine = /\r\ncall-id: *([^\r\n]+)/i;
const cseqMethod = /\r\ncseq: *\d+ +([A-Z]+)/i;
const contactUri = /\r\ncontact: *[^<\r\n]*<([^>]+)>/i;
const fromUser = /\r\nfrom: *[^<\r\n]*<sips?:([^@>]+)@/i;
const audioPort = /\r\nm=audio (\d+)/;

/** Undefined for a keep-alive or what else is no message. */
export function readSip(datagram: Buffer): SipText | undefined {
  const text = datagram.toString("latin1");
  if (text.startsWith("SIP/2.0 ")) {
    return { status: Number(text.slice(8, 11)), method: cseqMethod.exec(text)?.[1] ?? "", text };
  }
  const space = text.indexOf(" ");
  return space > 0 && space < 20 ? { status: 0, method: text.slice(0, space), text } : undefined;
}

export function callIdOf({ text }: SipText): string {
  return callIdLine.exec(text)?.[1] ?? "";
}

export function contactOf({ text }: SipText): string | undefined {
  return contactUri.exec(text)?.[1];
}

/** The user part of the From header: the number of the caller. */
export function fromUserOf({ text }: SipText): string {
  return decodeURIComponent(fromUser.exec(text)?.[1] ?? "");
}

/** The port of the first audio section; 0 without SDP. */
export function audioPortOf({ text }: SipText): number {
  return Number(audioPort.exec(text)?.[1] ?? 0);
}

/** All lines of one header, in order, as they came. */
export function linesOf({ text }: SipText, name: string): string {
  const end = text.indexOf("\r\n\r\n");
  const wanted = `${name.toLowerCase()}:`;
  return text
    .slice(0, end < 0 ? text.length : end)
    .split("\r\n")
    .filter((line) => line.slice(0, wanted.length).toLowerCase() === wanted)
    .join("\r\n");
}

/** Answers a request, mirroring what RFC 3261 section 8.2.6 says; `more` are header lines and may hold a body. */
export function respond(
  request: SipText,
  status: string,
  toTag: string,
  more: readonly string[],
  body = "",
): Buffer {
  const to = linesOf(request, "To");
  const lines = [
    `SIP/2.0 ${status}`,
    linesOf(request, "Via"),
    linesOf(request, "From"),
    to.includes(";tag=") ? to : `${to};tag=${toTag}`,
    linesOf(request, "Call-ID"),
    linesOf(request, "CSeq"),
    ...more,
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "latin1");
}

/** An offer or answer of mu-law and keys, as phones on a carrier's line have it; RTCP shares the port. */
export function sdp(port: number): string {
  return [
    "v=0",
    "o=load 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=ptime:20",
    "a=rtcp-mux",
    "",
  ].join("\r\n");
}

/** The Authorization line for a challenge with MD5 and qop auth (RFC 2617), or undefined without such a challenge. */
export function authorise(
  challenged: SipText,
  request: {
    readonly method: string;
    readonly uri: string;
    readonly user: string;
    readonly password: string;
  },
): string | undefined {
  const challenge = linesOf(challenged, "WWW-Authenticate")
    .split("\r\n")
    .find((line) => /algorithm="?MD5"?(,|$| )/i.test(line));
  const realm = /realm="([^"]*)"/.exec(challenge ?? "")?.[1];
  const nonce = /nonce="([^"]*)"/.exec(challenge ?? "")?.[1];
  if (realm === undefined || nonce === undefined) return undefined;
  const { method, uri, user, password } = request;
  const ha1 = makeHa1(user, realm, password).md5;
  const cnonce = "1a2b3c4d";
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return [
    `Authorization: Digest username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    "algorithm=MD5",
    `cnonce="${cnonce}"`,
    "qop=auth",
    "nc=00000001",
  ].join(", ");
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

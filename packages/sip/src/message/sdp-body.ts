import { SipParseError } from "../errors.ts";
import type { MessageBase } from "./message.ts";
import { parseParams } from "./params.ts";

/**
 * The session description of a message: its body, or that part of a multipart body; undefined without body, and for
 * another body that the sender calls optional (RFC 3261 section 20.11).
 */
export function sdpOf(message: MessageBase): string | undefined {
  if (message.body.length === 0) return undefined;
  const type = message.contentType;
  if (type?.startsWith("multipart/")) {
    return sdpPart(message.headers.get("Content-Type") ?? "", message.body.toString("utf8"), 0);
  }
  if (type !== undefined && type !== "application/sdp" && isOptional(message)) return undefined;
  return message.body.toString("utf8");
}

/** Whether the body is one whose session description we can read, or one that we may ignore. */
export function hasReadableBody(message: MessageBase): boolean {
  if (message.body.length === 0) return true;
  if (isOptional(message)) return true;
  const encoding = message.headers.get("Content-Encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity") return false;
  if (message.contentType === "application/sdp") return true;
  return message.contentType?.startsWith("multipart/") === true && sdpOf(message) !== undefined;
}

const MAX_DEPTH = 3; // multipart in multipart, as carriers nest it; deeper is an attack

function isOptional(message: MessageBase): boolean {
  const disposition = message.headers.get("Content-Disposition");
  return disposition !== undefined && paramOf(disposition, "handling")?.toLowerCase() === "optional";
}

function sdpPart(contentType: string, text: string, depth: number): string | undefined {
  const boundary = paramOf(contentType, "boundary");
  if (!boundary || depth >= MAX_DEPTH) return undefined;
  for (const part of text.split(`--${boundary}`)) {
    const blank = part.indexOf("\r\n\r\n");
    if (blank < 0) continue;
    const type = partType(part.slice(0, blank));
    if (type === "application/sdp") return `${part.slice(blank + 4).trimEnd()}\r\n`;
    if (!type.startsWith("multipart/")) continue;
    const inner = sdpPart(partHeader(part.slice(0, blank)), part.slice(blank + 4), depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function partType(head: string): string {
  return (partHeader(head).split(";")[0] ?? "").trim().toLowerCase();
}

/** The Content-Type value in the head of a body part. */
function partHeader(head: string): string {
  for (const line of head.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name === "content-type" || name === "c") return line.slice(colon + 1).trim();
  }
  return "";
}

function paramOf(header: string, name: string): string | undefined {
  const semicolon = header.indexOf(";");
  if (semicolon < 0) return undefined;
  try {
    return parseParams(header, semicolon, "Content-Type").get(name);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

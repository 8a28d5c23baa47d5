import type { MessageBase } from "./message.ts";
import { parseParams } from "./params.ts";

/** The session description of a message: its body, or that part of a multipart body; undefined without body. */
export function sdpOf(message: MessageBase): string | undefined {
  if (message.body.length === 0) return undefined;
  const text = message.body.toString("utf8");
  return message.contentType?.startsWith("multipart/") ? sdpPart(message, text) : text;
}

/** Whether the body is one whose session description we can read. */
export function hasReadableBody(message: MessageBase): boolean {
  if (message.body.length === 0) return true;
  const encoding = message.headers.get("Content-Encoding")?.toLowerCase() ?? "identity";
  if (encoding !== "identity") return false;
  if (message.contentType === "application/sdp") return true;
  return message.contentType?.startsWith("multipart/") === true && sdpOf(message) !== undefined;
}

function sdpPart(message: MessageBase, text: string): string | undefined {
  const header = message.headers.get("Content-Type") ?? "";
  const semicolon = header.indexOf(";");
  const boundary = semicolon < 0 ? undefined : parseParams(header, semicolon, "Content-Type").get("boundary");
  if (!boundary) return undefined;
  for (const part of text.split(`--${boundary}`)) {
    const blank = part.indexOf("\r\n\r\n");
    if (blank < 0 || !part.slice(0, blank).toLowerCase().includes("application/sdp")) continue;
    const body = part.slice(blank + 4);
    return body.endsWith("\r\n") ? body : `${body}\r\n`;
  }
  return undefined;
}

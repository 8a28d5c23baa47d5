import { SipParseError } from "../errors.ts";
import type { SipMessage } from "../message/message.ts";
import { parseParams } from "../message/params.ts";
import { splitOutside } from "../message/text.ts";
import type { RedirectContact } from "./redirects.ts";

/** Whose doing the end of a call or dialog was. */
export type EndedBy = "local" | "remote" | "transport" | "timeout";

/** How a dialog ended or an incoming call was withdrawn. */
export interface CallEnd {
  readonly by: EndedBy;
  /** The SIP status behind it, where there is one. */
  readonly status?: number;
  readonly reason?: string;
  /** The cause of ITU-T Q.850 from the Reason header (RFC 3326). */
  readonly q850?: number;
  /** The Reason header as received. */
  readonly reasonHeader?: string;
}

/** How an outgoing call came to nothing. */
export interface CallFailure extends CallEnd {
  readonly status: number;
  readonly reason: string;
  /** Contact of a 3xx, as received. */
  readonly redirect?: string;
  /** The places a 3xx names, best first, when they were not followed. */
  readonly contacts?: readonly RedirectContact[];
}

/** What the Reason header of a BYE, CANCEL or response says (RFC 3326). */
export function readReason(message: SipMessage): {
  status?: number;
  reason?: string;
  q850?: number;
  reasonHeader?: string;
} {
  const header = message.headers.all("Reason").join(", ");
  if (header === "") return {};
  const found: { status?: number; reason?: string; q850?: number; reasonHeader: string } = {
    reasonHeader: header,
  };
  for (const value of splitOutside(header, ",")) readOneReason(value, found);
  return found;
}

/** A Reason header's value. */
export function formatReason(cause: number, text: string, protocol: "SIP" | "Q.850" = "SIP"): string {
  const plain = text.replaceAll(/["\\\r\n]/g, " ");
  return `${protocol};cause=${cause}${plain === "" ? "" : `;text="${plain}"`}`;
}

function readOneReason(value: string, into: { status?: number; reason?: string; q850?: number }): void {
  const semicolon = value.indexOf(";");
  if (semicolon < 0) return;
  try {
    const params = parseParams(value, semicolon, "Reason");
    const cause = Number(params.get("cause"));
    const protocol = value.slice(0, semicolon).trim().toUpperCase();
    if (Number.isInteger(cause) && protocol === "Q.850") into.q850 = cause;
    if (Number.isInteger(cause) && protocol === "SIP") into.status = cause;
    const text = params.get("text");
    if (text) into.reason = text;
  } catch (error) {
    if (!(error instanceof SipParseError)) throw error; // a broken Reason is kept as text only
  }
}

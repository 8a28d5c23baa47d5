import { SipHeaders } from "./headers.ts";
import { type SipRequest, SipResponse } from "./message.ts";
import { reasonPhrase } from "./status.ts";

/** Extra header lines, in order. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/**
 * A response to `request` (RFC 3261 section 8.2.6): its Vias, From, To with `toTag`, Call-ID and CSeq, and the
 * Record-Route lines when it may make a dialog.
 */
export function respond(
  request: SipRequest,
  status: number,
  options: { readonly toTag?: string; readonly reason?: string; readonly headers?: HeaderLines } = {},
): SipResponse {
  const { headers: source } = request;
  const headers = new SipHeaders();
  for (const via of source.all("Via")) headers.add("Via", via);
  if (status > 100 && status < 300) {
    for (const route of source.all("Record-Route")) headers.add("Record-Route", route);
  }
  copy(source, headers, "From");
  const to = source.get("To");
  if (to !== undefined) headers.add("To", withTag(request, to, status > 100 ? options.toTag : undefined));
  copy(source, headers, "Call-ID");
  copy(source, headers, "CSeq");
  for (const [name, value] of options.headers ?? []) headers.add(name, oneLine(value));
  const reason = oneLine(options.reason ?? reasonPhrase(status));
  return new SipResponse(status, reason, headers, undefined, request.encoding);
}

/** `text` with what could end a header line taken out. */
export function oneLine(text: string): string {
  return text.includes("\r") || text.includes("\n") ? text.replaceAll("\r", " ").replaceAll("\n", " ") : text;
}

function copy(from: SipHeaders, to: SipHeaders, name: string): void {
  const value = from.get(name);
  if (value !== undefined) to.add(name, value);
}

function withTag(request: SipRequest, to: string, tag: string | undefined): string {
  if (tag === undefined || hasTag(request)) return to;
  return `${to};tag=${tag}`;
}

function hasTag(request: SipRequest): boolean {
  try {
    return request.toTag !== "";
  } catch {
    return true; // malformed: echoed untouched
  }
}

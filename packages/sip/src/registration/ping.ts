import type { SipContext } from "../dialog/sip-context.ts";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import { parseUri } from "../message/uri.ts";
import type { ClientFailure } from "../transaction/client-transaction.ts";

/** Whether a peer answers OPTIONS. */
export type PingOutcome =
  /** Any final status shows life; `rttMs` from sending to answer. */
  | { readonly kind: "answered"; readonly status: number; readonly rttMs: number }
  | { readonly kind: "no_answer"; readonly cause: ClientFailure };

/** Sends one OPTIONS outside a dialog (RFC 3261 section 11). Throws SipParseError for a bad URI. */
export async function ping(context: SipContext, uri: string, host: string): Promise<PingOutcome> {
  const to = parseUri(uri);
  const headers = new SipHeaders()
    .add("Max-Forwards", "70")
    .add("From", `<sip:ping@${host}>;tag=${context.newTag()}`)
    .add("To", `<${uri}>`)
    .add("Call-ID", context.newCallId())
    .add("CSeq", "1 OPTIONS")
    .add("Accept", "application/sdp")
    .add("User-Agent", context.userAgentName);
  const request = new SipRequest("OPTIONS", uri, headers);
  const startedAt = context.clock.now();
  try {
    const flow = await context.flowTo(to);
    headers.add("Contact", `<${context.contactFor(flow, undefined).text}>`);
    const result = await new Promise<SipResponse | ClientFailure>((resolve) => {
      context.send(request, flow, {
        onResponse: (response) => {
          if (response.status >= 200) resolve(response);
        },
        onFailure: resolve,
      });
    });
    if (typeof result === "string") return { kind: "no_answer", cause: result };
    return { kind: "answered", status: result.status, rttMs: context.clock.now() - startedAt };
  } catch {
    return { kind: "no_answer", cause: "transport" };
  }
}

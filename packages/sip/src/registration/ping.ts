import type { SipContext } from "../dialog/sip-context.ts";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import { parseUri } from "../message/uri.ts";
import type { ClientFailure, ClientUser } from "../transaction/client-transaction.ts";
import { sendByRoute } from "../transport/send-by-route.ts";

/** Whether a peer answers OPTIONS. */
export type PingOutcome =
  /** Any final status shows life; `rttMs` from sending to answer. */
  | { readonly kind: "answered"; readonly status: number; readonly rttMs: number }
  | { readonly kind: "no_answer"; readonly cause: ClientFailure };

/** Sends one OPTIONS outside a dialog (RFC 3261 section 11) to the first target that answers. Throws SipParseError for a bad URI. */
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
  let sentAt = context.clock.now();
  const result = await new Promise<SipResponse | ClientFailure>((resolve) => {
    const user: ClientUser = {
      onResponse: (response) => {
        if (response.status >= 200) resolve(response);
      },
      onFailure: resolve,
    };
    sendByRoute(context, context.routeTo(to), request, user, (copy, flow) => {
      sentAt = context.clock.now();
      copy.headers.add("Contact", `<${context.contactFor(flow, undefined).text}>`);
    });
  });
  if (typeof result === "string") return { kind: "no_answer", cause: result };
  return { kind: "answered", status: result.status, rttMs: context.clock.now() - sentAt };
}

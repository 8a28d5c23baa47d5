import type { IncomingCall } from "@svara/sip";
import type { Diversion, Party, SwitchEventBody } from "../switch.ts";

type Incoming = Extract<SwitchEventBody, { type: "leg.incoming" }>;

/** What an incoming call says of itself, as far as its party is to be believed. */
export function incomingFacts(
  call: IncomingCall,
  party: Party,
): Pick<Incoming, "calledNumber" | "callerNumber" | "callerName" | "divertedFrom"> {
  // only a carrier may say on whose behalf it calls (RFC 3325)
  const trusted = party.kind === "trunk";
  const identity = (trusted ? call.assertedIdentity : undefined) ?? call.from;
  const callerNumber = call.anonymous ? undefined : identity.uri.user;
  const callerName = call.anonymous ? undefined : identity.displayName;
  const divertedFrom = trusted ? diversionOf(call) : undefined;
  return {
    calledNumber: call.dialledUser,
    ...(callerNumber ? { callerNumber } : {}),
    ...(callerName ? { callerName } : {}),
    ...(divertedFrom ? { divertedFrom } : {}),
  };
}

/** The first called: whom the caller meant. */
function diversionOf(call: IncomingCall): Diversion | undefined {
  const first = call.redirection?.first;
  const number = first?.address.uri.user;
  return first && number ? { number, reason: first.reason } : undefined;
}

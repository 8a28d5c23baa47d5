import { SipParseError } from "../errors.ts";
import type { MessageBase } from "./message.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";

/** What a caller may ask to be hidden (RFC 3323 section 4.2, RFC 3325 section 9.3, RFC 7044 section 10.1). */
export type PrivacyValue = "header" | "session" | "user" | "none" | "critical" | "id" | "history";

const PRIVACY: ReadonlySet<string> = new Set([
  "header",
  "session",
  "user",
  "none",
  "critical",
  "id",
  "history",
]);

/** An identity told twice, as a SIP URI and as a telephone number (RFC 3325 section 9.1). */
export interface IdentityPair {
  readonly sip: NameAddr | undefined;
  readonly tel: NameAddr | undefined;
}

/** A Remote-Party-ID, the ancestor of P-Asserted-Identity that some carriers and phones still send. */
export interface RemoteParty {
  readonly address: NameAddr;
  /** Whether the number was checked by the sender's network. */
  readonly screened: boolean;
  /** Whether the number shall not be shown. */
  readonly private: boolean;
}

/** The values of all Privacy lines; unknown ones are left out. */
export function privacyOf(message: MessageBase): ReadonlySet<PrivacyValue> {
  const found = new Set<PrivacyValue>();
  for (const line of message.headers.all("Privacy")) {
    for (const part of line.split(/[;,]/)) {
      const value = part.trim().toLowerCase();
      if (PRIVACY.has(value)) found.add(value as PrivacyValue);
    }
  }
  return found;
}

/** The addresses of a header with several values; broken ones tell nothing and are left out. */
export function addressesOf(message: MessageBase, name: string): NameAddr[] {
  if (message.headers.get(name) === undefined) return [];
  return message.list(name).flatMap((value) => {
    const address = tryNameAddr(value, name);
    return address ? [address] : [];
  });
}

/** P-Asserted-Identity or P-Preferred-Identity: at most one value of each kind counts. */
export function identityPair(message: MessageBase, name: string): IdentityPair {
  const addresses = addressesOf(message, name);
  return {
    sip: addresses.find(({ uri }) => uri.scheme === "sip" || uri.scheme === "sips"),
    tel: addresses.find(({ uri }) => uri.scheme === "tel"),
  };
}

/** The Remote-Party-ID that describes the caller. */
export function remotePartyOf(message: MessageBase): RemoteParty | undefined {
  for (const address of addressesOf(message, "Remote-Party-ID")) {
    const party = address.params.get("party")?.toLowerCase() ?? "calling";
    if (party !== "calling") continue;
    const privacy = address.params.get("privacy")?.toLowerCase() ?? "off";
    return { address, screened: address.params.get("screen") === "yes", private: privacy !== "off" };
  }
  return undefined;
}

/** A name-addr, or undefined when it is broken. */
export function tryNameAddr(text: string, field: string): NameAddr | undefined {
  try {
    return parseNameAddr(text, field);
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

import { addressesOf } from "./caller-identity.ts";
import type { MessageBase } from "./message.ts";
import { formatNameAddr, type NameAddr } from "./name-addr.ts";
import { parseUri } from "./uri.ts";

/** Why a call was sent on (RFC 5806 section 4); others pass as they are written. */
export type DiversionReason =
  | "unknown"
  | "user-busy"
  | "no-answer"
  | "unavailable"
  | "unconditional"
  | "time-of-day"
  | "do-not-disturb"
  | "deflection"
  | "follow-me"
  | "out-of-service"
  | "away"
  | (string & {});

/** One who sent a call on to somebody else. */
export interface Diversion {
  readonly address: NameAddr;
  /** In lower case. */
  readonly reason: DiversionReason;
  /** How many diversions this entry stands for. */
  readonly counter: number;
  /** Whether the caller or callee may not be shown it. */
  readonly private: boolean;
}

/** What a Diversion of ours is written from. */
export interface DiversionParts {
  readonly uri: string;
  readonly displayName?: string | undefined;
  readonly reason: DiversionReason;
  readonly counter?: number;
  readonly private?: boolean;
}

const MAX_COUNTER = 100; // two digits are allowed; a loop is certain long before

/** The Diversion values of a message, the latest first, as RFC 5806 orders them; broken ones are left out. */
export function diversionsOf(message: MessageBase): Diversion[] {
  return addressesOf(message, "Diversion").map((address) => {
    const counter = Number(address.params.get("counter") ?? "1");
    const privacy = address.params.get("privacy")?.toLowerCase() ?? "off";
    return {
      address,
      reason: address.params.get("reason")?.toLowerCase() || "unknown",
      counter: counter >= 1 && counter <= MAX_COUNTER ? Math.floor(counter) : 1,
      private: privacy !== "off",
    };
  });
}

/** One Diversion value. Throws SipParseError for a bad URI. */
export function formatDiversion(parts: DiversionParts): string {
  const params = new Map([["reason", parts.reason]]);
  params.set("counter", String(parts.counter ?? 1));
  if (parts.private) params.set("privacy", "full");
  return formatNameAddr({ displayName: parts.displayName, uri: parseUri(parts.uri, "Diversion"), params });
}

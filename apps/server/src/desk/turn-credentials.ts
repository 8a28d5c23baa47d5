import { createHmac } from "node:crypto";
import type { IceServer } from "@svara/contracts";
import type { Instant } from "@svara/kernel";

/** A relay for agents whose network lets no media through but what goes to it; null: none. */
export interface TurnSettings {
  /** `turn:`, `turns:` and `stun:` addresses (RFC 7064, RFC 7065). */
  readonly urls: readonly string[];
  /** Shared with the TURN server (`static-auth-secret` of coturn); null when there are only `stun:` addresses. */
  readonly secret: string | null;
}

/** Longer than any shift: a relay asks again for each call that begins. */
const validForMs = 24 * 3_600_000;

/**
 * The ICE servers for one browser, with a user name that holds good until its time is over and a password that only we and the
 * TURN server can make (draft-uberti-behave-turn-rest-00, section 2.2: base64 of HMAC-SHA1 over "expiry:user").
 */
export function iceServersFor(turn: TurnSettings | null, user: string, now: Instant): IceServer[] {
  if (turn === null) return [];
  const relays = turn.urls.filter((url) => !url.startsWith("stun"));
  const others = turn.urls.filter((url) => url.startsWith("stun"));
  const servers: IceServer[] = others.length > 0 ? [{ urls: others }] : [];
  if (relays.length > 0 && turn.secret !== null) {
    const username = `${Math.floor((now + validForMs) / 1000)}:${user}`;
    const credential = createHmac("sha1", turn.secret).update(username).digest("base64");
    servers.push({ urls: relays, username, credential });
  }
  return servers;
}

import type { Instant } from "@svara/kernel";

/** Why an address is not heard: wrong passwords, a flood over a connection, or an operator's word. */
export type BanReason = "logins" | "flood" | "operator";

/** An address from which nothing is taken. */
export interface Ban {
  /** Numeric; of IPv6 the whole /64, since whoever has one address of it has all. */
  readonly address: string;
  /** Set when only this source port is meant: others behind the same address have logged in well. */
  readonly port: number | undefined;
  readonly reason: BanReason;
  readonly since: Instant;
  readonly until: Instant;
  /** Failed logins that led to it. */
  readonly failures: number;
}

/** A ban that is over. */
export interface BanEnd extends Ban {
  readonly by: "time" | "operator";
}

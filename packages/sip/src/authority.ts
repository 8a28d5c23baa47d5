import type { Ha1 } from "./digest/digest.ts";
import type { SipRequest } from "./message/message.ts";

/** The transports of this stack (RFC 3261, RFC 7118). */
export type Protocol = "udp" | "tcp" | "tls" | "ws" | "wss";

/** Where a message came from. `host` is a numeric address without brackets. */
export interface SourceAddress {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/** Who a request is from, as proven. `id` belongs to whoever answers the authority's questions. */
export type Identity =
  | { readonly kind: "endpoint"; readonly id: string }
  | { readonly kind: "trunk"; readonly id: string };

/** A phone or trunk that logs in by digest. */
export interface DigestAccount {
  readonly identity: Identity;
  readonly ha1: Ha1;
  /** The user parts it may register (its addresses of record). */
  readonly aors: readonly string[];
  /** Devices that may be bound at once, at most the registrar's limit; a further one takes the place of the oldest. */
  readonly maxContacts?: number;
}

/** One digest login, for the lock-out book-keeping; never holds the password or its digest. */
export interface LoginAttempt {
  readonly username: string;
  readonly source: SourceAddress;
  readonly method: string;
}

/** Who may do what: asked by the stack, answered by the house. */
export interface Authority {
  findAccount(username: string, realm: string): Promise<DigestAccount | undefined>;
  /** A trunk that needs no login because of its address; asked only when the request brings no credentials of our realm. */
  identifyBySource(source: SourceAddress, request: SipRequest): Promise<Identity | undefined>;
  /** Whether a trunk lives there: such an address is never banned nor thinned out. Asked often, so answered from memory. */
  isTrusted?(source: { readonly host: string; readonly port: number }): boolean;
  /** True refuses every login with 403. */
  isLockedOut?(source: SourceAddress, username: string): boolean;
  loginSucceeded?(attempt: LoginAttempt): void;
  /** `failures` counts those of this user name from this address within the window. */
  loginFailed?(attempt: LoginAttempt & { readonly failures: number }): void;
}

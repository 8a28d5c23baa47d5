/** Bounds that keep one peer from using up the house. */
export interface SipLimits {
  /** Octets of a message's header section. */
  readonly maxHeadBytes: number;
  /** Octets of a message's body. */
  readonly maxBodyBytes: number;
  /** Open TCP connections; a further one is closed at once. */
  readonly maxConnections: number;
  /** Time that a message on a stream may take from its first octet to its last. */
  readonly partialMessageTimeoutMs: number;
  /** Live server transactions; beyond, requests get 503. */
  readonly maxTransactions: number;
  readonly maxContactsPerAor: number;
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  readonly defaultExpiresSeconds: number;
  readonly nonceLifeMs: number;
  /** Wrong passwords of one user name from one address within the window, before 403 instead of 401. */
  readonly maxLoginFailures: number;
  readonly loginFailureWindowMs: number;
  /** Period of WebSocket pings; a socket that answers none within one period is closed. */
  readonly webSocketPingMs: number;
  /** Incoming INVITE that nobody answers or refuses. */
  readonly incomingTimeoutMs: number;
}

export const DEFAULT_LIMITS: SipLimits = {
  maxHeadBytes: 32_768,
  maxBodyBytes: 262_144,
  maxConnections: 2_000,
  partialMessageTimeoutMs: 30_000,
  maxTransactions: 50_000,
  maxContactsPerAor: 5,
  minExpiresSeconds: 60,
  maxExpiresSeconds: 3_600,
  defaultExpiresSeconds: 600,
  nonceLifeMs: 300_000, // phones re-register more seldom and then take one stale round
  maxLoginFailures: 5,
  loginFailureWindowMs: 60_000,
  webSocketPingMs: 25_000, // under the 30 s that home routers keep an idle TCP mapping at worst
  incomingTimeoutMs: 600_000, // a queue may keep a caller in early media for long; carriers cut at 3 min
};

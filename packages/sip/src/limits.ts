/** Bounds that keep one peer from using up the house. */
export interface SipLimits {
  /** Octets of a message's header section. */
  readonly maxHeadBytes: number;
  /** Octets of a message's body. */
  readonly maxBodyBytes: number;
  /** Open TCP and TLS connections; a further one is closed at once. */
  readonly maxConnections: number;
  /** Of them, those of one address that nobody has logged in from. */
  readonly maxConnectionsPerSource: number;
  /** Time that a message on a stream may take from its first octet to its last. */
  readonly partialMessageTimeoutMs: number;
  /** Time in which a connection that a peer opened must bring its first whole message. */
  readonly firstMessageTimeoutMs: number;
  /** Time after which a connection ends from whose address nobody has logged in by then. */
  readonly strangerTimeoutMs: number;
  readonly tlsHandshakeTimeoutMs: number;
  /** Time that a connection of ours may take to be up, its TLS handshake included. */
  readonly connectTimeoutMs: number;
  /** With a further target known: time without any answer after which it is tried (RFC 3263 section 4.3). */
  readonly tryTimeoutMs: number;
  /** Time for which a target that failed is asked after the others only. */
  readonly deadTargetMs: number;
  /** Live server transactions; beyond, requests get 503. */
  readonly maxTransactions: number;
  readonly maxContactsPerAor: number;
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  readonly defaultExpiresSeconds: number;
  /** What a phone that keeps its flow alive is told (RFC 5626 section 4.4); silent for longer, its connection is closed. */
  readonly flowTimerSeconds: number;
  readonly nonceLifeMs: number;
  /** Wrong passwords of one user name from one address within the window, before 403 instead of 401. */
  readonly maxLoginFailures: number;
  readonly loginFailureWindowMs: number;
  /** Failed logins of one address, whatever the names, before only one request a second is taken from it. */
  readonly throttleAfterFailures: number;
  /** Failed logins of one address before nothing is taken from it. */
  readonly banAfterFailures: number;
  /** Time after which failures of an address are forgotten. */
  readonly failureMemoryMs: number;
  /** The first ban; each further one within a day takes four times as long. */
  readonly banMs: number;
  readonly maxBanMs: number;
  /** Requests outside dialogs that an unknown address may send at once, and then in each second. */
  readonly floodBurst: number;
  readonly floodPerSecond: number;
  /** Lateness of the event loop beyond which new calls get 503. */
  readonly maxLatenessMs: number;
  /** Live server transactions beyond which new calls get 503. */
  readonly busyTransactions: number;
  /** Period of WebSocket pings; a socket that answers none within one period is closed. */
  readonly webSocketPingMs: number;
  /** Incoming INVITE that nobody answers or refuses. */
  readonly incomingTimeoutMs: number;
}

export const DEFAULT_LIMITS: SipLimits = {
  maxHeadBytes: 32_768,
  maxBodyBytes: 262_144,
  maxConnections: 2_000,
  maxConnectionsPerSource: 200, // an office behind one address whose phones come back all at once
  partialMessageTimeoutMs: 30_000,
  firstMessageTimeoutMs: 30_000,
  strangerTimeoutMs: 300_000, // a phone with a wrong password that is put right needs no new connection meanwhile
  tlsHandshakeTimeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  tryTimeoutMs: 4_000, // 8 T1: three copies of a request went unanswered
  deadTargetMs: 60_000,
  maxTransactions: 50_000,
  maxContactsPerAor: 5,
  minExpiresSeconds: 30,
  maxExpiresSeconds: 3_600,
  defaultExpiresSeconds: 600,
  flowTimerSeconds: 120,
  nonceLifeMs: 300_000, // phones re-register more seldom and then take one stale round
  maxLoginFailures: 5,
  loginFailureWindowMs: 60_000,
  throttleAfterFailures: 10,
  banAfterFailures: 20, // a phone with a wrong password that tries each half minute needs ten minutes for it
  failureMemoryMs: 600_000,
  banMs: 300_000,
  maxBanMs: 86_400_000,
  floodBurst: 500, // an office whose hundred phones start together: 401, login, and one more each
  floodPerSecond: 50,
  maxLatenessMs: 400, // under T1, so that what is in work is not repeated by its sender
  busyTransactions: 40_000, // over UDP a call leaves two of them for 32 s: six hundred calls a second
  webSocketPingMs: 25_000, // under the 30 s that home routers keep an idle TCP mapping at worst
  incomingTimeoutMs: 600_000, // a queue may keep a caller in early media for long; carriers cut at 3 min
};

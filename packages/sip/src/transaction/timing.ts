/** The base times of RFC 3261 table 4, in milliseconds. */
export const T1 = 500; // estimated round trip
export const T2 = 4_000; // longest interval between copies of a non-INVITE request or INVITE response
export const T4 = 5_000; // longest life of a message in the network
/** Timers B, F, H, J, L and M. */
export const TIMEOUT_MS = 64 * T1;
/** Timer D on unreliable transports. */
export const TIMER_D_MS = 32_000;

/**
 * Asterisk 22.10.1 with PJSIP and app_queue, measured earlier on the same kind of machine (two cores, loopback, the load
 * on the same two cores). Medians of its windows. README.md says how its cases differ from ours.
 */
export const PEER = "Asterisk 22.10.1, measured earlier on the same kind of machine";

interface PeerWaiting {
  /** Percent of one core for each waiting caller. */
  readonly cpuPerCall: number | null;
  /** Mean shortage of packets in percent. */
  readonly missing: number;
  readonly p99Ms: number;
  readonly residentMb: number;
}

/** Callers who wait with music and send nothing, by their number. */
export const PEER_WAITING: ReadonlyMap<number, PeerWaiting> = new Map([
  [100, { cpuPerCall: 0.133, missing: 0, p99Ms: 20.4, residentMb: 72 }],
  [300, { cpuPerCall: 0.119, missing: 0.02, p99Ms: 23.5, residentMb: 102 }],
  [600, { cpuPerCall: 0.123, missing: 0.08, p99Ms: 22, residentMb: 148 }],
  [1000, { cpuPerCall: 0.118, missing: 0.07, p99Ms: 23.5, residentMb: 208 }],
  [1200, { cpuPerCall: 0.12, missing: 0.12, p99Ms: 26, residentMb: 238 }],
  [1500, { cpuPerCall: null, missing: 6.5, p99Ms: 60, residentMb: 283 }],
  [2000, { cpuPerCall: null, missing: 28, p99Ms: 56, residentMb: 359 }],
]);

interface PeerThroughput {
  readonly cpuMsPerCall: number;
  readonly toAgentInviteMs: { readonly p50: number; readonly p99: number };
  readonly toCallerOkMs: { readonly p50: number; readonly p99: number };
}

/** Calls through the queue, by calls per second; 300 agents who answer at once, two seconds of talk. */
export const PEER_THROUGHPUT: ReadonlyMap<number, PeerThroughput> = new Map([
  [20, { cpuMsPerCall: 6.7, toAgentInviteMs: { p50: 1.7, p99: 2.6 }, toCallerOkMs: { p50: 3.1, p99: 4.2 } }],
  [40, { cpuMsPerCall: 7.3, toAgentInviteMs: { p50: 1.5, p99: 3.2 }, toCallerOkMs: { p50: 3.2, p99: 7 } }],
  [60, { cpuMsPerCall: 8.2, toAgentInviteMs: { p50: 1.6, p99: 3.5 }, toCallerOkMs: { p50: 3.5, p99: 7.1 } }],
  [80, { cpuMsPerCall: 8.9, toAgentInviteMs: { p50: 1.8, p99: 7.4 }, toCallerOkMs: { p50: 3.7, p99: 14 } }],
  [100, { cpuMsPerCall: 9.8, toAgentInviteMs: { p50: 1.9, p99: 9 }, toCallerOkMs: { p50: 4.8, p99: 17 } }],
  [130, { cpuMsPerCall: 10.3, toAgentInviteMs: { p50: 4.5, p99: 16 }, toCallerOkMs: { p50: 10, p99: 27 } }],
]);

/** The highest rate that held; the next one tried, 190, collapsed under foreign load. */
export const PEER_RATE_HELD = 170;
/** The most waiting callers that were clean; 1350 were not. */
export const PEER_WAITING_HELD = 1200;

/** Percent of one core for each bridged call with media both ways, by the number of calls. */
export const PEER_BRIDGED: ReadonlyMap<number, number> = new Map([
  [50, 0.24],
  [150, 0.194],
  [300, 0.193],
]);
/** The same, recorded. */
export const PEER_RECORDED: ReadonlyMap<number, number> = new Map([
  [50, 0.5],
  [150, 0.5],
  [300, 0.44],
]);

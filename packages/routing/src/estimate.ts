import type { WaitEstimate } from "./model.ts";
import { exponentialSum, gammaBand } from "./wait-distribution.ts";

/** What is known when a wait is to be told. All times in ms. */
export interface WaitFacts {
  /** As it is told to people: those that ring count as before it. */
  readonly position: number;
  /** The item rings at an agent. */
  readonly ringing: boolean;
  /** Somebody is open who could get it at this moment. */
  readonly openNow: boolean;
  /** Items of the queue before this one that neither ring nor are dormant. */
  readonly ahead: number;
  /** Slots for its medium of the agents at work or ready who can serve it. */
  readonly servers: number;
  readonly meanHandleMs: number;
  /** Null: not known yet. */
  readonly meanPatienceMs: number | null;
  /** Since it entered the queue; 0 for one that would join now. */
  readonly waitedMs: number;
  /** Null where the agents serve no other queue, since what is ahead says more then. */
  readonly history: WaitHistory | null;
}

/** What others waited in a queue whose agents serve others too, each since it entered the queue. */
export interface WaitHistory {
  /** Of the last one served; null if nobody was within `LAST_SERVED_COUNTS_MS`. */
  readonly lastServedMs: number | null;
  /** Of the first one in line so far; null when nobody is. */
  readonly headOfLineMs: number | null;
}

/** So long the wait of the last one served says something about the next. */
export const LAST_SERVED_COUNTS_MS = 600_000; // a shared floor looks different after ten minutes

/**
 * The wait to be expected from now, or null when nobody at work or ready could serve it. By queue length: every agent works
 * at the mean handling time, those ahead leave at their mean patience, and the customer in question stays. Whitt,
 * "Predicting queueing delays" (1999); Ibrahim and Whitt, "Real-time delay estimation in overloaded multiserver queues with
 * abandonments" (2009), who also compare the last served and the head of line.
 */
export function estimateWait(facts: WaitFacts): WaitEstimate | null {
  const { position, servers, meanHandleMs, meanPatienceMs, ahead } = facts;
  if (facts.ringing) return { position, ...NOTHING, basis: "ringing" };
  if (facts.openNow) return { position, ...NOTHING, basis: "queue_length" };
  if (servers <= 0) return null;
  const rate = servers / Math.max(1, meanHandleMs);
  const sum = exponentialSum(rate, meanPatienceMs === null ? 0 : 1 / Math.max(1, meanPatienceMs), ahead + 1);
  const past = fromHistory(facts);
  if (past !== null && past.expectedMs > sum.mean) return { position, ...past };
  const { low, high } = gammaBand(sum);
  return {
    position,
    lowMs: Math.round(low),
    expectedMs: Math.round(sum.mean),
    highMs: Math.round(high),
    basis: "queue_length",
  };
}

const NOTHING = { lowMs: 0, expectedMs: 0, highMs: 0 };

function fromHistory({ history, waitedMs }: WaitFacts): Omit<WaitEstimate, "position"> | null {
  if (history === null || history.lastServedMs === null) return null;
  const { lastServedMs, headOfLineMs } = history;
  const byHead = headOfLineMs !== null && headOfLineMs > lastServedMs;
  const expectedMs = Math.max(0, (byHead ? headOfLineMs : lastServedMs) - waitedMs);
  return {
    lowMs: Math.round(expectedMs / 2),
    expectedMs,
    highMs: expectedMs * 2,
    basis: byHead ? "head_of_line" : "last_served",
  };
}

import type { ContactId, Instant } from "@svara/kernel";
import type { Initiation, QueueOutcome } from "@svara/ledger";

/** One stay of one contact in one queue: one "offered". Without `outcome` it still waits. */
export interface QueueEntry {
  readonly contactId: ContactId;
  readonly enteredAt: Instant;
  readonly initiation: Initiation;
  readonly outcome?: QueueOutcome;
  readonly waitMs?: number;
}

/** By what a queue's entries are judged. */
export interface QueuePolicy {
  /** T of the service level: answered within it is in time. */
  readonly thresholdMs: number;
  /** S: who leaves within it gave no chance to answer. */
  readonly shortAbandonMs: number;
}

/** 80 % in 20 s is the field's habit; S is DOMAIN's default. */
export const DEFAULT_POLICY: QueuePolicy = { thresholdMs: 20_000, shortAbandonMs: 5_000 };

type Predicate = (entry: QueueEntry, policy: QueuePolicy) => boolean;

const FLOWN_OUT: ReadonlySet<QueueOutcome | undefined> = new Set([
  "overflow",
  "timeout",
  "transferred",
  "closed",
] as const);
const within = (entry: QueueEntry, limitMs: number): boolean => (entry.waitMs ?? 0) <= limitMs;

/**
 * What is counted of a queue, each as a question to an entry. So every count lists the contacts that made it, and counts of
 * intervals and queues add up. OFF = ANS + ABN + FLO + CBK + WAIT at every moment (IN1).
 */
export const COUNTS = {
  /** OFF: every entry but those that our own failure ended. */
  offered: (entry) => entry.outcome !== "failed_tech",
  /** ANS. */
  answered: (entry) => entry.outcome === "answered",
  /** ANS within T. */
  answeredWithin: (entry, policy) => entry.outcome === "answered" && within(entry, policy.thresholdMs),
  /** ABN: the customer left while queued. */
  abandoned: (entry) => entry.outcome === "abandoned",
  /** ABN within T. */
  abandonedWithin: (entry, policy) => entry.outcome === "abandoned" && within(entry, policy.thresholdMs),
  /** ABN within S. */
  abandonedShort: (entry, policy) => entry.outcome === "abandoned" && within(entry, policy.shortAbandonMs),
  /** FLO: overflow, time-out, transfer out of the queue, closing time. */
  flowOut: (entry) => FLOWN_OUT.has(entry.outcome),
  /** CBK: left for a call-back. */
  callback: (entry) => entry.outcome === "callback",
  /** WAIT. */
  waiting: (entry) => entry.outcome === undefined,
  /** Ended by our failure: in no other count. */
  failed: (entry) => entry.outcome === "failed_tech",
} as const satisfies Record<string, Predicate>;

export type CountName = keyof typeof COUNTS;
export const COUNT_NAMES = Object.keys(COUNTS) as readonly CountName[];

/** Counts and sums of entries; they add up over intervals, queues and days. */
export interface QueueCounts extends Readonly<Record<CountName, number>> {
  /** Sum of W over ANS. */
  readonly answerWaitMs: number;
  /** Sum of W over ABN. */
  readonly abandonWaitMs: number;
  /** Greatest W of entries that ended (failed ones too: somebody waited); adds up by the greater. */
  readonly maxWaitMs: number;
}

export const NO_COUNTS: QueueCounts = {
  offered: 0,
  answered: 0,
  answeredWithin: 0,
  abandoned: 0,
  abandonedWithin: 0,
  abandonedShort: 0,
  flowOut: 0,
  callback: 0,
  waiting: 0,
  failed: 0,
  answerWaitMs: 0,
  abandonWaitMs: 0,
  maxWaitMs: 0,
};

/** Counts of several intervals, queues or days together. */
export function sumCounts(parts: Iterable<QueueCounts>): QueueCounts {
  const sum = { ...NO_COUNTS };
  for (const part of parts) {
    for (const name of COUNT_NAMES) sum[name] += part[name];
    sum.answerWaitMs += part.answerWaitMs;
    sum.abandonWaitMs += part.abandonWaitMs;
    sum.maxWaitMs = Math.max(sum.maxWaitMs, part.maxWaitMs);
  }
  return sum;
}

/** Whether the counts keep the invariant IN1. */
export function isBalanced(counts: QueueCounts): boolean {
  return (
    counts.offered === counts.answered + counts.abandoned + counts.flowOut + counts.callback + counts.waiting
  );
}

/** Counts that are kept up to date entry by entry. */
export class RunningCounts {
  readonly #counts: { -readonly [K in keyof QueueCounts]: number } = { ...NO_COUNTS };

  get value(): QueueCounts {
    return { ...this.#counts };
  }

  /** A new entry. */
  add(entry: QueueEntry, policy: QueuePolicy): void {
    this.#weigh(entry, policy, 1);
  }

  /** An entry that waited now has an outcome. */
  settle(waiting: QueueEntry, settled: QueueEntry, policy: QueuePolicy): void {
    this.#weigh(waiting, policy, -1);
    this.#weigh(settled, policy, 1);
  }

  #weigh(entry: QueueEntry, policy: QueuePolicy, sign: 1 | -1): void {
    const counts = this.#counts;
    for (const name of COUNT_NAMES) if (COUNTS[name](entry, policy)) counts[name] += sign;
    const waitMs = entry.waitMs ?? 0;
    if (entry.outcome === "answered") counts.answerWaitMs += sign * waitMs;
    if (entry.outcome === "abandoned") counts.abandonWaitMs += sign * waitMs;
    counts.maxWaitMs = Math.max(counts.maxWaitMs, waitMs);
  }
}

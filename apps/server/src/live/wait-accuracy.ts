import type { QueueId } from "@svara/kernel";

/** One answered wait beside what was expected of it; `predicted` null: nothing could be. */
export interface PredictedWait {
  readonly queueId: QueueId;
  /** The day on which it ended, in the centre's time zone. */
  readonly date: string;
  readonly waitMs: number;
  readonly predicted: { readonly lowMs: number; readonly expectedMs: number; readonly highMs: number } | null;
}

/** How good the expected waits of one queue and day were. Null where there was no prediction. */
export interface WaitAccuracy {
  readonly queueId: QueueId;
  readonly date: string;
  readonly predicted: number;
  readonly unpredicted: number;
  /** Mean of actual less expected: above 0 customers waited longer than they were told. */
  readonly meanErrorMs: number | null;
  readonly meanAbsoluteErrorMs: number | null;
  /** Part of the actual waits between low and high, 0..1. The band aims at 0.8. */
  readonly insideBand: number | null;
}

interface Tally {
  predicted: number;
  unpredicted: number;
  errorMs: number;
  absoluteErrorMs: number;
  inside: number;
}

/**
 * The error of the expected waits by queue and day, in the order given. Only of those who had to wait: for whom somebody was
 * free when they came (an expected wait of 0) nothing was foretold.
 */
export function waitAccuracy(waits: Iterable<PredictedWait>): WaitAccuracy[] {
  const tallies = new Map<string, { queueId: QueueId; date: string; tally: Tally }>();
  for (const { queueId, date, waitMs, predicted } of waits) {
    if (predicted?.highMs === 0) continue;
    const key = `${date} ${queueId}`;
    const entry = tallies.get(key) ?? { queueId, date, tally: noTally() };
    tallies.set(key, entry);
    if (predicted === null) entry.tally.unpredicted++;
    else add(entry.tally, waitMs, predicted);
  }
  return [...tallies.values()].map(({ queueId, date, tally }) => ({ queueId, date, ...figuresOf(tally) }));
}

function add(tally: Tally, waitMs: number, predicted: NonNullable<PredictedWait["predicted"]>): void {
  const { lowMs, expectedMs, highMs } = predicted;
  tally.predicted++;
  tally.errorMs += waitMs - expectedMs;
  tally.absoluteErrorMs += Math.abs(waitMs - expectedMs);
  if (waitMs >= lowMs && waitMs <= highMs) tally.inside++;
}

function figuresOf({ predicted, unpredicted, errorMs, absoluteErrorMs, inside }: Tally) {
  if (predicted === 0)
    return { predicted, unpredicted, meanErrorMs: null, meanAbsoluteErrorMs: null, insideBand: null };
  return {
    predicted,
    unpredicted,
    meanErrorMs: Math.round(errorMs / predicted),
    meanAbsoluteErrorMs: Math.round(absoluteErrorMs / predicted),
    insideBand: inside / predicted,
  };
}

function noTally(): Tally {
  return { predicted: 0, unpredicted: 0, errorMs: 0, absoluteErrorMs: 0, inside: 0 };
}

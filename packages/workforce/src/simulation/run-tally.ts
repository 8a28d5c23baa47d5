import type { Instant, QueueId } from "@svara/kernel";
import type { StateTimes } from "./agent-tally.ts";
import type { FloorTally } from "./floor-tally.ts";
import type { BlockCounts } from "./queue-tally.ts";
import { WaitHistogram } from "./wait-histogram.ts";

/** Quantiles of all waits of a run, in ms; null without waits. */
export interface WaitQuantiles {
  readonly wait50Ms: number | null;
  readonly wait90Ms: number | null;
}

/** One queue in one run. */
export interface QueueRun extends WaitQuantiles {
  readonly blocks: readonly BlockCounts[];
}

/** What one run counted, as plain data that may cross between threads. */
export interface RunTally {
  readonly queues: ReadonlyMap<QueueId, QueueRun>;
  /** Of all queues together. */
  readonly waits: WaitQuantiles;
  /** By group, block by block. */
  readonly groups: ReadonlyMap<string, readonly StateTimes[]>;
}

/** How many were in the system at each look, by queue; where a list ends early nobody came yet. */
export interface RunSamples {
  readonly at: readonly Instant[];
  readonly queues: ReadonlyMap<QueueId, readonly number[]>;
}

/** A tally as plain data; queues stand in the given order, others after them as they had their first contact. */
export function runTally(tally: FloorTally, order: readonly QueueId[] = []): RunTally {
  const all = new WaitHistogram();
  const queues = new Map<QueueId, QueueRun>();
  for (const id of new Set([...order, ...tally.queues.keys()])) {
    const queue = tally.queues.get(id);
    if (queue === undefined) continue;
    const { blocks, waits } = queue;
    if (tally.queues.size > 1) all.merge(waits);
    queues.set(id, { blocks, ...quantilesOf(waits) });
  }
  const [only] = queues.values();
  return {
    queues,
    waits: queues.size === 1 && only ? only : quantilesOf(all),
    groups: new Map([...tally.groups].map(([name, { blocks }]) => [name, blocks])),
  };
}

function quantilesOf(waits: WaitHistogram): WaitQuantiles {
  return { wait50Ms: waits.quantile(0.5), wait90Ms: waits.quantile(0.9) };
}

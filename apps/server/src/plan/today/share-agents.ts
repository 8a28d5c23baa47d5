import type { Period } from "@svara/calendar";
import type { Instant } from "@svara/kernel";

/** An agent with the queues they serve, by place in the list of queues, and when they are there for them. */
export interface SharedAgent {
  readonly queues: readonly number[];
  /** Without overlap. */
  readonly spans: readonly Period[];
}

/**
 * How many agents each queue has in each interval: an agent counts by the part of the interval in which they are there, and
 * who serves several queues is shared out by what each of them requires (evenly where none requires anybody). Sums over the
 * queues are the agents who are there.
 */
export function sharedAgents(
  agents: readonly SharedAgent[],
  grid: { readonly from: Instant; readonly intervalMs: number; readonly count: number },
  required: readonly (readonly number[])[],
): number[][] {
  const { from, intervalMs, count } = grid;
  const shared = required.map(() => new Array<number>(count).fill(0));
  for (const { queues, spans } of agents) {
    if (queues.length === 0) continue;
    for (const span of spans) {
      const first = Math.max(0, Math.floor((span.from - from) / intervalMs));
      const end = Math.min(count, Math.ceil((span.to - from) / intervalMs));
      for (let i = first; i < end; i++) {
        const start = from + i * intervalMs;
        const there = (Math.min(span.to, start + intervalMs) - Math.max(span.from, start)) / intervalMs;
        const weights = queues.map((queue) => required[queue]?.[i] ?? 0);
        const sum = weights.reduce((a, b) => a + b, 0);
        for (const [n, queue] of queues.entries()) {
          const row = shared[queue];
          const part = sum > 0 ? (weights[n] ?? 0) / sum : 1 / queues.length;
          if (row) row[i] = (row[i] ?? 0) + there * part;
        }
      }
    }
  }
  return shared;
}

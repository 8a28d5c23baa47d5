import type { QueueId } from "@svara/kernel";
import { type Estimate, meanEstimate } from "./confidence.ts";
import { queueIdsOf } from "./figures.ts";
import { numberOf, SIMULATED_FIGURES, type SimulatedFigure } from "./precision.ts";
import type { RunTally } from "./run-tally.ts";

/** Differences of the figures, the second less the first. */
export type Differences = Readonly<Record<SimulatedFigure, Estimate>>;

/** Two scenarios compared, run by run with the same chance. */
export interface SimulationDifference {
  readonly queues: ReadonlyMap<QueueId, Differences>;
  readonly total: Differences;
}

/**
 * Paired differences: replication n of both met the same chance (common random numbers), so what they share cancels out and
 * the intervals are narrower than those of the figures (Law and Kelton, sections 10.2 and 11.2). A run without the figure on
 * either side is left out.
 */
export function pairedDifferences(
  before: readonly { readonly tally: RunTally }[],
  after: readonly { readonly tally: RunTally }[],
  confidence?: number,
): SimulationDifference {
  const first = before.map(({ tally }) => tally);
  const second = after.map(({ tally }) => tally);
  const of = (queueId: QueueId | null): Differences =>
    Object.fromEntries(
      SIMULATED_FIGURES.map((figure) => {
        const pairs = first.flatMap((run, n) => {
          const other = second[n];
          const was = numberOf(run, { figure, queueId });
          const is = other ? numberOf(other, { figure, queueId }) : null;
          return was === null || is === null ? [] : [is - was];
        });
        return [figure, meanEstimate(pairs, confidence)];
      }),
    ) as Record<SimulatedFigure, Estimate>;
  const ids = queueIdsOf([...first, ...second]);
  return { queues: new Map(ids.map((id) => [id, of(id)])), total: of(null) };
}

import type { QueueId } from "@svara/kernel";
import { type Estimate, ratioDifference } from "./confidence.ts";
import { queueIdsOf } from "./figures.ts";
import { partOrNothing, SIMULATED_FIGURES, type SimulatedFigure } from "./precision.ts";
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
 * the intervals are narrower than those of the figures (Law and Kelton, sections 10.2 and 11.2). Each is the figure of the
 * second less that of the first; a run in which there is nothing to count weighs nothing.
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
        const [was = [], is = []] = [first, second].map((runs) =>
          runs.map((run) => partOrNothing(run, { figure, queueId })),
        );
        return [figure, ratioDifference(was, is, confidence)];
      }),
    ) as Record<SimulatedFigure, Estimate>;
  const ids = queueIdsOf([...first, ...second]);
  return { queues: new Map(ids.map((id) => [id, of(id)])), total: of(null) };
}

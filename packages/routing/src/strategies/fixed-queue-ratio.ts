import { descending } from "./descending.ts";
import type { WorkStrategy } from "./strategy.ts";

/**
 * Keeps the lengths of the queues in fixed proportions: the queue that is longest beyond its share of all that wait in the
 * queues of this agent. Gurvich and Whitt, "Queue-and-idleness-ratio controls in many-server service systems" (2009).
 */
export const fixedQueueRatio: WorkStrategy = {
  name: "fqr",
  rankedBy: ["-excess", "-priority", "queuedAt"],
  needsTotals: true,
  rank(head, { config, length }, { totalLength, totalShare }) {
    const share = config.share ?? 1;
    // multiplied out first: whole shares give whole numbers, and equal queues tie exactly
    const excess = totalShare === 0 ? length : (length * totalShare - share * totalLength) / totalShare;
    return [descending(excess), descending(head.priority), head.queuedAt];
  },
};

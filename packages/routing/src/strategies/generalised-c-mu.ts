import { descending } from "./descending.ts";
import type { ItemFacts, QueueFacts, WorkStrategy } from "./strategy.ts";

/**
 * The generalised c-mu rule: serve where waiting costs most for each minute of work that it takes to end it. The marginal
 * cost is constant, grows with the head's wait, or with the queue's length. Van Mieghem, "Dynamic scheduling with convex
 * delay costs" (1995); Mandelbaum and Stolyar, "Scheduling flexible servers with convex delay costs" (2004).
 */
export const generalisedCMu: WorkStrategy = {
  name: "gcmu",
  rankedBy: ["-costPerHandleMs", "-priority", "queuedAt"],
  rank: (head, queue, { at }) => [
    descending(marginalCost(head, queue, at) / handleMs(queue)),
    descending(head.priority),
    head.queuedAt,
  ],
};

function marginalCost(head: ItemFacts, { config, length }: QueueFacts, at: number): number {
  const { weight, grows } = config.cost ?? { weight: 1, grows: "constant" };
  switch (grows) {
    case "constant":
      return weight;
    case "with_wait":
      return weight * (at - head.queuedAt);
    case "with_length":
      return weight * length;
  }
}

/** The planned time where there is one: an index that follows the last twenty calls would jump between equal queues. */
function handleMs({ config, meanHandleMs }: QueueFacts): number {
  return Math.max(1, config.expectedHandleMs ?? meanHandleMs);
}

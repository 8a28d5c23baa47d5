import { descending } from "./descending.ts";
import type { WorkStrategy } from "./strategy.ts";

/** The greatest priority first, and within it whoever has waited longest. */
export const priorityThenOldest: WorkStrategy = {
  name: "priority_then_oldest",
  rankedBy: ["-priority", "queuedAt"],
  rank: (head) => [descending(head.priority), head.queuedAt],
};

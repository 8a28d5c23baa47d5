import type { WorkStrategy } from "./strategy.ts";

/** The greatest priority first, and within it whoever has waited longest. */
export const oldestFirst: WorkStrategy = {
  name: "priority_then_oldest",
  rankedBy: ["-priority", "queuedAt"],
  rank: (head) => [-head.priority, head.queuedAt],
};

import { targetMsOf } from "../target.ts";
import { descending } from "./descending.ts";
import type { WorkStrategy } from "./strategy.ts";

/** Whoever has used up the greatest part of the time in which the queue promises an answer. */
export const serviceLevelRace: WorkStrategy = {
  name: "service_level_race",
  rankedBy: ["-targetUsed", "-priority", "queuedAt"],
  rank: (head, { config }, { at }) => [
    descending((at - head.queuedAt) / Math.max(1, targetMsOf(config))),
    descending(head.priority),
    head.queuedAt,
  ],
};

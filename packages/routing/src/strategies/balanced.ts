import { byIdleTime } from "./agent-orders.ts";
import { proficiencyFor } from "./proficiency.ts";
import type { AgentStrategy } from "./strategy.ts";

const WHOLE_LACK_MS = 600_000; // no proficiency at all weighs as much as ten minutes of idling
const BEST = 5;
const LACK_OF_LEVEL_MS = WHOLE_LACK_MS / BEST;

/**
 * Weighs quality against efficiency: what the agent lacks in proficiency, as time, less the time idle, each by its weight;
 * then the longest idle. Without any skill asked or preferred it is the longest idle alone.
 */
export const balanced: AgentStrategy = {
  name: "balanced",
  rankedBy: ["lackLessIdleMs", "idleSince"],
  order: byIdleTime,
  weighs: true,
  fit(set, item) {
    const { sum, skills } = proficiencyFor(set, item);
    return skills === 0 ? 0 : Math.round((LACK_OF_LEVEL_MS * (BEST * skills - sum)) / skills);
  },
  // rounded, so that the figure reads well; rounding keeps the order of idle times within a set, whatever the weight
  rank: (fit, { idleSince }, { at, qualityWeight: w }) => [
    Math.round(w * fit - (1 - w) * (at - idleSince)) + 0, // not -0
    idleSince,
  ],
};

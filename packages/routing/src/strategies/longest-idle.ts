import { byIdleTime } from "./agent-orders.ts";
import type { AgentStrategy } from "./strategy.ts";

/** The agent who has waited longest for work comes first, whatever the skills. */
export const longestIdle: AgentStrategy = {
  name: "longest_idle",
  rankedBy: ["idleSince"],
  order: byIdleTime,
  ignoresSkills: true,
  fit: () => 0,
  rank: (_fit, agent) => [agent.idleSince],
};

import { byIdleTime } from "./agent-orders.ts";
import { descending } from "./descending.ts";
import { proficiencyFor } from "./proficiency.ts";
import type { AgentStrategy } from "./strategy.ts";

/** The most proficient in what the item asks and prefers, then the longest idle. */
export const highestProficiency: AgentStrategy = {
  name: "highest_proficiency",
  rankedBy: ["-proficiency", "idleSince"],
  order: byIdleTime,
  fit: (set, item) => descending(proficiencyFor(set, item).sum),
  rank: (fit, agent) => [fit, agent.idleSince],
};

import type { AgentStrategy } from "./strategy.ts";

const NOTHING: readonly number[] = [];

/** The agent who has waited longest for work comes first, whatever the skills. */
export const longestIdle: AgentStrategy = {
  name: "longest_idle",
  rankedBy: ["idleSince"],
  rankSkillSet: () => NOTHING,
  rankAgent: (agent) => agent.idleSince,
};

import type { AgentStrategy } from "./strategy.ts";

const NOTHING: readonly number[] = [];

/** The null strategy: every agent is as good as the other, so the least id takes the item. */
export const noPreference: AgentStrategy = {
  name: "none",
  rankedBy: ["none"],
  rankSkillSet: () => NOTHING,
  rankAgent: () => 0,
};

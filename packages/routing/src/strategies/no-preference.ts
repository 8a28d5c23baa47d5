import { byId } from "./agent-orders.ts";
import type { AgentStrategy } from "./strategy.ts";

const NOTHING: readonly number[] = [];

/** The null strategy: every agent is as good as the other, so the least id takes the item. */
export const noPreference: AgentStrategy = {
  name: "none",
  rankedBy: [],
  order: byId,
  ignoresSkills: true,
  fit: () => 0,
  rank: () => NOTHING,
};

import { byOccupancy } from "./agent-orders.ts";
import type { AgentStrategy } from "./strategy.ts";

/** Evens out the load of the day: the least share of work in the time logged in, then the longest idle. */
export const leastOccupied: AgentStrategy = {
  name: "least_occupied",
  rankedBy: ["occupancyMillionths", "idleSince"],
  order: byOccupancy,
  ignoresSkills: true,
  fit: () => 0,
  rank: (_fit, agent) => [agent.occupancy, agent.idleSince],
};

import { byLastOffer } from "./agent-orders.ts";
import type { AgentStrategy } from "./strategy.ts";

/** Goes round: whoever was given an offer longest ago comes first, those who never were before all others. */
export const roundRobin: AgentStrategy = {
  name: "round_robin",
  rankedBy: ["lastOffer"],
  order: byLastOffer,
  ignoresSkills: true,
  fit: () => 0,
  rank: (_fit, agent) => [agent.lastOfferSeq],
};

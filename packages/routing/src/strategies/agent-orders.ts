import type { AgentOrder } from "./strategy.ts";

/** The longest idle first. */
export const byIdleTime: AgentOrder = {
  name: "idle_time",
  compare: (a, b) => a.idleSince - b.idleSince,
};

/** The least occupied first, among equals the longest idle. */
export const byOccupancy: AgentOrder = {
  name: "occupancy",
  compare: (a, b) => a.occupancy - b.occupancy || a.idleSince - b.idleSince,
};

/** Whoever got an offer longest ago first. */
export const byLastOffer: AgentOrder = {
  name: "last_offer",
  compare: (a, b) => a.lastOfferSeq - b.lastOfferSeq,
};

/** By id alone. */
export const byId: AgentOrder = {
  name: "id",
  compare: () => 0,
};

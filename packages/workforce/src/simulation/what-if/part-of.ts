import type { AgentId } from "@svara/kernel";
import type { ItemId } from "@svara/routing";

/** The part of an agent in an item: several agents may have the same one in hand, each with a talk and a wrap-up. */
export interface PartOf {
  readonly itemId: ItemId;
  readonly agentId: AgentId;
}

/** A key of the part for maps. */
export function keyOf({ itemId, agentId }: PartOf): string {
  return `${itemId} ${agentId}`;
}

import type { AgentId, Instant, OfferId } from "@svara/kernel";
import type { Decision } from "./decision.ts";
import type { AgentState, ItemId } from "./model.ts";

/** What comes with every contact, and is told without an object of its own. */
type OftenDecided = "offer" | "offer.accepted" | "agent.state_changed";

/** What a listener is told as an object. */
export type OtherDecision = Exclude<Decision, { readonly type: OftenDecided }>;

/** An offer as a listener is told of it. It may be kept and handed back until it is over. */
export interface MadeOffer {
  readonly id: OfferId;
  readonly madeAt: Instant;
  readonly expiresAt: Instant;
  readonly item: { readonly id: ItemId };
  readonly agent: { readonly id: AgentId };
}

/** An agent as a listener is told of it. */
export interface ToldAgent {
  readonly id: AgentId;
  /** The listener's own; null at first. */
  tag: unknown;
}

/**
 * Hears what a router decides, in order and at the moment it does; nothing may be told to the router meanwhile. It means what
 * the decisions of the same names do (see `Decision`), without the explanation.
 */
export interface RouterListener {
  offered(offer: MadeOffer): void;
  accepted(offer: MadeOffer, at: Instant): void;
  stateChanged(agent: ToldAgent, to: AgentState, at: Instant): void;
  decided(decision: OtherDecision): void;
}

/** Tells a listener what was decided elsewhere; `agentOf` gives the same one each time. */
export function tellDecisions(
  listener: RouterListener,
  decisions: readonly Decision[],
  agentOf: (agentId: AgentId) => ToldAgent,
): void {
  for (const decision of decisions) {
    const { at } = decision;
    switch (decision.type) {
      case "offer":
        listener.offered(madeOffer(decision));
        break;
      case "offer.accepted":
        listener.accepted(madeOffer({ ...decision, expiresAt: at }), at);
        break;
      case "agent.state_changed":
        listener.stateChanged(agentOf(decision.agentId), decision.to, at);
        break;
      default:
        listener.decided(decision);
    }
  }
}

function madeOffer(told: {
  readonly at: Instant;
  readonly offerId: OfferId;
  readonly itemId: ItemId;
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
}): MadeOffer {
  const { at: madeAt, offerId: id, itemId, agentId, expiresAt } = told;
  return { id, madeAt, expiresAt, item: { id: itemId }, agent: { id: agentId } };
}

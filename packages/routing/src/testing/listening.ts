import type { Instant } from "@svara/kernel";
import type { Decision } from "../decision.ts";
import type { DirectRouter } from "../direct-router.ts";
import type { Input } from "../input.ts";
import type { MadeOffer, RouterListener, ToldAgent } from "../listener.ts";

/** Notes what a listener hears. */
export class Ear implements RouterListener {
  heard: unknown[] = [];
  readonly offers = new Map<string, MadeOffer>();

  offered(offer: MadeOffer): void {
    this.offers.set(offer.id, offer);
    this.heard.push(["offer", offer.id, offer.item.id, offer.agent.id, offer.expiresAt]);
  }

  accepted(offer: MadeOffer, at: Instant): void {
    this.heard.push(["accepted", offer.id, offer.item.id, offer.agent.id, at]);
  }

  stateChanged(agent: ToldAgent, to: string, at: Instant): void {
    this.heard.push(["state", agent.id, to, at]);
  }

  decided(decision: Decision): void {
    this.heard.push(decision);
  }

  /** The last offer of the item to the agent. */
  takenBy({ itemId, agentId }: { readonly itemId: string; readonly agentId: string }): MadeOffer | undefined {
    return [...this.offers.values()].findLast(
      ({ item, agent }) => item.id === itemId && agent.id === agentId,
    );
  }

  take(): unknown[] {
    const { heard } = this;
    this.heard = [];
    return heard;
  }
}

/** By the plain call where there is one. */
export function drive(direct: DirectRouter, ear: Ear, input: Input, at: Instant): void {
  const offer = input.type === "offer.accepted" ? ear.offers.get(input.offerId) : undefined;
  if (offer !== undefined) direct.accept(offer, at);
  else if (input.type === "item.queued") direct.queue(input.item, at);
  else if (input.type === "item.ended" && input.wrapUp === undefined && ear.takenBy(input) !== undefined) {
    direct.end(ear.takenBy(input) as MadeOffer, at);
  } else direct.tell(input, at);
}

import type { Instant, OfferId, TimerHandle } from "@svara/kernel";
import type { Agent, Due } from "./agent.ts";
import type { Item } from "./line.ts";
import { countOfOffer, type OfferIds } from "./offer-ids.ts";

/** One item presented to one agent. Its id is written when it is first asked for: some drivers of the router never ask. */
export class Offer {
  readonly kind = "offer";
  readonly item: Item;
  readonly agent: Agent;
  readonly madeAt: Instant;
  /** The number of the offer in its epoch, 1 is the first. */
  readonly count: number;
  readonly expiresAt: Instant;
  timer: TimerHandle<Due> | null = null;
  #id: OfferId | OfferIds;

  constructor(
    id: OfferId | OfferIds,
    item: Item,
    agent: Agent,
    times: { readonly madeAt: Instant; readonly expiresAt: Instant; readonly count: number },
  ) {
    this.#id = id;
    this.item = item;
    this.agent = agent;
    this.madeAt = times.madeAt;
    this.expiresAt = times.expiresAt;
    this.count = times.count;
  }

  get id(): OfferId {
    if (typeof this.#id !== "string") this.#id = this.#id.at(this.madeAt, this.count);
    return this.#id;
  }
}

/** How offers are found by their ids, without writing those that nobody asks for. */
export const OFFER_HASHES = {
  ofId: (id: string): number => countOfOffer(id) | 0,
  ofValue: (offer: Offer): number => offer.count | 0,
};

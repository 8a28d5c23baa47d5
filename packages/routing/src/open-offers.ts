import type { OfferId } from "@svara/kernel";
import type { Offer } from "./agent.ts";
import { offerCountOf } from "./offer-ids.ts";

/** The offers that have no outcome yet, found by the count in their ids: hashing a number is cheap, a long text is not. */
export class OpenOffers {
  readonly #byCount = new Map<number, Offer>();

  add(offer: Offer): void {
    this.#byCount.set(offer.count, offer);
  }

  remove(offer: Offer): void {
    this.#byCount.delete(offer.count);
  }

  get(id: OfferId): Offer | undefined {
    const offer = this.#byCount.get(offerCountOf(id));
    return offer?.id === id ? offer : undefined;
  }

  /** In order of making. */
  values(): Iterable<Offer> {
    return this.#byCount.values();
  }
}

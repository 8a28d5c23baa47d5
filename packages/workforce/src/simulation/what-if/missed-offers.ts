import type { AgentId, Instant, OfferId } from "@svara/kernel";
import type { Decision } from "@svara/routing";
import type { RecordedStay } from "./floor-record.ts";

type Miss = RecordedStay["misses"][number];
type OfferOver = Extract<Decision, { readonly type: "offer.timed_out" | "offer.refused" | "offer.failed" }>;

/** How long offers rang, which nobody took, and how long who missed one was away for it. */
export class MissedOffers {
  #count = 0;
  readonly #offeredAt = new Map<OfferId, Instant>();
  /** Whom those that ring are for. */
  readonly #ringing = new Map<OfferId, RecordedStay>();
  /** The offer that an agent missed last, and since when the agent is away for it. */
  readonly #last = new Map<AgentId, { readonly miss: Miss; since: Instant | null }>();

  /** How many offers nobody took. */
  get count(): number {
    return this.#count;
  }

  offered(
    { offerId, at }: { readonly offerId: OfferId; readonly at: Instant },
    stay: RecordedStay | undefined,
  ): void {
    this.#offeredAt.set(offerId, at);
    if (stay) this.#ringing.set(offerId, stay);
  }

  /** The offer is over; how long it rang. */
  over({ offerId, at }: { readonly offerId: OfferId; readonly at: Instant }): number {
    const ringMs = at - (this.#offeredAt.get(offerId) ?? at);
    this.#offeredAt.delete(offerId);
    this.#ringing.delete(offerId);
    return ringMs;
  }

  /** It still rang when the customer, the agent or the record went away: whoever it rang for would have answered later. */
  cut(offer: { readonly offerId: OfferId; readonly at: Instant }): void {
    const stay = this.#ringing.get(offer.offerId);
    const ringMs = this.over(offer);
    stay?.misses.push({ outcome: "cut", ringMs, awayMs: null });
  }

  /** The record ends. */
  close(at: Instant): void {
    for (const offerId of [...this.#ringing.keys()]) this.cut({ offerId, at });
  }

  /** Nobody took the offer of this stay. */
  missed(over: OfferOver, stay: RecordedStay | undefined): void {
    this.#count++;
    const ringMs = this.over(over);
    if (stay === undefined) return;
    const outcome =
      over.type === "offer.timed_out" ? "timed_out" : over.type === "offer.refused" ? "refused" : over.reason;
    const miss: Miss = { outcome, ringMs, awayMs: null };
    stay.misses.push(miss);
    this.#last.set(over.agentId, { miss, since: null });
  }

  /** Who missed an offer goes away for it, or is back. */
  presenceChanged(changed: Extract<Decision, { readonly type: "presence.changed" }>): void {
    const last = this.#last.get(changed.agentId);
    if (last === undefined) return;
    if (changed.presence.state !== "available") last.since ??= changed.by === "system" ? changed.at : null;
    else {
      if (last.since !== null) last.miss.awayMs = changed.at - last.since;
      this.#last.delete(changed.agentId);
    }
  }

  /** The program started anew. */
  restart(at: Instant): void {
    this.close(at);
    this.#last.clear();
    this.#offeredAt.clear();
  }
}

import type { AgentId } from "@svara/kernel";
import type { Decision, Input, MadeOffer } from "@svara/routing";
import { type Sampler, sampler } from "./distribution.ts";
import type { EventHeap } from "./event-heap.ts";
import type { FloorEvent, FloorItem } from "./floor-item.ts";
import type { MissedOffer, Scenario } from "./scenario.ts";
import { chanceFor } from "./streams.ts";

const NO_MISSES: readonly MissedOffer[] = [];

/** What agents do with what rings: they answer in their time, miss it, refuse it, and come back after that (WF14, WF21). */
export class Ringing {
  readonly #events: EventHeap<FloorEvent>;
  readonly #returnAfterMs: number | null;
  readonly #laterDelay: Sampler;
  /** Whose offer was missed in this step, until the router says what becomes of the agent. */
  #missed: { readonly agentId: AgentId; readonly returnAfterMs: number | null } | null = null;

  constructor(
    { answering, arrivals }: Scenario,
    events: EventHeap<FloorEvent>,
    chance: { readonly seed: number; readonly replication: number },
  ) {
    this.#events = events;
    this.#returnAfterMs = answering?.returnAfterMs ?? null;
    this.#laterDelay = sampler(
      answering?.delay ?? { kind: "deterministic", ms: 0 },
      chanceFor(chance.seed, chance.replication, arrivals.length, "answer"),
    );
  }

  /** An offer rings; whether it is answered at once. Anything else is planned. */
  rings(item: FloorItem, offer: MadeOffer): boolean {
    const { answerDelayMs: ownMs, known } = item.arrival;
    item.offer = offer;
    const { misses = NO_MISSES } = known;
    const miss = misses[item.missed];
    if (miss && miss.outcome !== "cut") {
      this.#planMiss(item, offer, miss);
      return false;
    }
    // after a miss that no record knows somebody else answers, in another time
    const delayMs = miss || item.missed > misses.length ? this.#laterDelay() : ownMs;
    const answerDelayMs = miss ? longerThan(miss.ringMs, delayMs) : delayMs;
    if (answerDelayMs === 0) return true;
    this.#events.push(offer.madeAt + answerDelayMs, { kind: "answer", item, offer });
    return false;
  }

  /** The offer is over without an answer. */
  missed(item: FloorItem, agentId: AgentId): void {
    item.offer = null;
    const { misses = NO_MISSES } = item.arrival.known;
    const known = misses[item.missed++];
    const isKnown = known !== undefined && known.outcome !== "cut";
    this.#missed = { agentId, returnAfterMs: isKnown ? known.awayMs : this.#returnAfterMs };
  }

  /** The offer was taken back. */
  withdrawn(item: FloorItem): void {
    item.offer = null;
    if (item.arrival.known.misses?.[item.missed]?.outcome === "cut") item.missed++;
  }

  /** Who is sent away for a missed call comes back; who is away for another reason does by the agenda. */
  presenceChanged(changed: Extract<Decision, { readonly type: "presence.changed" }>): void {
    const missed = this.#missed;
    if (missed === null || changed.agentId !== missed.agentId) return;
    this.#missed = null;
    if (missed.returnAfterMs === null || changed.presence.state === "available") return;
    this.#events.push(changed.at + missed.returnAfterMs, { kind: "back", agentId: changed.agentId });
  }

  /** What the router says of agents from now on has other reasons. */
  endStep(): void {
    this.#missed = null;
  }

  /** What became of the offer in the record becomes of it again; a time-out is the router's own. */
  #planMiss(item: FloorItem, offer: MadeOffer, { outcome, ringMs }: MissedOffer): void {
    if (outcome === "timed_out" || outcome === "cut") return;
    const { id: offerId } = offer;
    const input: Input =
      outcome === "refused"
        ? { type: "offer.refused", offerId }
        : { type: "offer.failed", offerId, reason: outcome };
    this.#events.push(offer.madeAt + ringMs, { kind: "miss", item, offer, input });
  }
}

/** A time of which is known that it is longer than `overMs`. */
function longerThan(overMs: number, drawnMs: number): number {
  return drawnMs > overMs ? drawnMs : overMs + 1 + drawnMs;
}

import { type Random, SeededRandom } from "@svara/kernel";
import type { AttemptOutcome, Input, ItemId } from "@svara/routing";
import { type Distribution, type Sampler, sampler } from "./distribution.ts";
import type { CallbackOffer, RecordedItem, Retrial } from "./scenario.ts";

const MOST_ATTEMPTS = 5; // drawn beforehand, whatever the queue's rule allows; a further one is answered
const MOST_RETRIALS = 10; // a customer who tries more often is somebody else

/** Draws who would rather be called, and how the attempts go. */
export class CallbackChance {
  readonly #offer: CallbackOffer;
  readonly #random: Random;
  readonly #dial: Sampler;

  constructor(offer: CallbackOffer, random: Random) {
    this.#offer = offer;
    this.#random = random;
    this.#dial = sampler(offer.dial, random);
  }

  /** Undefined: this customer waits on the line. Draws the same number of chances either way. */
  draw(itemId: ItemId): Pick<RecordedItem, "changes" | "attempts"> | undefined {
    const { probability, afterMs, reached = 1 } = this.#offer;
    const isWanted = this.#random.next() < probability;
    const attempts = Array.from({ length: MOST_ATTEMPTS }, () => {
      const outcome: AttemptOutcome = this.#random.next() < reached ? "answered" : "no_answer";
      return { dialMs: this.#dial(), outcome };
    });
    if (!isWanted) return undefined;
    const input: Input = { type: "callback.requested", itemId, wish: {} };
    return { changes: [{ afterMs, input }], attempts };
  }
}

/**
 * Draws who tries again. One number is drawn for each customer when it comes, and all that it does follows from that: how
 * often somebody is not served in one run bends nobody else's chance (WF3).
 */
export class RetrialChance {
  readonly #retrial: Retrial;
  readonly #patience: Distribution;
  readonly #random: Random;

  constructor(retrial: Retrial, patience: Distribution, random: Random) {
    sampler(retrial.delay, random); // a wrong one is told now
    this.#retrial = retrial;
    this.#patience = patience;
    this.#random = random;
  }

  /** The number of a customer. */
  draw(): number {
    return Math.floor(this.#random.next() * 2 ** 32);
  }

  /** Whether the customer with this number comes again after so many attempts, and how long that takes; null: not again. */
  again(number: number, attempts: number): { readonly delayMs: number; readonly patienceMs: number } | null {
    const { probability, delay, mostTimes = MOST_RETRIALS } = this.#retrial;
    if (attempts > mostTimes) return null;
    const random = new SeededRandom(number ^ Math.imul(attempts, 0x9e3779b9));
    if (random.next() >= probability) return null;
    return { delayMs: sampler(delay, random)(), patienceMs: sampler(this.#patience, random)() };
  }
}

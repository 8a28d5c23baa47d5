import type { Instant } from "@svara/kernel";
import { Agent } from "./agent.ts";
import { Engine } from "./engine.ts";
import { endByHand } from "./hand-inputs.ts";
import type { Input } from "./input.ts";
import { enqueue } from "./item-inputs.ts";
import type { MadeOffer, RouterListener } from "./listener.ts";
import type { WorkItem } from "./model.ts";
import { Offer } from "./offer.ts";
import { acceptOffer } from "./offers.ts";
import { applyInput, fireDue } from "./step.ts";

/**
 * The same engine as `Router`, for who drives it millions of times and keeps no journal: what comes with every contact is
 * told by plain calls, and decisions go to a listener instead of being returned. Each call is one step of `Router.handle` with
 * the input of that name, and decides the same.
 */
export class DirectRouter {
  readonly #engine: Engine;

  constructor(options: {
    readonly routerId: string;
    readonly epoch: number;
    readonly listener: RouterListener;
  }) {
    this.#engine = new Engine(options.routerId, options.epoch, false, options.listener);
  }

  /** When `advance` has something to do next; infinity if never. */
  get nextDue(): Instant {
    return this.#engine.timers.nextDue() ?? Number.POSITIVE_INFINITY;
  }

  /** Any input. */
  tell(input: Input, at: Instant): void {
    this.#begin(at);
    if (input.type === "tick") return;
    applyInput(this.#engine, input);
    this.#engine.endStep();
  }

  /** `item.queued` */
  queue(item: WorkItem, at: Instant): void {
    this.#begin(at);
    enqueue(this.#engine, item);
    this.#engine.endStep();
  }

  /** `offer.accepted` */
  accept(offer: MadeOffer, at: Instant): void {
    this.#begin(at);
    const engine = this.#engine;
    if (offer instanceof Offer && offer.item.offer === offer) acceptOffer(engine, offer);
    else engine.ignore("offer.accepted", "stale_offer", offer.id);
    engine.endStep();
  }

  /** `item.ended` of an item that was accepted so. */
  end({ item, agent }: MadeOffer, at: Instant): void {
    this.#begin(at);
    if (agent instanceof Agent) endByHand(this.#engine, item.id, agent);
    this.#engine.endStep();
  }

  /** Fires what is due up to `at`. */
  advance(at: Instant): void {
    fireDue(this.#engine, at);
  }

  #begin(at: Instant): void {
    fireDue(this.#engine, at);
    this.#engine.seq++;
  }
}

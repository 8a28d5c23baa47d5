import { SipError } from "../errors.ts";
import type { Flow } from "./flow.ts";
import type { Destination } from "./locate.ts";
import type { TargetHealth } from "./target-health.ts";

/**
 * The ways to a next hop, in the order in which they are to be tried (RFC 3263 section 4.3): by transport failure, by
 * 503 and by silence the next one's turn comes.
 */
export interface Route {
  /** The first way, then the next at each call; undefined when there is no further one. Throws or rejects with SipError. */
  next(): Flow | undefined | Promise<Flow | undefined>;
  /** Whether a way is left after the last given; false until the first is given. */
  readonly hasNext: boolean;
  /** The last way given leads somewhere: any response but 503 came by it. */
  worked(): void;
  /** The last way given leads nowhere now. */
  failed(): void;
}

interface Hub {
  readonly health: TargetHealth;
  /** A target of our choice answered. */
  targetWorked(to: Destination): void;
  flowTo(to: Destination): Flow;
}

/**
 * The route to what a URI's look-up gave. With `first` an open flow is tried before all others: the server that
 * challenged is the one to answer, and a registration stays where it is (RFC 3263 section 4.3).
 */
export class LocatedRoute implements Route {
  readonly #hub: Hub;
  readonly #locate: () => readonly Destination[] | Promise<readonly Destination[]>;
  readonly #first: Flow | undefined;
  #left: Destination[] | undefined;
  #current: Destination | undefined;

  constructor(
    hub: Hub,
    locate: () => readonly Destination[] | Promise<readonly Destination[]>,
    first: Flow | undefined,
  ) {
    this.#hub = hub;
    this.#locate = locate;
    this.#first = first?.isOpen ? first : undefined;
  }

  get hasNext(): boolean {
    return this.#left !== undefined && this.#left.length > 0;
  }

  next(): Flow | undefined | Promise<Flow | undefined> {
    if (this.#left) return this.#take(false);
    const found = this.#locate();
    if (!(found instanceof Promise)) return this.#begin(found);
    const first = this.#first;
    const list = first ? found.catch(() => []) : found; // a way is known, though its name is not any more
    return list.then((targets) => this.#begin(targets));
  }

  worked(): void {
    if (this.#current) this.#hub.targetWorked(this.#current);
  }

  failed(): void {
    if (this.#current) this.#hub.health.failed(this.#current);
  }

  #begin(found: readonly Destination[]): Flow | undefined {
    this.#left = this.#hub.health.inOrder(found);
    const first = this.#first;
    if (!first?.isOpen) return this.#take(true);
    const to = { protocol: first.protocol, ...first.remote, name: "", pinned: false };
    this.#left = this.#left.filter((other) => !isSame(other, to));
    this.#current = to;
    return first;
  }

  /** Targets that we have no socket for are passed over. */
  #take(first: boolean): Flow | undefined {
    for (;;) {
      const to = this.#left?.shift();
      if (to === undefined) {
        if (first) throw new SipError("sip.no_transport", "no target can be reached", { retryable: true });
        return undefined;
      }
      try {
        const flow = this.#hub.flowTo(to);
        this.#current = to;
        return flow;
      } catch (error) {
        if (first && !this.hasNext) throw error;
      }
    }
  }
}

function isSame(a: Destination, b: Destination): boolean {
  return a.protocol === b.protocol && a.host === b.host && a.port === b.port;
}

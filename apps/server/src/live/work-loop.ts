import type { Clock, Disposable, Instant } from "@svara/kernel";

/**
 * Runs pieces of work one after another, never one inside another: what a piece of work causes waits its turn. So every
 * unit of the live runtime sees the others between two events, never in the middle of one. While it runs its clock stands
 * still: what one event brings about, through all units, happens at one instant.
 */
export class WorkLoop implements Clock {
  readonly #queue: (() => void)[] = [];
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #instant: Instant | undefined;

  /** `onError` hears of what a piece of work throws; the rest goes on. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  run(work: () => void): void {
    this.#queue.push(work);
    if (this.#instant !== undefined) return;
    this.#instant = this.#clock.now();
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#attempt(next);
    } finally {
      this.#instant = undefined;
    }
  }

  /** The instant of the event being worked on, or the present. */
  now(): Instant {
    return this.#instant ?? this.#clock.now();
  }

  /** Runs `task` in the loop, `delayMs` from now. */
  after(delayMs: number, task: () => void): Disposable {
    return this.#clock.after(delayMs, () => this.run(task));
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onError(error);
    }
  }
}

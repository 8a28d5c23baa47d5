/**
 * Runs pieces of work one after another, never one inside another: what a piece of work causes waits its turn.
 * So every unit of the live runtime sees the others between two events, never in the middle of one.
 */
export class WorkLoop {
  readonly #queue: (() => void)[] = [];
  readonly #onError: (error: unknown) => void;
  #running = false;

  /** `onError` hears of what a piece of work throws; the rest goes on. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  run(work: () => void): void {
    this.#queue.push(work);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#attempt(next);
    } finally {
      this.#running = false;
    }
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onError(error);
    }
  }
}

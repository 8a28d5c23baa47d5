/**
 * Gathers what one turn of the event loop wants to say to another thread: each message of its own wakes the other side by a
 * system call, which costs more than most commands.
 */
export class Outbox<T> {
  readonly #post: (messages: readonly T[]) => void;
  #waiting: T[] = [];

  constructor(post: (messages: readonly T[]) => void) {
    this.#post = post;
  }

  /** Goes out, in order, when this turn's packets and events are through. */
  push(message: T): void {
    if (this.#waiting.push(message) === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#post(waiting);
  }
}

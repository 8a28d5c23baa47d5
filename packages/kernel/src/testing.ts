import type { Clock, Instant } from "./clock.ts";
import type { Disposable } from "./disposable.ts";
import type { Ids } from "./ids.ts";
import { TimerHeap } from "./timer-heap.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: Instant;
  readonly #timers = new TimerHeap<() => void>();

  constructor(start: Instant = Date.UTC(2026, 0, 5, 8)) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** Timers that are still armed. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, task: () => void): Disposable {
    const handle = this.#timers.add(this.#now + Math.max(0, delayMs), task);
    return { dispose: () => this.#timers.cancel(handle) };
  }

  /** Moves on by `ms`, firing what is due at its due instant. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let timer = this.#timers.popDue(until); timer; timer = this.#timers.popDue(until)) {
      this.#now = Math.max(this.#now, timer.due);
      timer.value();
    }
    this.#now = until;
  }
}

/** Readable ids in order: `x-1`, `x-2`. */
export class CountingIds implements Ids {
  readonly #prefix: string;
  #n = 0;

  constructor(prefix = "id") {
    this.#prefix = prefix;
  }

  next(): string {
    return `${this.#prefix}-${++this.#n}`;
  }
}

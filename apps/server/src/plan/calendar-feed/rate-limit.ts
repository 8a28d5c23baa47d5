import type { Clock } from "@svara/kernel";

/** So many calls of one key in any window that begins with the first of them. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, { readonly from: number; count: number }>();

  constructor(options: { readonly clock: Clock; readonly most: number; readonly windowMs: number }) {
    this.#clock = options.clock;
    this.#most = options.most;
    this.#windowMs = options.windowMs;
  }

  /** Counts a call. Milliseconds until one is allowed again; 0: it is allowed. */
  take(key: string): number {
    const now = this.#clock.now();
    const open = this.#windows.get(key);
    if (!open || now >= open.from + this.#windowMs) {
      this.#forget(now);
      this.#windows.set(key, { from: now, count: 1 });
      return 0;
    }
    open.count += 1;
    return open.count > this.#most ? open.from + this.#windowMs - now : 0;
  }

  /** Strangers may not fill the memory: what is over goes, and at the limit everything does. */
  #forget(now: number): void {
    if (this.#windows.size < MOST_KEYS) return;
    for (const [key, { from }] of this.#windows) if (now >= from + this.#windowMs) this.#windows.delete(key);
    if (this.#windows.size >= MOST_KEYS) this.#windows.clear();
  }
}

const MOST_KEYS = 10_000;

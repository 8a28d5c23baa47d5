import type { Instant } from "@svara/kernel";

/** Lets `burst` units through at once and `perSecond` of them in the long run. */
export class TokenBucket {
  #tokens: number;
  #at: Instant;

  constructor(burst: number, now: Instant) {
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes `cost` units; false when there are not enough. */
  take(cost: number, now: Instant, burst: number, perSecond: number): boolean {
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1000);
    this.#at = now;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}

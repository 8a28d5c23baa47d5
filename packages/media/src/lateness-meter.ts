import type { Lateness } from "./media-host.ts";

/** Lateness is counted per millisecond up to this. */
const maxLatenessMs = 1000;

/** How late things happened, as a histogram of milliseconds. */
export class LatenessMeter {
  readonly #counts = new Uint32Array(maxLatenessMs + 1);
  #total = 0;

  add(lateMs: number): void {
    const at = Math.max(0, Math.min(Math.floor(lateMs), maxLatenessMs));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total++;
  }

  /** Percentiles since the last reset; zeros when nothing was counted. */
  read(): Lateness {
    return { p50: this.#at(0.5), p99: this.#at(0.99), max: this.#at(1) };
  }

  reset(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  #at(share: number): number {
    let left = Math.ceil(this.#total * share);
    if (left === 0) return 0;
    for (let ms = 0; ms < maxLatenessMs; ms++) {
      left -= this.#counts[ms] ?? 0;
      if (left <= 0) return ms;
    }
    return maxLatenessMs;
  }
}

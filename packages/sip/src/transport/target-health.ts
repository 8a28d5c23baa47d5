import type { Clock, Instant } from "@svara/kernel";
import type { Destination } from "./locate.ts";

const CAPACITY = 1_000;

/** Remembers for a while which targets failed, so that not every call waits for a server that is down. */
export class TargetHealth {
  readonly #clock: Clock;
  readonly #deadMs: number;
  readonly #deadUntil = new Map<string, Instant>();

  constructor(clock: Clock, deadMs: number) {
    this.#clock = clock;
    this.#deadMs = deadMs;
  }

  get size(): number {
    return this.#deadUntil.size;
  }

  worked(to: Destination): void {
    this.#deadUntil.delete(keyOf(to));
  }

  failed(to: Destination): void {
    const key = keyOf(to);
    this.#deadUntil.delete(key);
    this.#deadUntil.set(key, this.#clock.now() + this.#deadMs);
    if (this.#deadUntil.size <= CAPACITY) return;
    const [oldest] = this.#deadUntil.keys();
    if (oldest !== undefined) this.#deadUntil.delete(oldest);
  }

  /** The same targets, those that failed lately behind the others. */
  inOrder(targets: readonly Destination[]): Destination[] {
    const now = this.#clock.now();
    const dead = (to: Destination): boolean => (this.#deadUntil.get(keyOf(to)) ?? 0) > now;
    return [...targets.filter((to) => !dead(to)), ...targets.filter(dead)];
  }
}

function keyOf(to: Destination): string {
  return `${to.protocol} ${to.host} ${to.port}`;
}

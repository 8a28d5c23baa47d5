import type { Clock } from "@svara/kernel";

/** Ids of ended things are remembered this long, so that a late command is told from a wrong one (TE2, TE3). */
const REMEMBER_MS = 180_000;

/** The ids of legs, bridges, playbacks and recordings that were and are no more. */
export class EndedIds {
  readonly #clock: Clock;
  readonly #ids = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string): void {
    this.#ids.set(id, this.#clock.now());
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Lets go of those that no command can still mean. */
  forgetOld(): void {
    const before = this.#clock.now() - REMEMBER_MS;
    for (const [id, at] of this.#ids) {
      if (at >= before) return; // in order of ending
      this.#ids.delete(id);
    }
  }
}

import type { Clock, Instant } from "@svara/kernel";

const LIFE_MS = 32_000; // as long as a message of the dialog may still be on its way
const MOST = 10_000;

/** The names of dialogs that ended a short while ago, so that who asks for one hears that it is over, not unknown. */
export class EndedDialogs {
  readonly #clock: Clock;
  /** In the order of their ends. */
  readonly #endedAt = new Map<string, Instant>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string): void {
    const now = this.#clock.now();
    this.#endedAt.delete(id);
    this.#endedAt.set(id, now);
    for (const [old, at] of this.#endedAt) {
      if (now - at <= LIFE_MS && this.#endedAt.size <= MOST) break;
      this.#endedAt.delete(old);
    }
  }

  has(id: string): boolean {
    const at = this.#endedAt.get(id);
    return at !== undefined && this.#clock.now() - at <= LIFE_MS;
  }
}

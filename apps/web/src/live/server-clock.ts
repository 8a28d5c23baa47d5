import type { Clock, Instant } from "@svara/kernel";

/** The server's clock as seen from here: timers count from server instants, whatever the desk's own clock says. */
export class ServerClock {
  readonly #clock: Clock;
  #offsetMs = 0;
  #bestRoundTripMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): Instant {
    return this.#clock.now() + this.#offsetMs;
  }

  /** Asks the server for its instant; the reading with the shortest way is the truest. */
  async synchronise(ask: () => Promise<Instant>): Promise<void> {
    const sentAt = this.#clock.now();
    const theirs = await ask();
    const receivedAt = this.#clock.now();
    const roundTripMs = receivedAt - sentAt;
    if (roundTripMs > this.#bestRoundTripMs * 2 + 20) return;
    this.#bestRoundTripMs = Math.min(this.#bestRoundTripMs, roundTripMs);
    this.#offsetMs = Math.round(theirs - (sentAt + receivedAt) / 2);
  }
}

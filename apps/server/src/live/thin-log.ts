import type { Clock, Instant } from "@svara/kernel";

/** Lines that one minute may bring; what is more is counted. */
const LINES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** Keeps an event that somebody else can cause at will (a flood of sign-ins) from flooding the log. */
export class ThinLog {
  readonly #clock: Clock;
  readonly #write: (fields: object) => void;
  #since: Instant = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #unsaid = 0;

  constructor(clock: Clock, write: (fields: object) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  say(fields: object): void {
    const now = this.#clock.now();
    if (now - this.#since >= MINUTE_MS) {
      this.#since = now;
      this.#lines = 0;
    }
    if (this.#lines >= LINES_PER_MINUTE) {
      this.#unsaid++;
      return;
    }
    this.#lines++;
    this.#write(this.#unsaid > 0 ? { ...fields, unsaidBefore: this.#unsaid } : fields);
    this.#unsaid = 0;
  }
}

import type { Clock, Instant } from "@svara/kernel";
import type { Terminal } from "./command.ts";

const SILENT_MS = 1_000; // what is over within a second needs no words
const EVERY_MS = 200;

/** A line about long work, written over again and again, for a person who watches; nothing for a pipe. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #startedAt: Instant;
  #nextAt: Instant;
  #shown = false;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#nextAt = this.#startedAt + SILENT_MS;
  }

  /** How long the work has taken so far. */
  get elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /** Shows a new state of the work if it is time to; cheap enough to be called after each thousand steps. */
  show(text: () => string): void {
    if (!this.#terminal.isWatched) return;
    const now = this.#clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + EVERY_MS;
    this.say(text());
  }

  /** Shows at once what comes next, for work that cannot tell how far it is. */
  say(text: string): void {
    if (!this.#terminal.isWatched) return;
    this.#shown = true;
    this.#terminal.err(`\r${text}\u001B[K`);
  }

  /** Wipes the line. */
  end(): void {
    if (this.#shown) this.#terminal.err("\r\u001B[K");
    this.#shown = false;
  }
}

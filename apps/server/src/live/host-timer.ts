import type { Clock, Disposable, Instant } from "@svara/kernel";

/** The one clock timer of a machine that keeps its timers inside: armed for whatever `nextDue` says. */
export class HostTimer implements Disposable {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #due: Instant | undefined;
  #timer: Disposable | undefined;

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** To be called whenever the machine may have changed its mind. */
  arm(nextDue: Instant | undefined): void {
    if (nextDue === this.#due) return;
    this.dispose();
    if (nextDue === undefined) return;
    this.#due = nextDue;
    this.#timer = this.#clock.after(Math.max(0, nextDue - this.#clock.now()), () => {
      this.#due = undefined;
      this.#timer = undefined;
      this.#fire();
    });
  }

  get armed(): boolean {
    return this.#timer !== undefined;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#due = undefined;
  }
}

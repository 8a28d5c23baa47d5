import type { Disposable } from "./disposable.ts";

/** An instant: integer milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** Time as a unit is given it. Nothing outside this package reads the system's clock or its timers. */
export interface Clock {
  /** The present instant; never less than a value returned before. */
  now(): Instant;
  /** Runs `task` once, `delayMs` from now. Disposing the result before that cancels it. */
  after(delayMs: number, task: () => void): Disposable;
}

/** A repeating task whose periods do not drift: period k is due at start + k * periodMs. */
export function every(clock: Clock, periodMs: number, task: () => void): Disposable {
  let due = clock.now() + periodMs;
  let stopped = false;
  let timer = clock.after(periodMs, tick);
  function tick(): void {
    task();
    if (stopped) return;
    const now = clock.now();
    due += periodMs * Math.max(1, Math.ceil((now - due) / periodMs));
    timer = clock.after(Math.max(0, due - now), tick);
  }
  return {
    dispose() {
      stopped = true;
      timer.dispose();
    },
  };
}

/** The machine's timers hold a signed 32-bit number: what is longer would be over at once. */
const longestTimeoutMs = 2 ** 31 - 1;
/** How often the clock is compared with the wall's. */
const slewPeriodMs = 1_000;

/**
 * The machine's clock: one wall reading at start, carried on by the monotonic clock, so that it never jumps.
 * Slow drift against the wall clock is slewed by at most 0.5 ms per second.
 */
export class SystemClock implements Clock {
  readonly #origin = performance.timeOrigin;
  #offset = Date.now() - (performance.timeOrigin + performance.now());
  #last = 0;
  #slewedAt = performance.now();

  now(): Instant {
    // Read once: media asks for every packet, and a reading costs as much as looking at its header.
    const mono = performance.now();
    if (mono - this.#slewedAt >= slewPeriodMs) this.#slew(mono);
    const reading = Math.floor(this.#origin + mono + this.#offset);
    if (reading > this.#last) this.#last = reading;
    return this.#last;
  }

  /** Milliseconds by which this clock is behind (positive) or ahead of the wall clock. */
  driftMs(): number {
    return Date.now() - (this.#origin + performance.now() + this.#offset);
  }

  after(delayMs: number, task: () => void): Disposable {
    let leftMs = Math.max(0, delayMs);
    let handle = setTimeout(next, Math.min(leftMs, longestTimeoutMs));
    function next(): void {
      leftMs -= longestTimeoutMs;
      if (!(leftMs > 0)) return task();
      handle = setTimeout(next, Math.min(leftMs, longestTimeoutMs));
    }
    return { dispose: () => clearTimeout(handle) };
  }

  #slew(mono: number): void {
    const elapsed = mono - this.#slewedAt;
    this.#slewedAt = mono;
    const limit = elapsed * 0.0005;
    this.#offset += Math.max(-limit, Math.min(limit, this.driftMs()));
  }
}

import type { Clock, Disposable } from "@svara/kernel";
import { LatenessMeter } from "./lateness-meter.ts";

/** A packet's time. */
const framePeriodMs = 20;
/** Tasks are spread over the period: four bursts of 5 ms cost 30 % more than one, and jitter a quarter as much. */
const slots = 4;
const slotMs = framePeriodMs / slots;
/** After a longer stall the missed frames are skipped: a burst of old sound helps nobody. */
const maxCatchUpMs = 100;

interface Slot {
  due: number;
  readonly tasks: Set<(now: number) => void>;
}

/**
 * Calls each task every 20 ms. Slot k of period n is due at t0 + 20 n + 5 k, whatever happened before; a late wake-up
 * catches up. Runs while there is a task.
 */
export class Ticker implements Disposable {
  readonly #clock: Clock;
  readonly #slots: Slot[] = Array.from({ length: slots }, () => ({ due: 0, tasks: new Set() }));
  /** How late the slots ran. */
  readonly lateness = new LatenessMeter();
  #timer: Disposable | null = null;
  #next = 0;
  #tasks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds a task to the next slot in turn; the result removes it. */
  add(task: (now: number) => void): Disposable {
    const slot = this.#slots[this.#next++ % slots] as Slot;
    const own = (now: number): void => task(now);
    slot.tasks.add(own);
    this.#tasks++;
    if (this.#timer === null) this.#start();
    return {
      dispose: () => {
        if (!slot.tasks.delete(own)) return;
        this.#tasks--;
        if (this.#tasks === 0) this.dispose();
      },
    };
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
  }

  #start(): void {
    const t0 = this.#clock.now();
    this.#slots.forEach((slot, k) => {
      slot.due = t0 + framePeriodMs + k * slotMs;
    });
    this.#arm(t0);
  }

  #arm(now: number): void {
    let due = Number.POSITIVE_INFINITY;
    for (const slot of this.#slots) if (slot.tasks.size > 0 && slot.due < due) due = slot.due;
    this.#timer = this.#clock.after(Math.max(0, due - now), () => this.#wake());
  }

  #wake(): void {
    const now = this.#clock.now();
    for (const slot of this.#slots) this.#run(slot, now);
    if (this.#timer !== null) this.#arm(this.#clock.now());
  }

  #run(slot: Slot, now: number): void {
    if (slot.due > now) return;
    if (slot.tasks.size === 0) {
      slot.due += framePeriodMs * (Math.floor((now - slot.due) / framePeriodMs) + 1);
      return;
    }
    this.lateness.add(now - slot.due);
    if (now - slot.due > maxCatchUpMs) {
      slot.due += framePeriodMs * Math.floor((now - slot.due) / framePeriodMs);
    }
    for (; slot.due <= now; slot.due += framePeriodMs) {
      for (const task of slot.tasks) task(now);
    }
  }
}

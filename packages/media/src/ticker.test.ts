import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, it } from "vitest";
import { Ticker } from "./ticker.ts";

/** A clock whose timers fire late by what the test says. */
class LateClock extends ManualClock {
  lateMs = 0;
  override after(delayMs: number, task: () => void): { dispose(): void } {
    return super.after(delayMs + this.lateMs, task);
  }
}

describe("the ticker", () => {
  it("[ME43] keeps its period though every timer is late", () => {
    const clock = new LateClock();
    const ticker = new Ticker(clock);
    let ticks = 0;
    clock.lateMs = 7;
    ticker.add(() => ticks++);
    clock.advance(2000);
    expect(ticks).toBe(99);
    expect(ticker.lateness.read().p50).toBe(7);
    ticker.dispose();
    expect(clock.pending).toBe(0);
  });

  it("[ME43] catches up after a short stall and skips a long one", () => {
    const clock = new LateClock();
    const ticker = new Ticker(clock);
    let ticks = 0;
    ticker.add(() => ticks++);
    clock.advance(100);
    expect(ticks).toBe(5);
    clock.lateMs = 80;
    clock.advance(20); // arms the late one
    clock.lateMs = 0;
    clock.advance(100);
    expect(ticks).toBe(11);
    clock.lateMs = 1000;
    clock.advance(20);
    clock.lateMs = 0;
    clock.advance(1020);
    expect(ticks).toBe(13);
    expect(ticker.lateness.read().max).toBe(1000);
    ticker.lateness.reset();
    expect(ticker.lateness.read()).toEqual({ p50: 0, p99: 0, max: 0 });
    ticker.dispose();
  });

  it("[ME43] spreads its tasks over the period and stops without any", () => {
    const clock = new ManualClock();
    const ticker = new Ticker(clock);
    const start = clock.now();
    const at: number[] = [];
    const tasks = [0, 1, 2, 3].map(() => ticker.add((now) => at.push(now - start)));
    clock.advance(40);
    expect(at).toEqual([20, 25, 30, 35, 40]);
    for (const task of tasks) task.dispose();
    expect(clock.pending).toBe(0);
  });
});

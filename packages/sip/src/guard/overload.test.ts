import type { Clock } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { Overload } from "./overload.ts";

describe("Overload", () => {
  function rig(): {
    clock: ManualClock;
    overload: Overload;
    set: (what: { load?: number; alive?: number }) => void;
  } {
    const clock = new ManualClock();
    let load = 0;
    let alive = 0;
    const overload = new Overload({
      clock,
      limits: DEFAULT_LIMITS,
      transactions: () => alive,
      load: () => load,
    });
    return {
      clock,
      overload,
      set: (what) => {
        load = what.load ?? load;
        alive = what.alive ?? alive;
      },
    };
  }

  test("[SIP63] calls are welcome while the clock is on time", () => {
    const { clock, overload } = rig();
    for (let i = 0; i < 100; i++) {
      expect(overload.refuses()).toBeUndefined();
      clock.advance(100);
    }
    overload.close();
    expect(clock.pending).toBe(0);
  });

  test("[SIP63] what 400 calls a second leave behind by their INVITEs and BYEs is no reason", () => {
    const { overload, set } = rig();
    set({ alive: 400 * 2 * 33 });
    expect(overload.refuses()).toBeUndefined();
    overload.close();
  });

  test("[SIP63] too many transactions refuse calls until they are fewer", () => {
    const { overload, set } = rig();
    set({ alive: DEFAULT_LIMITS.busyTransactions });
    expect(overload.refuses()).toBe(5);
    set({ alive: DEFAULT_LIMITS.busyTransactions - 1 });
    expect(overload.refuses()).toBeUndefined();
    overload.close();
  });

  /** A clock whose timer fires when the test says so. */
  function late(load: number): {
    overload: Overload;
    fire: (lateMs: number) => void;
    pass: (ms: number) => void;
  } {
    let now = 1_000_000;
    let due: { at: number; task: () => void } | undefined;
    const clock: Clock = {
      now: () => now,
      after(ms, task) {
        due = { at: now + ms, task };
        return { dispose() {} };
      },
    };
    const overload = new Overload({ clock, limits: DEFAULT_LIMITS, transactions: () => 0, load: () => load });
    const fire = (lateMs: number): void => {
      const timer = due;
      now = (timer?.at ?? now) + lateMs;
      timer?.task();
    };
    return {
      overload,
      fire,
      pass: (ms) => {
        now += ms;
      },
    };
  }

  test("[SIP63] a timer that comes too late refuses calls for two seconds", () => {
    const { overload, fire, pass } = late(0.5);
    overload.refuses();
    fire(DEFAULT_LIMITS.maxLatenessMs);
    expect(overload.refuses()).toBeUndefined();
    fire(DEFAULT_LIMITS.maxLatenessMs + 1);
    expect(overload.refuses()).toBe(5);
    pass(2_000);
    expect(overload.refuses()).toBeUndefined();
  });

  test("[SIP63] a loop that never waits refuses calls when it stays so, and being busy alone is no reason", () => {
    const full = late(1);
    const busy = late(0.9);
    for (const [i] of Array.from({ length: 8 }).entries()) {
      for (const { overload, fire } of [full, busy]) {
        expect([i, overload.refuses()]).toEqual([i, undefined]);
        fire(30);
      }
    }
    expect([full.overload.refuses(), busy.overload.refuses()]).toEqual([5, undefined]);
  });
});

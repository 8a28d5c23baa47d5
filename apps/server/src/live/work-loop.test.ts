import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, it } from "vitest";
import { WorkLoop } from "./work-loop.ts";

describe("the work loop", () => {
  it("runs what a piece of work causes after it, at the same instant", () => {
    const clock = new ManualClock(1_000);
    const loop = new WorkLoop(clock, (error) => {
      throw error;
    });
    const seen: string[] = [];
    loop.run(() => {
      loop.run(() => seen.push(`caused ${loop.now()}`));
      clock.advance(5);
      seen.push(`first ${loop.now()}`);
    });
    expect(seen).toEqual(["first 1000", "caused 1000"]);
    expect(loop.now()).toBe(1_005);
  });

  it("goes on after a piece of work that throws", () => {
    const errors: unknown[] = [];
    const loop = new WorkLoop(new ManualClock(), (error) => errors.push(error));
    const seen: number[] = [];
    loop.run(() => {
      loop.run(() => seen.push(2));
      throw new Error("one");
    });
    loop.run(() => seen.push(3));
    expect(seen).toEqual([2, 3]);
    expect(errors).toHaveLength(1);
  });

  it("runs timers in the loop", () => {
    const clock = new ManualClock(0);
    const loop = new WorkLoop(clock, () => undefined);
    const seen: number[] = [];
    loop.after(50, () => {
      clock.advance(1);
      seen.push(loop.now());
    });
    clock.advance(60);
    expect(seen).toEqual([50]);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SystemClock } from "./clock.ts";

const dayMs = 86_400_000;

describe("the machine's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("waits sixty days, though a timer of the machine holds 24 only", () => {
    let over = 0;
    new SystemClock().after(60 * dayMs, () => over++);
    vi.advanceTimersByTime(60 * dayMs - 1);
    expect(over).toBe(0);
    vi.advanceTimersByTime(1);
    expect(over).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("takes back such a wait at any time", () => {
    let over = 0;
    const wait = new SystemClock().after(60 * dayMs, () => over++);
    vi.advanceTimersByTime(30 * dayMs);
    wait.dispose();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(40 * dayMs);
    expect(over).toBe(0);
  });
});

import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

test("so many calls a window, each address for itself", () => {
  const clock = { at: 0, now: () => clock.at, monotonic: () => clock.at };
  const limit = new RateLimit({ clock: clock as never, most: 2, windowMs: 1000 });
  expect([limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")]).toEqual([0, 0, 1000, 0]);
  clock.at = 600;
  expect(limit.take("a")).toBe(400);
  clock.at = 1000;
  expect(limit.take("a")).toBe(0);
});

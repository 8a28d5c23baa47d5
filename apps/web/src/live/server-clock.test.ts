import { ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.ts";

test("the offset is taken at the middle of the round trip", async () => {
  const clock = new ManualClock(1_000_000);
  const server = new ServerClock(clock);
  await server.synchronise(async () => {
    clock.advance(100);
    const theirs = 2_000_000;
    clock.advance(100);
    return theirs;
  });
  expect(server.now()).toBe(2_000_100);
});

test("a reading that took much longer than the best one is not believed", async () => {
  const clock = new ManualClock(0);
  const server = new ServerClock(clock);
  await server.synchronise(async () => {
    clock.advance(10);
    return 5_000;
  });
  const before = server.now() - clock.now();
  await server.synchronise(async () => {
    clock.advance(900);
    return 9_999;
  });
  expect(server.now() - clock.now()).toBe(before);
});

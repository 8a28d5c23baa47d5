import { ManualClock } from "@svara/kernel/testing";
import { expect, it } from "vitest";
import { ThinLog } from "./thin-log.ts";

it("says ten lines a minute, and then how many were not said", () => {
  const clock = new ManualClock();
  const lines: object[] = [];
  const log = new ThinLog(clock, (fields) => lines.push(fields));
  for (let i = 0; i < 1_500; i++) log.say({ username: `u${i}` });
  expect(lines).toHaveLength(10);
  clock.advance(60_000);
  log.say({ username: "anna" });
  log.say({ username: "boris" });
  expect(lines.slice(10)).toEqual([{ username: "anna", unsaidBefore: 1_490 }, { username: "boris" }]);
});

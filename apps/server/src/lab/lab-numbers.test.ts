import type { LegId } from "@svara/kernel";
import { CountingIds, ManualClock } from "@svara/kernel/testing";
import { beforeEach, expect, test } from "vitest";
import { MemorySwitch } from "../live/testing/memory-switch.ts";
import { LabNumbers } from "./lab-numbers.ts";

let clock: ManualClock;
let sw: MemorySwitch;
let lab: LabNumbers;
let faults: string[];

beforeEach(() => {
  clock = new ManualClock();
  sw = new MemorySwitch(clock);
  faults = [];
  lab = new LabNumbers({ switch: sw, clock, ids: new CountingIds("p"), warn: (text) => faults.push(text) });
});

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

async function call(number: string): Promise<LegId> {
  const legId = sw.callIn(number);
  if (legId === undefined) throw new Error("refused");
  await settle();
  return legId;
}

const stateOf = (legId: LegId) => sw.legs.get(legId)?.state;

test("600 answers and sends the sound back", async () => {
  const legId = await call("600");
  expect(stateOf(legId)).toBe("answered");
  expect(sw.log).toContain(`echo ${legId} true`);
});

test("601 rings and is given up after 28 s", async () => {
  const legId = await call("601");
  clock.advance(27_000);
  expect(stateOf(legId)).toBe("incoming");
  clock.advance(2_000);
  await settle();
  expect(stateOf(legId)).toBe("ended");
});

test("604 hangs up after four keys, or ten seconds without one", async () => {
  const keyed = await call("604");
  for (const digit of "123") sw.press(keyed, digit);
  await settle();
  expect(stateOf(keyed)).toBe("answered");
  sw.press(keyed, "4");
  await settle();
  expect(stateOf(keyed)).toBe("ended");
  const silent = await call("604");
  clock.advance(9_000);
  sw.press(silent, "1");
  clock.advance(9_000);
  await settle();
  expect(stateOf(silent)).toBe("answered");
  clock.advance(2_000);
  await settle();
  expect(stateOf(silent)).toBe("ended");
});

test("608 stays, for ten minutes at most", async () => {
  const legId = await call("608");
  clock.advance(599_000);
  expect(stateOf(legId)).toBe("answered");
  clock.advance(2_000);
  await settle();
  expect(stateOf(legId)).toBe("ended");
});

test("609 plays before it answers, a second later", async () => {
  const legId = await call("609");
  expect(stateOf(legId)).toBe("early");
  clock.advance(1_000);
  await settle();
  expect(stateOf(legId)).toBe("answered");
});

test("701 plays and does not answer", async () => {
  const legId = await call("701");
  expect(stateOf(legId)).toBe("early");
  clock.advance(121_000);
  await settle();
  expect(stateOf(legId)).toBe("ended");
});

test("other numbers are not the lab's, and a caller who is gone at once is no fault", async () => {
  expect(lab.has("100")).toBe(false);
  const other = await call("100");
  expect(stateOf(other)).toBe("incoming");
  const legId = sw.callIn("600");
  if (legId) sw.hangUpBy(legId);
  await settle();
  lab.dispose();
  expect(clock.pending).toBe(0);
  expect(faults).toEqual([]);
});

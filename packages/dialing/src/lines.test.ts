import type { TrunkId } from "@svara/kernel";
import { expect, test } from "vitest";
import { readDestination } from "./destination.ts";
import { type Line, waysOut } from "./lines.ts";

function line(trunkId: string, more: Partial<Line> = {}): Line {
  return {
    trunkId: trunkId as TrunkId,
    order: 1,
    up: true,
    calls: 0,
    maxCalls: 10,
    countries: null,
    emergency: true,
    format: "e164_plus",
    prefix: "",
    callerId: "own",
    number: "+46850000000",
    ...more,
  };
}

function to(number: string) {
  const destination = readDestination(number, { country: "SE" });
  if (!destination) throw new Error(`${number} is no number`);
  return destination;
}

const ids = (lines: Line[], number = "+46812345601") =>
  waysOut(to(number), lines, {}, "SE").map(({ trunkId }) => trunkId);

test("[DI5] the least loaded of the first group, then the next group, the dead last", () => {
  const lines = [
    line("a", { calls: 5 }),
    line("b", { calls: 1 }),
    line("dead", { up: false }),
    line("spare", { order: 2 }),
  ];
  expect(ids(lines)).toEqual(["b", "a", "spare", "dead"]);
});

test("[DI6] a full line and one for other countries carry nothing", () => {
  const lines = [line("full", { calls: 10 }), line("german", { countries: ["DE"] }), line("free")];
  expect(ids(lines)).toEqual(["free"]);
  expect(ids(lines, "+4930901820")).toEqual(["free", "german"]);
  expect(ids([line("full", { calls: 10 })])).toEqual([]);
});

test("[DI7] a call for help takes any line that takes such calls, and shows a number", () => {
  const lines = [
    line("full", { calls: 10 }),
    line("dead", { up: false }),
    line("german", { countries: ["DE"], order: 3 }),
    line("none", { emergency: false }),
  ];
  const ways = waysOut(to("112"), lines, { withheld: true }, "SE");
  expect(ways.map(({ trunkId }) => trunkId)).toEqual(["german", "full", "dead"]);
  expect(ways[0]).toMatchObject({ number: "112", callerNumber: "+46850000000" });
});

test("[DI8] whose number is shown", () => {
  const shown = (more: Partial<Line>, caller: { number?: string; withheld?: boolean }) =>
    waysOut(to("+46812345601"), [line("a", more)], caller, "SE")[0]?.callerNumber;
  expect(shown({}, { number: "+46851111111" })).toBe("+46851111111");
  expect(shown({}, {})).toBe("+46850000000");
  expect(shown({ callerId: "trunk" }, { number: "+46851111111" })).toBe("+46850000000");
  expect(shown({ callerId: "trunk", number: null }, { number: "+46851111111" })).toBe("+46851111111");
  expect(shown({}, { number: "+46851111111", withheld: true })).toBeUndefined();
});

test("[DI4] digits that the carrier wants before each number", () => {
  const [way] = waysOut(to("+4930901820"), [line("a", { prefix: "77", format: "e164" })], {}, "SE");
  expect(way?.number).toBe("774930901820");
});

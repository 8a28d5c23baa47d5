import type { EndpointId, LegId, TrunkId } from "@svara/kernel";
import { expect, test } from "vitest";
import type { Party } from "../switch.ts";
import { LegCounts } from "./leg-counts.ts";

const via = (trunkId: string): Party => ({ kind: "trunk", trunkId: trunkId as TrunkId });
const leg = (id: string): LegId => id as LegId;

test("legs are counted with their trunks as they come, change the trunk, and go", () => {
  const counts = new LegCounts();
  counts.at(leg("1"), via("a"));
  counts.at(leg("2"), via("a"));
  counts.at(leg("3"), { kind: "endpoint", endpointId: "e" as EndpointId });
  expect([counts.legs, [...counts.byTrunk]]).toEqual([3, [["a", 2]]]);
  counts.at(leg("2"), via("b"));
  expect([...counts.byTrunk]).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
  for (const id of ["1", "2", "3", "3"]) counts.over(leg(id));
  expect([counts.legs, counts.byTrunk.size]).toEqual([0, 0]);
});

import { expect, test } from "vitest";
import { Scratch } from "./scratch.ts";

test("a scratch that held a whole floor begins anew", () => {
  const scratch = new Scratch<number>();
  for (const size of [3, 5_000, 2]) {
    for (let n = 0; n < size; n++) scratch.add(n);
    expect(scratch.size).toBe(size);
    expect(scratch.take()).toHaveLength(size);
  }
  scratch.add(7);
  expect([scratch.size, scratch.at(0)]).toEqual([1, 7]);
  scratch.clear();
  expect(scratch.take()).toEqual([]);
});

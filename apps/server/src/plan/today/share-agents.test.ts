import { expect, test } from "vitest";
import { sharedAgents } from "./share-agents.ts";

const grid = { from: 0, intervalMs: 900, count: 4 };

test("an agent of two queues is shared out by what they require, and evenly where they require nobody", () => {
  const required = [
    [3, 0, 0, 2],
    [1, 0, 4, 2],
  ];
  const [a, b] = sharedAgents([{ queues: [0, 1], spans: [{ from: 0, to: 3600 }] }], grid, required);
  expect(a).toEqual([0.75, 0.5, 0, 0.5]);
  expect(b).toEqual([0.25, 0.5, 1, 0.5]);
});

test("who is there for a part of an interval counts for that part", () => {
  const spans = [
    { from: 450, to: 900 },
    { from: 1800, to: 2025 },
  ];
  expect(sharedAgents([{ queues: [0], spans }], grid, [[1, 1, 1, 1]])).toEqual([[0.5, 0, 0.25, 0]]);
});

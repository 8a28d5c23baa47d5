import type { QueueId } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { extentOf, inColumns, partsOf } from "./history-columns.ts";

const [A, B] = ["a", "b"] as QueueId[] as [QueueId, QueueId];
const QUARTER = 900_000;
const intervals = Array.from({ length: 7 }, (_, n) => ({
  queueId: n % 3 === 0 ? B : A,
  at: n * QUARTER,
  offered: n + 0.5,
  handleMs: n % 2 === 0 ? null : n * 1000,
}));

describe("intervals in columns", () => {
  test("are the same when they come back, a part at a time", () => {
    const { queues } = inColumns({ lines: 7, intervals, faults: [] });
    const back = queues.flatMap((queue) => [...partsOf(queue, 2)].flat());
    expect(back.toSorted((a, b) => a.at - b.at)).toEqual(intervals);
    expect([...partsOf(queues[0] as never, 2)].map(({ length }) => length)).toEqual([2, 1]);
  });

  test("tell their extent; what has no handling time does not weigh in its mean", () => {
    const { queues } = inColumns({ lines: 7, intervals, faults: [] });
    expect(extentOf(queues)).toEqual({
      intervals: 7,
      from: 0,
      to: 7 * QUARTER,
      contacts: 24.5,
      averageHandleMs: (1.5 * 1000 + 3.5 * 3000 + 5.5 * 5000) / 10.5,
    });
  });

  test("name the first faults, and how many there are", () => {
    const faults = Array.from({ length: 80 }, (_, n) => ({
      line: n + 2,
      column: "at",
      code: "wrong_time",
      message: "no",
    }));
    const told = inColumns({ lines: 80, intervals: [], faults });
    expect(told.faults).toEqual(faults.slice(0, 50));
    expect(told.faultCount).toBe(80);
  });
});

import { describe, expect, test } from "vitest";
import { HistoryFileReader } from "./read-history-file.ts";

const OPTIONS = {
  timeZone: "UTC",
  intervalMinutes: 15,
  now: Date.UTC(2026, 5, 1),
  queues: new Map(),
} as const;

describe("files of past figures", () => {
  test("long ones wait for each other, and the sixth at once is refused; short ones are read at any time", async () => {
    let running = 0;
    let most = 0;
    const reader = new HistoryFileReader(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return { lines: 7, queues: [], faults: [], faultCount: 0 };
    });
    const long = "x".repeat(50_000);
    const answers = Array.from({ length: 6 }, () => reader.read(long, OPTIONS));
    expect((await reader.read("", OPTIONS)).faults).toMatchObject([{ code: "empty" }]);
    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual([...Array(5).fill("fulfilled"), "rejected"]);
    expect(settled[5]).toMatchObject({ reason: { code: "too_much_planning", httpStatus: 429 } });
    expect(most).toBe(1);
    expect((await reader.read(long, OPTIONS)).lines).toBe(7);
  });
});

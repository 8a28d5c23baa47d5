import type { QueueId } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { type HistoryCsvOptions, readHistoryCsv } from "./history-csv.ts";

const Q = "q-1" as QueueId;
const options: HistoryCsvOptions = {
  timeZone: "Europe/Stockholm",
  intervalMinutes: 15,
  queues: new Map([["billing", Q]]),
  now: Date.UTC(2026, 10, 1),
};
const read = (text: string, more: Partial<HistoryCsvOptions> = {}) =>
  readHistoryCsv(text, { ...options, ...more });

describe("a file of past figures", () => {
  test("local times are of the client's clocks, instants of their own offset, and handling time may be missing", () => {
    const { intervals, faults, lines } = read(
      "queue,at,offered,aht\r\nBilling,2026-07-01 08:15,12,201.5\r\nbilling,2026-07-01T06:30:00Z,7,\r\n",
    );
    expect(faults).toEqual([]);
    expect(lines).toBe(2);
    expect(intervals).toEqual([
      { queueId: Q, at: Date.UTC(2026, 6, 1, 6, 15), offered: 12, handleMs: 201_500 },
      { queueId: Q, at: Date.UTC(2026, 6, 1, 6, 30), offered: 7, handleMs: null },
    ]);
  });

  test("other names, another order, semicolons, decimals with a comma, quotes", () => {
    const { intervals, faults } = read(
      '\uFEFFcalls;queue;interval_start;aht_s\n3,5;"Billing";2026-07-01 08:00;90,5\n',
    );
    expect(faults).toEqual([]);
    expect(intervals).toEqual([{ queueId: Q, at: Date.UTC(2026, 6, 1, 6), offered: 3.5, handleMs: 90_500 }]);
  });

  test("hours are spread evenly over their quarters", () => {
    const { intervals } = read("queue,at,offered\nbilling,2026-07-01 08:00,10\n", { intervalMinutes: 60 });
    expect(intervals.map(({ offered }) => offered)).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(intervals.at(-1)?.at).toBe(Date.UTC(2026, 6, 1, 6, 45));
  });

  test.each([
    ["queue,at,offered\nSales,2026-07-01 08:00,1\n", 2, "queue", "unknown_queue"],
    ["queue,at,offered\nbilling,2026-07-01 08:10,1\n", 2, "at", "wrong_time"],
    ["queue,at,offered\nbilling,yesterday,1\n", 2, "at", "wrong_time"],
    ["queue,at,offered\nbilling,2026-02-30 08:00,1\n", 2, "at", "wrong_time"],
    ["queue,at,offered\nbilling,2026-03-29 02:15,1\n", 2, "at", "wrong_time"], // skipped by the clocks
    ["queue,at,offered\nbilling,2026-12-24 08:00,1\n", 2, "at", "wrong_time"], // to come
    ["queue,at,offered\nbilling,2026-07-01 08:00,-1\n", 2, "offered", "wrong_number"],
    ["queue,at,offered,aht\nbilling,2026-07-01 08:00,1,long\n", 2, "aht", "wrong_number"],
    ["queue,at,offered\nbilling,2026-07-01 08:00,1\n\nbilling,2026-07-01 08:00,2\n", 4, "at", "told_twice"],
    ["queue,when,offered\nbilling,2026-07-01 08:00,1\n", 1, "at", "missing_column"],
    ["queue,at,offered\n", 1, null, "empty"],
    ["", 1, null, "empty"],
  ])("%j is refused on line %d at %s: %s", (text, line, column, code) => {
    const { intervals, faults } = read(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ line, column, code });
    expect(intervals).toEqual([]);
  });
});

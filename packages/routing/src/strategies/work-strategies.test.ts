import { describe, expect, test } from "vitest";
import type { QueueConfig, WorkStrategyName } from "../model.ts";
import { compareRanks } from "../rank.ts";
import { workStrategy } from "./registry.ts";
import type { ItemFacts } from "./strategy.ts";

const NOW = 1_000_000;

interface Head {
  readonly id: string;
  readonly waitMs?: number;
  readonly priority?: number;
  readonly length?: number;
  readonly meanHandleMs?: number;
  readonly config?: Partial<QueueConfig>;
}

/** The queues, named by their heads, in the order in which the strategy would serve them. */
function order(name: WorkStrategyName, heads: readonly Head[]): string[] {
  const strategy = workStrategy(name);
  const sum = (of: (head: Head) => number): number => heads.reduce((total, head) => total + of(head), 0);
  const choice = {
    at: NOW,
    totalLength: strategy.needsTotals ? sum((head) => head.length ?? 1) : 0,
    totalShare: strategy.needsTotals ? sum((head) => head.config?.share ?? 1) : 0,
  };
  return heads
    .map((head) => ({ id: head.id, rank: strategy.rank(itemOf(head), queueOf(head), choice) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

function itemOf({ id, waitMs = 0, priority = 0 }: Head): ItemFacts {
  return { id, priority, queuedAt: NOW - waitMs, needs: [], preferred: [] };
}

function queueOf({ length = 1, meanHandleMs = 240_000, config = {} }: Head) {
  return { config, length, meanHandleMs };
}

describe("work strategies", () => {
  test("[RT76] the greatest priority, then the oldest; none takes the least id", () => {
    const heads: Head[] = [
      { id: "c", waitMs: 9 },
      { id: "b", priority: 1 },
      { id: "a", waitMs: 5 },
    ];
    expect(order("priority_then_oldest", heads)).toEqual(["b", "c", "a"]);
    expect(order("none", heads)).toEqual(["a", "b", "c"]);
  });

  test("[RT77] waiting that costs most for the work that ends it goes first", () => {
    const cost = (weight: number, expectedHandleMs: number): Partial<QueueConfig> => ({
      cost: { weight, grows: "constant" },
      expectedHandleMs,
    });
    // indices 1.0 and 1.2 a minute: the slower one is served first, since it costs twice as much
    expect(
      order("gcmu", [
        { id: "a", waitMs: 99, config: cost(1, 60_000) },
        { id: "b", config: cost(2, 100_000) },
      ]),
    ).toEqual(["b", "a"]);
    // without weights, the shorter work
    expect(
      order("gcmu", [
        { id: "a", meanHandleMs: 2000 },
        { id: "b", meanHandleMs: 1000 },
      ]),
    ).toEqual(["b", "a"]);
  });

  test("[RT77] the cost may grow with the wait of the head or with the length of the queue", () => {
    const grows = (weight: number, as: "with_wait" | "with_length"): Partial<QueueConfig> => ({
      cost: { weight, grows: as },
    });
    expect(
      order("gcmu", [
        { id: "a", waitMs: 3000, config: grows(1, "with_wait") },
        { id: "b", waitMs: 1001, config: grows(3, "with_wait") },
      ]),
    ).toEqual(["b", "a"]);
    const three = { id: "a", length: 2, config: grows(3, "with_length") };
    expect(order("gcmu", [three, { id: "b", length: 5, config: grows(1, "with_length") }])).toEqual([
      "a",
      "b",
    ]);
    expect(order("gcmu", [three, { id: "b", length: 7, config: grows(1, "with_length") }])).toEqual([
      "b",
      "a",
    ]);
    expect(
      order("gcmu", [three, { id: "b", length: 6, priority: 1, config: grows(1, "with_length") }]),
    ).toEqual(["b", "a"]);
  });

  test("[RT78] the queue that is longest beyond its share goes first, and equal ones tie exactly", () => {
    const queues = (one: number, other: number, over: Partial<Head> = {}): Head[] => [
      { id: "a", length: one, config: { share: 0.3 }, ...over },
      { id: "b", length: other, config: { share: 0.7 } },
    ];
    expect(order("fqr", queues(4, 7))).toEqual(["a", "b"]);
    expect(order("fqr", queues(3, 8))).toEqual(["b", "a"]);
    expect(order("fqr", queues(3, 7, { id: "c" }))).toEqual(["b", "c"]);
    expect(order("fqr", queues(3, 7, { id: "c", priority: 1 }))).toEqual(["c", "b"]);
  });

  test("[RT78] a queue of the agent without anybody counts by its share", () => {
    const fqr = workStrategy("fqr");
    const excess = (length: number, share: number, totalShare: number): number => {
      const choice = { at: NOW, totalLength: 9, totalShare };
      return -(fqr.rank(itemOf({ id: "i" }), { config: { share }, length, meanHandleMs: 1 }, choice)[0] ?? 0);
    };
    // lengths 4 and 5, shares 2 and 3 of 5; then of 10, because an empty queue has 5
    expect(excess(4, 2, 5)).toBeCloseTo(0.4);
    expect(excess(5, 3, 5)).toBeCloseTo(-0.4);
    expect(excess(4, 2, 10)).toBeCloseTo(2.2);
    expect(excess(5, 3, 10)).toBeCloseTo(2.3);
    expect(excess(4, 0, 0)).toBe(4);
  });

  test("[RT79] the greatest part of the promised time used goes first", () => {
    const heads: Head[] = [
      { id: "mail", waitMs: 3_600_000, config: { targetMs: 14_400_000 } },
      { id: "call", waitMs: 6000 },
      { id: "chat", waitMs: 15_000, priority: 5, config: { targetMs: 60_000 } },
    ];
    expect(order("service_level_race", heads)).toEqual(["call", "chat", "mail"]);
  });

  test("[RT22] every place of a rank has its name, and no place is -0", () => {
    for (const name of ["priority_then_oldest", "gcmu", "fqr", "service_level_race", "none"] as const) {
      const strategy = workStrategy(name);
      expect(strategy.name).toBe(name);
      const rank = strategy.rank(itemOf({ id: "i" }), queueOf({ id: "i", length: 0 }), {
        at: NOW,
        totalLength: 0,
        totalShare: 1,
      });
      expect(rank).toHaveLength(strategy.rankedBy.length);
      expect(rank.some((place) => Object.is(place, -0))).toBe(false);
    }
  });
});

import { describe, expect, test } from "vitest";
import type { Medium, QueueConfig, WorkItem } from "./model.ts";
import { agentConfig, FloorDriver, queueConfig } from "./testing/floor-driver.ts";

/** What comes from JSON need not be what the types say. */
function fromJson<T>(value: unknown): T {
  return value as T;
}

function staffed(): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q");
  floor.staff(["a"]);
  return floor;
}

const NO_INSTANTS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -0];

describe("inputs that are none", () => {
  test.each(NO_INSTANTS)("[RT3] %s is no instant: it counts as the last one, and the clock goes on", (at) => {
    const floor = staffed();
    floor.arrive("c1");
    const { now } = floor.router;
    expect(floor.router.advance(at)).toEqual([]);
    const busy = { type: "agent.busy_other", agentId: "a", busy: true } as const;
    expect(floor.router.handle(busy, at).every((d) => d.at === now)).toBe(true);
    expect(floor.router.now).toBe(now);
    expect(floor.router.nextDue()).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    ["no ring time", { ringTimeoutMs: undefined }],
    ["no priority", { priority: null }],
    ["a wrap-up without its limit", { wrapUp: { mode: "timed" } }],
    ["a limit in words", { wrapUp: { mode: "manual", limitMs: "long" } }],
    ["no retry", { callback: { maxAttempts: 3 } }],
    ["a step without its time", { steps: [{ skills: [] }] }],
    ["an overflow rule without its time", { overflow: [{ id: "o", to: { kind: "hang_up" } }] }],
    ["ageing without rhythm", { ageing: { by: 1, most: 5 } }],
    ["a medium that there is not", { media: ["voice", "telex"] }],
    ["no skills", { requiredSkills: undefined }],
  ])("[RT4] a queue with %s is not taken, and what was stays", (_what, over) => {
    const floor = staffed();
    const queue = fromJson<QueueConfig>({ ...queueConfig("q"), ...over });
    expect(floor.tell({ type: "config.queue_set", queue, revision: 7 })).toMatchObject([
      { type: "ignored", code: "not_allowed", id: "q" },
    ]);
    floor.arrive("c1");
    expect(floor.decided("offer")).toMatchObject([{ expiresAt: floor.now + 20_000, explain: { rules: 0 } }]);
  });

  test.each<[string, Partial<Record<keyof WorkItem, unknown>>]>([
    ["an entry that is no instant", { queuedAt: Number.NaN }],
    ["a medium that there is not", { medium: "constructor" }],
    ["a priority in words", { priority: "high" }],
    ["a wish that is no instant", { callback: { from: "tomorrow" } }],
  ])("[RT4] an item with %s does not enter the line", (_what, over) => {
    const floor = staffed();
    expect(floor.arrive("c1", "q", fromJson(over))).toMatchObject([
      { type: "ignored", code: "not_allowed", id: "c1" },
    ]);
    expect(floor.router.item("c1")).toBeUndefined();
    expect(floor.arrive("c1").map(({ type }) => type)).toContain("offer");
  });

  test("[RT4] rules, agents, moves, wishes and assignments without figures or media change nothing", () => {
    const floor = staffed();
    floor.present("a", "break");
    floor.arrive("c1");
    const before = JSON.stringify({ ...floor.router.snapshot(), seq: 0 });
    const medium = fromJson<Medium>("telex");
    const ignored = [
      floor.tell({ type: "config.rules_set", rules: { restAfterMissMs: Number.NaN } }),
      floor.tell({ type: "config.agent_set", agent: fromJson({ ...agentConfig("a"), slots: undefined }) }),
      floor.tell({ type: "item.moved", itemId: "c1", queueId: "q", queuedAt: Number.NaN }),
      floor.tell({ type: "callback.requested", itemId: "c1", wish: { from: Number.NaN } }),
      floor.tell({ type: "item.assigned", itemId: "c2", agentId: "a", medium }),
      floor.tell({ type: "agent.reachable", agentId: "a", medium, reachable: false }),
    ];
    for (const decisions of ignored)
      expect(decisions).toMatchObject([{ type: "ignored", code: "not_allowed" }]);
    expect(JSON.stringify({ ...floor.router.snapshot(), seq: 0 })).toBe(before);
  });

  test("[RT4] a step that breaks leaves no decisions to the next one", () => {
    const floor = staffed();
    const broken = fromJson<WorkItem>({
      id: "bad",
      medium: "voice",
      queueId: "q",
      queuedAt: 0,
      requiredSkills: 1,
    });
    expect(() => floor.router.handle({ type: "item.queued", item: broken }, floor.now + 30_000)).toThrow();
    expect(floor.router.handle({ type: "tick" }, floor.now + 30_000)).toEqual([]);
  });
});

describe("names that every object has", () => {
  test("[RT5] [RT73] [RT92] `constructor` and `toString` are skills that nobody has unless it is said", () => {
    const floor = new FloorDriver();
    floor.queue("q", { agentStrategy: "highest_proficiency", preferredSkills: ["constructor"] });
    floor.staff(["plain", "skilled"]);
    floor.agent("skilled", { skills: { constructor: 5 } });
    floor.arrive("c1");
    expect(floor.ringing()).toEqual(["skilled: c1"]);
    floor.arrive("c2", "q", { requiredSkills: [{ skillId: "toString", minProficiency: 1 }] });
    expect(floor.router.whyNot("c2", "plain")).toMatchObject([{ code: "lacks_skill", skillId: "toString" }]);
  });
});

describe("figures out of their range", () => {
  test.each([
    [2, 1],
    [-3, 0],
  ])("[RT75] a quality weight of %d counts as %d", (given, counts) => {
    const ranks = [given, counts].map((qualityWeight) => {
      const floor = new FloorDriver();
      floor.queue("q", { agentStrategy: "balanced", qualityWeight, preferredSkills: ["sv"] });
      for (const [id, sv] of [
        ["a", 1],
        ["b", 5],
        ["c", 3],
      ] as const) {
        floor.staff([id], { skills: { sv } });
        floor.pass(60_000);
      }
      floor.arrive("c1");
      return floor.decided("offer")[0]?.explain.candidates;
    });
    expect(ranks[0]).toEqual(ranks[1]);
  });
});

describe("what is kept", () => {
  test("[RT59] work in hand counts on when its queue is gone and comes back", () => {
    const floor = staffed();
    floor.queue("q", { wrapUp: { mode: "manual" } });
    floor.arrive("c1");
    floor.accept("a");
    floor.end("c1", "a");
    expect(floor.router.queueStats("q")?.handled).toBe(0);
    floor.tell({ type: "config.queue_removed", queueId: "q" });
    floor.queue("q");
    floor.tell({ type: "item.assigned", itemId: "c1", agentId: "a", medium: "voice", queueId: "q" });
    expect(floor.router.queueStats("q")?.handled).toBe(1);
    floor.tell({ type: "config.queue_removed", queueId: "q" });
    floor.end("c1", "a");
    floor.tell({ type: "wrapup.finished", itemId: "c1", agentId: "a" });
    floor.queue("q");
    expect(floor.router.queueStats("q")?.handled).toBe(0);
  });
});

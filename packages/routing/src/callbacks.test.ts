import { describe, expect, test } from "vitest";
import { FloorDriver } from "./testing/floor-driver.ts";

function floorOf(...waiting: string[]): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { callback: { maxAttempts: 2, retryMs: 60_000, attemptLeaseMs: 30_000 } });
  for (const id of waiting) {
    floor.arrive(id);
    floor.now++;
  }
  return floor;
}

describe("call-backs", () => {
  test("[RT88] the customer keeps the exact place", () => {
    const floor = floorOf("1", "2", "3");
    const until = floor.now + 3_600_000;
    expect(floor.tell({ type: "callback.requested", itemId: "2", wish: { until } })).toEqual([
      { type: "callback.promised", at: floor.now, itemId: "2", queueId: "q", position: 2, from: null, until },
    ]);
    expect(floor.router.position("3")).toBe(3);
    floor.staff(["a", "b"]);
    expect(floor.ringing()).toEqual(["a: 1", "b: 2"]);
    expect(floor.decided("offer").map((d) => d.callbackAttempt)).toEqual([undefined, 1]);
    expect(floor.tell({ type: "callback.requested", itemId: "x", wish: {} })).toMatchObject([
      { type: "ignored", code: "unknown_item" },
    ]);
  });

  test("[RT88] an offer that rings is withdrawn, and the item is matched again", () => {
    const floor = floorOf("1");
    floor.staff(["a"]);
    const decisions = floor.tell({ type: "callback.requested", itemId: "1", wish: {} });
    expect(decisions.map((d) => d.type)).toEqual([
      "offer.withdrawn",
      "item.returned",
      "callback.promised",
      "offer",
    ]);
    expect(decisions[0]).toMatchObject({ reason: "callback" });
    expect(decisions[3]).toMatchObject({ callbackAttempt: 1 });
  });

  test("[RT89] dormant until `from`: out of everybody's way, not to be picked, and then at its place", () => {
    const floor = floorOf("1", "2");
    const from = floor.now + 600_000;
    floor.tell({ type: "callback.requested", itemId: "1", wish: { from } });
    expect([floor.router.position("1"), floor.router.position("2")]).toEqual([undefined, 1]);
    expect(floor.router.queueStats("q")).toMatchObject({ waiting: 2 });
    expect(floor.router.estimate("1")).toBeNull();
    floor.staff(["a"], { pickQueueIds: ["q"] });
    expect(floor.ringing()).toEqual(["a: 2"]);
    floor.accept("a");
    expect(floor.tell({ type: "item.picked", itemId: "1", agentId: "a" })).toMatchObject([
      { code: "not_allowed" },
    ]);
    floor.pass(300_000);
    floor.arrive("3");
    floor.pass(300_000);
    floor.end("2", "a");
    expect(floor.ringing()).toEqual(["a: 1"]);
  });

  test("[RT89] an item that is a call-back from the start waits for its time, and rings at once when somebody is open", () => {
    const floor = floorOf();
    floor.staff(["a"]);
    const from = floor.now + 60_000;
    floor.arrive("1", "q", { callback: { from }, initiation: "callback" });
    expect(floor.ringing()).toEqual([]);
    floor.pass(60_000);
    expect(floor.ringing()).toEqual(["a: 1"]);
    expect(floor.decided("offer")[0]?.at).toBe(from);
  });

  test("[RT89] [RT90] after a failed attempt it waits again at its place, until the attempts are used up", () => {
    const floor = floorOf("1", "2");
    floor.tell({ type: "callback.requested", itemId: "1", wish: {} });
    floor.staff(["a"]);
    floor.accept("a");
    expect(floor.state("a")).toBe("dialing");
    expect(floor.router.item("1")).toBeUndefined();
    floor.now += 10_000;
    const fail = () =>
      floor.tell({ type: "callback.attempted", itemId: "1", agentId: "a", outcome: "no_answer" });
    const nextAt = floor.now + 60_000;
    expect(fail()[0]).toMatchObject({ type: "callback.failed", attempt: 1, outcome: "no_answer", nextAt });
    expect(floor.ringing()).toEqual(["a: 2"]);
    floor.arrive("3");
    floor.pass(15_000);
    floor.accept("a");
    floor.pass(50_000);
    floor.end("2", "a");
    expect(floor.ringing()).toEqual(["a: 1"]);
    floor.accept("a");
    floor.pass(30_000); // the lease of the attempt
    expect(floor.decided("callback.failed").at(-1)).toMatchObject({
      attempt: 2,
      outcome: "lease",
      nextAt: null,
    });
    expect(floor.router.item("1")).toBeUndefined();
    expect(floor.ringing()).toEqual(["a: 3"]);
  });

  test("[RT89] the pause after an attempt goes on in another queue, and ends with a further wish", () => {
    const floor = floorOf();
    floor.queue("r");
    floor.arrive("1", "q", { callback: {} });
    floor.staff(["a"]);
    floor.accept("a");
    floor.tell({ type: "callback.attempted", itemId: "1", agentId: "a", outcome: "busy" });
    floor.tell({ type: "item.moved", itemId: "1", queueId: "r" });
    floor.pass(59_999);
    expect(floor.ringing()).toEqual([]);
    floor.pass(1);
    expect(floor.ringing()).toEqual(["a: 1"]);
    floor.accept("a");
    floor.tell({ type: "callback.attempted", itemId: "1", agentId: "a", outcome: "busy" });
    floor.tell({ type: "callback.requested", itemId: "1", wish: {} });
    expect(floor.decided("offer").at(-1)).toMatchObject({ callbackAttempt: 3 });
  });

  test("[RT90] an attempt that is answered makes the agent talk", () => {
    const floor = floorOf();
    floor.arrive("1", "q", { callback: {} });
    floor.staff(["a"]);
    floor.accept("a");
    floor.tell({ type: "callback.attempted", itemId: "1", agentId: "a", outcome: "answered" });
    expect(floor.state("a")).toBe("talking");
    floor.pass(1_000_000);
    expect(floor.state("a")).toBe("talking");
    expect(floor.decided("callback.failed")).toEqual([]);
  });

  test("[RT91] a promise that is missed is told once, while it rings too, and not during an attempt", () => {
    const floor = floorOf();
    const start = floor.now;
    const wish = { until: start + 10_000 };
    floor.arrive("waits", "q", { callback: wish });
    floor.pass(1_000_000);
    expect(floor.decided("callback.late")).toEqual([
      { type: "callback.late", at: start + 10_000, itemId: "waits", queueId: "q", until: start + 10_000 },
    ]);
    floor.staff(["a"]);
    floor.accept("a");
    floor.arrive("rings", "q", { callback: { until: floor.now + 40_000 } });
    floor.pass(30_000); // the attempt's lease
    expect(floor.ringing()).toEqual(["a: rings"]);
    floor.pass(10_000);
    expect(floor.decided("callback.late").map((d) => d.itemId)).toEqual(["waits", "rings"]);
    floor.tell({ type: "callback.requested", itemId: "rings", wish: { until: floor.now + 5_000 } });
    floor.accept("a");
    floor.pass(5_000);
    floor.tell({ type: "callback.attempted", itemId: "rings", agentId: "a", outcome: "busy" });
    floor.pass(1_000_000);
    expect(floor.decided("callback.late").map((d) => d.itemId)).toEqual(["waits", "rings"]);
  });

  test("[RT91] an `until` that has passed is told in the step that brings it", () => {
    const floor = floorOf("1");
    const until = floor.now - 1;
    const decisions = floor.tell({ type: "callback.requested", itemId: "1", wish: { until } });
    expect(decisions.map((d) => d.type)).toEqual(["callback.promised", "callback.late"]);
  });
});

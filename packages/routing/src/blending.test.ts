import { describe, expect, test } from "vitest";
import type { BlendRule } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** An inbound queue `in` and an outbound one `out` that gives way to it. */
function blended(blend: BlendRule): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("in", { targetMs: 10_000 });
  floor.queue("out", { work: "outbound", blend });
  return floor;
}

describe("blending", () => {
  test("[RT56] so many agents open for protected work are left, other agents than the one", () => {
    const floor = blended({ reserve: 2 });
    for (const id of ["o1", "o2", "o3"]) floor.arrive(id, "out");
    floor.staff(["a", "b"]);
    expect(floor.ringing()).toEqual([]);
    floor.staff(["c"]);
    expect(floor.ringing()).toEqual(["c: o1"]); // who came free chose; two are left
    floor.staff(["out-only"], { queueIds: ["out"] });
    expect(floor.ringing()).toEqual(["c: o1", "out-only: o2"]);
    floor.arrive("i1", "in");
    expect(floor.ringing()).toEqual(["a: i1", "c: o1", "out-only: o2"]);
  });

  test("[RT56] protected queues that are named count, and no others", () => {
    const floor = blended({ reserve: 1, protects: ["other"] });
    floor.queue("other");
    floor.arrive("o1", "out");
    floor.staff(["a"], { queueIds: ["in", "out"] });
    floor.staff(["b"], { queueIds: ["in", "out", "other"] });
    expect(floor.ringing()).toEqual(["a: o1"]);
  });

  test("[RT56] only while few wait in protected queues, and none too long", () => {
    const floor = blended({ waitingAtMost: 1, oldestAtMostMs: 30_000 });
    floor.staff(["o"], { queueIds: ["out"] });
    floor.arrive("i1", "in");
    floor.arrive("i2", "in", { queuedAt: floor.now - 60_000 });
    floor.arrive("o1", "out");
    expect(floor.ringing()).toEqual([]);
    floor.tell({ type: "item.withdrawn", itemId: "i1", reason: "customer_gone" });
    expect(floor.ringing()).toEqual([]); // the oldest waits too long
    floor.arrive("i3", "in");
    floor.tell({ type: "item.withdrawn", itemId: "i2", reason: "customer_gone" });
    expect(floor.ringing()).toEqual(["o: o1"]);
  });

  test("[RT56] [RT58] only while the service level of the last half hour is kept, by the minutes of the clock", () => {
    const floor = blended({ serviceLevelAtLeast: 0.75 });
    floor.staff(["i"], { queueIds: ["in"] });
    const answer = (id: string, afterMs: number): void => {
      floor.arrive(id, "in");
      floor.pass(afterMs);
      floor.accept("i");
      floor.end(id, "i");
    };
    answer("1", 15_000); // late: 0 of 1
    floor.staff(["o"], { queueIds: ["out"] });
    floor.arrive("o1", "out");
    expect(floor.ringing()).toEqual([]);
    answer("2", 10_000);
    answer("3", 1_000);
    expect(floor.ringing()).toEqual([]); // 2 of 3
    answer("4", 1_000); // 3 of 4
    expect(floor.ringing()).toEqual(["o: o1"]);
    floor.accept("o");
    floor.present("i", "break");
    floor.arrive("gone", "in");
    floor.pass(10_001);
    floor.tell({ type: "item.withdrawn", itemId: "gone", reason: "customer_gone" }); // 3 of 5
    floor.arrive("o2", "out");
    floor.end("o1", "o");
    expect(floor.ringing()).toEqual([]);
    floor.pass(29 * 60_000);
    expect(floor.ringing()).toEqual([]);
    floor.pass(33_000); // the minute with all of them is out of sight
    expect(floor.ringing()).toEqual(["o: o2"]);
  });

  test("[RT57] what is held back is looked at every ten seconds, while there is any", () => {
    const floor = blended({ serviceLevelAtLeast: 0.75 });
    floor.arrive("late", "in");
    floor.pass(15_000);
    floor.tell({ type: "item.withdrawn", itemId: "late", reason: "customer_gone" });
    expect(floor.router.nextDue()).toBeUndefined();
    floor.arrive("o1", "out");
    expect(floor.router.nextDue()).toBeUndefined(); // nobody is there anyway
    floor.staff(["o"], { queueIds: ["out"] });
    const first = floor.now - 1;
    expect(floor.router.nextDue()).toBe(first + 10_000);
    floor.pass(10_000);
    expect(floor.router.nextDue()).toBe(first + 20_000);
    floor.tell({ type: "item.withdrawn", itemId: "o1", reason: "customer_gone" });
    expect(floor.router.nextDue()).toBeUndefined();
  });

  test("[RT58] call-backs and customers who go early do not count, and no contacts are as good as kept", () => {
    const floor = blended({ serviceLevelAtLeast: 0.9 });
    floor.staff(["i"], { queueIds: ["in"] });
    floor.arrive("back", "in", { callback: {}, queuedAt: floor.now - 60_000 });
    floor.accept("i");
    floor.end("back", "i");
    floor.present("i", "break");
    floor.arrive("early", "in");
    floor.pass(10_000);
    floor.tell({ type: "item.withdrawn", itemId: "early", reason: "customer_gone" });
    floor.staff(["o"], { queueIds: ["out"] });
    floor.arrive("o1", "out");
    expect(floor.ringing()).toEqual(["o: o1"]);
  });
});

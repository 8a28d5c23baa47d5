import { describe, expect, test } from "vitest";
import type { WrapUpRule } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

function ended(wrapUp: WrapUpRule): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { wrapUp });
  floor.staff(["a"]);
  floor.arrive("c1");
  floor.accept("a");
  floor.pass(60_000);
  floor.end("c1", "a");
  return floor;
}

const finish = { type: "wrapup.finished", itemId: "c1", agentId: "a" } as const;

describe("work in hand", () => {
  test("[RT31] wrap-up off: the next contact comes at once", () => {
    const floor = ended({ mode: "off" });
    expect(floor.state("a")).toBe("available");
    expect(floor.decided("wrapup.started")).toEqual([]);
  });

  test("[RT31] timed wrap-up ends at its limit, manual without one goes on", () => {
    const timed = ended({ mode: "timed", limitMs: 15_000 });
    expect(timed.decided("wrapup.started")).toMatchObject([{ until: timed.now + 15_000, queueId: "q" }]);
    timed.pass(14_999);
    expect(timed.state("a")).toBe("wrap_up");
    timed.pass(1);
    expect(timed.decided("wrapup.ended")).toMatchObject([{ by: "timeout", durationMs: 15_000 }]);

    const manual = ended({ mode: "manual" });
    manual.pass(3_600_000);
    expect(manual.state("a")).toBe("wrap_up");
  });

  test("[RT31] the rule at the end counts, not the one at the beginning", () => {
    const floor = new FloorDriver();
    floor.queue("q", { wrapUp: { mode: "manual" } });
    floor.staff(["a"]);
    floor.arrive("c1");
    floor.accept("a");
    floor.queue("q", { wrapUp: { mode: "off" } });
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("available");
  });

  test("[RT32] the agent ends a wrap-up early, or has it extended", () => {
    const early = ended({ mode: "timed", limitMs: 15_000 });
    early.pass(1000);
    early.tell(finish);
    expect(early.decided("wrapup.ended")).toMatchObject([{ by: "agent", durationMs: 1000 }]);
    expect(early.pass(60_000)).toEqual([]);

    const longer = ended({ mode: "timed", limitMs: 15_000 });
    longer.tell({ type: "wrapup.extended", itemId: "c1", agentId: "a", byMs: 10_000 });
    longer.pass(24_999);
    expect(longer.state("a")).toBe("wrap_up");
    longer.pass(1);
    expect(longer.state("a")).toBe("available");
  });

  test("[RT33] wrap-up holds its slot, and slots are counted per medium", () => {
    const floor = new FloorDriver();
    floor.queue("q", { wrapUp: { mode: "manual" } });
    floor.staff(["a"], { slots: { voice: 1, chat: 2 } });
    for (const id of ["x1", "x2", "x3"]) floor.arrive(id, "q", { medium: "chat" });
    floor.accept("a");
    floor.accept("a");
    floor.end("x1", "a");
    expect(floor.ringing()).toEqual([]);
    floor.arrive("call");
    expect(floor.ringing()).toEqual(["a: call"]);
    floor.accept("a");
    floor.tell({ type: "wrapup.finished", itemId: "x1", agentId: "a" });
    expect(floor.ringing()).toEqual(["a: x3"]);
  });

  test("[RT34] an outbound call takes the slot, and a manual pick takes the item out of the line", () => {
    const floor = new FloorDriver();
    floor.queue("q", { wrapUp: { mode: "timed", limitMs: 5000 } });
    floor.staff(["a", "b"]);
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "voice" });
    floor.arrive("c1");
    expect(floor.ringing()).toEqual(["b: c1"]);
    floor.tell({ type: "item.assigned", itemId: "c1", agentId: "a", medium: "voice", queueId: "q" });
    expect(floor.decided("offer.withdrawn")).toMatchObject([{ agentId: "b", reason: "assigned" }]);
    expect(floor.router.item("c1")).toBeUndefined();
    floor.end("out", "a");
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("wrap_up");
    expect(floor.decided("wrapup.started")).toMatchObject([{ itemId: "c1" }]);
  });

  test("[RT48] a contact that comes back to the agent who wraps it up is at work again, and the limit no longer counts", () => {
    const floor = ended({ mode: "timed", limitMs: 15_000 });
    floor.tell({
      type: "item.assigned",
      itemId: "c1",
      agentId: "a",
      medium: "voice",
      queueId: "q",
      phase: "ringing",
    });
    expect(floor.decided("wrapup.ended")).toMatchObject([{ by: "resumed" }]);
    expect(floor.state("a")).toBe("reserved");
    floor.tell({ type: "item.phase_set", itemId: "c1", agentId: "a", phase: "talking" });
    floor.pass(60_000);
    expect(floor.state("a")).toBe("talking");
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("wrap_up");
    floor.pass(15_000);
    expect(floor.state("a")).toBe("available");
  });

  test("[RT35] what never was connected has no wrap-up", () => {
    const floor = new FloorDriver();
    floor.staff(["a"]);
    const call = { itemId: "out", agentId: "a" };
    floor.tell({
      type: "item.assigned",
      ...call,
      medium: "voice",
      phase: "dialing",
      wrapUp: { mode: "manual" },
    });
    floor.end("out", "a");
    expect(floor.state("a")).toBe("available");
  });
});

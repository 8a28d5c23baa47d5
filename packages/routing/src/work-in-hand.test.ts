import { describe, expect, test } from "vitest";
import type { AttemptOutcome } from "./input.ts";
import type { CallbackPolicy, WrapUpRule } from "./model.ts";
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

  test("[RT31] requested: only for an agent who asked during the contact", () => {
    const ask = (wanted: boolean) =>
      ({ type: "wrapup.requested", itemId: "c1", agentId: "a", wanted }) as const;
    function contact(...asked: boolean[]): FloorDriver {
      const floor = new FloorDriver();
      floor.queue("q", { wrapUp: { mode: "requested", limitMs: 15_000 } });
      floor.staff(["a"]);
      floor.arrive("c1");
      floor.accept("a");
      for (const wanted of asked) floor.tell(ask(wanted));
      floor.end("c1", "a");
      return floor;
    }
    expect(contact().state("a")).toBe("available");
    expect(contact(true, false).state("a")).toBe("available");
    const wrapping = contact(true);
    expect(wrapping.decided("wrapup.started")).toMatchObject([{ until: wrapping.now + 15_000 }]);
    expect(wrapping.tell(ask(true))).toMatchObject([{ type: "ignored", code: "no_change" }]);
    wrapping.pass(15_000);
    expect(wrapping.state("a")).toBe("available");
  });

  test("[RT31] [RT32] a forced wrap-up is a rest for the whole of its time, which may be longer", () => {
    const floor = ended({ mode: "timed_forced", limitMs: 15_000 });
    floor.pass(14_000);
    expect(floor.tell(finish)).toMatchObject([{ type: "ignored", code: "no_early_exit" }]);
    floor.tell({ type: "wrapup.extended", itemId: "c1", agentId: "a", byMs: 1000 });
    floor.pass(1999);
    expect(floor.state("a")).toBe("wrap_up");
    floor.pass(1);
    expect(floor.decided("wrapup.ended")).toMatchObject([{ by: "timeout", durationMs: 16_000 }]);
  });

  test("[RT32] a wrap-up is not shortened by an extension, nor extended without a limit", () => {
    const extend = { type: "wrapup.extended", itemId: "c1", agentId: "a" } as const;
    const timed = ended({ mode: "timed", limitMs: 15_000 });
    expect(timed.tell({ ...extend, byMs: -15_000 })).toMatchObject([{ code: "not_allowed" }]);
    const manual = ended({ mode: "manual" });
    expect(manual.tell({ ...extend, byMs: 1000 })).toMatchObject([{ code: "no_limit" }]);
  });

  test("[RT48] [RT35] work that still dials when it is accepted anew is over, and its queue learns nothing from it", () => {
    const floor = new FloorDriver();
    floor.queue("q", { expectedHandleMs: 90_000 });
    floor.staff(["a"], { slots: { voice: 2 } });
    const dialing = { medium: "voice", phase: "dialing", queueId: "q" } as const;
    floor.tell({ type: "item.assigned", itemId: "c1", agentId: "a", ...dialing });
    floor.pass(1_000);
    floor.arrive("c1");
    floor.accept("a");
    expect(floor.router.queueStats("q")?.meanHandleMs).toBe(90_000);
    expect(floor.router.agent("a")?.handlings).toMatchObject([{ itemId: "c1", phase: "talking" }]);
  });

  test("[RT48] a contact offered again to the agent who wraps it up is taken without a second wrap-up", () => {
    const floor = new FloorDriver();
    floor.queue("q", { wrapUp: { mode: "manual" } });
    floor.staff(["a"], { slots: { voice: 2 } });
    floor.arrive("c1");
    floor.accept("a");
    floor.end("c1", "a");
    floor.arrive("c1");
    floor.accept("a");
    expect(floor.decided("wrapup.ended")).toMatchObject([{ itemId: "c1", by: "resumed" }]);
    expect(floor.router.agent("a")?.handlings).toMatchObject([{ itemId: "c1", phase: "talking" }]);
    floor.end("c1", "a");
    floor.tell(finish);
    expect(floor.router.agent("a")?.handlings).toEqual([]);
  });

  test("[RT55] an assignment that rings or dials too long lets the agent go", () => {
    const floor = new FloorDriver();
    floor.tell({ type: "config.rules_set", rules: { assignmentLeaseMs: 60_000 } });
    floor.staff(["a"]);
    const out = { itemId: "out", agentId: "a" };
    floor.tell({
      type: "item.assigned",
      ...out,
      medium: "voice",
      phase: "ringing",
      wrapUp: { mode: "manual" },
    });
    floor.pass(30_000);
    floor.tell({ type: "item.phase_set", ...out, phase: "dialing" });
    floor.pass(29_999);
    expect(floor.state("a")).toBe("dialing");
    expect(floor.pass(1)).toMatchObject([
      { type: "assignment.expired", ...out },
      { type: "agent.state_changed", to: "available" },
    ]);
  });

  test("[RT55] an assignment that was answered stays, and one that dials again has a new lease", () => {
    const floor = new FloorDriver();
    floor.staff(["a"]);
    const out = { itemId: "out", agentId: "a" };
    floor.tell({ type: "item.assigned", ...out, medium: "voice", phase: "dialing" });
    floor.tell({ type: "item.phase_set", ...out, phase: "talking" });
    expect(floor.pass(3_600_000)).toEqual([]);
    floor.tell({ type: "item.phase_set", ...out, phase: "dialing" });
    floor.pass(179_999);
    expect(floor.decided("assignment.expired")).toEqual([]);
    floor.pass(1);
    expect(floor.decided("assignment.expired")).toHaveLength(1);
  });
});

describe("attempts to call back", () => {
  const POLICY = { maxAttempts: 2, retryMs: 60_000, attemptLeaseMs: 45_000 };
  const attempted = (outcome: AttemptOutcome) =>
    ({ type: "callback.attempted", itemId: "c1", agentId: "a", outcome }) as const;

  /** The first attempt is under way at `a`. */
  function dialing(callback: CallbackPolicy = POLICY): FloorDriver {
    const floor = new FloorDriver();
    floor.queue("q", { callback, wrapUp: { mode: "timed", limitMs: 30_000 } });
    floor.staff(["a"]);
    floor.arrive("c1", "q", { callback: {} });
    floor.arrive("c2", "q", { queuedAt: floor.now + 1 });
    floor.accept("a");
    return floor;
  }

  test("[RT16] [RT90] an agent who accepts a call-back dials, and talks when it is answered", () => {
    const floor = dialing();
    expect(floor.decided("offer")).toMatchObject([{ itemId: "c1", callbackAttempt: 1 }]);
    expect(floor.state("a")).toBe("dialing");
    floor.pass(20_000);
    floor.tell(attempted("answered"));
    expect(floor.state("a")).toBe("talking");
    expect(floor.pass(600_000)).toEqual([]);
    expect(floor.tell(attempted("busy"))).toMatchObject([{ type: "ignored", code: "not_a_callback" }]);
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("wrap_up");
    expect(floor.decided("callback.failed")).toEqual([]);
  });

  test("[RT90] an attempt that fails lets the agent go, and the next one comes in its place", () => {
    const floor = dialing();
    floor.tell(attempted("no_answer"));
    expect(floor.decided("callback.failed")).toMatchObject([
      { attempt: 1, outcome: "no_answer", nextAt: floor.now + 60_000 },
    ]);
    expect(floor.decided("wrapup.started")).toEqual([]);
    expect(floor.ringing()).toEqual(["a: c2"]);
    floor.accept("a");
    floor.arrive("c3");
    floor.pass(60_000);
    expect(floor.router.position("c1")).toBe(1);
    floor.end("c2", "a");
    floor.tell({ type: "wrapup.finished", itemId: "c2", agentId: "a" });
    expect(floor.decided("offer").at(-1)).toMatchObject({ itemId: "c1", callbackAttempt: 2 });
    floor.accept("a");
    floor.tell(attempted("busy"));
    expect(floor.decided("callback.failed").at(-1)).toMatchObject({ attempt: 2, nextAt: null });
    expect(floor.router.item("c1")).toBeUndefined();
  });

  test("[RT55] [RT90] an attempt without outcome is over with its lease", () => {
    const floor = dialing();
    floor.pass(44_999);
    expect(floor.state("a")).toBe("dialing");
    floor.pass(1);
    expect(floor.decided("callback.failed")).toMatchObject([{ attempt: 1, outcome: "lease" }]);
    expect(floor.decided("assignment.expired")).toEqual([]);
    expect(floor.ringing()).toEqual(["a: c2"]);
  });

  test("[RT90] a phase that is told counts as answered", () => {
    const floor = dialing();
    floor.tell({ type: "item.phase_set", itemId: "c1", agentId: "a", phase: "talking" });
    expect(floor.pass(600_000)).toEqual([]);
  });

  test("[RT90] a contact that ends during an attempt waits no more", () => {
    const floor = dialing();
    floor.end("c1", "a");
    expect(floor.pass(600_000).filter((d) => "itemId" in d && d.itemId === "c1")).toEqual([]);
    expect(floor.router.item("c1")).toBeUndefined();
  });

  test("[RT90] a call-back whose queue is gone is handed back", () => {
    const floor = dialing();
    floor.tell({ type: "config.queue_removed", queueId: "q" });
    floor.tell(attempted("busy"));
    expect(floor.decided("callback.failed")).toMatchObject([{ nextAt: null }]);
    expect(floor.decided("item.orphaned").map((d) => d.itemId)).toEqual(["c2", "c1"]);
  });

  test("[RT90] an outbound call of the agent is no attempt", () => {
    const floor = new FloorDriver();
    floor.staff(["a"]);
    floor.tell({ type: "item.assigned", itemId: "c1", agentId: "a", medium: "voice", phase: "dialing" });
    expect(floor.tell(attempted("busy"))).toMatchObject([{ code: "not_a_callback" }]);
    expect(floor.tell({ ...attempted("busy"), itemId: "c9" })).toMatchObject([{ code: "unknown_handling" }]);
  });
});

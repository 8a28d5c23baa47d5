import { describe, expect, test } from "vitest";
import { FloorDriver, queueConfig } from "./testing/floor-driver.ts";

describe("live change", () => {
  test("[RT36] a queue that changes keeps its line, and new skills and priorities count at once", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: [{ skillId: "sv", minProficiency: 1 }] });
    floor.queue("r");
    for (const id of ["1", "2", "3"]) {
      floor.arrive(id);
      floor.now++;
    }
    floor.staff(["a"]);
    expect(floor.ringing()).toEqual([]);
    floor.queue("q", { priority: 2 });
    expect(floor.ringing()).toEqual(["a: 1"]);
    expect(floor.router.waitingItems("q").map((item) => item.id)).toEqual(["1", "2", "3"]);
    floor.arrive("other", "r", { queuedAt: 0 });
    floor.accept("a");
    floor.end("1", "a");
    expect(floor.ringing()).toEqual(["a: 2"]);
  });

  test("[RT36] an item that rings while its queue changes returns into the changed queue", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("1", "q", { requiredSkills: [] });
    floor.queue("q", { requiredSkills: [{ skillId: "sv", minProficiency: 1 }] });
    expect(floor.ringing()).toEqual(["a: 1"]);
    floor.staff(["b"], { skills: { sv: 1 } });
    floor.pass(20_000);
    expect(floor.ringing()).toEqual(["b: 1"]);
  });

  test("[RT37] a removed queue hands its items back in order", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    for (const id of ["1", "2", "3"]) {
      floor.arrive(id);
      floor.now++;
    }
    const decisions = floor.tell({ type: "config.queue_removed", queueId: "q" });
    expect(decisions.map((d) => `${d.type} ${"itemId" in d ? d.itemId : ""}`)).toEqual([
      "offer.withdrawn 1",
      "item.orphaned 1",
      "item.orphaned 2",
      "item.orphaned 3",
      "agent.state_changed null",
    ]);
    expect(floor.router.item("1")).toBeUndefined();
    expect(floor.arrive("4")).toMatchObject([{ type: "ignored", code: "unknown_queue", id: "q" }]);
  });

  test("[RT38] an item that moves keeps its place by original entry", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.queue("r");
    floor.arrive("old", "q");
    floor.now += 1000;
    floor.arrive("young", "r");
    floor.tell({ type: "item.moved", itemId: "old", queueId: "r", initiation: "overflow" });
    expect(floor.router.waitingItems("r").map((item) => item.id)).toEqual(["old", "young"]);
    expect(floor.router.item("old")).toMatchObject({ queueId: "r", initiation: "overflow" });
    floor.staff(["a"]);
    expect(floor.ringing()).toEqual(["a: old"]);
    floor.tell({ type: "item.moved", itemId: "old", queueId: "q" });
    expect(floor.decided("offer.withdrawn")).toMatchObject([{ reason: "moved" }]);
    expect(floor.ringing()).toEqual(["a: old"]);
  });

  test("[RT39] an agent's new skills count at once, and what rings goes on", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.queue("sv", { requiredSkills: [{ skillId: "sv", minProficiency: 2 }] });
    floor.staff(["a", "b"]);
    floor.arrive("1");
    floor.arrive("2", "sv");
    floor.agent("a", { queueIds: [] });
    expect(floor.ringing()).toEqual(["a: 1"]);
    floor.agent("b", { skills: { sv: 2 } });
    expect(floor.ringing()).toEqual(["a: 1", "b: 2"]);
    floor.accept("a");
    expect(floor.state("a")).toBe("talking");
    floor.end("1", "a");
    floor.arrive("3");
    expect(floor.ringing()).toEqual(["b: 2"]);
    floor.agent("a", { slots: { voice: 0 } });
    expect(floor.state("a")).toBe("not_ready unreachable");
  });

  test("[RT40] a removed agent finishes the call and is gone", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("1");
    floor.accept("a");
    floor.tell({ type: "config.agent_removed", agentId: "a" });
    expect(floor.state("a")).toBe("talking");
    floor.arrive("2");
    floor.end("1", "a");
    expect(floor.decided("agent.state_changed").at(-1)).toMatchObject({ to: "logged_out" });
    expect(floor.router.agent("a")).toBeUndefined();
    expect(floor.ringing()).toEqual([]);
  });

  test("[RT36] [RT64] ageing that begins while an item rings raises it too", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("rings");
    floor.pass(1_000);
    floor.arrive("older", "q", { queuedAt: floor.now - 60_000 });
    const order = () => floor.router.waitingItems("q").map(({ id }) => id);
    floor.queue("q", { ageing: { everyMs: 5_000, by: 1, most: 1 } });
    expect(order()).toEqual(["older", "rings"]);
    floor.pass(4_000);
    expect(order()).toEqual(["rings", "older"]);
    floor.pass(1_000);
    expect(order()).toEqual(["older", "rings"]);
  });
});

describe("an agent who is removed", () => {
  test("[RT40] [RT67] hands back what nobody else may have: what rings, what waits, what sleeps", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.queue("p");
    floor.staff(["a", "b"]);
    floor.arrive("rings", "q", { onlyAgentId: "a" });
    floor.arrive("waits", "p", { onlyAgentId: "a", priority: 1 });
    floor.arrive("sleeps", "q", { onlyAgentId: "a", callback: { from: floor.now + 60_000 }, priority: 2 });
    floor.arrive("other", "q", { onlyAgentId: "b" });
    floor.arrive("preferred", "q", { preferredAgentId: "a" });
    const told = floor.tell({ type: "config.agent_removed", agentId: "a" });
    expect(told.filter((d) => "itemId" in d && d.itemId !== null).slice(0, 4)).toMatchObject([
      { type: "offer.withdrawn", itemId: "rings", reason: "agent_removed" },
      { type: "item.orphaned", itemId: "sleeps" },
      { type: "item.orphaned", itemId: "waits", queueId: "p" },
      { type: "item.orphaned", itemId: "rings" },
    ]);
    expect(floor.decided("item.returned")).toEqual([]);
    expect(
      [...floor.router.waitingItems("q"), ...floor.router.waitingItems("p")].map(({ id }) => id),
    ).toEqual(["other", "preferred"]);
    expect(floor.pass(100_000).filter((d) => "itemId" in d && d.itemId === "sleeps")).toEqual([]);
  });
});

describe("questions", () => {
  test("[RT41] the position counts everyone before, those that ring included", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    for (const id of ["1", "2", "3"]) {
      floor.arrive(id, "q", id === "2" ? { requiredSkills: [{ skillId: "sv", minProficiency: 1 }] } : {});
      floor.now++;
    }
    floor.arrive("vip", "q", { priority: 1 });
    expect(["1", "2", "3", "vip", "x"].map((id) => floor.router.position(id))).toEqual([
      2,
      3,
      4,
      1,
      undefined,
    ]);
  });

  test("[RT42] the estimate is what is ahead and oneself x handling time / agents on duty", () => {
    const floor = new FloorDriver();
    floor.queue("q", { expectedHandleMs: 100_000 });
    floor.arrive("1");
    floor.arrive("2");
    expect(floor.router.estimatedWaitMs("2")).toBeUndefined();
    expect(floor.router.expectedWaitMs("q")).toBeUndefined();
    floor.staff(["a", "b", "c"]);
    floor.arrive("3");
    floor.arrive("4");
    floor.present("c", "break");
    expect(floor.router.estimatedWaitMs("1")).toBe(0);
    expect(floor.router.estimatedWaitMs("3")).toBe((1 * 100_000) / 2); // two ring, nobody else is before it
    expect(floor.router.expectedWaitMs("q")).toBe((3 * 100_000) / 2);
    expect(floor.router.expectedWaitMs("q", "chat")).toBeUndefined();
  });

  test("[RT43] the mean handling time learns, wrap-up included", () => {
    const floor = new FloorDriver();
    floor.tell({
      type: "config.queue_set",
      queue: queueConfig("q", { wrapUp: { mode: "timed", limitMs: 10_000 } }),
    });
    floor.staff(["a"]);
    expect(floor.router.queueStats("q")?.meanHandleMs).toBe(240_000);
    for (const [id, ms] of [
      ["1", 50_000],
      ["2", 30_000],
    ] as const) {
      floor.arrive(id);
      floor.accept("a");
      floor.pass(ms);
      floor.end(id, "a");
      floor.pass(10_000);
    }
    expect(floor.router.queueStats("q")?.meanHandleMs).toBe(50_000);
    for (let i = 0; i < 200; i++) {
      floor.arrive(`x${i}`);
      floor.accept("a");
      floor.pass(i < 199 ? 10_000 : 90_000);
      floor.end(`x${i}`, "a");
      floor.pass(10_000);
    }
    expect(floor.router.queueStats("q")?.meanHandleMs).toBe(24_000); // 20 s, moved by a twentieth of 100 s - 20 s
  });

  test("[RT44] staffed counts who is logged in and could serve, whatever the presence", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: [{ skillId: "sv", minProficiency: 2 }] });
    floor.agent("away", { skills: { sv: 5 } });
    floor.staff(["low"], { skills: { sv: 1 } });
    expect(floor.router.staffed("q")).toBe(0);
    floor.staff(["a", "b"], { skills: { sv: 2 } });
    floor.present("a", "break");
    expect(floor.router.staffed("q")).toBe(2);
    expect(floor.router.staffed("q", "chat")).toBe(0);
    floor.arrive("1");
    expect(floor.router.queueStats("q")).toMatchObject({
      waiting: 1,
      offered: 1,
      oldestQueuedAt: floor.now,
      agents: { logged_out: 1, not_ready: 1, available: 0, reserved: 1 },
    });
  });
});

import { describe, expect, test } from "vitest";
import type { OverflowRule } from "./model.ts";
import { Router } from "./router.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

const VOICEMAIL = { kind: "voicemail" } as const;
const CALLBACK = { kind: "callback" } as const;

/** A floor with queues `q` (of these rules) and `r`, nobody on duty. */
function floorOf(...overflow: OverflowRule[]): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { overflow });
  floor.queue("r");
  return floor;
}

/** What overflowed so far: `item rule`. */
function overflowed(floor: FloorDriver): string[] {
  return floor.decided("item.overflowed").map((d) => `${d.itemId} ${d.rule}`);
}

describe("overflow", () => {
  test("[RT80] a rule is asked after its wait and then in its rhythm, each time with what holds then", () => {
    const floor = floorOf({ id: "v", afterMs: 10_000, everyMs: 5_000, noAgents: true, to: VOICEMAIL });
    floor.staff(["a"]);
    floor.present("a", "break");
    const entry = floor.now;
    floor.arrive("1");
    floor.pass(12_000);
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    expect(overflowed(floor)).toEqual([]);
    floor.pass(60_000);
    expect(floor.decided("item.overflowed")).toMatchObject([
      { at: entry + 15_000, itemId: "1", queueId: "q", rule: "v", to: VOICEMAIL, left: true },
    ]);
    expect(floor.router.item("1")).toBeUndefined();
    expect(floor.router.nextDue()).toBeUndefined();
  });

  test("[RT2] questions of two items at one instant are asked in the order in which the items entered", () => {
    const floor = new FloorDriver();
    const leave = (afterMs: number): OverflowRule => ({ id: "v", afterMs, to: VOICEMAIL });
    floor.queue("q", { steps: [{ afterMs: 7_000, raise: 1 }], overflow: [leave(10_000)] });
    floor.queue("r", { overflow: [leave(5_000)] });
    floor.arrive("first", "q");
    floor.pass(5_000);
    floor.arrive("second", "r"); // its clock is set now, that of the first one anew with the step two seconds later
    floor.pass(5_000);
    expect(overflowed(floor)).toEqual(["first v", "second v"]);
  });

  test("[RT80] in the order of the list, at entry before anybody gets it", () => {
    const floor = floorOf(
      { id: "never", afterMs: 0, lengthOver: 0, to: VOICEMAIL },
      { id: "told", afterMs: 0, to: { kind: "message", promptId: null, leaves: false } },
      { id: "gone", afterMs: 0, when: "urgent", to: { kind: "hang_up" } },
      { id: "late", afterMs: 0, to: { kind: "queue", queueId: "r" } },
    );
    floor.staff(["a"], { queueIds: ["q"] });
    floor.arrive("1");
    floor.arrive("2", "q", { facts: { urgent: true } });
    expect(overflowed(floor)).toEqual(["1 told", "1 late", "2 told", "2 gone"]);
    expect(floor.ringing()).toEqual([]);
    expect(floor.router.item("1")?.queueId).toBe("r");
  });

  test("[RT80] while it rings the question waits for its return, and the next one keeps the rhythm", () => {
    const floor = floorOf({ id: "v", afterMs: 10_000, everyMs: 10_000, when: "gone", to: VOICEMAIL });
    floor.staff(["a"]);
    floor.arrive("1");
    floor.pass(19_999);
    floor.tell({ type: "item.facts_set", itemId: "1", facts: { gone: true } });
    expect(overflowed(floor)).toEqual([]);
    floor.pass(1); // the ring time-out
    expect(overflowed(floor)).toEqual(["1 v"]);
    expect(floor.decided("item.overflowed")[0]?.at).toBe(floor.now);
  });

  test("[RT81] the length of the line without the item, ringing and dormant ones apart", () => {
    const floor = floorOf({ id: "full", afterMs: 0, lengthOver: 1, to: VOICEMAIL });
    floor.staff(["a"]);
    for (const id of ["rings", "1", "2", "3"]) floor.arrive(id);
    expect(overflowed(floor)).toEqual(["3 full"]);
    expect(floor.router.waitingItems("q").map((item) => item.id)).toEqual(["1", "2", "rings"]);
  });

  test("[RT81] others per agent on duty who can serve it, and nobody on duty is more than any", () => {
    const floor = floorOf({ id: "busy", afterMs: 0, perAgentOver: 1, to: VOICEMAIL });
    floor.arrive("0");
    expect(overflowed(floor)).toEqual(["0 busy"]);
    floor.staff(["a", "b"]);
    floor.present("a", "break");
    floor.present("b", "break");
    for (const id of ["1", "2", "3"]) floor.arrive(id);
    expect(overflowed(floor)).toEqual(["0 busy"]);
    floor.arrive("sv", "q", { requiredSkills: [{ skillId: "sv", minProficiency: 1 }] });
    floor.arrive("4");
    expect(overflowed(floor)).toEqual(["0 busy", "sv busy", "4 busy"]);
  });

  test("[RT81] the expected wait is longer, or there is none to expect", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      expectedHandleMs: 100_000,
      overflow: [{ id: "long", afterMs: 0, expectedWaitOverMs: 100_000, to: VOICEMAIL }],
    });
    floor.arrive("0");
    floor.staff(["a"]);
    for (const id of ["rings", "1", "2"]) floor.arrive(id);
    expect(overflowed(floor)).toEqual(["0 long", "2 long"]);
  });

  test("[RT81] an agent who leaves while the item rings is not on duty any more when it is asked", () => {
    const floor = floorOf({ id: "v", afterMs: 5_000, noAgents: true, to: VOICEMAIL });
    floor.staff(["a"]);
    floor.arrive("1");
    floor.pass(6_000);
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    expect(overflowed(floor)).toEqual(["1 v"]);
  });

  test("[RT81] the queue is closed", () => {
    const floor = new FloorDriver(Date.UTC(2026, 0, 5, 16, 59)); // a Monday
    const overflow: OverflowRule[] = [
      { id: "shut", afterMs: 0, everyMs: 60_000, closed: true, to: VOICEMAIL },
    ];
    const hours = { timeZone: "UTC", weekly: { mon: [{ from: "08:00", to: "17:00" }] } };
    floor.queue("q", { overflow, hours });
    floor.queue("always", { overflow });
    floor.arrive("1");
    floor.arrive("2", "always");
    expect(overflowed(floor)).toEqual([]);
    floor.pass(60_000);
    expect(overflowed(floor)).toEqual(["1 shut"]);
  });

  test("[RT82] a rule applies once in a queue", () => {
    const floor = floorOf({ id: "ask", afterMs: 5_000, everyMs: 5_000, to: CALLBACK });
    floor.arrive("1");
    floor.pass(60_000);
    expect(overflowed(floor)).toEqual(["1 ask"]);
    floor.queue("q", {
      overflow: [
        { id: "ask", afterMs: 0, to: CALLBACK },
        { id: "new", afterMs: 0, to: CALLBACK },
      ],
    });
    expect(overflowed(floor)).toEqual(["1 ask", "1 new"]);
    floor.tell({ type: "item.moved", itemId: "1", queueId: "r" });
    floor.tell({ type: "item.moved", itemId: "1", queueId: "q" });
    expect(overflowed(floor)).toEqual(["1 ask", "1 new", "1 ask", "1 new"]);
  });

  test("[RT82] no question is asked in the queue that the item has left", () => {
    const floor = floorOf(
      { id: "r", afterMs: 1_000, to: { kind: "queue", queueId: "r" } },
      { id: "v", afterMs: 1_000, to: VOICEMAIL },
    );
    floor.arrive("1");
    floor.pass(60_000);
    expect(overflowed(floor)).toEqual(["1 r"]);
  });

  test("[RT83] it moves with its original entry, and never to where it waited before or to no queue", () => {
    const floor = new FloorDriver();
    const entry = floor.now;
    floor.queue("q", {
      overflow: [
        { id: "none", afterMs: 1_000, to: { kind: "queue", queueId: "nowhere" } },
        { id: "to-r", afterMs: 1_000, to: { kind: "queue", queueId: "r", priority: 7 } },
      ],
    });
    floor.queue("r", {
      overflow: [
        { id: "to-q", afterMs: 1_000, to: { kind: "queue", queueId: "q" } },
        { id: "to-s", afterMs: 2_000, to: { kind: "queue", queueId: "s" } },
      ],
    });
    floor.queue("s");
    floor.arrive("1");
    floor.pass(1_000);
    expect(floor.router.item("1")).toMatchObject({
      queueId: "r",
      queuedAt: entry,
      initiation: "overflow",
      priority: 7,
    });
    floor.pass(10_000);
    expect(overflowed(floor)).toEqual(["1 to-r", "1 to-s"]);
    expect(floor.decided("item.overflowed").map((d) => [d.at - entry, d.queueId, d.left])).toEqual([
      [1_000, "q", false],
      [3_000, "r", false],
    ]);
    expect(floor.router.item("1")).toMatchObject({ queueId: "s", priority: 7 });
  });

  test("[RT83] the next queue asks its own questions of the entry at once", () => {
    const floor = new FloorDriver();
    floor.queue("q", { overflow: [{ id: "1", afterMs: 0, to: { kind: "queue", queueId: "r" } }] });
    floor.queue("r", { overflow: [{ id: "2", afterMs: 0, to: { kind: "queue", queueId: "s" } }] });
    floor.queue("s", { overflow: [{ id: "3", afterMs: 0, to: { kind: "queue", queueId: "q" } }] });
    floor.staff(["a"]);
    floor.arrive("x");
    expect(overflowed(floor)).toEqual(["x 1", "x 2"]);
    expect(floor.decided("offer")).toMatchObject([{ queueId: "s" }]);
  });

  test("[RT84] other sites stand instead of those of the requirement, after all steps", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      sites: ["north"],
      steps: [{ afterMs: 20_000, sites: ["west"] }],
      overflow: [{ id: "south", afterMs: 10_000, to: { kind: "sites", siteIds: ["south"] } }],
    });
    floor.staff(["n"], { siteId: "north" });
    floor.present("n", "break");
    floor.staff(["s"], { siteId: "south" });
    floor.present("s", "break");
    floor.staff(["w"], { siteId: "west" });
    floor.arrive("1");
    floor.pass(10_000);
    floor.present("n", "available");
    expect(floor.ringing()).toEqual([]);
    floor.pass(20_000);
    expect(floor.ringing()).toEqual([]);
    floor.present("s", "available");
    expect(floor.ringing()).toEqual(["s: 1"]);
  });

  test("[RT84] voicemail, hang-up and a message that leaves take it out; a call-back goes to queues and sites only", () => {
    const floor = floorOf(
      { id: "stays", afterMs: 1_000, to: { kind: "message", promptId: "p", leaves: false } },
      { id: "leaves", afterMs: 2_000, to: { kind: "message", promptId: "p", leaves: true } },
      { id: "moves", afterMs: 3_000, to: { kind: "queue", queueId: "r" } },
    );
    floor.arrive("1");
    floor.arrive("2", "q", { callback: {} });
    floor.pass(10_000);
    expect(overflowed(floor)).toEqual(["1 stays", "1 leaves", "2 moves"]);
    expect(floor.router.item("1")).toBeUndefined();
  });

  test("[RT45] a snapshot stays as it was while its router, or one restored from it, goes on", () => {
    const floor = floorOf({ id: "ask", afterMs: 5_000, everyMs: 5_000, to: CALLBACK });
    floor.arrive("1");
    floor.staff(["a"], { queueIds: [] });
    const snapshot = floor.router.snapshot();
    const text = JSON.stringify(snapshot);
    const twin = Router.restore(snapshot);
    floor.pass(60_000);
    expect(twin.advance(floor.now)).toEqual(floor.journal.at(-1)?.decisions);
    expect(Router.restore(snapshot).advance(floor.now)).toEqual(floor.journal.at(-1)?.decisions);
    expect(JSON.stringify(snapshot)).toBe(text);
  });
});

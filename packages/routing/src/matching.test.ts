import { describe, expect, test } from "vitest";
import { FloorDriver } from "./testing/floor-driver.ts";

function floorOf(...agents: string[]): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q");
  floor.staff(agents);
  return floor;
}

/** The order in which one agent, who answers everything at once, gets what waits. */
function served(floor: FloorDriver, agentId: string): string[] {
  const order: string[] = [];
  while (floor.router.agent(agentId)?.offerId) {
    floor.accept(agentId);
    for (const { itemId } of floor.router.agent(agentId)?.handlings ?? []) {
      order.push(itemId);
      floor.end(itemId, agentId);
    }
  }
  return order;
}

describe("who gets what", () => {
  test("[RT5] only an agent with every skill in sufficient proficiency is asked", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: [{ skillId: "sv", minProficiency: 3 }] });
    floor.staff(["low"], { skills: { sv: 2 } });
    floor.staff(["none"]);
    floor.staff(["mail"], { skills: { sv: 5 }, slots: { email: 1 } });
    floor.arrive("c1");
    expect(floor.ringing()).toEqual([]);
    floor.staff(["good"], { skills: { sv: 3, en: 1 } });
    expect(floor.ringing()).toEqual(["good: c1"]);
  });

  test("[RT6] a contact that waits is offered as soon as an agent opens, and an agent who is open gets what comes", () => {
    const floor = floorOf();
    floor.arrive("c1");
    floor.staff(["a"]);
    expect(floor.ringing()).toEqual(["a: c1"]);
    floor.staff(["b"]);
    floor.arrive("c2");
    expect(floor.ringing()).toEqual(["a: c1", "b: c2"]);
  });

  test("[RT7] the greatest priority goes first, then the oldest, whatever the queue", () => {
    const floor = floorOf();
    floor.queue("vip", { priority: 5 });
    const { now } = floor;
    floor.arrive("late", "q", { queuedAt: now - 1000 });
    floor.arrive("early", "q", { queuedAt: now - 5000 });
    floor.arrive("vip", "vip", { queuedAt: now });
    floor.arrive("b-same", "q", { queuedAt: now - 2000 });
    floor.arrive("a-same", "q", { queuedAt: now - 2000 });
    floor.staff(["a"]);
    expect(served(floor, "a")).toEqual(["vip", "early", "a-same", "b-same", "late"]);
  });

  test("[RT8] whoever has been idle longest is asked", () => {
    const floor = floorOf("c", "a", "b");
    floor.arrive("1");
    floor.arrive("2");
    floor.arrive("3");
    expect(floor.ringing()).toEqual(["c: 1", "a: 2", "b: 3"]);
    floor.accept("a");
    floor.end("2", "a");
    floor.now += 10;
    floor.accept("c");
    floor.end("1", "c");
    floor.arrive("4");
    expect(floor.ringing()).toEqual(["a: 4", "b: 3"]);
  });

  test("[RT8] with the strategy `none` the least id is asked", () => {
    const floor = floorOf("c", "a", "b");
    floor.queue("q", { agentStrategy: "none" });
    floor.arrive("1");
    expect(floor.ringing()).toEqual(["a: 1"]);
  });

  test("[RT9] a break restarts idleness; an offer withdrawn or a phone that was away does not", () => {
    const floor = floorOf("a", "b", "c");
    floor.present("a", "break");
    floor.now += 1000;
    floor.present("a", "available");
    floor.tell({ type: "agent.reachable", agentId: "b", medium: "voice", reachable: false });
    floor.tell({ type: "agent.reachable", agentId: "b", medium: "voice", reachable: true });
    floor.arrive("gone");
    floor.tell({ type: "item.withdrawn", itemId: "gone", reason: "customer_gone" });
    for (const id of ["1", "2", "3"]) floor.arrive(id);
    expect(floor.ringing()).toEqual(["a: 3", "b: 1", "c: 2"]);
  });

  test("[RT9] a non-queue call restarts idleness", () => {
    const floor = floorOf("a", "b");
    floor.tell({ type: "agent.busy_other", agentId: "a", busy: true });
    floor.now += 1000;
    floor.tell({ type: "agent.busy_other", agentId: "a", busy: false });
    floor.arrive("1");
    expect(floor.ringing()).toEqual(["b: 1"]);
  });

  test("[RT10] an open preferred agent comes before the longest idle", () => {
    const floor = floorOf("a", "b", "c");
    floor.arrive("1", "q", { preferredAgentId: "c" });
    floor.arrive("2", "q", { preferredAgentId: "c" });
    expect(floor.ringing()).toEqual(["a: 2", "c: 1"]);
    expect(floor.decided("offer").map((d) => d.explain.strategy)).toEqual([
      "preferred_agent",
      "longest_idle",
    ]);
  });

  test("[RT11] an item's own priority and skills count", () => {
    const floor = floorOf();
    floor.arrive("plain");
    floor.arrive("urgent", "q", { priority: 1 });
    floor.arrive("swedish", "q", { priority: 9, requiredSkills: [{ skillId: "sv", minProficiency: 1 }] });
    floor.staff(["a"]);
    expect(served(floor, "a")).toEqual(["urgent", "plain"]);
    floor.staff(["b"], { skills: { sv: 1 } });
    expect(floor.ringing()).toEqual(["b: swedish"]);
  });

  test("[RT12] an agent with named queues serves those only", () => {
    const floor = floorOf();
    floor.queue("other");
    floor.staff(["a"], { queueIds: ["other"] });
    floor.arrive("1", "q");
    floor.arrive("2", "other");
    expect(floor.ringing()).toEqual(["a: 2"]);
  });

  test("[RT22] an offer tells its candidates with their ranks, and the rules it was made by", () => {
    const floor = floorOf("a", "b");
    floor.tell({
      type: "config.agent_set",
      agent: { id: "z", skills: { x: 1 }, slots: { voice: 1 } },
      revision: 41,
    });
    floor.arrive("1");
    floor.arrive("2");
    floor.arrive("3");
    floor.arrive("4", "q", { priority: 1 });
    floor.accept("a");
    floor.end("1", "a");
    const [first, , third] = floor.decided("offer").map((d) => d.explain);
    const idle = floor.now - 2;
    expect(first).toEqual({
      choice: "agent_for_item",
      strategy: "longest_idle",
      rankedBy: ["idleSince"],
      candidates: [
        { id: "a", rank: [idle] },
        { id: "b", rank: [idle + 1] },
      ],
      considered: 2,
      rules: 41,
      step: 0,
    });
    expect(third).toEqual({
      choice: "item_for_agent",
      strategy: "priority_then_oldest",
      rankedBy: ["-priority", "queuedAt"],
      candidates: [{ id: "4", rank: [-1, floor.now] }],
      considered: 1,
      rules: 41,
      step: 0,
    });
  });

  test("[RT5] [RT44] whatever combinations of skills came and went, plain items find their agents", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    for (let n = 0; n < 300; n++) {
      floor.arrive(`rare-${n}`, "q", { requiredSkills: [{ skillId: `skill-${n}`, minProficiency: 1 }] });
      floor.tell({ type: "item.withdrawn", itemId: `rare-${n}`, reason: "ended" });
    }
    floor.staff(["a"]);
    expect(floor.router.staffed("q")).toBe(1);
    floor.arrive("plain", "q");
    expect(floor.ringing()).toHaveLength(1);
  });
});

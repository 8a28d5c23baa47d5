import { describe, expect, test } from "vitest";
import type { WorkStrategyName } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** A floor with one agent who talks, so that work piles up until `free`. */
function waitingFor(strategy: WorkStrategyName): FloorDriver {
  const floor = new FloorDriver();
  floor.tell({ type: "config.rules_set", rules: { workStrategy: strategy } });
  floor.staff(["a"], { skills: { sv: 5 } });
  floor.tell({ type: "item.assigned", itemId: "first", agentId: "a", medium: "voice" });
  return floor;
}

/** The agent comes free; what rings, and why. */
function free(floor: FloorDriver) {
  floor.end("first", "a");
  return floor.decided("offer").at(-1);
}

describe("the work for an agent", () => {
  test("[RT70] of each queue the first item that the agent could get is ranked, whatever its class", () => {
    const floor = waitingFor("none");
    floor.queue("q");
    floor.queue("r");
    floor.arrive("b", "q", { requiredSkills: [{ skillId: "uk", minProficiency: 1 }], priority: 9 });
    floor.arrive("z", "q", { requiredSkills: [{ skillId: "sv", minProficiency: 1 }], priority: 5 });
    floor.arrive("c", "q");
    floor.arrive("m", "r");
    const offer = free(floor);
    expect(offer?.itemId).toBe("m"); // c has a smaller id, but stands behind z
    expect(offer?.explain).toMatchObject({
      choice: "item_for_agent",
      strategy: "none",
      rankedBy: [],
      considered: 2,
      candidates: [
        { id: "m", rank: [] },
        { id: "z", rank: [] },
      ],
    });
  });

  test("[RT77] the dearest wait for the shortest work", () => {
    const floor = waitingFor("gcmu");
    floor.queue("q", { cost: { weight: 1, grows: "with_length" }, expectedHandleMs: 60_000 });
    floor.queue("r", { cost: { weight: 3, grows: "with_length" }, expectedHandleMs: 90_000 });
    for (const id of ["q1", "q2"]) floor.arrive(id, "q");
    floor.arrive("r1", "r");
    const offer = free(floor);
    expect(offer?.itemId).toBe("q1"); // 2 / 60 s against 3 / 90 s: equal, so the older one
    floor.arrive("r2", "r");
    floor.accept("a");
    floor.end("q1", "a");
    expect(floor.ringing()).toEqual(["a: r1"]);
  });

  test("[RT78] ringing items count no more, and queues of the agent that stand empty count by their share", () => {
    const floor = waitingFor("fqr");
    floor.queue("q", { share: 2 });
    floor.queue("r", { share: 3 });
    for (const id of ["q1", "q2", "q3", "q4"]) floor.arrive(id, "q");
    for (const id of ["r1", "r2", "r3", "r4", "r5"]) floor.arrive(id, "r");
    const offer = free(floor);
    expect(offer?.itemId).toBe("q1");
    expect(offer?.explain.candidates.map(({ rank }) => Math.round((rank[0] ?? 0) * 10))).toEqual([-4, 4]);
    // a third queue that the agent serves, with half of all shares
    const other = waitingFor("fqr");
    other.queue("q", { share: 2 });
    other.queue("r", { share: 3 });
    other.queue("s", { share: 5 });
    other.queue("t", { share: 100, requiredSkills: [{ skillId: "uk", minProficiency: 1 }] });
    for (const id of ["q1", "q2", "q3", "q4"]) other.arrive(id, "q");
    for (const id of ["r1", "r2", "r3", "r4", "r5"]) other.arrive(id, "r");
    expect(free(other)?.itemId).toBe("r1"); // 5 - 0.3 x 9 against 4 - 0.2 x 9
  });

  test("[RT79] whoever used the most of the promised time", () => {
    const floor = waitingFor("service_level_race");
    floor.queue("slow", { targetMs: 60_000, priority: 5 });
    floor.queue("fast", { targetMs: 10_000 });
    floor.arrive("s", "slow");
    floor.pass(11_000);
    floor.arrive("f", "fast");
    floor.pass(2000);
    expect(free(floor)?.itemId).toBe("s"); // 13 / 60 against 2 / 10
    floor.arrive("s2", "slow");
    floor.accept("a");
    floor.pass(1000);
    floor.end("s", "a");
    expect(floor.ringing()).toEqual(["a: f"]);
  });
});

describe("the agent for an item", () => {
  test("[RT71] [RT73] the queue's strategy ranks agents of all skill sets", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      agentStrategy: "highest_proficiency",
      requiredSkills: [{ skillId: "sv", minProficiency: 1 }],
      preferredSkills: ["tax"],
    });
    floor.staff(["a"], { skills: { sv: 4 } });
    floor.staff(["b"], { skills: { sv: 2, tax: 3 } });
    floor.staff(["c"], { skills: { sv: 1, tax: 4 } });
    floor.arrive("c1");
    const [offer] = floor.decided("offer");
    expect(offer?.explain).toMatchObject({
      strategy: "highest_proficiency",
      rankedBy: ["-proficiency", "idleSince"],
      candidates: [{ id: "b" }, { id: "c" }, { id: "a" }],
    });
    // preferred by the item as well
    floor.arrive("c2", "q", { preferredSkills: ["law"] });
    expect(floor.ringing()).toEqual(["b: c1", "c: c2"]);
  });

  test("[RT74] offers go round, whoever answered or not", () => {
    const floor = new FloorDriver();
    floor.queue("q", { agentStrategy: "round_robin" });
    floor.staff(["b", "a", "c"]);
    const rang: string[] = [];
    for (let i = 0; i < 7; i++) {
      floor.arrive(`c${i}`);
      rang.push(floor.decided("offer").at(-1)?.agentId ?? "");
      floor.tell({ type: "item.withdrawn", itemId: `c${i}`, reason: "customer_gone" });
    }
    expect(rang).toEqual(["a", "b", "c", "a", "b", "c", "a"]);
  });

  test("[RT72] the least occupied of the day gets the call", () => {
    const floor = new FloorDriver();
    floor.queue("q", { agentStrategy: "least_occupied" });
    floor.staff(["a", "b"]);
    floor.arrive("c1");
    floor.accept("a");
    floor.pass(60_000);
    floor.end("c1", "a");
    floor.arrive("c2");
    floor.accept("b");
    floor.pass(10_000);
    floor.end("c2", "b");
    floor.pass(5000);
    floor.arrive("c3");
    expect(floor.ringing()).toEqual(["b: c3"]); // idle for less long than a, but worked less
  });

  test("[RT75] the trade between quality and efficiency is told", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      agentStrategy: "balanced",
      qualityWeight: 0.5,
      requiredSkills: [{ skillId: "sv", minProficiency: 1 }],
    });
    floor.staff(["idle"], { skills: { sv: 1 } });
    floor.pass(200_000);
    floor.staff(["middle"], { skills: { sv: 3 } });
    floor.pass(100_000);
    floor.staff(["best"], { skills: { sv: 5 } });
    floor.arrive("c");
    const [offer] = floor.decided("offer");
    // lacks of 480, 240 and 0 s; idle for 300, 100 and 0 s
    expect(offer?.agentId).toBe("best");
    expect(offer?.explain.trade).toEqual({ quality: "best", efficiency: "idle" });
    expect(offer?.explain.candidates.map(({ id, rank }) => [id, rank[0]])).toEqual([
      ["best", 0],
      ["middle", 69_999],
      ["idle", 89_999],
    ]);
  });
});

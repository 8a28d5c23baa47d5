import { describe, expect, test } from "vitest";
import { FloorDriver } from "./testing/floor-driver.ts";

const SV = { skillId: "sv", minProficiency: 3 } as const;

/** What happened, in a few words: `stepped c1 1`, `offer c1 a`. */
function told(floor: FloorDriver): string[] {
  return floor.journal
    .flatMap((entry) => entry.decisions)
    .filter((d) => d.type === "offer" || d.type === "item.stepped")
    .map((d) => (d.type === "offer" ? `offer ${d.itemId} ${d.agentId}` : `stepped ${d.itemId} ${d.step}`));
}

function decidedAt(floor: FloorDriver, itemId: string): number | undefined {
  return floor.decided("offer").find((d) => d.itemId === itemId)?.at;
}

describe("what an item asks", () => {
  test("[RT60] skills of queue, criteria and item add up, each in the greatest demand", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      requiredSkills: [{ skillId: "sv", minProficiency: 2 }],
      criteria: [{ id: "gold", when: "customer.type == 'gold'", requiredSkills: [SV] }],
    });
    floor.staff(["plain"], { skills: { sv: 2 } });
    floor.staff(["better"], { skills: { sv: 3 } });
    floor.arrive("gold", "q", { facts: { "customer.type": "gold" } });
    expect(floor.ringing()).toEqual(["better: gold"]);
    floor.arrive("own", "q", { requiredSkills: [{ skillId: "it", minProficiency: 1 }] });
    expect(floor.ringing()).toEqual(["better: gold"]);
    floor.staff(["both"], { skills: { sv: 2, it: 1 } });
    expect(floor.ringing()).toEqual(["better: gold", "both: own"]);
  });

  test("[RT60] groups and sites of the item stand instead of the queue's; an empty list asks for nothing", () => {
    const floor = new FloorDriver();
    floor.queue("q", { groups: ["sales"], sites: ["north"] });
    floor.staff(["a"], { groups: ["sales"], siteId: "south" });
    floor.staff(["b"], { groups: ["service", "sales"], siteId: "north" });
    floor.staff(["c"]);
    floor.arrive("1");
    floor.arrive("2", "q", { sites: ["south", "west"] });
    floor.arrive("3", "q", { groups: [], sites: [] });
    expect(floor.ringing()).toEqual(["a: 2", "b: 1", "c: 3"]);
  });

  test("[RT60] tiers: of the queue, instead of them the last criterion's, instead of them the item's; none are tier 1", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      tiers: [1],
      criteria: [
        { id: "two", when: "level >= 2", tiers: [2] },
        { id: "three", when: "level >= 3", tiers: [3] },
      ],
    });
    floor.staff(["first"]);
    floor.staff(["second"], { tiers: [2] });
    floor.staff(["third"], { tiers: [3] });
    floor.staff(["expert"], { tiers: [4] });
    floor.arrive("1");
    floor.arrive("2", "q", { facts: { level: 2 } });
    floor.arrive("3", "q", { facts: { level: 3 } });
    floor.arrive("4", "q", { facts: { level: 3 }, tiers: [4] });
    expect(floor.ringing()).toEqual(["first: 1", "second: 2", "third: 3", "expert: 4"]);
  });

  test("[RT60] a step's skills stand instead of all but the item's own, and null asks no longer", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      requiredSkills: [SV],
      groups: ["sales"],
      steps: [{ afterMs: 10_000, skills: [], groups: null }],
    });
    floor.staff(["a"], { skills: { it: 1 } });
    floor.arrive("plain");
    floor.arrive("own", "q", { requiredSkills: [{ skillId: "it", minProficiency: 2 }] });
    floor.pass(9_999);
    expect(floor.ringing()).toEqual([]);
    floor.pass(1);
    expect(floor.ringing()).toEqual(["a: plain"]);
    floor.staff(["b"], { skills: { it: 2 } });
    expect(floor.ringing()).toEqual(["a: plain", "b: own"]);
  });

  test("[RT61] steps are taken at their instants, at the item's place; one of 0 at entry", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      requiredSkills: [SV],
      steps: [
        { afterMs: 20_000, skills: [{ skillId: "sv", minProficiency: 1 }] },
        { afterMs: 0, groups: ["sales"] },
        { afterMs: 30_000, groups: null, skills: [] },
      ],
    });
    const start = floor.now;
    floor.arrive("1");
    expect(told(floor)).toEqual(["stepped 1 1"]);
    floor.staff(["weak"], { skills: { sv: 1 }, groups: ["sales"] });
    floor.staff(["none"]);
    floor.now += 5_000;
    floor.arrive("2");
    floor.pass(100_000); // a late clock changes nothing
    expect(decidedAt(floor, "1")).toBe(start + 20_000);
    expect(floor.decided("item.stepped").map((d) => [d.itemId, d.step, d.at - start])).toEqual([
      ["1", 1, 0],
      ["2", 1, 5_002],
      ["1", 2, 20_000],
      ["2", 2, 25_002],
      ["2", 3, 35_002],
      ["1", 3, 40_000], // when it came back
    ]);
  });

  test("[RT61] a step waits while the item rings", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      requiredSkills: [SV],
      ringTimeoutMs: 15_000,
      steps: [{ afterMs: 10_000, skills: [] }],
    });
    floor.staff(["good"], { skills: { sv: 3 } });
    floor.staff(["weak"]);
    floor.arrive("1");
    floor.pass(14_000);
    expect(floor.decided("item.stepped")).toEqual([]);
    floor.pass(1_000);
    expect(floor.decided("item.stepped")).toMatchObject([{ at: floor.now, step: 1 }]);
    expect(floor.ringing()).toEqual(["weak: 1"]);
    expect(floor.decided("offer").at(-1)?.explain.step).toBe(1);
  });

  test("[RT62] criteria are asked at entry and when facts change, and one that does not parse never holds", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      criteria: [
        { id: "broken", when: "((", requiredSkills: [{ skillId: "x", minProficiency: 1 }] },
        { id: "missing", when: "contacts.last30 < 5", requiredSkills: [{ skillId: "x", minProficiency: 1 }] },
        { id: "gold", when: "customer.type == 'gold'", requiredSkills: [SV] },
      ],
    });
    floor.staff(["good"], { skills: { sv: 3 } });
    floor.arrive("1", "q", { facts: { "customer.type": "gold", language: "sv" } });
    floor.arrive("2", "q", { facts: { "customer.type": "gold" } });
    floor.staff(["weak"]);
    expect(floor.ringing()).toEqual(["good: 1"]);
    floor.tell({ type: "item.facts_set", itemId: "2", facts: { "customer.type": "silver" } });
    expect(floor.ringing()).toEqual(["good: 1", "weak: 2"]);
    floor.tell({ type: "item.facts_set", itemId: "1", facts: { "customer.type": "silver" } });
    expect(floor.router.item("1")?.facts).toEqual({ "customer.type": "silver", language: "sv" });
    expect(floor.tell({ type: "item.facts_set", itemId: "x", facts: {} })).toMatchObject([
      { type: "ignored", code: "unknown_item" },
    ]);
  });

  test("[RT63] criteria and steps raise the priority of the item or its queue", () => {
    const floor = new FloorDriver();
    floor.queue("q", {
      priority: 1,
      criteria: [{ id: "gold", when: "gold", raise: 5 }],
      steps: [{ afterMs: 10_000, raise: 7 }],
    });
    floor.arrive("own", "q", { priority: 2 });
    floor.now += 10_000;
    floor.arrive("gold", "q", { facts: { gold: true } });
    floor.arrive("plain");
    floor.arrive("own-gold", "q", { priority: 5, facts: { gold: true } });
    expect(floor.router.waitingItems("q").map((item) => item.id)).toEqual([
      "own-gold",
      "own",
      "gold",
      "plain",
    ]);
  });

  test("[RT64] ageing raises at each everyMs up to most, ringing items too", () => {
    const floor = new FloorDriver();
    floor.queue("q", { ageing: { everyMs: 10_000, by: 2, most: 5 }, ringTimeoutMs: 60_000 });
    floor.queue("vip", { priority: 4 });
    floor.arrive("old");
    const order = (): string[] =>
      [...floor.router.waitingItems("q"), ...floor.router.waitingItems("vip")].map((item) => item.id);
    floor.arrive("vip", "vip");
    floor.pass(20_000);
    floor.staff(["a"]);
    expect(floor.ringing()).toEqual(["a: old"]); // 4 and older by id
    expect(order()).toEqual(["old", "vip"]);
    floor.pass(9_998); // the log-in took one
    floor.arrive("rival", "q", { priority: 5 });
    expect(floor.router.position("old")).toBe(2);
    floor.pass(1);
    expect(floor.router.position("old")).toBe(1);
    floor.pass(1_000_000);
    expect(floor.router.nextDue()).toBeUndefined();
  });

  test("[RT65] preferred skills decide who of several is better, and hinder nobody", () => {
    const floor = new FloorDriver();
    floor.queue("q", { agentStrategy: "highest_proficiency", preferredSkills: ["sv"] });
    floor.staff(["none"]);
    floor.staff(["good"], { skills: { sv: 4 } });
    floor.staff(["italian"], { skills: { it: 5 } });
    floor.arrive("1");
    floor.arrive("2", "q", { preferredSkills: ["it"] });
    floor.arrive("3");
    expect(floor.ringing()).toEqual(["none: 3", "good: 1", "italian: 2"]);
  });
});

describe("for whom an item waits", () => {
  test("[RT66] an item waits for its preferred agent on duty, and is everybody's when the time is over", () => {
    const floor = new FloorDriver();
    floor.queue("q", { preferredWaitMs: 30_000 });
    floor.staff(["a", "b"]);
    floor.arrive("busy");
    floor.accept("a");
    floor.arrive("1", "q", { preferredAgentId: "a" });
    floor.arrive("2", "q", { preferredAgentId: "a", preferredWaitMs: 10_000 });
    expect(floor.ringing()).toEqual([]);
    floor.pass(10_000);
    expect(floor.ringing()).toEqual(["b: 2"]);
    floor.end("busy", "a");
    expect(floor.ringing()).toEqual(["a: 1", "b: 2"]);
    expect(floor.decided("offer").map((d) => d.explain.choice)).toEqual([
      "agent_for_item",
      "agent_for_item",
      "preferred_agent",
    ]);
  });

  test("[RT66] it is everybody's at once when the agent leaves duty or can serve it no longer, and stays so", () => {
    const floor = new FloorDriver();
    floor.queue("q", { preferredWaitMs: 600_000, requiredSkills: [{ skillId: "sv", minProficiency: 1 }] });
    floor.staff(["a", "b"], { skills: { sv: 1 } });
    floor.present("a", "break");
    floor.arrive("1", "q", { preferredAgentId: "a" });
    expect(floor.ringing()).toEqual([]);
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    expect(floor.ringing()).toEqual(["b: 1"]);
    floor.staff(["a"], { skills: { sv: 1 } });
    floor.present("a", "break");
    floor.tell({ type: "offer.refused", offerId: floor.offerOf("b") });
    floor.staff(["c"], { skills: { sv: 1 } });
    expect(floor.ringing()).toEqual(["c: 1"]);
    floor.arrive("2", "q", { preferredAgentId: "a" });
    floor.staff(["d"], { skills: { sv: 1 } });
    expect(floor.ringing()).toEqual(["c: 1"]);
    floor.agent("a", { skills: {} });
    expect(floor.ringing()).toEqual(["c: 1", "d: 2"]);
  });

  test("[RT66] a preferred agent who is not on duty at entry is not waited for", () => {
    const floor = new FloorDriver();
    floor.queue("q", { preferredWaitMs: 600_000 });
    floor.agent("away");
    floor.staff(["b"]);
    floor.arrive("1", "q", { preferredAgentId: "away" });
    expect(floor.ringing()).toEqual(["b: 1"]);
  });

  test("[RT67] an item for one agent alone needs a slot and nothing else, and nobody else gets it", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: [SV] });
    floor.agent("a", { queueIds: [] });
    floor.arrive("1", "q", { onlyAgentId: "a" });
    floor.staff(["good"], { skills: { sv: 5 } });
    expect(floor.ringing()).toEqual([]);
    floor.staff(["a"], { queueIds: [] });
    expect(floor.ringing()).toEqual(["a: 1"]);
    expect(floor.decided("offer")[0]?.explain).toMatchObject({
      choice: "only_agent",
      candidates: [{ id: "a", rank: [] }],
    });
    floor.arrive("2", "q", { onlyAgentId: "a", medium: "chat" });
    floor.accept("a");
    floor.end("1", "a");
    expect(floor.ringing()).toEqual([]);
  });

  test("[RT67] an item for an agent who is not there is handed back at once, and is no item any more", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["b"]);
    expect(floor.arrive("1", "q", { onlyAgentId: "nobody" })).toMatchObject([
      { type: "item.orphaned", itemId: "1", queueId: "q" },
    ]);
    expect(floor.router.item("1")).toBeUndefined();
    floor.arrive("1");
    expect(floor.ringing()).toEqual(["b: 1"]);
  });

  test("[RT67] [RT90] a call-back that one agent alone may make is handed back if that agent was removed meanwhile", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("1", "q", { onlyAgentId: "a", callback: {} });
    floor.accept("a");
    floor.tell({ type: "config.agent_removed", agentId: "a" });
    floor.tell({ type: "callback.attempted", itemId: "1", agentId: "a", outcome: "busy" });
    expect(floor.decided("callback.failed")).toMatchObject([{ nextAt: null }]);
    expect(floor.decided("item.orphaned")).toMatchObject([{ itemId: "1" }]);
    expect(floor.router.agent("a")).toBeUndefined();
  });

  test("[RT70] what waits for the agent alone comes before all else", () => {
    const floor = new FloorDriver();
    floor.queue("q", { preferredWaitMs: 60_000 });
    floor.staff(["a"]);
    floor.arrive("first");
    floor.accept("a");
    floor.arrive("urgent", "q", { priority: 9 });
    floor.arrive("mine", "q", { preferredAgentId: "a" });
    floor.arrive("only", "q", { onlyAgentId: "a", priority: 1 });
    floor.end("first", "a");
    expect(floor.ringing()).toEqual(["a: only"]);
    floor.accept("a");
    floor.end("only", "a");
    expect(floor.ringing()).toEqual(["a: mine"]);
  });
});

describe("by hand", () => {
  function escalating(): FloorDriver {
    const floor = new FloorDriver();
    floor.queue("q", { tiers: [1], wrapUp: { mode: "timed", limitMs: 10_000 } });
    floor.queue("r");
    floor.staff(["a"]);
    floor.arrive("1", "q", {
      facts: { a: 1 },
      preferredAgentId: "a",
      onlyAgentId: "a",
      priority: 3,
      queuedAt: floor.now - 5_000,
    });
    floor.accept("a");
    return floor;
  }

  test("[RT68] an escalated item waits for the higher tier with all that is known of it", () => {
    const floor = escalating();
    const entry = floor.router.snapshot().agents[0]?.handlings[0]?.waiting?.work.queuedAt;
    floor.now += 60_000;
    const decisions = floor.tell({
      type: "item.escalated",
      itemId: "1",
      agentId: "a",
      tier: 2,
      facts: { b: "x" },
      requiredSkills: [SV],
    });
    expect(decisions.map((d) => d.type)).toEqual(["wrapup.started", "agent.state_changed"]);
    expect(floor.router.item("1")).toEqual({
      id: "1",
      medium: "voice",
      clientId: "client",
      queueId: "q",
      queuedAt: entry,
      initiation: "transfer",
      priority: 3,
      tiers: [2],
      facts: { a: 1, b: "x" },
      requiredSkills: [SV],
      handledBy: ["a"],
    });
    floor.staff(["tier1"], { skills: { sv: 5 } });
    floor.staff(["tier2"], { skills: { sv: 5 }, tiers: [2, 3] });
    expect(floor.ringing()).toEqual(["tier2: 1"]);
  });

  test("[RT68] to another queue, from hands that no queue filled, and what cannot be escalated", () => {
    const floor = escalating();
    const escalate = (itemId: string, agentId: string, queueId?: string) =>
      floor
        .tell({ type: "item.escalated", itemId, agentId, tier: 3, ...(queueId ? { queueId } : {}) })
        .find((d) => d.type === "ignored");
    expect(escalate("1", "x")).toMatchObject({ code: "unknown_agent" });
    expect(escalate("x", "a")).toMatchObject({ code: "unknown_handling" });
    expect(escalate("1", "a", "x")).toMatchObject({ code: "unknown_queue", id: "x" });
    expect(escalate("1", "a", "r")).toBeUndefined();
    expect(floor.router.item("1")).toMatchObject({ queueId: "r", tiers: [3] });
    expect(escalate("1", "a")).toMatchObject({ code: "no_change" });
    floor.staff(["b"]);
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "b", medium: "voice" });
    expect(escalate("out", "b")).toMatchObject({ code: "unknown_queue", id: "out" });
    const taken = floor.now;
    floor.now += 1_000;
    expect(escalate("out", "b", "r")).toBeUndefined();
    expect(floor.router.item("out")).toMatchObject({ clientId: "client", queuedAt: taken, handledBy: ["b"] });
  });

  test("[RT48] [RT68] an escalated item that comes back to the agent who wraps it up brings what it got meanwhile", () => {
    const floor = escalating();
    floor.tell({ type: "item.escalated", itemId: "1", agentId: "a", tier: 2, facts: { b: "x" } });
    floor.tell({ type: "item.assigned", itemId: "1", agentId: "a", medium: "voice" });
    expect(floor.state("a")).toBe("talking");
    floor.tell({ type: "item.escalated", itemId: "1", agentId: "a", tier: 3, facts: { c: 2 } });
    expect(floor.router.item("1")).toMatchObject({
      facts: { a: 1, b: "x", c: 2 },
      tiers: [3],
      handledBy: ["a", "a"],
    });
  });

  test("[RT69] those who may pick get the item whatever presence and criteria say", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: [SV] });
    floor.queue("r");
    floor.staff(["a"], { pickQueueIds: ["q"], slots: { voice: 1, chat: 1 } });
    floor.present("a", "break");
    floor.agent("away", { pickQueueIds: ["q"] });
    for (const id of ["1", "2", "3"]) floor.arrive(id);
    floor.arrive("4", "q", { onlyAgentId: "away" });
    floor.arrive("5", "r", { medium: "chat" });
    floor.arrive("6", "q", { medium: "email" });
    const pick = (itemId: string, agentId = "a") =>
      floor
        .tell({ type: "item.picked", itemId, agentId })
        .map((d) => (d.type === "ignored" ? d.code : d.type))[0];
    expect(pick("2", "x")).toBe("unknown_agent");
    expect(pick("x")).toBe("unknown_item");
    expect(pick("2", "away")).toBe("not_allowed");
    expect(pick("4")).toBe("not_allowed");
    expect(pick("5")).toBe("not_allowed");
    expect(pick("6")).toBe("no_capacity");
    expect(pick("2")).toBe("offer");
    expect(floor.decided("offer")[0]?.explain).toMatchObject({ choice: "picked", considered: 1 });
    expect(pick("2")).toBe("not_allowed");
    expect(pick("1")).toBe("no_capacity");
    floor.accept("a");
    expect(floor.state("a")).toBe("talking");
    expect(pick("1")).toBe("no_capacity");
  });
});

import { describe, expect, test } from "vitest";
import type { AgentReason } from "./agent-reasons.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** How many agents there are for each first reason: `code detail: count`. */
function reasons(floor: FloorDriver, itemId: string): string[] {
  const told = floor.router.explainWait(itemId)?.agents ?? [];
  return told.map(({ reason, agents }) => `${reason === null ? "could get it" : inWords(reason)}: ${agents}`);
}

function inWords({ code, ...detail }: AgentReason): string {
  return [code, ...Object.values(detail)].join(" ");
}

const SWEDISH = [{ skillId: "sv", minProficiency: 3 }];

describe("why a contact waits", () => {
  test("[RT92] everybody is counted once, by the first reason, what lasts before what passes", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: SWEDISH, groups: ["north"] });
    const able = { skills: { sv: 4 }, groups: ["north"] };
    floor.staff(["busy", "break", "phoneless", "private"], able);
    floor.agent("home", able);
    floor.staff(["little"], { ...able, skills: { sv: 2 } });
    floor.staff(["none", "nil"], { ...able, skills: {} });
    floor.staff(["south"], { skills: { sv: 5 }, groups: ["south"] });
    floor.staff(["elsewhere"], { ...able, queueIds: [] });
    floor.staff(["writer"], { ...able, slots: { chat: 2 } });
    floor.tell({ type: "item.assigned", itemId: "x", agentId: "busy", medium: "voice" });
    floor.present("break", "lunch");
    floor.tell({ type: "agent.reachable", agentId: "phoneless", medium: "voice", reachable: false });
    floor.tell({ type: "agent.busy_other", agentId: "private", busy: true });
    floor.arrive("c");
    expect(reasons(floor, "c").sort()).toEqual([
      "busy busy_other: 1",
      "busy talking: 1",
      "lacks_skill sv 3: 3",
      "logged_out: 1",
      "no_slot voice: 1",
      "not_ready lunch: 1",
      "other_groups north: 1",
      "other_queues q: 1",
      "unreachable voice: 1",
    ]);
  });

  test("[RT92] ringing, resting, disconnected, and work of another medium", () => {
    const floor = new FloorDriver();
    floor.tell({ type: "config.rules_set", rules: { missesAllowed: 2, restAfterMissMs: 60_000 } });
    floor.queue("q");
    floor.staff(["resting"]);
    floor.arrive("c1");
    floor.pass(20_000); // nobody answers
    floor.staff(["ringing"]);
    floor.staff(["gone", "chatting"], {
      slots: { voice: 1, chat: 2 },
      capacity: { apart: [["voice", "chat"]] },
    });
    floor.tell({ type: "agent.connection", agentId: "gone", connected: false });
    floor.tell({ type: "item.assigned", itemId: "w", agentId: "chatting", medium: "chat" });
    floor.arrive("c2");
    expect(floor.ringing()).toEqual(["ringing: c1"]);
    expect(reasons(floor, "c2").sort()).toEqual([
      "disconnected: 1",
      "no_room talking: 1",
      "resting: 1",
      "ringing: 1",
    ]);
    expect(floor.router.whyNot("c2", "resting")).toEqual([{ code: "resting", until: floor.now + 59_997 }]);
    expect(floor.router.whyNot("c2", "ringing")).toEqual([{ code: "ringing", itemId: "c1" }]);
  });

  test("[RT92] what comes next, and when", () => {
    const floor = new FloorDriver();
    const t0 = floor.now;
    floor.queue("q", {
      steps: [
        { afterMs: 30_000, raise: 1 },
        { afterMs: 60_000, tiers: [2] },
      ],
      overflow: [
        { id: "long", afterMs: 45_000, lengthOver: 3, to: { kind: "callback" } },
        { id: "end", afterMs: 90_000, to: { kind: "voicemail" } },
      ],
      ageing: { everyMs: 20_000, by: 2, most: 3 },
      criteria: [
        { id: "gold", when: 'type == "gold"', raise: 5 },
        { id: "late", when: "false", raise: 9 },
      ],
    });
    floor.arrive("c", "q", { facts: { type: "gold" } });
    floor.pass(35_000);
    expect(floor.router.explainWait("c")).toEqual({
      itemId: "c",
      queueId: "q",
      at: t0 + 35_000,
      queuedAt: t0,
      enteredAt: t0,
      priority: 8, // criterion 5, step 1, aged 2
      position: 1,
      estimate: null,
      requirement: { skills: [] },
      preferredSkills: [],
      criteria: ["gold"],
      step: 1,
      steps: 2,
      offer: null,
      waitsFor: null,
      dormant: null,
      heldBackBy: [],
      next: [
        { at: t0 + 40_000, kind: "priority_ages", by: 1 },
        { at: t0 + 45_000, kind: "overflow_question", rule: "long", to: { kind: "callback" } },
        { at: t0 + 60_000, kind: "step", step: 2 },
        { at: t0 + 90_000, kind: "overflow_question", rule: "end", to: { kind: "voicemail" } },
      ],
      agents: [],
    });
    floor.pass(30_000);
    const told = floor.router.explainWait("c");
    expect(told).toMatchObject({ step: 2, priority: 9, requirement: { skills: [], tiers: [2] } });
    expect(told?.next.map(({ kind }) => kind)).toEqual(["overflow_question"]);
  });

  test("[RT92] it rings, waits for its own agent, or sleeps", () => {
    const floor = new FloorDriver();
    floor.queue("q", { preferredWaitMs: 60_000 });
    floor.staff(["a"]);
    floor.arrive("c1");
    floor.staff(["b", "d"]);
    floor.present("d", "lunch");
    expect(floor.router.explainWait("c1")).toMatchObject({
      offer: { agentId: "a", expiresAt: floor.now - 2 + 20_000 },
      estimate: { basis: "ringing" },
    });
    expect(reasons(floor, "c1")).toEqual(["not_ready lunch: 1", "offered: 1", "rings_elsewhere a: 1"]);
    const entry = floor.now;
    floor.arrive("c2", "q", { preferredAgentId: "d" });
    expect(floor.router.explainWait("c2")).toMatchObject({
      waitsFor: { agentId: "d", until: entry + 60_000 },
      next: [{ kind: "everybodys", at: entry + 60_000 }],
    });
    expect(floor.router.whyNot("c2", "b")).toEqual([{ code: "waits_for_another", agentId: "d" }]);
    floor.arrive("c3", "q", { onlyAgentId: "d" });
    expect(floor.router.explainWait("c3")?.waitsFor).toEqual({ agentId: "d", until: null });
    expect(reasons(floor, "c3")).toEqual(["for_another_only d: 2", "not_ready lunch: 1"]);
    floor.arrive("c4", "q", { callback: { from: entry + 5000, until: entry + 9000 } });
    expect(floor.router.explainWait("c4")).toMatchObject({
      position: null,
      estimate: null,
      dormant: { until: entry + 5000, because: "wish" },
      next: [
        { kind: "wakes", at: entry + 5000 },
        { kind: "promise", at: entry + 9000 },
      ],
    });
    expect(floor.router.whyNot("c4", "b")).toEqual([{ code: "dormant", until: entry + 5000 }]);
  });

  test("[RT92] blending that holds it back shows its threshold beside the figure of now", () => {
    const floor = new FloorDriver();
    floor.queue("in");
    floor.queue("out", { work: "outbound", blend: { reserve: 2, waitingAtMost: 0 } });
    floor.staff(["a", "b"]);
    floor.arrive("c", "out");
    expect(floor.router.explainWait("c")?.heldBackBy).toEqual([
      { threshold: "reserve", limit: 2, is: 2, isKept: false },
    ]);
    expect(reasons(floor, "c")).toEqual(["held_back: 2"]);
    floor.staff(["d"]);
    expect(floor.ringing()).toHaveLength(1);
    expect(floor.router.explainWait("c")?.heldBackBy).toEqual([]);
  });

  test("[RT92] one agent is told every reason, and nothing is said of what is not there", () => {
    const floor = new FloorDriver();
    floor.queue("q", { requiredSkills: SWEDISH, sites: ["north"], tiers: [2] });
    floor.staff(["a"], { skills: { sv: 1 } });
    floor.tell({ type: "agent.connection", agentId: "a", connected: false });
    floor.present("a", "lunch");
    floor.tell({ type: "item.assigned", itemId: "x", agentId: "a", medium: "voice" });
    floor.arrive("c");
    expect(floor.router.whyNot("c", "a")).toEqual([
      { code: "other_site", sites: ["north"] },
      { code: "other_tier", tiers: [2] },
      { code: "lacks_skill", skillId: "sv", minProficiency: 3, has: 1 },
      { code: "disconnected" },
      { code: "not_ready", reason: "lunch" },
      { code: "busy", state: "talking" },
    ]);
    expect(floor.router.whyNot("c", "nobody")).toBeUndefined();
    expect(floor.router.whyNot("x", "a")).toBeUndefined();
    expect(floor.router.explainWait("x")).toBeUndefined();
  });
});

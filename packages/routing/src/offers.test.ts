import { describe, expect, test } from "vitest";
import { Router } from "./router.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

function ringing(...agents: string[]): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q");
  floor.staff(agents);
  floor.arrive("c1");
  return floor;
}

describe("offers", () => {
  test("[RT13] one offer at a time, for the item and for the agent", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"], { slots: { voice: 1, chat: 3 } });
    floor.arrive("call");
    floor.arrive("chat", "q", { medium: "chat" });
    expect(floor.ringing()).toEqual(["a: call"]);
    floor.staff(["b"]);
    expect(floor.ringing()).toEqual(["a: call"]);
    floor.accept("a");
    expect(floor.ringing()).toEqual(["a: chat"]);
  });

  test("[RT14] the lease is the queue's ring time-out, to the millisecond", () => {
    const floor = ringing("a");
    expect(floor.decided("offer")[0]?.expiresAt).toBe(floor.now + 20_000);
    expect(floor.router.nextDue()).toBe(floor.now + 20_000);
    expect(floor.pass(19_999)).toEqual([]);
    expect(floor.pass(1).map((d) => d.type)).toContain("offer.timed_out");
  });

  test("[RT14] an offer lasts a millisecond at least, so that time passes", () => {
    const floor = new FloorDriver();
    floor.tell({ type: "config.rules_set", rules: { missesAllowed: 1_000, restAfterMissMs: 0 } });
    floor.queue("q", { ringTimeoutMs: 0 });
    floor.staff(["a"]);
    floor.arrive("1");
    floor.pass(5);
    expect(floor.decided("offer.timed_out")).toHaveLength(5);
  });

  test("[RT15] the first outcome wins, and a late answer is told so", () => {
    const floor = ringing("a", "b");
    const late = floor.offerOf("a");
    floor.pass(20_000);
    expect(floor.tell({ type: "offer.accepted", offerId: late })).toEqual([
      { type: "ignored", at: floor.now, input: "offer.accepted", code: "stale_offer", id: late },
    ]);
    expect(floor.ringing()).toEqual(["b: c1"]);
  });

  test("[RT16] an accepted item leaves the line, and the wait is told", () => {
    const floor = ringing("a");
    floor.now += 4000;
    floor.accept("a");
    expect(floor.decided("offer.accepted")).toMatchObject([{ itemId: "c1", agentId: "a", waitMs: 4000 }]);
    expect(floor.router.item("c1")).toBeUndefined();
    expect(floor.state("a")).toBe("talking");
  });

  test("[RT17] RONA: the item keeps its place and the agent is not asked again", () => {
    const floor = ringing("a");
    floor.arrive("c2");
    floor.pass(20_000);
    expect(floor.state("a")).toBe("not_ready rona");
    expect(floor.decided("presence.changed").at(-1)).toMatchObject({ agentId: "a", by: "system" });
    expect(floor.router.position("c1")).toBe(1);
    floor.staff(["b"]);
    expect(floor.ringing()).toEqual(["b: c1"]);
    floor.present("a", "available");
    expect(floor.ringing()).toEqual(["a: c2", "b: c1"]);
  });

  test.each([
    ["offer.refused", "refused"],
    ["offer.failed", "offer_failed"],
  ] as const)("[RT18] %s sets the agent not ready and the item goes on", (type, reason) => {
    const floor = ringing("a", "b");
    const offerId = floor.offerOf("a");
    floor.tell(type === "offer.refused" ? { type, offerId } : { type, offerId, reason: "unregistered" });
    expect(floor.state("a")).toBe(`not_ready ${reason}`);
    expect(floor.ringing()).toEqual(["b: c1"]);
    expect(floor.decided("item.returned")).toMatchObject([{ itemId: "c1", queueId: "q" }]);
  });

  test.each(["switch_error", "no_route"] as const)(
    "[RT18] %s is our doing: the agent rests, stays available and has missed nothing",
    (reason) => {
      const floor = ringing("a", "b");
      floor.tell({ type: "config.rules_set", rules: { missesAllowed: 2, restAfterMissMs: 4_000 } });
      floor.tell({ type: "offer.failed", offerId: floor.offerOf("a"), reason });
      expect(floor.state("a")).toBe("not_ready offer_failed");
      expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
      expect(floor.ringing()).toEqual(["b: c1"]);
      floor.arrive("c2");
      floor.pass(4_000);
      expect(floor.ringing()).toEqual(["a: c2", "b: c1"]);
      floor.pass(20_000); // the first miss of both
      expect(floor.decided("presence.changed").filter(({ by }) => by === "system")).toEqual([]);
    },
  );

  test("[RT18] an item whose offers fail by our doing takes no more than three agents, and keeps its place", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a", "b", "c", "d"]);
    floor.arrive("bad");
    floor.arrive("good", "q", { queuedAt: floor.now + 1 });
    floor.accept("b");
    for (const agentId of ["a", "c", "d"]) {
      floor.tell({ type: "offer.failed", offerId: floor.offerOf(agentId), reason: "switch_error" });
    }
    floor.end("good", "b");
    expect(floor.ringing()).toEqual([]);
    expect(floor.router.estimate("bad")).toBeNull();
    floor.arrive("late", "q", { queuedAt: floor.now + 2 });
    expect(floor.ringing()).toEqual(["b: late"]);
    floor.pass(4_999);
    expect(floor.ringing()).toEqual(["b: late"]);
    floor.pass(1);
    expect(floor.ringing()).toEqual(["a: bad", "b: late"]);
    floor.tell({ type: "offer.failed", offerId: floor.offerOf("a"), reason: "switch_error" });
    expect(floor.ringing()).toEqual(["b: late"]); // the fourth in a row
  });

  test("[RT18] another end of an offer begins the count of failures anew", () => {
    const floor = ringing("a", "b", "c", "d");
    const fail = (agentId: string): void => {
      floor.tell({ type: "offer.failed", offerId: floor.offerOf(agentId), reason: "no_route" });
    };
    fail("a");
    fail("b");
    floor.tell({ type: "offer.refused", offerId: floor.offerOf("c") });
    fail("d");
    floor.pass(4_999);
    floor.staff(["e"]);
    expect(floor.ringing()).toContain("e: c1");
  });

  test.each([
    ["agent_not_ready", (f: FloorDriver) => f.present("a", "break")],
    ["agent_busy", (f: FloorDriver) => f.tell({ type: "agent.busy_other", agentId: "a", busy: true })],
    ["agent_removed", (f: FloorDriver) => f.tell({ type: "config.agent_removed", agentId: "a" })],
    [
      "agent_unreachable",
      (f: FloorDriver) =>
        f.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: false }),
    ],
    [
      "connection_lost",
      (f: FloorDriver) => f.tell({ type: "agent.connection", agentId: "a", connected: false }),
    ],
    ["supervisor", (f: FloorDriver) => f.tell({ type: "agent.state_forced", agentId: "a", presence: null })],
    [
      "agent_logged_out",
      (f: FloorDriver) => f.tell({ type: "agent.logged_out", agentId: "a", reason: "connection_lost" }),
    ],
  ] as const)(
    "[RT19] %s while it rings: the offer is withdrawn and the next agent is asked",
    (reason, act) => {
      const floor = ringing("a", "b");
      act(floor);
      expect(floor.decided("offer.withdrawn")).toMatchObject([{ agentId: "a", itemId: "c1", reason }]);
      expect(floor.ringing()).toEqual(["b: c1"]);
      const later = floor.pass(20_000).filter((d) => "agentId" in d && d.agentId === "a");
      expect(later).toEqual([]);
    },
  );

  test.each([
    ["refuses", (f: FloorDriver) => f.tell({ type: "offer.refused", offerId: f.offerOf("a") })],
    ["misses", (f: FloorDriver) => f.pass(20_000)],
  ] as const)("[RT18] [RT49] who picks during a break and then %s what rings stays on it", (_what, act) => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"], { pickQueueIds: ["q"] });
    floor.present("a", "lunch");
    floor.arrive("c1");
    floor.tell({ type: "item.picked", itemId: "c1", agentId: "a" });
    expect(floor.state("a")).toBe("reserved");
    act(floor);
    expect(floor.state("a")).toBe("not_ready lunch");
    expect(floor.router.position("c1")).toBe(1);
  });

  test("[RT20] a customer who goes frees the agent, who is next again", () => {
    const floor = ringing("a", "b");
    floor.tell({ type: "item.withdrawn", itemId: "c1", reason: "customer_gone" });
    expect(floor.decided("offer.withdrawn")).toMatchObject([{ reason: "customer_gone" }]);
    expect(floor.state("a")).toBe("available");
    floor.arrive("c2");
    expect(floor.ringing()).toEqual(["a: c2"]);
  });

  test("[RT21] ids of offers have the form of a UUIDv7, sort by time and differ between epochs", () => {
    const first = ringing("a");
    first.pass(20_000);
    first.present("a", "available");
    const ids = first.decided("offer").map((d) => d.offerId);
    expect(ids).toHaveLength(2);
    expect(ids).toEqual([...ids].sort());
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);

    const next = new FloorDriver(Date.UTC(2026, 0, 5, 8), new Router({ routerId: "test", epoch: 2 }));
    next.queue("q");
    next.staff(["a"]);
    next.arrive("c1");
    expect(next.offerOf("a")).not.toBe(ids[0]);
  });
});

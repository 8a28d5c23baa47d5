import { describe, expect, test } from "vitest";
import type { Presence, RouterRules } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

function talking(): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { wrapUp: { mode: "timed", limitMs: 30_000 } });
  floor.staff(["a"]);
  floor.arrive("c1");
  floor.accept("a");
  return floor;
}

const logOut = { type: "agent.logged_out", agentId: "a", reason: "end_shift" } as const;

describe("agents", () => {
  test("[RT23] a day of an agent has no gap and no overlap", () => {
    const floor = talking();
    floor.pass(60_000);
    floor.tell({ type: "item.phase_set", itemId: "c1", agentId: "a", phase: "held" });
    floor.pass(5000);
    floor.end("c1", "a");
    floor.pass(30_000);
    floor.pass(100_000);
    floor.tell(logOut);
    const tiles = floor.decided("agent.state_changed");
    expect(tiles.map((d) => `${d.from} ${d.at - d.fromSince}`).slice(1)).toEqual([
      "available 1",
      "reserved 0",
      "talking 60000",
      "held 5000",
      "wrap_up 30000",
      "available 100000",
    ]);
    expect(tiles.at(-1)?.to).toBe("logged_out");
  });

  test("[RT24] the busiest piece of work makes the state", () => {
    const floor = talking();
    floor.tell({ type: "agent.busy_other", agentId: "a", busy: true });
    expect(floor.state("a")).toBe("talking");
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("busy_other");
    floor.tell({ type: "agent.busy_other", agentId: "a", busy: false });
    expect(floor.state("a")).toBe("wrap_up");
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "voice", phase: "dialing" });
    expect(floor.state("a")).toBe("dialing");
    floor.tell({ type: "item.phase_set", itemId: "out", agentId: "a", phase: "consulting" });
    expect(floor.state("a")).toBe("consulting");
  });

  test("[RT25] an available agent whose phone is away is not ready, and works on when it is back", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: false });
    expect(floor.state("a")).toBe("not_ready unreachable");
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
    floor.arrive("c1");
    expect(floor.ringing()).toEqual([]);
    floor.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: true });
    expect(floor.ringing()).toEqual(["a: c1"]);
  });

  test("[RT26] a phone must say that it is there; a mailbox need not", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.agent("a", { slots: { voice: 1, email: 1 } });
    floor.tell({ type: "agent.logged_in", agentId: "a", presence: { state: "available" } });
    floor.arrive("call");
    floor.arrive("mail", "q", { medium: "email" });
    expect(floor.ringing()).toEqual(["a: mail"]);
  });

  test("[RT27] a break chosen during a call begins after its wrap-up, and brings no new call", () => {
    const floor = talking();
    expect(floor.present("a", "lunch")).toMatchObject([{ type: "presence.changed", pending: true }]);
    expect(floor.router.agent("a")).toMatchObject({ state: "talking", pending: true });
    floor.arrive("c2");
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("wrap_up");
    floor.pass(30_000);
    expect(floor.state("a")).toBe("not_ready lunch");
    expect(floor.ringing()).toEqual([]);
  });

  test("[RT27] a break taken back in time never was", () => {
    const floor = talking();
    floor.present("a", "lunch");
    floor.present("a", "available");
    floor.end("c1", "a");
    floor.pass(30_000);
    expect(floor.state("a")).toBe("available");
  });

  test("[RT28] a log-out during a call waits for its end and skips wrap-up", () => {
    const floor = talking();
    floor.tell(logOut);
    expect(floor.router.agent("a")).toMatchObject({ state: "talking", loggedIn: true, pending: true });
    expect(floor.router.staffed("q")).toBe(0);
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("logged_out");
    expect(floor.decided("wrapup.started")).toEqual([]);
  });

  test("[RT28] a log-out during wrap-up ends it, and a second log-in before the end means: stay", () => {
    const floor = talking();
    floor.tell(logOut);
    floor.tell({ type: "agent.logged_in", agentId: "a", presence: { state: "available" } });
    floor.end("c1", "a");
    floor.pass(1000);
    expect(floor.state("a")).toBe("wrap_up");
    floor.tell(logOut);
    expect(floor.decided("wrapup.ended")).toMatchObject([{ by: "logout", durationMs: 1000 }]);
    expect(floor.state("a")).toBe("logged_out");
    expect(floor.pass(60_000)).toEqual([]);
  });

  test("[RT29] the flags of a reason stand in the state change", () => {
    const floor = new FloorDriver();
    floor.staff(["a"]);
    const presence = { state: "not_ready", reason: "training", paid: true, productive: true } as const;
    floor.tell({ type: "agent.presence_set", agentId: "a", presence, by: "supervisor" });
    expect(floor.decided("agent.state_changed").at(-1)).toMatchObject({
      to: "not_ready",
      reason: "training",
      paid: true,
      productive: true,
    });
    expect(floor.decided("presence.changed").at(-1)).toMatchObject({ by: "supervisor", pending: false });
  });

  test("[RT30] a softphone that vanishes during a call ends nothing and gets nothing new", () => {
    const floor = talking();
    expect(floor.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: false })).toEqual(
      [],
    );
    expect(floor.state("a")).toBe("talking");
    floor.arrive("c2");
    floor.end("c1", "a");
    floor.pass(30_000);
    expect(floor.state("a")).toBe("not_ready unreachable");
    floor.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: true });
    expect(floor.ringing()).toEqual(["a: c2"]);
  });

  test("[RT25] of several reasons the connection comes first, then the rest, then the phone", () => {
    const floor = new FloorDriver();
    floor.tell({ type: "config.rules_set", rules: { missesAllowed: 3 } });
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("c1");
    floor.pass(20_000);
    floor.tell({ type: "agent.reachable", agentId: "a", medium: "voice", reachable: false });
    expect(floor.state("a")).toBe("not_ready rona");
    floor.tell({ type: "agent.connection", agentId: "a", connected: false });
    expect(floor.state("a")).toBe("not_ready connection_lost");
    floor.tell({ type: "agent.connection", agentId: "a", connected: true });
    floor.pass(5000);
    expect(floor.state("a")).toBe("not_ready unreachable");
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
  });

  test("[RT28] a log-out waits for the end of an outbound call that still rings", () => {
    const floor = new FloorDriver();
    floor.staff(["a"]);
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "voice", phase: "dialing" });
    floor.tell(logOut);
    expect(floor.state("a")).toBe("dialing");
    floor.end("out", "a");
    expect(floor.state("a")).toBe("logged_out");
  });

  test("[RT40] an agent who is removed with mail set aside gives it back and is gone", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"], { slots: { voice: 1, email: 1 }, capacity: { interrupts: { voice: ["email"] } } });
    floor.arrive("mail", "q", { medium: "email" });
    floor.accept("a");
    floor.arrive("c1");
    floor.accept("a");
    floor.tell({ type: "config.agent_removed", agentId: "a" });
    floor.end("c1", "a");
    expect(floor.router.agent("a")).toBeUndefined();
    expect(floor.router.item("mail")).toMatchObject({ preferredAgentId: "a" });
  });
});

describe("missed offers", () => {
  function missing(rules: Partial<RouterRules>): FloorDriver {
    const floor = new FloorDriver();
    floor.tell({ type: "config.rules_set", rules });
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("c1");
    floor.pass(20_000);
    return floor;
  }

  test("[RT49] an agent who may miss two rests after the first and is not ready after the second", () => {
    const floor = missing({ missesAllowed: 2, restAfterMissMs: 7000 });
    expect(floor.state("a")).toBe("not_ready rona");
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
    floor.pass(6999);
    expect(floor.ringing()).toEqual([]);
    floor.pass(1);
    expect(floor.ringing()).toEqual(["a: c1"]);
    floor.pass(20_000);
    expect(floor.router.agent("a")?.presence).toMatchObject({ state: "not_ready", reason: "rona" });
    expect(floor.pass(3_600_000)).toEqual([]);
  });

  test("[RT49] without a rest the next offer comes at once", () => {
    const floor = missing({ missesAllowed: 2, restAfterMissMs: 0 });
    expect(floor.ringing()).toEqual(["a: c1"]);
  });

  test("[RT49] an acceptance makes up for what was missed", () => {
    const floor = missing({ missesAllowed: 2 });
    floor.pass(5000);
    floor.accept("a");
    floor.end("c1", "a");
    floor.arrive("c2");
    floor.pass(20_000);
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
  });

  test("[RT49] who says that they are there is offered work without a rest, and the count begins anew", () => {
    const floor = missing({ missesAllowed: 2 });
    expect(floor.present("a", "available")).toContainEqual(
      expect.objectContaining({ type: "presence.changed", by: "agent" }),
    );
    expect(floor.ringing()).toEqual(["a: c1"]);
    floor.pass(20_000);
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
    expect(floor.state("a")).toBe("not_ready rona");
  });

  test("[RT49] a log-in begins the count anew", () => {
    const floor = missing({ missesAllowed: 2 });
    floor.tell(logOut);
    floor.tell({ type: "agent.logged_in", agentId: "a", presence: { state: "available" } });
    expect(floor.ringing()).toEqual(["a: c1"]);
    floor.pass(20_000);
    expect(floor.router.agent("a")?.presence).toEqual({ state: "available" });
  });

  test("[RT49] a rest does not restart the idle time", () => {
    const floor = missing({ missesAllowed: 2 });
    const idleSince = floor.router.agent("a")?.idleSince;
    floor.pass(5000);
    expect(floor.router.agent("a")?.idleSince).toBe(idleSince);
  });
});

describe("a supervisor", () => {
  const force = (presence: Presence | null) =>
    ({ type: "agent.state_forced", agentId: "a", presence }) as const;
  const training: Presence = { state: "not_ready", reason: "training", paid: true, productive: true };

  test("[RT50] sets an agent not ready: what rings is withdrawn and goes to the next", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a", "b"]);
    floor.arrive("c1");
    floor.tell(force(training));
    expect(floor.decided("offer.withdrawn")).toMatchObject([{ agentId: "a", reason: "supervisor" }]);
    expect(floor.decided("presence.changed").at(-1)).toMatchObject({ by: "supervisor", pending: false });
    expect(floor.state("a")).toBe("not_ready training");
    expect(floor.ringing()).toEqual(["b: c1"]);
  });

  test("[RT50] ends a wrap-up, even one that the agent cannot", () => {
    const floor = talking();
    floor.queue("q", { wrapUp: { mode: "timed_forced", limitMs: 30_000 } });
    floor.end("c1", "a");
    floor.pass(1000);
    floor.tell(force({ state: "available" }));
    expect(floor.decided("wrapup.ended")).toMatchObject([{ by: "supervisor", durationMs: 1000 }]);
    expect(floor.state("a")).toBe("available");
    expect(floor.pass(60_000)).toEqual([]);
  });

  test("[RT50] leaves a call alone; what was forced holds after it", () => {
    const floor = talking();
    floor.tell(force(training));
    expect(floor.router.agent("a")).toMatchObject({ state: "talking", pending: true });
    floor.end("c1", "a");
    floor.pass(30_000);
    expect(floor.state("a")).toBe("not_ready training");
  });

  test("[RT50] logs an agent out after the call, and at once out of a wrap-up", () => {
    const busy = talking();
    busy.tell(force(null));
    expect(busy.state("a")).toBe("talking");
    busy.end("c1", "a");
    expect(busy.state("a")).toBe("logged_out");

    const wrapping = talking();
    wrapping.end("c1", "a");
    wrapping.tell(force(null));
    expect(wrapping.decided("wrapup.ended")).toMatchObject([{ by: "supervisor" }]);
    expect(wrapping.state("a")).toBe("logged_out");
    expect(wrapping.tell(force(null))).toMatchObject([{ type: "ignored", code: "not_logged_in" }]);
  });

  test("[RT50] does not take back a log-out", () => {
    const floor = talking();
    floor.tell(logOut);
    floor.tell(force({ state: "available" }));
    floor.end("c1", "a");
    expect(floor.state("a")).toBe("logged_out");
  });
});

describe("a lost connection", () => {
  const lost = { type: "agent.connection", agentId: "a", connected: false } as const;
  const back = { type: "agent.connection", agentId: "a", connected: true } as const;

  function ringing(): FloorDriver {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.staff(["a"]);
    floor.arrive("c1");
    return floor;
  }

  test("[RT53] takes the offer away, and brings it again when it is back within the grace", () => {
    const floor = ringing();
    floor.tell(lost);
    expect(floor.decided("offer.withdrawn")).toMatchObject([{ reason: "connection_lost" }]);
    expect(floor.state("a")).toBe("not_ready connection_lost");
    expect(floor.router.staffed("q")).toBe(1);
    floor.pass(29_999);
    floor.tell(back);
    expect(floor.ringing()).toEqual(["a: c1"]);
    floor.accept("a");
    expect(floor.pass(60_000)).toEqual([]);
  });

  test("[RT53] logs the agent out after the grace", () => {
    const floor = ringing();
    floor.tell(lost);
    expect(floor.pass(30_000)).toMatchObject([
      { type: "agent.dropped", agentId: "a" },
      { type: "agent.state_changed", to: "logged_out", at: floor.now },
    ]);
    expect(floor.tell(back)).toMatchObject([{ type: "ignored", code: "not_logged_in" }]);
    floor.tell({ type: "agent.logged_in", agentId: "a", presence: { state: "available" } });
    expect(floor.ringing()).toEqual(["a: c1"]);
  });

  test("[RT53] ends no call: the log-out waits for it, and a log-in takes it back", () => {
    const floor = talking();
    floor.tell(lost);
    floor.pass(30_000);
    expect(floor.decided("agent.dropped")).toHaveLength(1);
    expect(floor.router.agent("a")).toMatchObject({ state: "talking", pending: true });
    floor.tell({ type: "agent.logged_in", agentId: "a", presence: { state: "available" } });
    floor.end("c1", "a");
    floor.pass(30_000);
    expect(floor.state("a")).toBe("available");
  });

  test("[RT53] a log-out ends the grace, and none begins after it", () => {
    const floor = talking();
    floor.tell(lost);
    floor.tell(logOut);
    expect(floor.pass(60_000)).toEqual([]);
    const again = talking();
    again.tell(logOut);
    again.tell(lost);
    expect(again.pass(60_000)).toEqual([]);
    again.end("c1", "a");
    expect(again.state("a")).toBe("logged_out");
  });

  test("[RT40] [RT53] an agent who is removed while the connection is lost is not dropped besides", () => {
    const floor = talking();
    floor.tell(lost);
    floor.tell({ type: "config.agent_removed", agentId: "a" });
    expect(floor.pass(60_000)).toEqual([]);
    floor.end("c1", "a");
    expect(floor.router.agent("a")).toBeUndefined();
  });
});

describe("occupancy", () => {
  test("[RT72] is the share of work since the log-in when the agent opens, and stays while open", () => {
    const floor = new FloorDriver();
    floor.queue("q", { agentStrategy: "least_occupied", wrapUp: { mode: "timed", limitMs: 10_000 } });
    floor.staff(["a"]);
    floor.now += 9_999;
    floor.arrive("c1");
    floor.pass(10_000);
    floor.accept("a");
    floor.pass(40_000);
    floor.tell({ type: "item.phase_set", itemId: "c1", agentId: "a", phase: "held" });
    floor.pass(20_000);
    floor.end("c1", "a");
    floor.pass(10_000);
    floor.now += 500_000;
    floor.staff(["a"], { skills: { s: 1 } });
    floor.arrive("c2");
    const rank = floor.decided("offer").at(-1)?.explain.candidates[0]?.rank;
    expect(rank?.[0]).toBe(Math.floor((80_000 * 1_000_000) / 90_000));
  });
});

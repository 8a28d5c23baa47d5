import { describe, expect, test } from "vitest";
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
});

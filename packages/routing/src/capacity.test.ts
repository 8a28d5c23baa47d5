import { describe, expect, test } from "vitest";
import type { CapacityRules, Medium } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

const CALL_OR_CHATS: CapacityRules = { apart: [["voice", "chat"]] };
const CALL_OVER_MAIL: CapacityRules = { interrupts: { voice: ["email"] } };

function floorWith(capacity: CapacityRules, slots: Partial<Record<Medium, number>>): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { wrapUp: { mode: "manual" }, media: ["voice", "chat", "email"] });
  floor.staff(["a"], { slots, capacity });
  return floor;
}

/** An agent with mail in hand that a call has set aside. */
function interrupted(capacity = CALL_OVER_MAIL, mails = 1): FloorDriver {
  const floor = floorWith(capacity, { voice: 1, email: 3, chat: 2 });
  for (let i = 1; i <= mails; i++) {
    floor.arrive(`mail${i}`, "q", { medium: "email" });
    floor.accept("a");
  }
  floor.now += 60_000;
  floor.arrive("call");
  floor.accept("a");
  return floor;
}

function phases(floor: FloorDriver): string[] {
  return (floor.router.agent("a")?.handlings ?? []).map((h) => `${h.itemId} ${h.phase}`);
}

const finish = (itemId: string) => ({ type: "wrapup.finished", itemId, agentId: "a" }) as const;

describe("capacity across media", () => {
  test("[RT51] one call or three chats", () => {
    const floor = floorWith(CALL_OR_CHATS, { voice: 1, chat: 3 });
    floor.arrive("x1", "q", { medium: "chat" });
    floor.accept("a");
    floor.arrive("call");
    expect(floor.ringing()).toEqual([]);
    for (const id of ["x2", "x3"]) {
      floor.arrive(id, "q", { medium: "chat" });
      floor.accept("a");
    }
    floor.arrive("x4", "q", { medium: "chat" });
    expect(floor.ringing()).toEqual([]);
    for (const id of ["x1", "x2", "x3"]) floor.end(id, "a");
    expect(floor.ringing()).toEqual([]); // wrap-up counts
    for (const id of ["x1", "x2"]) floor.tell(finish(id));
    expect(floor.ringing()).toEqual(["a: x4"]);
  });

  test("[RT51] during a call no chat comes, until its wrap-up is over", () => {
    const floor = floorWith(CALL_OR_CHATS, { voice: 1, chat: 3 });
    floor.arrive("call");
    floor.accept("a");
    floor.arrive("x1", "q", { medium: "chat" });
    floor.end("call", "a");
    expect(floor.ringing()).toEqual([]);
    floor.tell(finish("call"));
    expect(floor.ringing()).toEqual(["a: x1"]);
  });

  test("[RT51] media of no common set do not touch each other", () => {
    const floor = floorWith(CALL_OR_CHATS, { voice: 1, chat: 3, email: 1 });
    floor.arrive("call");
    floor.accept("a");
    floor.arrive("mail", "q", { medium: "email" });
    expect(floor.ringing()).toEqual(["a: mail"]);
  });

  test("[RT51] what a call would set aside at once does not come during it", () => {
    const floor = interrupted();
    floor.arrive("mail2", "q", { medium: "email" });
    expect(floor.ringing()).toEqual([]);
    floor.end("call", "a");
    expect(floor.ringing()).toEqual([]);
    floor.tell(finish("call"));
    expect(floor.ringing()).toEqual(["a: mail2"]);
  });

  test("[RT52] a call sets mail aside, in order of taking, and it comes back after the call's wrap-up", () => {
    const floor = interrupted(CALL_OVER_MAIL, 2);
    expect(floor.decided("item.interrupted")).toMatchObject([
      { itemId: "mail1", agentId: "a", byItemId: "call" },
      { itemId: "mail2", agentId: "a", byItemId: "call" },
    ]);
    expect(phases(floor)).toEqual(["mail1 interrupted", "mail2 interrupted", "call talking"]);
    expect(floor.router.agent("a")).toMatchObject({ state: "talking" });
    floor.end("call", "a");
    expect(floor.state("a")).toBe("wrap_up");
    expect(floor.decided("item.resumed")).toEqual([]);
    floor.tell(finish("call"));
    expect(floor.decided("item.resumed")).toMatchObject([
      { itemId: "mail1", byItemId: "call" },
      { itemId: "mail2", byItemId: "call" },
    ]);
    expect(phases(floor)).toEqual(["mail1 talking", "mail2 talking"]);
  });

  test("[RT52] media apart do not keep away what may interrupt", () => {
    const floor = interrupted({ apart: [["voice", "email"]], interrupts: { voice: ["email"] } });
    expect(phases(floor)).toEqual(["mail1 interrupted", "call talking"]);
  });

  test("[RT52] mail in wrap-up is not set aside, and keeps a call away where the media are apart", () => {
    const floor = floorWith(
      { apart: [["voice", "email"]], interrupts: { voice: ["email"] } },
      { voice: 1, email: 1 },
    );
    floor.arrive("mail", "q", { medium: "email" });
    floor.accept("a");
    floor.end("mail", "a");
    floor.arrive("call");
    expect(floor.ringing()).toEqual([]);
    floor.tell(finish("mail"));
    expect(floor.ringing()).toEqual(["a: call"]);
  });

  test("[RT52] an assigned call interrupts as an accepted one does", () => {
    const floor = floorWith(CALL_OVER_MAIL, { voice: 1, email: 1 });
    floor.arrive("mail", "q", { medium: "email" });
    floor.accept("a");
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "voice", phase: "dialing" });
    expect(phases(floor)).toEqual(["mail interrupted", "out dialing"]);
    expect(floor.end("out", "a")).toMatchObject([
      { type: "item.resumed", itemId: "mail" },
      { type: "agent.state_changed", to: "talking", itemId: "mail" },
    ]);
  });

  test("[RT52] mail comes back when the call is over, though a chat goes on", () => {
    const floor = interrupted();
    floor.arrive("x1", "q", { medium: "chat" });
    floor.accept("a");
    floor.tell({ type: "item.ended", itemId: "call", agentId: "a", wrapUp: "skip" });
    expect(phases(floor)).toEqual(["mail1 talking", "x1 talking"]);
  });

  test("[RT52] work set aside in a row comes back in reverse", () => {
    const floor = floorWith(
      { interrupts: { chat: ["email"], voice: ["chat", "email"] } },
      { voice: 1, chat: 1, email: 1 },
    );
    for (const medium of ["email", "chat", "voice"] as const) {
      floor.arrive(medium, "q", { medium });
      floor.accept("a");
    }
    expect(phases(floor)).toEqual(["email interrupted", "chat interrupted", "voice talking"]);
    const skip = { type: "item.ended", agentId: "a", wrapUp: "skip" } as const;
    floor.tell({ ...skip, itemId: "voice" });
    expect(phases(floor)).toEqual(["email interrupted", "chat talking"]);
    floor.tell({ ...skip, itemId: "chat" });
    expect(phases(floor)).toEqual(["email talking"]);
  });

  test("[RT52] media that interrupt each other do not lock each other out", () => {
    const floor = floorWith({ interrupts: { voice: ["chat"], chat: ["voice"] } }, { voice: 1, chat: 1 });
    const assigned = { type: "item.assigned", agentId: "a" } as const;
    floor.tell({ ...assigned, itemId: "x1", medium: "chat" });
    floor.tell({ ...assigned, itemId: "c1", medium: "voice" });
    floor.tell({ ...assigned, itemId: "x2", medium: "chat" });
    expect(phases(floor)).toEqual(["x1 interrupted", "c1 interrupted", "x2 talking"]);
    floor.end("x2", "a");
    expect(phases(floor)).toEqual(["x1 talking", "c1 talking"]);
  });

  test("[RT52] work set aside comes back with the phase it had, or was told meanwhile", () => {
    const floor = floorWith({ interrupts: { voice: ["chat"] } }, { voice: 1, chat: 2 });
    for (const id of ["x1", "x2"]) {
      floor.arrive(id, "q", { medium: "chat" });
      floor.accept("a");
    }
    floor.tell({ type: "item.phase_set", itemId: "x1", agentId: "a", phase: "held" });
    floor.arrive("call");
    floor.accept("a");
    floor.tell({ type: "item.phase_set", itemId: "x2", agentId: "a", phase: "consulting" });
    expect(floor.state("a")).toBe("talking");
    floor.tell({ type: "item.ended", itemId: "call", agentId: "a", wrapUp: "skip" });
    expect(phases(floor)).toEqual(["x1 held", "x2 consulting"]);
  });

  test("[RT52] a chat may end while it is set aside", () => {
    const floor = interrupted({ interrupts: { voice: ["email"] } });
    floor.end("mail1", "a");
    expect(phases(floor)).toEqual(["mail1 wrap_up", "call talking"]);
    floor.tell({ type: "item.ended", itemId: "call", agentId: "a", wrapUp: "skip" });
    expect(floor.decided("item.resumed")).toEqual([]);
    expect(floor.state("a")).toBe("wrap_up");
  });

  test("[RT43] the time set aside is no handling time", () => {
    const floor = interrupted();
    floor.now += 600_000;
    floor.tell({ type: "item.ended", itemId: "call", agentId: "a", wrapUp: "skip" });
    floor.now += 30_000;
    floor.tell({ type: "item.ended", itemId: "mail1", agentId: "a", wrapUp: "skip" });
    expect(floor.router.queueStats("q")?.meanHandleMs).toBe((600_000 + 90_000) / 2);
  });

  test("[RT54] an agent who logs out gives interrupted mail back, and gets it again", () => {
    const floor = interrupted();
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    expect(floor.state("a")).toBe("talking");
    const queuedAt = floor.decided("offer.accepted").map((d) => d.at)[0];
    floor.end("call", "a");
    expect(floor.state("a")).toBe("logged_out");
    expect(floor.decided("item.returned")).toMatchObject([{ itemId: "mail1", queueId: "q", queuedAt }]);
    expect(floor.router.item("mail1")).toMatchObject({ preferredAgentId: "a", handledBy: ["a"] });
    floor.staff(["a"], { slots: { email: 1 } });
    expect(floor.ringing()).toEqual(["a: mail1"]);
  });

  test("[RT54] mail that never waited is taken up again and holds the log-out back", () => {
    const floor = floorWith(CALL_OVER_MAIL, { voice: 1, email: 1 });
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "email" });
    floor.tell({ type: "item.assigned", itemId: "call", agentId: "a", medium: "voice" });
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    floor.end("call", "a");
    expect(phases(floor)).toEqual(["out talking"]);
    floor.end("out", "a");
    expect(floor.state("a")).toBe("logged_out");
  });

  test("[RT54] interrupted mail whose queue is gone is handed back to the runtime", () => {
    const floor = interrupted();
    floor.tell({ type: "config.queue_removed", queueId: "q" });
    floor.tell({ type: "agent.logged_out", agentId: "a", reason: "end_shift" });
    floor.end("call", "a");
    expect(floor.decided("item.orphaned")).toMatchObject([{ itemId: "mail1", queueId: "q" }]);
    expect(floor.decided("item.returned")).toEqual([]);
    expect(floor.state("a")).toBe("logged_out");
  });

  test("[RT33] interrupted work takes no slot", () => {
    const floor = interrupted({ interrupts: { voice: ["email"] } }, 3);
    floor.tell({ type: "item.ended", itemId: "call", agentId: "a", wrapUp: "skip" });
    floor.arrive("mail4", "q", { medium: "email" });
    expect(floor.ringing()).toEqual([]);
    floor.end("mail1", "a");
    floor.tell(finish("mail1"));
    expect(floor.ringing()).toEqual(["a: mail4"]);
  });

  test("[RT39] capacity that changes holds at once", () => {
    const floor = interrupted();
    floor.staff(["a"], { slots: { voice: 1, email: 3 }, capacity: {} });
    expect(phases(floor)).toEqual(["mail1 talking", "call talking"]);
    floor.arrive("mail2", "q", { medium: "email" });
    expect(floor.ringing()).toEqual(["a: mail2"]);
  });
});

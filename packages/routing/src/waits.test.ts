import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import type { WaitEstimate } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** Two agents who talk, with a mean handling time of a minute. */
function busyFloor(): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { expectedHandleMs: 60_000 });
  floor.staff(["a", "b"]);
  for (const id of ["a", "b"]) {
    floor.tell({ type: "item.assigned", itemId: `at ${id}`, agentId: id, medium: "voice" });
  }
  return floor;
}

describe("waits of a floor", () => {
  test("[RT42] those that ring are ahead of nobody, though they count for the position", () => {
    const floor = busyFloor();
    for (const id of ["c1", "c2", "c3"]) floor.arrive(id);
    expect(floor.router.estimate("c3")).toMatchObject({ position: 3, expectedMs: 90_000 });
    expect(floor.router.estimateFor("q")).toMatchObject({ position: 4, expectedMs: 120_000 });
    floor.end("at a", "a");
    expect(floor.router.estimate("c1")).toMatchObject({ position: 1, expectedMs: 0, basis: "ringing" });
    expect(floor.router.estimate("c3")).toMatchObject({ position: 3, expectedMs: 60_000 });
  });

  test("[RT42] agents on a break do not count, those who talk before one do; slots count, not heads", () => {
    const floor = busyFloor();
    floor.staff(["c"]);
    floor.present("c", "lunch");
    floor.present("a", "lunch"); // after the call
    floor.arrive("c1");
    expect(floor.router.estimate("c1")?.expectedMs).toBe(30_000);
    floor.end("at a", "a");
    expect(floor.router.estimate("c1")?.expectedMs).toBe(60_000);
    const chats = new FloorDriver();
    chats.queue("q", { media: ["chat"], expectedHandleMs: 60_000 });
    chats.staff(["a"], { slots: { chat: 3 } });
    for (const id of ["1", "2", "3", "4"]) {
      chats.arrive(id, "q", { medium: "chat" });
      if (id !== "4") chats.accept("a");
    }
    expect(chats.router.estimate("4")?.expectedMs).toBe(20_000);
  });

  test("[RT42] unknown with nobody at work, for one that sleeps, and for one that is not there", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.arrive("c1");
    expect(floor.router.estimate("c1")).toBeNull();
    expect(floor.router.estimate("gone")).toBeNull();
    expect(floor.router.estimateFor("gone")).toBeNull();
    floor.staff(["a"]);
    floor.arrive("c2", "q", { callback: { from: floor.now + 60_000 } });
    expect(floor.router.estimate("c2")).toBeNull();
    expect(floor.router.estimateFor("q")).toMatchObject({ position: 2 });
  });

  test("[RT85] where the agents serve another queue too, the wait of the last one served is told", () => {
    const floor = busyFloor();
    floor.queue("other");
    floor.arrive("c1");
    floor.pass(100_000);
    floor.end("at a", "a");
    floor.accept("a");
    expect(floor.router.estimateFor("q")).toMatchObject({ expectedMs: 100_000, basis: "last_served" });
    floor.arrive("c2");
    floor.pass(110_000);
    expect(floor.router.estimateFor("q")).toMatchObject({ expectedMs: 110_000, basis: "head_of_line" });
    expect(floor.router.estimate("c2")).toMatchObject({ expectedMs: 30_000, basis: "queue_length" });
    floor.pass(490_001); // ten minutes after c1 was served
    expect(floor.router.estimateFor("q")).toMatchObject({ expectedMs: 60_000, basis: "queue_length" });
  });

  test("[RT87] a queue learns its customers' patience, and its waits get shorter", () => {
    const floor = busyFloor();
    floor.arrive("c1");
    floor.pass(30_000);
    expect(floor.router.queueStats("q")?.meanPatienceMs).toBeNull();
    floor.tell({ type: "item.withdrawn", itemId: "c1", reason: "customer_gone" });
    expect(floor.router.queueStats("q")?.meanPatienceMs).toBe(30_000);
    floor.arrive("c2");
    floor.pass(20_000);
    floor.tell({ type: "callback.requested", itemId: "c2", wish: { from: floor.now + 3_600_000 } });
    expect(floor.router.queueStats("q")?.meanPatienceMs).toBe(50_000);
    floor.arrive("c3");
    floor.arrive("c4");
    // 30 s, and one of the two at 1 / 30 s + 1 / 50 s
    expect(floor.router.estimate("c4")?.expectedMs).toBe(Math.round(30_000 + 1 / (1 / 30_000 + 1 / 50_000)));
  });

  // What is told from what the router has learnt itself, of a queue that is offered more than its ten agents can do. Each
  // twentieth customer or so never gives up, and waits as told.
  test("[RT42] [RT86] [RT87] over a long day the mean told is the mean waited, within a twentieth", () => {
    const told = longDay(new SeededRandom(11));
    const mean = (of: (each: Told) => number) => told.reduce((sum, each) => sum + of(each), 0) / told.length;
    const actual = mean(({ waitedMs }) => waitedMs);
    expect(told.length).toBeGreaterThan(300);
    expect(Math.abs(mean(({ estimate }) => estimate.expectedMs) / actual - 1)).toBeLessThan(0.05);
    const held = mean(({ estimate: { lowMs, highMs }, waitedMs }) =>
      lowMs <= waitedMs && waitedMs <= highMs ? 1 : 0,
    );
    expect(held).toBeGreaterThan(0.7);
  });
});

interface Told {
  readonly estimate: WaitEstimate;
  readonly waitedMs: number;
}

const AGENTS = Array.from({ length: 10 }, (_, i) => `agent ${i}`);
const HANDLE_MS = 180_000;
const PATIENCE_MS = 120_000;
const BETWEEN_MS = 15_000;
const CUSTOMERS = 12_000;

/** Exponential times throughout; offers are accepted at once. */
function longDay(random: SeededRandom): Told[] {
  const drawn = (mean: number): number => Math.round(-mean * Math.log(1 - random.next()));
  const floor = new FloorDriver();
  floor.queue("q", { expectedHandleMs: HANDLE_MS });
  floor.staff(AGENTS);
  const { router } = floor;
  const due: { at: number; act: () => void }[] = [];
  const later = (ms: number, act: () => void): void => {
    const at = floor.now + ms;
    let i = due.length;
    while (i > 0 && (due[i - 1]?.at ?? 0) > at) i--;
    due.splice(i, 0, { at, act });
  };
  const told: Told[] = [];
  let asked: { id: string; estimate: WaitEstimate; at: number } | null = null;
  const follow = (decisions: ReturnType<typeof router.handle>): void => {
    for (const decision of decisions) {
      if (decision.type !== "offer") continue;
      const { itemId, agentId, offerId } = decision;
      if (asked?.id === itemId) {
        told.push({ estimate: asked.estimate, waitedMs: floor.now - asked.at });
        asked = null;
      }
      router.handle({ type: "offer.accepted", offerId }, floor.now);
      later(drawn(HANDLE_MS), () =>
        follow(router.handle({ type: "item.ended", itemId, agentId }, floor.now)),
      );
    }
  };
  const arrive = (n: number): void => {
    const id = `c${n}`;
    const item = {
      id,
      medium: "voice",
      clientId: "x",
      queueId: "q",
      queuedAt: floor.now,
      initiation: "new",
    } as const;
    follow(router.handle({ type: "item.queued", item }, floor.now));
    if (n < CUSTOMERS) later(drawn(BETWEEN_MS), () => arrive(n + 1));
    const estimate = router.estimate(id);
    if (estimate === null) return;
    if (asked === null && n % 20 === 0) {
      asked = { id, estimate, at: floor.now };
      return;
    }
    later(drawn(PATIENCE_MS), () => {
      if (router.item(id) === undefined) return;
      follow(router.handle({ type: "item.withdrawn", itemId: id, reason: "customer_gone" }, floor.now));
    });
  };
  arrive(1);
  for (let next = due.shift(); next; next = due.shift()) {
    floor.now = next.at;
    next.act();
  }
  return told;
}

import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import type { CrossSellRule, WorkItem } from "./model.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** `a` talks to `c1`, `b` is open, and nobody waits. */
function floorWith(crossSell: CrossSellRule | undefined, item: Partial<WorkItem> = {}): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", crossSell === undefined ? {} : { crossSell });
  floor.staff(["a", "b"]);
  floor.arrive("c1", "q", item);
  floor.accept("a");
  return floor;
}

function ask(floor: FloorDriver, itemId = "c1"): Decision | undefined {
  return floor.tell({ type: "crosssell.asked", itemId, agentId: "a" })[0];
}

describe("cross-selling", () => {
  test("[RT59] without a rule nothing more is sold", () => {
    expect(ask(floorWith(undefined))).toMatchObject({ allowed: false, because: "no_rule" });
  });

  test("[RT59] with every threshold kept the sale is allowed, and the load is told", () => {
    const floor = floorWith({ inSystemAtMost: 1, waitingAtMost: 0, openAgentsAtLeast: 1 });
    expect(ask(floor)).toEqual({
      type: "crosssell.answered",
      at: floor.now,
      itemId: "c1",
      agentId: "a",
      allowed: true,
      because: null,
      inSystem: 1,
      waiting: 0,
      openAgents: 1,
    });
  });

  test("[RT59] each threshold in its order", () => {
    const floor = floorWith({ inSystemAtMost: 3, waitingAtMost: 0, openAgentsAtLeast: 1 });
    floor.arrive("c2");
    expect(ask(floor)).toMatchObject({ because: "open_agents", inSystem: 2, waiting: 0, openAgents: 0 });
    floor.arrive("c3");
    expect(ask(floor)).toMatchObject({ because: "waiting", inSystem: 3, waiting: 1 });
    floor.arrive("c4");
    expect(ask(floor)).toMatchObject({ because: "in_system", inSystem: 4, waiting: 2 });
  });

  test("[RT59] a contact in wrap-up is out of the system", () => {
    const floor = floorWith({ inSystemAtMost: 1 });
    floor.queue("q", { crossSell: { inSystemAtMost: 1 }, wrapUp: { mode: "manual" } });
    floor.arrive("c2");
    floor.accept("b");
    expect(ask(floor)).toMatchObject({ allowed: false, inSystem: 2 });
    floor.end("c2", "b");
    expect(ask(floor)).toMatchObject({ allowed: true, inSystem: 1 });
  });

  test("[RT59] an agent open for several media of the queue counts once", () => {
    const floor = floorWith({ openAgentsAtLeast: 2 });
    floor.queue("q", { media: ["voice", "chat"], crossSell: { openAgentsAtLeast: 2 } });
    floor.staff(["b"], { slots: { voice: 1, chat: 2 } });
    expect(ask(floor)).toMatchObject({ allowed: false, openAgents: 1 });
    floor.staff(["c"], { slots: { chat: 1 } });
    expect(ask(floor)).toMatchObject({ allowed: true, openAgents: 2 });
  });

  test("[RT59] the criterion looks at the facts of the item", () => {
    const rule = { when: `customer.type == "gold"` };
    expect(ask(floorWith(rule, { facts: { "customer.type": "gold" } }))).toMatchObject({ allowed: true });
    expect(ask(floorWith(rule))).toMatchObject({ allowed: false, because: "criterion" });
  });

  test("[RT59] who has not got the item in hand is not answered", () => {
    expect(ask(floorWith({}), "c9")).toMatchObject({ type: "ignored", code: "unknown_handling" });
  });

  test("[RT59] an item of no queue has no rule", () => {
    const floor = floorWith({});
    floor.tell({ type: "item.assigned", itemId: "out", agentId: "a", medium: "voice" });
    expect(ask(floor, "out")).toMatchObject({ allowed: false, because: "no_rule", inSystem: 0 });
  });
});

import { describe, expect, test } from "vitest";
import { explainFromJournal, routerAt, whyNotFromJournal } from "./explain-from-journal.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

function morning() {
  const floor = new FloorDriver();
  const start = floor.now;
  floor.queue("q", { steps: [{ afterMs: 30_000, raise: 3 }] });
  floor.staff(["a"]);
  floor.arrive("c1");
  floor.accept("a");
  const waits = floor.now;
  floor.arrive("c2");
  floor.pass(60_000);
  floor.end("c1", "a"); // c2 rings at a
  floor.pass(1000);
  floor.accept("a");
  return { floor, start, waits };
}

describe("why a contact waited", () => {
  test("[RT92] the journal up to an instant tells what the router would have told then", () => {
    const { floor, waits } = morning();
    const past = { journal: floor.journal };
    expect(explainFromJournal(past, "c2", waits + 10_000)).toMatchObject({
      at: waits + 10_000,
      priority: 0,
      position: 1,
      offer: null,
      agents: [{ reason: { code: "busy", state: "talking" }, agents: 1 }],
      next: [{ kind: "step", at: waits + 30_000 }],
    });
    // a timer between two entries of the journal has fired
    expect(explainFromJournal(past, "c2", waits + 30_000)).toMatchObject({ priority: 3, step: 1 });
    expect(explainFromJournal(past, "c2", waits + 60_000)).toMatchObject({ offer: { agentId: "a" } });
    expect(explainFromJournal(past, "c2", waits + 61_000)).toBeUndefined();
    expect(whyNotFromJournal(past, "c2", "a", waits)).toEqual([{ code: "busy", state: "talking" }]);
  });

  test("[RT92] a snapshot saves the way from the beginning, and before the journal nothing is known", () => {
    const { floor, start, waits } = morning();
    const at = floor.journal.findIndex((entry) => entry.input.type === "item.ended");
    const snapshot = routerAt({ journal: floor.journal.slice(0, at) }, waits + 30_000)?.snapshot();
    const rest = floor.journal.filter((entry) => entry.seq > (snapshot?.seq ?? 0));
    expect(
      explainFromJournal({ journal: rest, ...(snapshot ? { snapshot } : {}) }, "c2", waits + 60_000),
    ).toEqual(explainFromJournal({ journal: floor.journal }, "c2", waits + 60_000));
    expect(routerAt({ journal: floor.journal }, start - 1)).toBeUndefined();
  });

  test("[RT92] where this engine decides otherwise it tells no reasons", () => {
    const { floor, waits } = morning();
    const journal = floor.journal.map((entry) => ({ ...entry, engineVersion: "0", decisions: [] }));
    expect(() => routerAt({ journal }, waits)).toThrow(
      expect.objectContaining({ code: "routing.other_engine" }),
    );
  });
});

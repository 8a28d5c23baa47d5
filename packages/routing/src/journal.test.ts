import { describe, expect, test } from "vitest";
import type { JournalEntry } from "./journal.ts";
import { Replayer, replay } from "./journal.ts";
import { ENGINE_VERSION } from "./router.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

function morning(): FloorDriver {
  const floor = new FloorDriver();
  floor.queue("q", { wrapUp: { mode: "timed", limitMs: 5000 } });
  floor.staff(["a", "b"]);
  floor.arrive("1");
  floor.pass(500);
  floor.pass(20_000);
  floor.accept("b");
  floor.end("1", "b");
  return floor;
}

describe("time", () => {
  test("[RT2] a late event loop changes nothing: timers fire at their own instants before the input", () => {
    const prompt = morning();
    prompt.pass(5000);
    prompt.pass(55_000);
    const late = morning();
    late.now += 60_000;
    prompt.arrive("2");
    late.arrive("2");
    const all = (floor: FloorDriver) => floor.journal.flatMap((entry) => entry.decisions);
    expect(all(late)).toEqual(all(prompt));
  });

  test("[RT3] an instant before the last one counts as the last one", () => {
    const floor = morning();
    const { now } = floor.router;
    floor.now -= 10_000;
    floor.arrive("2");
    expect(floor.journal.at(-1)?.at).toBe(now);
  });

  test("[RT3] a clock that was set back holds up nothing that is due at the last instant", () => {
    const floor = new FloorDriver();
    floor.queue("q", { wrapUp: { mode: "timed", limitMs: 0 } });
    floor.staff(["a"]);
    floor.arrive("1");
    floor.accept("a");
    floor.end("1", "a");
    floor.now -= 10_000;
    floor.arrive("2");
    expect(floor.journal.at(-1)?.decisions[0]).toMatchObject({ type: "wrapup.ended", by: "timeout" });
    expect(replay(floor.journal).differences).toBe(0);
  });

  test("[RT4] what does not fit is answered, not thrown", () => {
    const floor = new FloorDriver();
    floor.queue("q");
    floor.agent("a");
    const code = (...args: Parameters<FloorDriver["tell"]>) => {
      const [decision] = floor.tell(...args);
      return decision?.type === "ignored" ? decision.code : decision?.type;
    };
    expect(code({ type: "offer.accepted", offerId: "x" })).toBe("stale_offer");
    expect(code({ type: "item.withdrawn", itemId: "x", reason: "flow" })).toBe("unknown_item");
    expect(code({ type: "item.ended", itemId: "x", agentId: "a" })).toBe("unknown_handling");
    expect(code({ type: "item.ended", itemId: "x", agentId: "x" })).toBe("unknown_agent");
    expect(code({ type: "agent.presence_set", agentId: "a", presence: { state: "available" } })).toBe(
      "not_logged_in",
    );
    expect(code({ type: "agent.busy_other", agentId: "a", busy: false })).toBe("no_change");
    floor.arrive("1");
    expect(floor.arrive("1")).toMatchObject([{ type: "ignored", code: "already_queued", id: "1" }]);
  });
});

describe("journal", () => {
  test("[RT46] every input stands in it, with what was decided, and time that decided nothing does not", () => {
    const { journal } = morning();
    expect(journal.map((entry) => entry.seq)).toEqual(journal.map((_, i) => i + 1));
    expect(journal.map((entry) => entry.input.type).slice(-4)).toEqual([
      "item.queued",
      "tick",
      "offer.accepted",
      "item.ended",
    ]);
    expect(journal.at(-3)).toMatchObject({ routerId: "test", epoch: 1, engineVersion: ENGINE_VERSION });
    expect(replay(journal)).toEqual({
      entries: journal.length,
      decisions: journal.reduce((sum, entry) => sum + entry.decisions.length, 0),
      differences: 0,
      epochs: 1,
      engineVersion: ENGINE_VERSION,
      engineVersions: [ENGINE_VERSION],
      otherVersions: [],
      from: journal[0]?.at,
      to: journal.at(-1)?.at,
    });
  });

  test("[RT46] a difference is counted, and the first is shown with both sides", () => {
    const journal = structuredClone(morning().journal);
    const at = journal.findIndex((entry) => entry.input.type === "item.queued");
    journal[at] = { ...(journal[at] as JournalEntry), decisions: [], engineVersion: "0" };
    expect(replay(journal)).toMatchObject({
      differences: 1,
      firstDifference: {
        seq: at + 1,
        input: { type: "item.queued" },
        recorded: [],
        decided: [{ type: "offer" }, {}],
      },
      otherVersions: ["0"],
    });
  });

  test("[RT46] a timer that decides nothing now is a difference, and no gap", () => {
    const { journal } = morning();
    const without = journal.map((entry) => ({ ...entry, routerId: "other" })); // its offers are called otherwise
    const result = replay(without);
    expect(result.entries).toBe(journal.length);
    expect(result.differences).toBeGreaterThan(1);
  });

  test("[RT46] a new epoch begins with an empty router", () => {
    const first = morning().journal;
    const second = first.map((entry) => ({ ...entry, epoch: 2 }));
    const result = replay([...first, ...second]);
    expect(result.firstDifference?.decided[0]).toMatchObject({ type: "offer" }); // its id names the epoch
    expect(result.entries).toBe(2 * first.length);
  });

  test("[RT45] a journal goes on after a snapshot, which only the engine that took it restores", () => {
    const floor = morning();
    const snapshot = floor.router.snapshot();
    floor.arrive("2");
    const rest = floor.journal.slice(snapshot.seq);
    expect(replay(rest, { snapshot })).toMatchObject({ entries: 1, differences: 0, epochs: 1 });
    const refusal = (changed: object) => () => new Replayer({ snapshot: { ...snapshot, ...changed } });
    expect(refusal({ engineVersion: "0" })).toThrow(
      expect.objectContaining({ code: "routing.other_engine" }),
    );
    expect(refusal({ queues: null })).toThrow(expect.objectContaining({ code: "routing.bad_snapshot" }));
  });

  test("[RT46] an input on which the engine breaks is named", () => {
    const [entry] = morning().journal;
    const broken = { ...(entry as JournalEntry), input: { type: "config.queue_set" } as never };
    expect(() => replay([broken])).toThrow(/breaks on entry 1 of epoch 1 \(config.queue_set\)/);
  });

  test("[RT47] a journal that begins in the middle without a snapshot is refused", () => {
    expect(() => replay(morning().journal.slice(2))).toThrow(/begins at entry 3, without a snapshot/);
  });

  test("[RT47] a journal with a gap is refused", () => {
    const journal = morning().journal.filter((entry) => entry.seq !== 3);
    expect(() => replay(journal)).toThrow(expect.objectContaining({ code: "routing.journal_gap" }));
  });
});

import { describe, expect, test } from "vitest";
import type { JournalEntry } from "./journal.ts";
import { replay } from "./journal.ts";
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
      otherVersions: [],
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

  test("[RT46] a new epoch begins with an empty router", () => {
    const first = morning().journal;
    const second = first.map((entry) => ({ ...entry, epoch: 2 }));
    const result = replay([...first, ...second]);
    expect(result.firstDifference?.decided[0]).toMatchObject({ type: "offer" }); // its id names the epoch
    expect(result.entries).toBe(2 * first.length);
  });

  test("[RT47] a journal with a gap is refused", () => {
    const journal = morning().journal.filter((entry) => entry.seq !== 3);
    expect(() => replay(journal)).toThrow(expect.objectContaining({ code: "routing.journal_gap" }));
  });
});

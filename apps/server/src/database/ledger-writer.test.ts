import { ManualClock } from "@svara/kernel/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { LedgerAlarm } from "./ledger-alarm.ts";
import { type LedgerItem, type LedgerStore, LedgerWriter } from "./ledger-writer.ts";

type Failure = "fenced" | "bad_data" | "try_again";

/** A store in memory that answers when the test says so. */
class FakeStore implements LedgerStore {
  readonly stored: string[] = [];
  readonly batches: { batch: number; ids: string[] }[] = [];
  /** What the next writes meet. */
  readonly failures: Failure[] = [];
  badIds = new Set<string>();
  open = true;
  #held: (() => void)[] = [];

  async write(batch: number, items: readonly LedgerItem[]): Promise<void> {
    const ids = items.map(idOf);
    this.batches.push({ batch, ids });
    if (!this.open) await new Promise<void>((resolve) => this.#held.push(resolve));
    const failure = ids.some((id) => this.badIds.has(id)) ? "bad_data" : this.failures.shift();
    if (failure) throw new Error(failure);
    this.stored.push(...ids);
  }

  classify(error: unknown): Failure {
    return (error as Error).message as Failure;
  }

  release(): void {
    this.open = true;
    for (const go of this.#held.splice(0)) go();
  }
}

const idOf = (item: LedgerItem): string => (item.kind === "event" ? item.row.id : "");

function item(id: string): LedgerItem {
  const row = {
    id,
    type: "call.blocked",
    v: 1,
    at: 0,
    actor: "system",
    configRevision: 0,
    payload: {},
  } as const;
  return { kind: "event", row };
}

const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe("the ledger's writer", () => {
  let clock: ManualClock;
  let store: FakeStore;
  let writer: LedgerWriter;
  let alarms: LedgerAlarm[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new FakeStore();
    writer = new LedgerWriter({ clock, store, batchMs: 25, maxBatch: 4, highWater: 10 });
    alarms = [];
    writer.alarms.on((alarm) => alarms.push(alarm));
  });

  const push = (...ids: string[]) => {
    for (const id of ids) writer.push(item(id));
  };
  const kinds = () => alarms.map((alarm) => alarm.kind);

  it("waits for company, but not longer than the batch's time", async () => {
    push("a", "b");
    clock.advance(24);
    await settled();
    expect(store.stored).toEqual([]);
    clock.advance(1);
    await settled();
    expect(store.batches).toEqual([{ batch: 1, ids: ["a", "b"] }]);
  });

  it("writes a full batch at once, and a flush does not wait", async () => {
    push("a", "b", "c", "d", "e");
    await settled();
    expect(store.stored).toEqual(["a", "b", "c", "d", "e"]);
    push("f");
    await writer.flush();
    expect(store.stored).toContain("f");
    expect(clock.pending).toBe(0);
  });

  it("resolves a flush when all that came before it is durable, though more comes", async () => {
    store.open = false;
    push("a");
    let durable = false;
    const flushed = writer.flush().then(() => {
      durable = true;
    });
    push("b");
    await settled();
    expect(durable).toBe(false);
    store.release();
    await flushed;
    expect(store.stored).toEqual(["a"]);
  });

  it("keeps what the database does not take, in order, with the same batch number, and tells of loss and return once", async () => {
    store.failures.push("try_again", "try_again");
    push("a", "b");
    const flushed = writer.flush();
    await settled();
    push("c");
    expect(writer.pressure).toBe("lost");
    clock.advance(50);
    await settled();
    clock.advance(100);
    await flushed;
    expect(writer.pressure).toBe("normal");
    await writer.flush();
    expect(store.stored).toEqual(["a", "b", "c"]);
    expect(store.batches.map(({ batch }) => batch)).toEqual([1, 1, 1, 2]);
    expect(kinds()).toEqual(["lost", "recovered"]);
    expect(alarms[1]).toMatchObject({ outageMs: 150 });
  });

  it("gives up a flush in time, but not the events", async () => {
    store.failures.push("try_again");
    push("a");
    const flushed = writer.flush(20);
    await settled();
    clock.advance(20);
    await expect(flushed).rejects.toMatchObject({ code: "ledger_not_durable", retryable: true });
    clock.advance(30);
    await settled();
    expect(store.stored).toEqual(["a"]);
  });

  it("finds the one item that the database refuses, and stores the others in order", async () => {
    store.badIds.add("c");
    push("a", "b", "c", "d");
    await writer.flush();
    expect(store.stored).toEqual(["a", "b", "d"]);
    expect(alarms).toMatchObject([{ kind: "rejected", item: item("c") }]);
    expect(writer.pending).toBe(0);
  });

  it("stops when another server has taken over", async () => {
    store.failures.push("fenced");
    push("a");
    await expect(writer.flush()).rejects.toMatchObject({ code: "ledger_fenced" });
    expect(() => push("b")).toThrow(/taken over/);
    await expect(writer.flush()).rejects.toMatchObject({ code: "ledger_fenced" });
    expect(kinds()).toEqual(["fenced"]);
    expect(clock.pending).toBe(0);
  });

  it("says when too much waits, and when it has caught up", async () => {
    store.open = false;
    push(..."abcdefghijkl");
    expect(writer.pressure).toBe("high");
    store.release();
    await writer.flush();
    expect(kinds()).toEqual(["high_water", "low_water"]);
    expect(store.stored.join("")).toBe("abcdefghijkl");
  });

  it("stores what waits when it is closed, takes no more, and is closed twice without harm", async () => {
    push("a");
    await writer.close();
    await writer.close();
    expect(store.stored).toEqual(["a"]);
    expect(() => push("b")).toThrow(/closed/);
    expect(clock.pending).toBe(0);
  });
});

import { ENGINE_VERSION, type JournalLine, Replayer, Router } from "@svara/routing";
import { FloorDriver } from "@svara/routing/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type JournalRange, journalLines, runsWithin } from "./journal.ts";
import { withClient } from "./roles.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 8);

let books: TestDatabase;

beforeEach(async () => {
  books = await testDatabase();
});

afterEach(() => books.close());

/** A morning of six hours with a call every minute, its snapshots at the full hours, stored as an epoch of its own. */
async function storeMorning(start: number, engineVersion = ENGINE_VERSION): Promise<FloorDriver> {
  const ledger = await books.openLedger();
  const { epoch } = ledger;
  const floor = new FloorDriver(start, new Router({ routerId: "main", epoch }));
  floor.queue("q", { wrapUp: { mode: "timed", limitMs: 20_000 } });
  floor.staff(["a", "b"]);
  for (let minute = 1; minute <= 360; minute++) {
    floor.pass(60_000 - (floor.now % 60_000));
    floor.arrive(`${epoch}-${minute}`);
    const ringing = floor.router.agents().find(({ offerId }) => offerId !== null);
    if (ringing && minute % 3 > 0) floor.accept(ringing.agentId);
    if (minute % 60 === 0) {
      const snapshot = floor.router.snapshot();
      ledger.snapshot({ routerId: "main", seq: snapshot.seq, at: snapshot.now, engineVersion, snapshot });
    }
    for (const agent of floor.router.agents()) {
      for (const { itemId, phase } of agent.handlings)
        if (phase === "talking") floor.end(itemId, agent.agentId);
      if (agent.presence.state !== "available") floor.present(agent.agentId, "available");
    }
  }
  for (const { epoch: _, ...entry } of floor.journal) ledger.journal({ ...entry, engineVersion });
  await ledger.flush();
  return floor;
}

async function read(range: JournalRange = {}): Promise<{ lines: JournalLine[]; replayer: Replayer }> {
  const runs = await runsWithin(books.db, "main", range);
  const lines = await Array.fromAsync(journalLines(books.db, runs, range));
  const replayer = new Replayer();
  for (const line of lines) {
    if (line.type === "snapshot") replayer.restore(line.snapshot);
    else if (line.type === "entry") replayer.feed({ ...line, routerId: "main" });
  }
  return { lines, replayer };
}

const forget = (upTo: number): Promise<unknown> =>
  withClient(books.database.ownerConnection, (client) =>
    client.query("delete from router_journal where seq <= $1", [upTo]),
  );

describe("the stored journal as lines of a file", () => {
  test("whole: every run from its first entry, oldest first, without a difference", async () => {
    const days = [await storeMorning(START), await storeMorning(START + 24 * HOUR)];
    const { lines, replayer } = await read();
    const entries = days.reduce((sum, day) => sum + day.journal.length, 0);
    expect(lines).toHaveLength(entries);
    expect(replayer.result()).toMatchObject({ entries, differences: 0, epochs: 2, from: START });
  });

  test("a part begins after the nearest snapshot before it, and ends where it was told to", async () => {
    await storeMorning(START);
    await storeMorning(START + 24 * HOUR);
    const range = { from: START + 2.5 * HOUR, to: START + 4 * HOUR };
    const { lines, replayer } = await read(range);
    expect(lines[0]).toMatchObject({ type: "snapshot", at: START + 2 * HOUR });
    const { from, to, differences, epochs } = replayer.result();
    expect({ differences, epochs }).toEqual({ differences: 0, epochs: 1 });
    expect(from).toBeGreaterThanOrEqual(START + 2 * HOUR);
    expect(from).toBeLessThan(START + 2.1 * HOUR);
    expect(to).toBe(START + 4 * HOUR);
  });

  test("a run whose beginning is no longer kept goes on after its first usable snapshot", async () => {
    const { journal } = await storeMorning(START);
    await forget(400);
    const { lines, replayer } = await read();
    expect(lines[0]).toMatchObject({ type: "snapshot" });
    const first = lines[0]?.type === "snapshot" ? lines[0].seq : 0;
    expect(first).toBeGreaterThanOrEqual(400);
    expect(replayer.result()).toMatchObject({ entries: journal.length - first, differences: 0 });
  });

  test("snapshots of another engine are no beginning: from the first entry where that is kept, or not at all", async () => {
    const { journal } = await storeMorning(START, "0");
    const { lines } = await read({ from: START + 2.5 * HOUR });
    expect(lines).toHaveLength(journal.length);
    expect(lines[0]).toMatchObject({ type: "entry", seq: 1 });
    await forget(1);
    await expect(read()).rejects.toMatchObject({ code: "journal.no_beginning" });
  });

  test("nothing within the time asked for is no run", async () => {
    await storeMorning(START);
    expect(await runsWithin(books.db, "main", { from: START + 24 * HOUR })).toEqual([]);
    expect(await runsWithin(books.db, "main", { to: START - 1 })).toEqual([]);
    expect(await runsWithin(books.db, "other", {})).toEqual([]);
  });
});

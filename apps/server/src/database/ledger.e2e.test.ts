import type { LedgerDraft } from "@svara/ledger";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WHOLE_CENTRE, withScope } from "./scope.ts";
import { type TestDatabase, testClock, testDatabase, testIds } from "./testing.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

export function entered(contactId = testIds.next()): LedgerDraft<"queue.entered"> {
  return {
    type: "queue.entered",
    at: testClock.now(),
    contactId,
    queueId: testIds.next(),
    payload: { medium: "voice", initiation: "new", priority: 5 },
  };
}

describe("ledger", () => {
  it("stores what was appended, numbered in order", async () => {
    const ledger = await test.openLedger();
    const drafts = Array.from({ length: 1000 }, () => entered());
    ledger.append(...drafts);
    await ledger.flush();
    const rows = await withScope(test.db, WHOLE_CENTRE, (tx) =>
      tx.selectFrom("event").selectAll().orderBy("seq").execute(),
    );
    expect(rows.map((row) => row.contactId)).toEqual(drafts.map((draft) => draft.contactId));
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    for (let i = 0; i < 10; i++) {
      const t = performance.now();
      ledger.append(...Array.from({ length: 1000 }, () => entered()));
      const a = performance.now();
      await ledger.flush();
      console.log("batch 1000", (a - t).toFixed(1), (performance.now() - t).toFixed(1));
    }
    for (let i = 0; i < 5; i++) {
      const t = performance.now();
      ledger.append(entered());
      await ledger.flush();
      console.log("one", (performance.now() - t).toFixed(2));
    }
    await ledger.close();
  });

  it("shows nothing outside of a scope", async () => {
    expect(await test.db.selectFrom("event").selectAll().execute()).toEqual([]);
  });

  it("lets nobody change it", async () => {
    const rewrite = withScope(test.db, WHOLE_CENTRE, (tx) => tx.updateTable("event").set({ v: 2 }).execute());
    await expect(rewrite).rejects.toThrow(/permission denied/);
    const n = await withScope(test.db, WHOLE_CENTRE, (tx) => sql`select count(*) from event`.execute(tx));
    expect(n.rows).toHaveLength(1);
  });
});

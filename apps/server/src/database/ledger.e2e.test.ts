import type { LedgerDraft, LedgerEvent } from "@svara/ledger";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { journalRuns, latestSnapshot, readJournal } from "./journal.ts";
import type { LedgerAlarm } from "./ledger-alarm.ts";
import { appliedMigrations } from "./migrate.ts";
import { withClient } from "./roles.ts";
import { WHOLE_CENTRE, withScope } from "./scope.ts";
import { SERVER_KINDS } from "./server-kinds.ts";
import { type TestDatabase, testClock, testDatabase, testIds } from "./testing.ts";

function entered(clientId?: string, contactId = testIds.next()): LedgerDraft<"queue.entered"> {
  return {
    type: "queue.entered",
    at: testClock.now(),
    contactId,
    queueId: testIds.next(),
    ...(clientId !== undefined && { clientId }),
    payload: { medium: "voice", initiation: "new", priority: 5 },
  };
}

describe.each(SERVER_KINDS)("the ledger on $name", ({ binDir, present }) => {
  let test: TestDatabase;

  beforeAll(async () => {
    if (present) test = await testDatabase({ ...(binDir !== undefined && { binDir }) });
  });
  beforeEach((context) => {
    if (!present) context.skip("PostgreSQL 15 is not installed");
  });
  afterAll(() => test?.close());

  const all = () =>
    withScope(test.db, WHOLE_CENTRE, (tx) => tx.selectFrom("event").selectAll().orderBy("seq").execute());

  it("stores what was appended in order, numbered without gaps", async () => {
    const ledger = await test.openLedger();
    const drafts = Array.from({ length: 2_500 }, () => entered());
    for (const draft of drafts) ledger.append(draft);
    await ledger.flush();
    const rows = await all();
    expect(rows.map((row) => row.contactId)).toEqual(drafts.map((draft) => draft.contactId));
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    expect(rows[0]).toMatchObject({ epoch: ledger.epoch, centreId: ledger.centreId, actor: "system", v: 1 });
    await ledger.close();
  });

  it("numbers without gaps under eight writers at once, in the order of their commits", async () => {
    const ledger = await test.openLedger();
    const seen: number[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 25; i++) {
        await ledger
          .transaction(WHOLE_CENTRE, async (_tx, emit) => {
            emit(entered());
            if (writer === 0) ledger.append(entered());
            if ((i + writer) % 5 === 0) throw new Error("rolled back");
          })
          .catch(() => {});
        // a reader that looks at any moment sees a prefix: nothing appears later below what it has seen
        const { rows } = await withScope(test.db, WHOLE_CENTRE, (tx) =>
          sql<{
            n: number;
            top: number;
          }>`select count(*) as n, coalesce(max(seq), 0) as top from event`.execute(tx),
        );
        expect(rows[0]?.n).toBe(rows[0]?.top);
        seen.push(rows[0]?.top ?? 0);
      }
    });
    await Promise.all(writers);
    await ledger.flush();
    const rows = await all();
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    expect(rows.length).toBe(2_500 + 8 * 25 - 40 + 25);
    await ledger.close();
  });

  it("refuses a writer whose epoch is over, and says so", async () => {
    const old = await test.openLedger();
    const alarms: LedgerAlarm["kind"][] = [];
    old.alarms.on((alarm) => alarms.push(alarm.kind));
    const next = await test.openLedger();
    expect(next.epoch).toBe(old.epoch + 1);
    const before = (await all()).length;
    old.append(entered());
    await expect(old.flush()).rejects.toMatchObject({ code: "ledger_fenced" });
    expect(alarms).toEqual(["fenced"]);
    expect(() => old.append(entered())).toThrow(/taken over/);
    const newest = await test.openLedger();
    const late = next.transaction(WHOLE_CENTRE, async (_tx, emit) => emit(entered()));
    await expect(late).rejects.toMatchObject({ code: "ledger_fenced" });
    expect(await all()).toHaveLength(before);
    await newest.close();
  });

  it("lets nobody change, remove or empty it, nor write past the counter", async () => {
    const runtime = (text: string) => withScope(test.db, WHOLE_CENTRE, (tx) => sql.raw(text).execute(tx));
    for (const text of [
      "update event set v = 2",
      "delete from event",
      "truncate event",
      "insert into event select * from event limit 1",
      "update ledger_counter set last_seq = 1",
      "delete from router_journal",
      "delete from config_revision",
    ]) {
      await expect(runtime(text)).rejects.toThrow(/permission denied/);
    }
    const owner = (text: string) =>
      withClient(test.database.ownerConnection, async (client) => {
        await client.query("set app.clients = '*'");
        await client.query(text);
      });
    await expect(owner("update event set v = 2")).rejects.toThrow(/append-only/);
    await expect(owner("delete from event")).rejects.toThrow(/append-only/);
    await expect(owner("truncate event")).rejects.toThrow(/append-only/);
    const month = new Date(testClock.now()).toISOString().slice(0, 7).replace("-", "_");
    await expect(owner(`truncate event_${month}`)).rejects.toThrow(/append-only/);
    await expect(runtime(`select * from event_${month}`)).rejects.toThrow(/permission denied/);
  });

  it("shows the events of a scope's clients and of the centre, and none without a scope", async () => {
    const ledger = await test.openLedger();
    const [a, b] = [testIds.next(), testIds.next()];
    const [ofA, ofB] = [entered(a), entered(b)];
    ledger.append(ofA, ofB);
    await ledger.flush();
    const contacts = async (clients: string[]) =>
      (
        await withScope(test.db, { clients }, (tx) =>
          tx.selectFrom("event").select("contactId").where("clientId", "is not", null).execute(),
        )
      ).map((row) => row.contactId);
    expect(await contacts([a])).toEqual([ofA.contactId]);
    expect(await contacts([a, b])).toEqual([ofA.contactId, ofB.contactId]);
    expect(await contacts([])).toEqual([]);
    expect(await test.db.selectFrom("event").selectAll().execute()).toEqual([]);
    const foreign = ledger.transaction({ clients: [a] }, async (_tx, emit) => emit(entered(b)));
    await expect(foreign).rejects.toThrow(/row-level security/);
    await ledger.close();
  });

  it("keeps two hundred scopes at once apart", async () => {
    const ledger = await test.openLedger();
    const clients = Array.from({ length: 50 }, () => testIds.next());
    for (const client of clients) ledger.append(entered(client));
    await ledger.flush();
    const seen = await Promise.all(
      Array.from({ length: 200 }, (_, i) => {
        const own = clients[i % clients.length] as string;
        return withScope(test.db, { clients: [own] }, async (tx) => {
          const rows = await tx
            .selectFrom("event")
            .select("clientId")
            .where("clientId", "is not", null)
            .execute();
          return rows.length === 1 && rows[0]?.clientId === own;
        });
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
    await ledger.close();
  });

  it("puts what a transaction says after what was appended before it, and nothing when it fails", async () => {
    const ledger = await test.openLedger();
    const [first, second, never] = [entered(), entered(), entered()];
    ledger.append(first);
    await ledger.transaction(WHOLE_CENTRE, async (_tx, emit) => emit(second));
    await ledger
      .transaction(WHOLE_CENTRE, async (_tx, emit) => {
        emit(never);
        throw new Error("no");
      })
      .catch(() => {});
    const ids = (await all()).map((row) => row.contactId);
    expect(ids.slice(-2)).toEqual([first.contactId, second.contactId]);
    await ledger.close();
  });

  it("hands each event to a reader exactly once, in order, also when the reader fails half-way", async () => {
    const ledger = await test.openLedger();
    const taken: number[] = [];
    let failures = 0;
    const work = async (tx: unknown, events: readonly LedgerEvent[]) => {
      expect(tx).toBeDefined();
      if (failures++ === 0) throw new Error("the first try fails");
      taken.push(...events.map((event) => event.seq));
    };
    const reader = ledger.consume(
      "test-reader",
      { types: ["queue.entered"], from: "now", batchSize: 7 },
      work,
    );
    await expect
      .poll(() => cursor("test-reader"), { timeout: 5_000 })
      .toBeGreaterThan(0)
      .catch(() => {});
    const start = (await all()).length;
    const drafts = Array.from({ length: 40 }, () => entered());
    ledger.append(...drafts);
    await ledger.flush();
    await expect.poll(() => taken.length, { timeout: 15_000 }).toBe(40);
    expect(taken).toEqual(Array.from({ length: 40 }, (_, i) => start + 1 + i));
    reader.dispose();
    await reader.stopped;
    expect(await cursor("test-reader")).toBe(start + 40);
    await ledger.close();
  });

  const cursor = async (name: string) => {
    const row = await test.db
      .selectFrom("ledgerCursor")
      .select("seq")
      .where("name", "=", name)
      .executeTakeFirst();
    return row?.seq ?? 0;
  };

  it("withholds free text and refuses an id that is none", async () => {
    const ledger = await test.openLedger();
    const alarms: string[] = [];
    ledger.alarms.on((alarm) => alarms.push(alarm.kind));
    const contactId = testIds.next();
    const payload = { recordingId: testIds.next(), reason: "call +49 89 1234 back" };
    ledger.append({ type: "recording.failed", at: testClock.now(), contactId, payload });
    await ledger.flush();
    expect((await all()).at(-1)?.payload).toMatchObject({ reason: "withheld" });
    expect(alarms).toEqual(["withheld"]);
    expect(() => ledger.append(entered(undefined, "c-1"))).toThrow(/contactId is not a UUID/);
    await ledger.close();
  });

  it("stores the router's journal with the events, for replay", async () => {
    const ledger = await test.openLedger();
    const entry = (seq: number) => ({
      routerId: "main",
      seq,
      at: testClock.now(),
      engineVersion: "1",
      input: { type: "tick", n: seq },
      decisions: [{ type: "offer", seq }],
    });
    const entries = Array.from({ length: 1_200 }, (_, i) => entry(i + 1));
    for (const each of entries) ledger.journal(each);
    ledger.snapshot({
      routerId: "main",
      seq: 600,
      at: testClock.now(),
      engineVersion: "1",
      snapshot: { n: 600 },
    });
    await ledger.flush();
    const run = { routerId: "main", epoch: ledger.epoch };
    const read = await Array.fromAsync(readJournal(test.db, { ...run, afterSeq: 100 }));
    expect(read.map(({ epoch: _, ...rest }) => rest)).toEqual(entries.slice(100));
    expect(await latestSnapshot(test.db, run)).toMatchObject({ seq: 600, snapshot: { n: 600 } });
    expect((await journalRuns(test.db, "main"))[0]).toMatchObject({ epoch: ledger.epoch, entries: 1_200 });
    await ledger.close();
  });

  it("makes partitions ahead, again and again without harm", async () => {
    const parts = async () =>
      (
        await sql<{
          n: number;
        }>`select count(*) as n from pg_inherits where inhparent = 'event'::regclass`.execute(test.db)
      ).rows[0]?.n;
    const before = await parts();
    const year = 365 * 86_400_000;
    await sql`select ensure_partitions(${testClock.now() + year})`.execute(test.db);
    await sql`select ensure_partitions(${testClock.now() + year})`.execute(test.db);
    expect(await parts()).toBe((before ?? 0) + 3);
  });

  it("has its migrations", async () => {
    const names = await withClient(test.database.ownerConnection, appliedMigrations);
    expect(names).toContain("0101_ledger");
  });
});

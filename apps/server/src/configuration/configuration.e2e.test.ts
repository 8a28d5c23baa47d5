import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Ledger, type Scope, type Tx, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { type TestDatabase, testClock, testDatabase, testIds } from "../database/testing.ts";
import type { ConfigKind } from "./config-kind.ts";
import { Configuration } from "./configuration.ts";

interface Lamp {
  name: string;
  colour: "red" | "green";
  secret?: string | undefined;
}

const lampSchema: z.ZodType<Lamp> = z.object({
  name: z.string().min(1),
  colour: z.enum(["red", "green"]),
  secret: z.string().optional(),
});

/** A kind over a table of the test's own; the secret is kept apart from what `read` returns. */
const lamp: ConfigKind<Lamp> = {
  name: "lamp",
  schema: lampSchema,
  secrets: ["secret"],
  async read(tx, id) {
    const { rows } = await sql<{ value: Lamp }>`select value from lamp where id = ${id}`.execute(tx);
    return rows[0]?.value ?? null;
  },
  async write(tx, id, value) {
    if (value === null) {
      await sql`delete from lamp where id = ${id}`.execute(tx);
      return;
    }
    const { secret, ...open } = value;
    await sql`insert into lamp (id, value, secret) values (${id}, ${JSON.stringify(open)}, ${secret ?? null})
      on conflict (id) do update set value = excluded.value, secret = coalesce(excluded.secret, lamp.secret)`.execute(
      tx,
    );
  },
};

const actor = `user:${testIds.next()}` as const;
let test: TestDatabase;
let ledger: Ledger;
let configuration: Configuration;

beforeEach(async () => {
  test = await testDatabase();
  ledger = await test.openLedger();
  await asOwner(test, "create table lamp (id uuid primary key, value jsonb not null, secret text)");
  configuration = new Configuration({ ledger, clock: testClock });
  configuration.register(lamp);
});
afterEach(() => test.close());

async function asOwner(on: TestDatabase, text: string): Promise<void> {
  const { withClient } = await import("../database/roles.ts");
  await withClient(on.database.ownerConnection, (client) => client.query(text));
}

const change = (id: string, value: Lamp | null, ifMatch?: string) =>
  configuration.apply(WHOLE_CENTRE, {
    actor,
    kind: "lamp",
    id,
    value,
    ...(ifMatch !== undefined && { ifMatch }),
  });
const inScope = <T>(work: (tx: Tx) => Promise<T>, scope: Scope = WHOLE_CENTRE) =>
  withScope(test.db, scope, work);
const undo = (revision: number) =>
  ledger.transaction(WHOLE_CENTRE, (tx, emit) => configuration.undo(tx, emit, { revision, actor }));

describe("the configuration's door", () => {
  it("numbers every change with who, when, before and after", async () => {
    const id = testIds.next();
    const first = await change(id, { name: "a", colour: "red" });
    const second = await change(id, { name: "a", colour: "green" });
    expect([first.revision, second.revision]).toEqual([1, 2]);
    const history = await inScope((tx) => configuration.history(tx, { kind: "lamp", entityId: id }));
    expect(history.map(({ revision, actor, before, after }) => ({ revision, actor, before, after }))).toEqual(
      [
        { revision: 2, actor, before: { name: "a", colour: "red" }, after: { name: "a", colour: "green" } },
        { revision: 1, actor, before: null, after: { name: "a", colour: "red" } },
      ],
    );
  });

  it("undoes a change, a creation and a removal", async () => {
    const id = testIds.next();
    const read = () => inScope((tx) => configuration.read(tx, "lamp", id));
    const made = await change(id, { name: "a", colour: "red" });
    const changed = await change(id, { name: "a", colour: "green" });
    const undone = await undo(changed.revision);
    expect((await read())?.value).toEqual({ name: "a", colour: "red" });
    await expect(undo(made.revision)).rejects.toMatchObject({ code: "config_undo_outdated" });
    const removed = await change(id, null);
    expect(await read()).toBeNull();
    await undo(removed.revision);
    expect((await read())?.value).toEqual({ name: "a", colour: "red" });
    const other = testIds.next();
    await undo((await change(other, { name: "b", colour: "red" })).revision);
    expect(await inScope((tx) => configuration.read(tx, "lamp", other))).toBeNull();
    expect(undone.revision).toBe(3);
  });

  it("refuses a change to something that was changed meanwhile", async () => {
    const id = testIds.next();
    const seen = await change(id, { name: "a", colour: "red" });
    await change(id, { name: "b", colour: "red" }, seen.etag);
    await expect(change(id, { name: "c", colour: "red" }, seen.etag)).rejects.toMatchObject({
      code: "config_changed_meanwhile",
      httpStatus: 412,
    });
  });

  it("names the field of a bad value", async () => {
    const bad = { name: "a", colour: "blue" } as unknown as Lamp;
    await expect(change(testIds.next(), bad)).rejects.toMatchObject({ httpStatus: 422, field: "colour" });
  });

  it("makes no revision when nothing changes, nor when the transaction fails", async () => {
    const id = testIds.next();
    await change(id, { name: "a", colour: "red" });
    expect(await change(id, { name: "a", colour: "red" })).toMatchObject({ changed: false, revision: 1 });
    const failing = ledger.transaction(WHOLE_CENTRE, async (tx, emit) => {
      await configuration.change(tx, emit, { actor, kind: "lamp", id, value: null });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect((await change(id, { name: "z", colour: "red" })).revision).toBe(2);
  });

  it("keeps secrets out of revisions, and as they were when a change is undone", async () => {
    const id = testIds.next();
    await change(id, { name: "a", colour: "red", secret: "hunter2" });
    const second = await change(id, { name: "b", colour: "red" });
    await undo(second.revision);
    const stored = await inScope((tx) => sql<{ secret: string }>`select secret from lamp`.execute(tx));
    expect(stored.rows).toEqual([{ secret: "hunter2" }]);
    const history = await inScope((tx) => configuration.history(tx));
    expect(JSON.stringify(history)).not.toContain("hunter2");
    expect(history.at(-1)?.after).toEqual({ name: "a", colour: "red", secret: "$redacted" });
  });

  it("tells after the commit and stamps later events with the revision", async () => {
    const told: number[] = [];
    configuration.changed.on(({ revision }) => told.push(revision));
    await change(testIds.next(), { name: "a", colour: "red" });
    expect(told).toEqual([1]);
    expect(ledger.configRevision).toBe(1);
    const events = await inScope((tx) => tx.selectFrom("event").select(["type", "payload"]).execute());
    expect(events).toMatchObject([{ type: "config.changed", payload: { revision: 1, kind: "lamp" } }]);
  });

  it("numbers changes that are made at once without gaps or doubles", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => change(testIds.next(), { name: `lamp-${i}`, colour: "red" })),
    );
    expect(results.map((result) => result.revision).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

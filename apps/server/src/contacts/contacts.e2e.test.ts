import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { api } from "@svara/contracts";
import type { LedgerDraft } from "@svara/ledger";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordingPath } from "../live/recording-keeper.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";
import { databaseLiveStore } from "./database-live-store.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const store = () => {
  const { clock, ids, office, countryOf, database } = server.core;
  return databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
};

interface Call {
  readonly number?: string;
  readonly name?: string;
  readonly startedAt?: number;
}

async function begin({ number, name, startedAt }: Call) {
  const contactId = server.core.ids.next();
  const registered = await store().contactBegun({
    contactId,
    clientId: server.clientId,
    direction: "inbound",
    origin: "customer",
    startedAt: startedAt ?? server.core.clock.now(),
    calledNumber: "+46850000001",
    ...(number !== undefined && { remoteNumber: number }),
    ...(name !== undefined && { remoteName: name }),
  });
  return { contactId, ...registered };
}

async function record(contactId: string, startedAt: number): Promise<string> {
  const recordingId = server.core.ids.next();
  const storageKey = `2026/01/05/${recordingId}`;
  const file = recordingPath(server.core.recordingsFolder, storageKey);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "RIFF....WAVE");
  const { clientId } = server;
  await store().recordingBegun({ recordingId, contactId, clientId, startedAt, storageKey });
  await store().recordingStored(clientId, recordingId, { durationMs: 1000, bytes: 12, sha256: "ab" });
  return file;
}

test("a contact whose answer was lost on the way is begun once, with the same numbers", async () => {
  const contactId = server.core.ids.next();
  const contact = {
    contactId,
    clientId: server.clientId,
    direction: "inbound",
    origin: "customer",
    startedAt: server.core.clock.now(),
    remoteNumber: "+46812345699",
  } as const;
  const first = await store().contactBegun(contact);
  const [again, other] = await Promise.all([
    store().contactBegun(contact),
    begin({ number: "+46812345698" }),
  ]);
  expect(again.shortNumber).toBe(first.shortNumber);
  expect(again.customer?.id).toBe(first.customer?.id);
  expect(other.shortNumber).toBe(first.shortNumber + 1);
});

test("a caller is known again by the number, a new one is made once, a withheld one not at all", async () => {
  const first = await begin({ number: "08-123 456 01", name: "Elsa" });
  const again = await begin({ number: "+46812345601" });
  expect(again.customer?.id).toBe(first.customer?.id);
  expect(again.customer).toMatchObject({ name: "Elsa", number: "+46812345601" });
  expect(again.shortNumber).toBe(first.shortNumber + 1);
  expect((await begin({ number: "anonymous" })).customer).toBeUndefined();
  expect((await begin({})).customer).toBeUndefined();
  const both = await Promise.all([begin({ number: "+46812345602" }), begin({ number: "+46812345602" })]);
  expect(new Set(both.map((one) => one.customer?.id)).size).toBe(1);
  expect(new Set(both.map((one) => one.shortNumber)).size).toBe(2);
});

test("contacts are found by the customer's name, by a part of the number, by their own number; page by page", async () => {
  const { contactId, shortNumber } = await begin({ number: "+46812345677", name: "Ture Sökbar" });
  const ids = async (search: string) =>
    (await server.admin.call(api.contacts.list, { query: { search } })).body.items.map((item) => item.id);
  expect(await ids("sökbar")).toEqual([contactId]);
  expect(await ids("345677")).toEqual([contactId]);
  expect(await ids(String(shortNumber))).toContain(contactId);
  expect(await ids("%_")).toEqual([]);

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await server.admin.call(api.contacts.list, {
      query: { limit: 2, ...(cursor !== undefined && { cursor }) },
    });
    seen.push(...page.body.items.map((item) => item.id));
    cursor = page.body.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const all = (await server.admin.call(api.contacts.list, {})).body.items.map((item) => item.id);
  expect(seen).toEqual(all);
});

test("the detail tells the segments of the ledger, the notes and the outcome", async () => {
  const { contactId } = await begin({ number: "+46812345611" });
  const { ledger, clock, ids } = server.core;
  const at = clock.now();
  const subject = { clientId: server.clientId, contactId };
  const flow = ids.next();
  const drafts: LedgerDraft[] = [
    {
      type: "contact.created",
      at,
      ...subject,
      payload: { medium: "voice", direction: "inbound", origin: "customer" },
    },
    {
      type: "segment.started",
      at,
      ...subject,
      segmentId: flow,
      payload: { party: "customer", kind: "flow" },
    },
    {
      type: "segment.ended",
      at: at + 4000,
      ...subject,
      segmentId: flow,
      payload: { party: "customer", kind: "flow", reason: "customer_ended" },
    },
    {
      type: "contact.closed",
      at: at + 4000,
      ...subject,
      payload: { outcome: "abandoned_ivr", endedBy: "customer" },
    },
  ];
  ledger.append(...drafts);
  await ledger.flush();
  await store().contactChanged(server.clientId, contactId, {
    outcome: "abandoned_ivr",
    customerEndedAt: at + 4000,
    closedAt: at + 4000,
  });
  await server.admin.call(api.contacts.setWork, {
    params: { id: contactId },
    body: { notes: "Hung up early" },
  });
  const { body } = await server.admin.call(api.contacts.get, { params: { id: contactId } });
  expect(body).toMatchObject({
    outcome: "abandoned_ivr",
    notes: "Hung up early",
    remoteNumber: "+46812345611",
  });
  expect(body.segments).toMatchObject([{ party: "customer", kind: "flow", endReason: "customer_ended" }]);
  expect(body.events.map((event) => event.type)).toEqual(drafts.map((draft) => draft.type));
});

describe("personal data", () => {
  /** Every row of every table as text, as a dump would hold it. */
  async function dump(): Promise<string> {
    const client = new pg.Client({ ...server.test.database.ownerConnection });
    await client.connect();
    try {
      await client.query("select set_config('app.clients', '*', false)");
      const tables = await client.query<{ name: string }>(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
      );
      const parts: string[] = [];
      for (const { name } of tables.rows) {
        const rows = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
        parts.push(...rows.rows.map(({ row }) => row));
      }
      return parts.join("\n");
    } finally {
      await client.end();
    }
  }

  test("of an erased customer is nowhere in a dump, nor is the recording; the contact stays", async () => {
    const number = "+46701740699";
    const name = "Zebulon Quist";
    const { contactId, customer } = await begin({ number, name });
    const file = await record(contactId, server.core.clock.now());
    await store().workSaved(server.clientId, contactId, server.core.ids.next(), {
      notes: `${name} asked about a bill`,
    });
    const id = customer?.id ?? "";
    const read = await server.admin.call(api.customers.get, { params: { id } });
    const {
      clientId: _c,
      id: _i,
      shortNumber: _s,
      createdAt: _a,
      updatedAt: _u,
      lastContactAt: _l,
      contactCount,
      ...draft
    } = read.body;
    expect(contactCount).toBe(1);
    const changed = await server.admin.call(api.customers.replace, {
      params: { id },
      body: {
        ...draft,
        notes: `Call ${name} back`,
        identifiers: [...draft.identifiers, { kind: "email", value: "zebulon@example.com" }],
      },
    });
    expect(changed.status, changed.text).toBe(200);
    const before = await dump();
    for (const planted of [name, number, "zebulon@example.com"]) expect(before).toContain(planted);

    const erased = await server.admin.call(api.customers.erase, { params: { id } });
    expect(erased.body).toEqual({ contacts: 1, recordings: 1 });
    const after = await dump();
    for (const planted of [name, number, number.slice(1), "zebulon", "Zebulon"])
      expect(after).not.toContain(planted);
    expect(existsSync(file)).toBe(false);
    const contact = await server.admin.call(api.contacts.get, { params: { id: contactId } });
    expect(contact.body).toMatchObject({ customer: null, remoteNumber: null, notes: "" });
    expect(contact.body.recordings).toMatchObject([{ state: "deleted" }]);
    const { items } = (await server.admin.call(api.audit.list, { query: { action: "customer_erased" } }))
      .body;
    expect(items).toMatchObject([{ subjectId: id }]);
  });

  test("goes after the client's days of retention, the recordings too, and no earlier", async () => {
    const day = 86_400_000;
    const now = server.core.clock.now();
    const old = await begin({ number: "+46812345631", startedAt: now - 91 * day });
    const older = await begin({ number: "+46812345632", startedAt: now - 366 * day });
    const fresh = await begin({ number: "+46812345633" });
    const files = [
      await record(old.contactId, now - 91 * day),
      await record(older.contactId, now - 366 * day),
      await record(fresh.contactId, now),
    ];
    expect(await server.side.erasure.applyRetention()).toEqual({ recordings: 2, contacts: 1 });
    expect(files.map((file) => existsSync(file))).toEqual([false, false, true]);
    const numberOf = async (id: string) =>
      (await server.admin.call(api.contacts.get, { params: { id } })).body.remoteNumber;
    expect(await numberOf(old.contactId)).toBe("+46812345631");
    expect(await numberOf(older.contactId)).toBeNull();
    expect(await server.side.erasure.applyRetention()).toEqual({ recordings: 0, contacts: 0 });
  });
});

test("two customers cannot hold one number; what is no number or address is named", async () => {
  const customer = (value: string, kind: "phone" | "email" = "phone") =>
    server.admin.call(api.customers.create, {
      body: {
        clientId: server.clientId,
        name: "Someone",
        company: null,
        language: null,
        notes: "",
        identifiers: [{ kind, value }],
      },
    });
  expect((await customer("+46812345651")).status).toBe(200);
  expect((await customer("08-12 34 56 51")).problem).toMatchObject({
    status: 409,
    code: "taken",
    field: "identifiers.0.value",
  });
  expect((await customer("hello")).problem).toMatchObject({ status: 400, field: "identifiers.0.value" });
  expect((await customer("no-mail", "email")).problem.status).toBe(400);
});

import { api, operations, type Permission, PRESET_ROLES, type Route } from "@svara/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseLiveStore } from "../contacts/database-live-store.ts";
import { WHOLE_CENTRE, withScope } from "../database/index.ts";
import { makeQueue } from "../test-kit/make-queue.ts";
import type { TestClient } from "../test-kit/test-client.ts";
import { ADMIN, type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;
let otherClientId = "";
const callers = new Map<string, TestClient | undefined>();
const PASSWORD = "a long enough one";

beforeAll(async () => {
  server = await testServer();
  const { items } = (await server.admin.call(api.clients.list, {})).body;
  const { id: _, revision: _r, archived: _a, ...draft } = items[0] as (typeof items)[number];
  const other = await server.admin.call(api.clients.create, { body: { ...draft, name: "The other one" } });
  otherClientId = other.body.id;
  callers.set("nobody", undefined);
  callers.set("administrator", server.admin);
  await makeUser("supervisor", "supervisor", { kind: "centre" });
  await makeUser("agent", "agent", { kind: "centre" });
  await makeUser("ours", "supervisor", { kind: "client", id: server.clientId });
  await makeUser("theirs", "supervisor", { kind: "client", id: otherClientId });
});
afterAll(() => server.close());

type Scope = { kind: "centre" } | { kind: "client" | "queue" | "team" | "site"; id: string };

async function makeUser(username: string, role: "supervisor" | "agent" | "administrator", scope: Scope) {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope }],
      agent: role === "agent" ? { teamId: null, siteId: null, extension: null, skills: [] } : null,
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  callers.set(username, await server.signIn(username, PASSWORD));
  return made.body.id;
}

const ABSENT = "01990000-0000-7000-8000-00000000dead";
/** A session route would end the walk's own session. */
const SKIPPED = new Set(["identity.signOut", "identity.changePassword"]);

function held(caller: string): readonly Permission[] {
  if (caller === "administrator") return PRESET_ROLES.administrator;
  return caller === "agent" ? PRESET_ROLES.agent : PRESET_ROLES.supervisor;
}

function expected(caller: string, route: Route): "open" | 401 | 403 {
  if (route.access === "public") return "open";
  if (caller === "nobody") return 401;
  if (route.access === "signed_in") return "open";
  return held(caller).includes(route.access) ? "open" : 403;
}

describe("every route, for every kind of caller", () => {
  test.each(["nobody", "agent", "supervisor", "ours", "administrator"])("%s", async (name) => {
    const client = callers.get(name) ?? server.client();
    const faults: string[] = [];
    for (const [operation, route] of operations) {
      if (SKIPPED.has(operation)) continue;
      const params = Object.fromEntries(
        [...route.path.matchAll(/:(\w+)/g)].map(([, key]) => [key, key === "revision" ? "999999" : ABSENT]),
      );
      const answer = await client.call(route, { params } as never);
      const want = expected(name, route);
      const notAgent = name !== "agent" && answer.problem?.code === "not_an_agent";
      if (want === "open" ? [401, 403].includes(answer.status) && !notAgent : answer.status !== want)
        faults.push(`${operation}: ${answer.status} ${answer.problem?.code}, expected ${want}`);
      if (answer.status >= 500) faults.push(`${operation}: ${answer.text}`);
    }
    // contacts need one of two rights, which the route checks itself
    expect(faults.filter((fault) => !/^identity\.signIn: 40[01]/.test(fault))).toEqual([]);
  });
});

describe("what belongs to another client", () => {
  test("what may be called for it is neither seen nor tried nor changed", async () => {
    const role = await server.admin.call(api.roles.create, {
      body: { name: "Telephony", permissions: ["telephony.view", "telephony.edit"] },
    });
    expect(role.status, role.text).toBe(200);
    const made = await server.admin.call(api.users.create, {
      body: {
        username: "their-telephony",
        displayName: "Theirs",
        email: null,
        language: "en",
        active: true,
        grants: [{ roleId: role.body.id, scope: { kind: "client", id: otherClientId } }],
        agent: null,
        password: PASSWORD,
        mustChangePassword: false,
      },
    });
    expect(made.status, made.text).toBe(200);
    const theirs = await server.signIn("their-telephony", PASSWORD);
    const own = await theirs.call(api.dialRules.get, { params: { id: otherClientId } });
    expect(own.status, own.text).toBe(200);
    const { id: _, revision, ...rules } = own.body;
    const body = { ...rules, countries: "all" as const };
    const change = (id: string) =>
      theirs.call(api.dialRules.replace, { params: { id }, body, ifMatch: revision });
    expect((await change(otherClientId)).status).toBe(200);
    expect((await change(server.clientId)).status).toBe(404);
    expect((await theirs.call(api.dialRules.get, { params: { id: server.clientId } })).status).toBe(404);
    const tried = (clientId: string) =>
      theirs.call(api.dialRules.try, { query: { number: "112", clientId } });
    expect((await tried(otherClientId)).status).toBe(200);
    expect((await tried(server.clientId)).status).toBe(404);
  });

  function store() {
    const { clock, ids, office, countryOf, database } = server.core;
    return databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
  }

  async function makeContact(clientId: string, number: string, queueId?: string) {
    const contactId = server.core.ids.next();
    await store().contactBegun({
      contactId,
      clientId,
      direction: "inbound",
      origin: "customer",
      startedAt: server.core.clock.now(),
      remoteNumber: number,
    });
    if (queueId) await store().contactChanged(clientId, contactId, { queueId });
    return contactId;
  }

  test("its queues, contacts and customers are neither listed nor found nor changed", async () => {
    const mine = await makeQueue(server, server.clientId, "Mine");
    const yours = await makeQueue(server, otherClientId, "Yours");
    const myContact = await makeContact(server.clientId, "+46701740605", mine.id);
    const yourContact = await makeContact(otherClientId, "+46701740606", yours.id);
    const ours = callers.get("ours") as TestClient;

    const queues = (await ours.call(api.queues.list, {})).body.items;
    expect(queues.map((queue) => queue.name)).toEqual(["Mine"]);
    expect((await ours.call(api.queues.get, { params: { id: yours.id } })).status).toBe(404);
    const contacts = (await ours.call(api.contacts.list, {})).body.items;
    expect(contacts.map((contact) => contact.id)).toEqual([myContact]);
    expect((await ours.call(api.contacts.get, { params: { id: myContact } })).status).toBe(200);
    expect((await ours.call(api.contacts.get, { params: { id: yourContact } })).status).toBe(404);
    const work = { params: { id: yourContact }, body: { notes: "seen" } };
    expect((await ours.call(api.contacts.setWork, work)).status).toBe(404);
    const csv = await ours.call(api.contacts.export, {});
    expect(csv.text).toContain("+46701740605");
    expect(csv.text).not.toContain("+46701740606");

    const everybody = (await server.admin.call(api.customers.list, {})).body.items;
    const yourCustomer = everybody.find((customer) => customer.clientId === otherClientId);
    const customers = (await ours.call(api.customers.list, {})).body.items;
    expect(customers.map((customer) => customer.clientId)).toEqual([server.clientId]);
    const found = await ours.call(api.customers.get, { params: { id: yourCustomer?.id ?? "" } });
    expect(found.status).toBe(404);
    const search = await ours.call(api.contacts.list, { query: { search: "701740606" } });
    expect(search.body.items).toEqual([]);
    const named = await ours.call(api.contacts.list, { query: { clientId: otherClientId } });
    expect(named.body.items).toEqual([]);
  });

  test("a right over one queue opens that queue's contacts and no others", async () => {
    const narrow = await makeQueue(server, server.clientId, "Narrow");
    const wide = await makeQueue(server, server.clientId, "Wide");
    const inside = await makeContact(server.clientId, "+46701740611", narrow.id);
    const outside = await makeContact(server.clientId, "+46701740612", wide.id);
    await makeUser("queuehead", "supervisor", { kind: "queue", id: narrow.id });
    const head = callers.get("queuehead") as TestClient;
    const contacts = (await head.call(api.contacts.list, {})).body.items;
    expect(contacts.map((contact) => contact.id)).toEqual([inside]);
    expect((await head.call(api.contacts.get, { params: { id: outside } })).status).toBe(404);
  });

  test("an agent sees the contacts it took, and may play only their recordings", async () => {
    const agentId = await makeUser("anna", "agent", { kind: "client", id: server.clientId });
    const own = await makeContact(server.clientId, "+46701740621");
    const foreign = await makeContact(server.clientId, "+46701740622");
    await store().contactChanged(server.clientId, own, { agentId });
    const recordings = [server.core.ids.next(), server.core.ids.next()] as const;
    for (const [index, contactId] of [own, foreign].entries()) {
      const recordingId = recordings[index] as string;
      await store().recordingBegun({
        recordingId,
        contactId,
        clientId: server.clientId,
        startedAt: 1,
        storageKey: `x/${recordingId}`,
      });
      await store().recordingStored(server.clientId, recordingId, { durationMs: 1, bytes: 1, sha256: "" });
    }
    const anna = callers.get("anna") as TestClient;
    const contacts = (await anna.call(api.contacts.list, {})).body.items;
    expect(contacts.map((contact) => contact.id)).toEqual([own]);
    const detail = await anna.call(api.contacts.get, { params: { id: own } });
    expect(detail.body.may).toEqual({ edit: false, play: true, exportRecording: false });
    expect((await anna.call(api.contacts.get, { params: { id: foreign } })).status).toBe(404);
    const played = await anna.call(api.recordings.audio, { params: { id: recordings[0] } });
    expect(played.problem.detail).toMatch(/no such recording/); // allowed, but this test has no file
    const theirs = await anna.call(api.recordings.waveform, { params: { id: recordings[1] } });
    expect(theirs.status).toBe(404);
    const taken = await anna.call(api.recordings.audio, {
      params: { id: recordings[0] },
      query: { download: "true" },
    });
    expect(taken.status).toBe(404);
    expect((await anna.call(api.contacts.export, {})).status).toBe(403);
  });

  test("the database itself shows no client's rows outside of a scope", async () => {
    const { db } = server.core.database;
    expect(await db.selectFrom("contact").select("id").execute()).toEqual([]);
    const whole = await withScope(db, WHOLE_CENTRE, (tx) => tx.selectFrom("contact").select("id").execute());
    expect(whole.length).toBeGreaterThan(3);
    const one = await withScope(db, { clients: [otherClientId] }, (tx) =>
      tx.selectFrom("contact").select("clientId").distinct().execute(),
    );
    expect(one).toEqual([{ clientId: otherClientId }]);
  });

  test("things of one client do not name those of another", async () => {
    const yours = await makeQueue(server, otherClientId, "Foreign target");
    const wrong = await server.admin.call(api.entryPoints.create, {
      body: {
        clientId: server.clientId,
        name: "Crossed",
        form: {
          language: "sv",
          recordingNotice: false,
          queueId: yours.id,
          music: "default",
          announcePosition: false,
          announceEstimatedWait: false,
          announceEverySec: 60,
          closedThen: { kind: "hangup" },
        },
      },
    });
    expect(wrong.problem).toMatchObject({ status: 400, field: "form.queueId" });
    expect(wrong.problem.errors?.[0]?.code).toBe("other_client");
  });
});

test("the administrator of this walk is still signed in", async () => {
  await server.signIn(ADMIN.username, ADMIN.password);
});

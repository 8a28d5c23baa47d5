import { api, DEFAULT_QUEUE_ROUTING, type QueueDraft, ROUTING_FACTS } from "@svara/contracts";
import type { AgentId, ContactId, QueueId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { centreModelOf } from "../centre/centre-model-of.ts";
import { databaseLiveStore } from "../contacts/database-live-store.ts";
import { WHOLE_CENTRE, withScope } from "../database/index.ts";
import { agentConfig } from "../live/router-config.ts";
import type { TestClient } from "../test-kit/test-client.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;
let otherClientId = "";
/** Supervisors of one client each. */
let ours: TestClient;
let theirs: TestClient;
let skillId = "";
const PASSWORD = "a long enough one";

beforeAll(async () => {
  server = await testServer();
  const { items } = (await server.admin.call(api.clients.list, {})).body;
  const { id: _, revision: _r, archived: _a, ...draft } = items[0] as (typeof items)[number];
  const other = await server.admin.call(api.clients.create, { body: { ...draft, name: "The other one" } });
  otherClientId = other.body.id;
  skillId = (await server.admin.call(api.skills.create, { body: { name: "Swedish", description: "" } })).body
    .id;
  ours = await makeUser("ours", "supervisor", server.clientId);
  theirs = await makeUser("theirs", "supervisor", otherClientId);
});
afterAll(() => server.close());

async function makeUser(
  username: string,
  role: "supervisor" | "agent",
  clientId: string,
  agent: object | null = null,
) {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope: { kind: "client", id: clientId } }],
      agent: agent && { teamId: null, siteId: null, extension: null, skills: [], ...agent },
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return server.signIn(username, PASSWORD);
}

type RoutingInput = Partial<QueueDraft["routing"]>;

function draft(name: string, routing: RoutingInput = {}, over: Partial<QueueDraft> = {}): QueueDraft {
  return {
    clientId: server.clientId,
    name,
    medium: "voice",
    priority: 0,
    requiredSkills: [],
    teamIds: [],
    agentIds: [],
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "off" },
    serviceLevel: { thresholdMs: 20_000, target: 0.8 },
    calling: { autoAnswer: false, whisperPromptId: null, callerIdNumberId: null },
    shortAbandonMs: 5000,
    musicPromptId: null,
    announce: { position: true, estimatedWait: false, everyMs: 60_000 },
    maxWaiting: null,
    dispositionRequired: false,
    routing: { ...DEFAULT_QUEUE_ROUTING, ...routing },
    ...over,
  };
}

async function makeQueue(name: string, routing: RoutingInput = {}, over: Partial<QueueDraft> = {}) {
  const made = await server.admin.call(api.queues.create, { body: draft(name, routing, over) });
  expect(made.status, made.text).toBe(200);
  return made.body;
}

const model = () => {
  const { office, trunkKind, box, promptsFolder } = server.core;
  const { catalogue, revision } = office;
  return centreModelOf({ catalogue, trunkKind, box, promptsFolder, revision });
};

describe("a queue's routing", () => {
  test("is stored whole, told back, given to the router, and undone", async () => {
    const second = await makeQueue("Second");
    const routing: RoutingInput = {
      preferredSkillIds: [skillId],
      tiers: [2],
      steps: [{ afterMs: 30_000, tiers: null, raise: 5 }],
      criteria: [
        {
          id: "gold",
          when: 'customer.value == "gold"',
          raise: 10,
          requiredSkills: [{ skillId, minLevel: 3 }],
        },
      ],
      ageing: { everyMs: 60_000, by: 1, most: 10 },
      agentStrategy: "balanced",
      qualityWeight: 0.7,
      lastAgentDays: 14,
      preferredWaitMs: 15_000,
      overflow: [{ id: "late", afterMs: 120_000, lengthOver: 3, to: { kind: "queue", queueId: second.id } }],
      callback: { maxAttempts: 2, retryMs: 60_000, attemptLeaseMs: 60_000 },
      crossSell: { waitingAtMost: 0 },
      cost: { weight: 3, grows: "with_wait" },
      share: 2,
    };
    const made = await makeQueue("Rich", routing, { wrapUp: { mode: "timed_forced", limitMs: 20_000 } });
    expect(made.routing).toEqual({ ...DEFAULT_QUEUE_ROUTING, ...routing });
    expect(model().queues.get(made.id)).toMatchObject({
      preferredSkills: [skillId],
      tiers: [2],
      steps: [{ afterMs: 30_000, tiers: null, raise: 5 }],
      criteria: [{ id: "gold", raise: 10, requiredSkills: [{ skillId, minProficiency: 3 }] }],
      agentStrategy: "balanced",
      qualityWeight: 0.7,
      overflow: [{ id: "late", afterMs: 120_000, lengthOver: 3, to: { kind: "queue", queueId: second.id } }],
      wrapUp: { mode: "timed_forced", limitMs: 20_000 },
      targetMs: 20_000,
      lastAgentDays: 14,
    });
    const plain = await server.admin.call(api.queues.replace, {
      params: { id: made.id },
      body: draft("Rich"),
    });
    expect(plain.body.routing).toEqual(DEFAULT_QUEUE_ROUTING);
    await server.admin.call(api.revisions.undo, { params: { revision: plain.body.revision } });
    const again = await server.admin.call(api.queues.get, { params: { id: made.id } });
    expect(again.body.routing).toEqual(made.routing);
  });

  test("that an older version stored has the defaults of what has come since", async () => {
    const made = await makeQueue("Old");
    const { db } = server.core.database;
    await withScope(db, WHOLE_CENTRE, (tx) =>
      tx.updateTable("queue").set({ routing: "{}" }).where("id", "=", made.id).execute(),
    );
    await server.core.office.reload("queue");
    const read = await server.admin.call(api.queues.get, { params: { id: made.id } });
    expect(read.body.routing).toEqual(DEFAULT_QUEUE_ROUTING);
    const { routing: _, ...without } = draft("Older");
    const old = await server.admin.call(api.queues.create, { body: without as QueueDraft });
    expect(old.body.routing).toEqual(DEFAULT_QUEUE_ROUTING);
  });

  test("is refused where it is wrong in itself, with the field named", async () => {
    const foreign = await server.admin.call(api.queues.create, {
      body: draft("Foreign", {}, { clientId: otherClientId }),
    });
    const mine = await makeQueue("Mine");
    const refused = async (routing: RoutingInput) => {
      const { problem } = await server.admin.call(api.queues.replace, {
        params: { id: mine.id },
        body: draft("Mine", routing),
      });
      expect(problem.status).toBe(400);
      return problem.errors?.map(({ field, code }) => [field, code]);
    };
    expect(
      await refused({
        criteria: [
          { id: "a", when: "custmer.type == 'gold'" },
          { id: "a", when: "contacts.last30 >" },
        ],
      }),
    ).toEqual([
      ["routing.criteria.1.id", "taken"],
      ["routing.criteria.0.when", "expression.unknown_name"],
      ["routing.criteria.1.when", "expression.unexpected_end"],
    ]);
    expect(
      await refused({
        steps: [
          { afterMs: 60_000, raise: 1 },
          { afterMs: 30_000, raise: 1 },
        ],
      }),
    ).toEqual([["routing.steps.1.afterMs", "out_of_order"]]);
    expect(await refused({ overflow: [{ id: "vm", afterMs: 0, to: { kind: "voicemail" } }] })).toEqual([
      ["routing.overflow.0.to.kind", "not_available"],
    ]);
    expect(
      await refused({ overflow: [{ id: "me", afterMs: 0, to: { kind: "queue", queueId: mine.id } }] }),
    ).toEqual([["routing.overflow.0.to.queueId", "overflow_to_itself"]]);
    expect(
      await refused({ overflow: [{ id: "x", afterMs: 0, to: { kind: "queue", queueId: foreign.body.id } }] }),
    ).toEqual([["routing.overflow.0.to.queueId", "other_client"]]);
    expect(await refused({ preferredSkillIds: [mine.id] })).toEqual([
      ["routing.preferredSkillIds.0", "unknown"],
    ]);
    const limit = await server.admin.call(api.queues.create, {
      body: draft("Many", { steps: Array.from({ length: 21 }, (_, i) => ({ afterMs: i })) }),
    });
    expect(limit.problem).toMatchObject({ status: 400, field: "routing.steps" });
    const long = await server.admin.call(api.queues.create, {
      body: draft("Long", { criteria: [{ id: "a", when: "x".repeat(2_001) }] }),
    });
    expect(long.problem).toMatchObject({ status: 400, field: "routing.criteria.0.when" });
  });

  test("that others make doubtful is told with the queue, in the whole check, and before it is saved", async () => {
    const alone = await makeQueue("Alone", {}, { requiredSkills: [{ skillId, minLevel: 4 }] });
    expect(alone.warnings).toContainEqual(
      expect.objectContaining({
        severity: "error",
        code: "nobody_has_skill",
        subject: { kind: "queue", id: alone.id, name: "Alone" },
        params: expect.objectContaining({ skill: "Swedish", minProficiency: 4, best: 0 }),
        message: "No agent has the skill Swedish.",
      }),
    );
    const left = await makeQueue("Left");
    const right = await makeQueue("Right", {
      overflow: [{ id: "back", afterMs: 60_000, to: { kind: "queue", queueId: left.id } }],
    });
    const round = draft("Left", {
      overflow: [{ id: "on", afterMs: 60_000, to: { kind: "queue", queueId: right.id } }],
    });
    const before = await server.admin.call(api.routing.checkQueue, { body: { id: left.id, queue: round } });
    expect(before.body.errors).toEqual([]);
    expect(before.body.findings.map(({ code }) => code)).toContain("overflow_loop");
    const saved = await server.admin.call(api.queues.replace, { params: { id: left.id }, body: round });
    const other = await server.admin.call(api.queues.get, { params: { id: right.id } });
    for (const { warnings } of [saved.body, other.body])
      expect(warnings.find(({ code }) => code === "overflow_loop")).toMatchObject({
        severity: "warning",
        field: expect.stringMatching(/^routing\.overflow\.0\.to\.queueId$/),
        params: { queues: expect.stringContaining("Right") },
      });
    const fresh = await server.admin.call(api.routing.checkQueue, {
      body: { queue: draft("New one", { criteria: [{ id: "a", when: "1 +" }] }) },
    });
    expect(fresh.body.errors[0]).toMatchObject({ field: "routing.criteria.0.when" });
    const whole = await server.admin.call(api.routing.check, {});
    expect(whole.body.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["nobody_has_skill", "overflow_loop"]),
    );
  });
});

describe("isolation", () => {
  test("a supervisor of another client sees no finding of ours, and checks no queue of ours", async () => {
    const whole = (await ours.call(api.routing.check, {})).body.findings;
    expect(whole.length).toBeGreaterThan(0);
    const seen = (await theirs.call(api.routing.check, {})).body.findings;
    expect(JSON.stringify(seen)).not.toContain("Alone");
    expect((await theirs.call(api.routing.checkQueue, { body: { queue: draft("Probe") } })).status).toBe(403);
    expect((await ours.call(api.routing.checkQueue, { body: { queue: draft("Probe") } })).status).toBe(200);
  });

  test("rules and profiles of the centre are changed by its administrators alone", async () => {
    const { id: _, revision: _r, ...rules } = (await ours.call(api.routing.rules, {})).body;
    expect((await ours.call(api.routing.replaceRules, { body: rules })).status).toBe(403);
    const profile = { name: "Mine", slots: { voice: 1 } };
    expect((await ours.call(api.capacityProfiles.create, { body: profile })).status).toBe(403);
    expect((await server.client().call(api.routing.facts, {})).status).toBe(401);
  });

  test("estimates are of queues that one may see, of few enough days", async () => {
    const mine = await makeQueue("Measured");
    const ask = { query: { queueId: mine.id, from: "2026-01-05" } };
    expect((await ours.call(api.insight.waitEstimates, ask)).status).toBe(200);
    expect((await theirs.call(api.insight.waitEstimates, ask)).status).toBe(404);
    const long = { query: { from: "2026-01-05", to: "2026-03-05" } };
    expect((await ours.call(api.insight.waitEstimates, long)).problem).toMatchObject({
      status: 400,
      field: "query.to",
    });
  });
});

describe("the rules of the centre", () => {
  test("begin as the router's own, change by revision, and are undone", async () => {
    const first = (await server.admin.call(api.routing.rules, {})).body;
    expect(first).toMatchObject({ revision: 0, workStrategy: "priority_then_oldest", missesAllowed: 1 });
    const { id: _, revision, ...rules } = first;
    const body = { ...rules, workStrategy: "fqr" as const, missesAllowed: 3 };
    const changed = await server.admin.call(api.routing.replaceRules, { body, ifMatch: revision });
    expect(changed.status, changed.text).toBe(200);
    expect(model().rules).toMatchObject({ workStrategy: "fqr", missesAllowed: 3 });
    const stale = await server.admin.call(api.routing.replaceRules, { body: rules, ifMatch: revision });
    expect(stale.status).toBe(412);
    const history = await server.admin.call(api.revisions.list, { query: { kind: "routing_rules" } });
    expect(history.body.items[0]).toMatchObject({ revision: changed.body.revision, change: "changed" });
    await server.admin.call(api.revisions.undo, { params: { revision: changed.body.revision } });
    expect(model().rules).toMatchObject({ workStrategy: "priority_then_oldest", missesAllowed: 1 });
  });
});

describe("agents", () => {
  test("have tiers, slots by their capacity profile, and pick where their roles let them", async () => {
    const profile = await server.admin.call(api.capacityProfiles.create, {
      body: {
        name: "One call or three chats",
        slots: { voice: 1, chat: 3, email: 2 },
        apart: [["voice", "chat"]],
        interrupts: { voice: ["email"] },
      },
    });
    expect(profile.status, profile.text).toBe(200);
    const faulty = await server.admin.call(api.capacityProfiles.create, {
      body: { name: "Odd", slots: { voice: 1 }, apart: [["voice", "chat"]] },
    });
    expect(faulty.problem).toMatchObject({ status: 400, field: "apart.0.1" });
    const two = await server.admin.call(api.capacityProfiles.create, {
      body: { name: "Two", slots: { voice: 2 } },
    });
    expect(two.problem).toMatchObject({ status: 400, field: "slots.voice" });

    await makeUser("anna", "supervisor", server.clientId, {
      tiers: [1, 2],
      capacityProfileId: profile.body.id,
    });
    await makeUser("boris", "agent", server.clientId, {});
    const agents = [...model().agents.values()];
    const anna = agents.find(({ name }) => name === "anna");
    expect(anna && agentConfig(anna)).toMatchObject({
      tiers: [1, 2],
      slots: { voice: 1, chat: 3, email: 2 },
      capacity: { apart: [["voice", "chat"]], interrupts: { voice: ["email"] } },
    });
    const mine = [...model().queues.values()].filter(({ clientId }) => clientId === server.clientId);
    expect(anna?.pickQueueIds.toSorted()).toEqual(mine.map(({ id }) => id).toSorted());
    const boris = agents.find(({ name }) => name === "boris");
    expect(boris && agentConfig(boris)).toEqual({
      id: boris?.id,
      skills: {},
      tiers: [1],
      slots: { voice: 1 },
    });
    const inUse = await server.admin.call(api.capacityProfiles.remove, { params: { id: profile.body.id } });
    expect(inUse.problem).toMatchObject({ status: 409, code: "in_use" });
  });
});

describe("expressions", () => {
  test("are checked against the facts that the API tells", async () => {
    const facts = (await ours.call(api.routing.facts, {})).body.items;
    expect(facts.map(({ name }) => name)).toEqual(Object.keys(ROUTING_FACTS));
    expect(facts.find(({ name }) => name === "time.weekday")).toMatchObject({
      type: "one_of",
      values: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    });
    const check = async (text: string) =>
      (await ours.call(api.routing.checkExpression, { body: { text } })).body;
    expect(await check('customer.type=="business"&&contacts.last30>3')).toEqual({
      problems: [],
      names: ["contacts.last30", "customer.type"],
      formatted: 'customer.type == "business" && contacts.last30 > 3',
    });
    expect((await check("contacts.last30 && true")).problems[0]).toMatchObject({ code: "wrong_type" });
    expect(await check("contacts.last30 >")).toMatchObject({ names: [], formatted: null });
  });
});

describe("customers", () => {
  const store = () => {
    const { clock, ids, office, countryOf, database } = server.core;
    return databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
  };
  const begin = (remoteNumber: string, startedAt: number) => {
    const contactId = server.core.ids.next() as ContactId;
    const { clientId } = server;
    return store()
      .contactBegun({
        contactId,
        clientId,
        direction: "inbound",
        origin: "customer",
        startedAt,
        remoteNumber,
      })
      .then((registered) => ({ contactId, ...registered }));
  };

  test("carry codes and a history that routing may ask for, of themselves alone", async () => {
    const now = server.core.clock.now();
    const day = 86_400_000;
    const agentId = "01990000-0000-7000-8000-0000000000aa" as AgentId;
    const first = await begin("+46812399001", now - 40 * day);
    expect(first.history).toMatchObject({ known: false, contactsLast30: 0, last: null, lastAgent: null });
    await store().contactChanged(server.clientId, first.contactId, { agentId, answeredAt: now - 40 * day });
    const second = await begin("+46812399001", now - 2 * day);
    await store().contactChanged(server.clientId, second.contactId, { outcome: "abandoned_queue" });
    const id = first.customer?.id ?? "";
    const read = (await server.admin.call(api.customers.get, { params: { id } })).body;
    const codes = { type: "business" as const, segment: "nordic", value: "gold" };
    const changed = await server.admin.call(api.customers.replace, {
      params: { id },
      body: { name: null, company: null, language: "sv", notes: "", identifiers: read.identifiers, ...codes },
    });
    expect(changed.body).toMatchObject(codes);
    const third = await begin("+46812399001", now);
    expect(third.history).toEqual({
      known: true,
      ...codes,
      language: "sv",
      contactsLast30: 1,
      last: { at: now - 2 * day, abandoned: true },
      lastAgent: { agentId, at: now - 40 * day },
    });
    expect((await begin("+46812399002", now)).history).toMatchObject({ known: false, contactsLast30: 0 });
  });

  test("who are to be called back are found again after a restart; who is erased is not", async () => {
    const queue = await makeQueue("Back");
    const { clientId } = server;
    const asked = async (number: string) => {
      const begun = await begin(number, server.core.clock.now());
      const queueId = queue.id as QueueId;
      await store().callbackBegun({
        contactId: begun.contactId,
        clientId,
        queueId,
        queuedAt: 5,
        language: "sv",
      });
      return begun;
    };
    const kept = await asked("+46812399011");
    const gone = await asked("+46812399012");
    const done = await asked("+46812399013");
    await store().callbackAttempted(clientId, done.contactId, 1);
    await store().callbackEnded(clientId, done.contactId, { outcome: "answered", at: 9 });
    await server.admin.call(api.customers.erase, { params: { id: gone.customer?.id ?? "" } });
    const open = await store().openCallbacks();
    expect(open.map(({ contactId, remoteNumber }) => [contactId, remoteNumber])).toEqual([
      [kept.contactId, "+46812399011"],
      [gone.contactId, undefined],
    ]);
  });
});

describe("what the ledger tells of a wait", () => {
  const contactId = "01990000-0000-7000-8000-00000000c001" as ContactId;

  test("is the stay in each queue with its offers, cut to what the reader may see, and the error of the estimate", async () => {
    const { clock, ids, ledger, database } = server.core;
    const now = clock.now();
    const queue = await makeQueue("Told");
    const agents = [...model().agents.keys()] as [AgentId, AgentId];
    const { clientId } = server;
    const rival = ids.next() as ContactId;
    const { office, countryOf } = server.core;
    const rows = databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
    await rows.contactBegun({
      contactId,
      clientId,
      direction: "inbound",
      origin: "customer",
      startedAt: now,
    });
    await rows.contactBegun({
      contactId: rival,
      clientId: otherClientId,
      direction: "inbound",
      origin: "customer",
      startedAt: now,
    });
    const about = { clientId, contactId, queueId: queue.id as QueueId };
    const offerId = ids.next();
    const events: LedgerDraft[] = [
      {
        ...about,
        type: "contact.created",
        at: now,
        payload: { medium: "voice", direction: "inbound", origin: "customer" },
      },
      {
        ...about,
        type: "queue.entered",
        at: now,
        payload: { medium: "voice", initiation: "new", priority: 0 },
      },
      {
        ...about,
        type: "wait.predicted",
        at: now,
        payload: { position: 2, lowMs: 10_000, expectedMs: 30_000, highMs: 60_000, basis: "queue_length" },
      },
      { ...about, type: "routing.stepped", at: now + 20_000, payload: { step: 1 } },
      {
        ...about,
        type: "offer.made",
        at: now + 40_000,
        agentId: agents[0],
        payload: {
          offerId,
          ringMs: 18_000,
          explain: {
            choice: "item_for_agent",
            strategy: "priority_then_oldest",
            rankedBy: ["priority:desc", "queued_at"],
            engineVersion: "2",
            candidates: [
              { contactId, rank: [0, 1] },
              { contactId: rival, rank: [0, 2] },
            ],
            considered: 2,
            step: 1,
            rules: 7,
          },
        },
      },
      {
        ...about,
        type: "offer.accepted",
        at: now + 45_000,
        agentId: agents[0],
        payload: { offerId, ringMs: 5_000 },
      },
      { ...about, type: "queue.left", at: now + 45_000, payload: { outcome: "answered", waitMs: 45_000 } },
    ];
    for (const event of events) ledger.append(event);
    await ledger.flush();

    const told = await ours.call(api.contacts.get, { params: { id: contactId } });
    expect(told.status, told.text).toBe(200);
    expect(told.body.queueStays).toMatchObject([
      {
        queue: { name: "Told" },
        initiation: "new",
        waitMs: 45_000,
        outcome: "answered",
        predicted: { expectedMs: 30_000 },
        steps: [{ at: now + 20_000, step: 1 }],
        offers: [
          {
            outcome: "accepted",
            ringMs: 5_000,
            choice: "item_for_agent",
            rankedBy: ["priority:desc", "queued_at"],
            candidates: [
              { contactId, rank: [0, 1] },
              { contactId: null, rank: [0, 2] },
            ],
            rules: 7,
          },
        ],
      },
    ]);
    expect(told.text).not.toContain(rival);
    const whole = await server.admin.call(api.contacts.get, { params: { id: contactId } });
    expect(whole.body.queueStays[0]?.offers[0]?.candidates[1]?.contactId).toBe(rival);
  });
});

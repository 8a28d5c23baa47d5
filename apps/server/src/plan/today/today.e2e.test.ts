import { dayOf, intervalStart, localDate, type Period } from "@svara/calendar";
import { api } from "@svara/contracts";
import { type AgentId, type ClientId, type ContactId, type QueueId, SeededRandom } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { reasonKind } from "../../organisation/organisation-kinds.ts";
import { makeQueue } from "../../test-kit/make-queue.ts";
import type { TestClient } from "../../test-kit/test-client.ts";
import { type TestServer, testServer } from "../../test-kit/test-server.ts";
import { statesOf } from "../adherence/agent-states.ts";
import { reasonKinds } from "../adherence/reason-kinds.ts";
import { cellsOf, retellQuarters } from "../history/queue-quarter.repository.ts";
import { keepStays } from "../history/queue-stay-keeper.ts";
import { DayStates } from "./day-states.ts";

const QUARTER_MS = 900_000;
let server: TestServer;
let otherClientId = "";
let queueId = "";
let otherQueueId = "";
let agentId = "";
let zone = "";
let now = 0;
let shiftFrom = 0;

beforeAll(async () => {
  server = await testServer();
  const { items } = (await server.admin.call(api.clients.list, {})).body;
  const { id: _, revision: _r, archived: _a, ...draft } = items[0] as (typeof items)[number];
  zone = (await server.admin.call(api.planWhatIf.days, {})).body.timeZone;
  otherClientId = (await server.admin.call(api.clients.create, { body: { ...draft, name: "The other one" } }))
    .body.id;
  queueId = (await makeQueue(server, server.clientId, "Billing")).id;
  otherQueueId = (await makeQueue(server, otherClientId, "Sales")).id;
  agentId = await makeUser("anna", "agent", { kind: "centre" });
  now = server.core.clock.now();
});
afterAll(() => server.close());

type Scope = { kind: "centre" } | { kind: "client" | "queue"; id: string };

async function makeUser(username: string, role: "planner" | "agent", scope: Scope): Promise<string> {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope }],
      agent: role === "agent" ? { teamId: null, siteId: null, extension: null, skills: [] } : null,
      password: "a long enough one",
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return made.body.id;
}

/** So many contacts that came this moment; the first was answered in time, the second gave up. */
async function come(client: string, queue: string, count: number, first: number): Promise<void> {
  const { ids, database } = server.core;
  const stays = Array.from({ length: count }, (_, i) => ({
    contactId: ids.next() as ContactId,
    number: 1,
    clientId: client as ClientId,
    queueId: queue as QueueId,
    queuedAt: now,
    leftAt: now + 10_000,
    outcome: i === 1 ? "abandoned" : "answered",
    agentId: i === 1 ? null : (agentId as AgentId),
    waitMs: i === 2 ? 60_000 : 10_000,
    talkMs: null,
    wrapUpMs: null,
  }));
  await withScope(database.db, WHOLE_CENTRE, async (tx) => {
    await tx
      .insertInto("contact")
      .values(
        stays.map(({ contactId, clientId, queuedAt }, i) => ({
          id: contactId,
          clientId,
          shortNumber: first + i,
          medium: "voice",
          direction: "inbound",
          origin: "customer",
          startedAt: queuedAt,
        })),
      )
      .execute();
    await keepStays(tx, stays as never);
    await retellQuarters(
      tx,
      await cellsOf(
        tx,
        stays.map(({ contactId }) => contactId),
      ),
    );
  });
}

async function planned(): Promise<void> {
  const { admin } = server;
  const date = localDate(now, zone);
  const finished = async (id: string): Promise<unknown> => {
    for (;;) {
      const { body } = await admin.call(api.planJobs.get, { params: { id } });
      if (body.endedAt !== null) return body.result;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
  const made = await admin.call(api.planForecasts.make, {
    body: { queueIds: [queueId], firstDay: date, days: 1, flat: { contactsPerDay: 960, handleS: 200 } },
  });
  await finished(made.body.id);
  shiftFrom = Math.max(dayOf(date, zone).from, intervalStart(now) - 2 * 3_600_000);
  const roster = await admin.call(api.planRosters.create, {
    body: { teamId: null, siteId: null, from: date, days: 1, groups: [], weights: {} },
  });
  expect(roster.status, roster.text).toBe(200);
  const shift = { agentId, date, patternId: null, from: shiftFrom, to: shiftFrom + 8 * 3_600_000, parts: [] };
  const changed = await admin.call(api.planRosters.change, {
    params: { id: roster.body.id },
    body: { draftRevision: roster.body.draftRevision, change: { type: "put_shift", shift } },
  });
  expect(changed.status, changed.text).toBe(200);
  const published = await admin.call(api.planRosters.publish, {
    params: { id: roster.body.id },
    body: { draftRevision: changed.body.roster.draftRevision, note: "" },
  });
  expect(published.status, published.text).toBe(200);
}

test("before anything is planned the day says so", async () => {
  const early = await signedIn("early", { kind: "queue", id: queueId });
  const { body, status } = await early.call(api.planToday.get, {});
  expect(status).toBe(200);
  expect(body).toMatchObject({
    hasForecast: false,
    hasRequirement: false,
    hasRoster: false,
    proposals: [],
    agents: [],
  });
});

test("what came stands beside what was planned, and who has not come is late", async () => {
  await planned();
  await come(server.clientId, queueId, 4, 1000);
  await come(otherClientId, otherQueueId, 2, 2000);
  const planner = await signedIn("pia", { kind: "centre" });
  const { body } = await planner.call(api.planToday.get, {});
  expect(body).toMatchObject({ hasForecast: true, hasRoster: true });
  const billing = body.queues.find(({ queue }) => queue.id === queueId);
  const running = billing?.intervals.find(({ at }) => at <= now && now < at + QUARTER_MS);
  expect(running).toMatchObject({ actual: 4, answered: 3, abandoned: 1, serviceLevel: 0.5, scheduled: 0.5 });
  // the agent serves both queues, which share them out
  const sales = body.queues.find(({ queue }) => queue.id === otherQueueId);
  expect(sales?.intervals.find(({ at }) => at === running?.at)).toMatchObject({ actual: 2, scheduled: 0.5 });
  const forecast = billing?.intervals.reduce((sum, one) => sum + (one.forecast ?? 0), 0);
  expect(forecast).toBeLessThanOrEqual(960.001);
  const past = billing?.intervals.filter(({ at }) => at + QUARTER_MS <= now) ?? [];
  expect(past.every(({ reforecast }) => reforecast === null)).toBe(true);
  const problem = body.now - shiftFrom < 120_000 ? null : "late"; // at midnight the shift has just begun
  expect(body.agents).toMatchObject([{ agentId, scheduled: "on_queue", state: null, problem }]);
});

test("a planner of one client sees the own queues and no people; an agent nothing", async () => {
  const theirs = await signedIn("theirs", { kind: "client", id: otherClientId });
  const { body } = await theirs.call(api.planToday.get, {});
  expect(body.queues.map(({ queue }) => queue.id)).toEqual([otherQueueId]);
  expect(body).toMatchObject({ agents: [], hasForecast: false, hasRequirement: false });
  const ofQueue = await signedIn("of-queue", { kind: "queue", id: queueId });
  expect((await ofQueue.call(api.planToday.get, {})).body.queues.map(({ queue }) => queue.id)).toEqual([
    queueId,
  ]);
  const agent = await server.signIn("anna", "a long enough one");
  expect((await agent.call(api.planToday.get, {})).status).toBe(403);
});

test("the day that is kept in memory is the day as it is read anew", async () => {
  const { database, ledger, ids, clock } = server.core;
  const others = [await makeUser("bo", "agent", { kind: "centre" }), agentId];
  const catalogue = server.core.office.catalogue;
  const reasons = reasonKinds(catalogue);
  const { from, to } = dayOf(localDate(clock.now(), zone), zone);
  const kept = new DayStates(database.db);
  const random = new SeededRandom(7);
  const slots = ["voice", "chat"] as const;
  const states = ["available", "talking", "wrap_up", "not_ready"] as const;
  let at = from - 3_600_000; // signed in before the day began
  const some = (count: number): LedgerDraft[] =>
    Array.from({ length: count }, () => {
      at += below(random, 60_000);
      const who = { at, agentId: pick(random, others), actor: "system" as const };
      if (below(random, 12) === 0)
        return { type: "agent.logged_in", ...who, payload: { sessionId: ids.next(), slots: [...slots] } };
      if (below(random, 15) === 0)
        return { type: "agent.logged_out", ...who, payload: { sessionId: ids.next(), reason: "end_shift" } };
      const state = { slot: pick(random, slots), state: pick(random, states), paid: true, productive: true };
      return { type: "agent.state_changed", ...who, payload: state };
    });
  for (let round = 0; round < 6; round++) {
    const drafts = some(60);
    await ledger.transaction({ clients: "all-of-centre" }, async (_tx, emit) => {
      for (const draft of drafts) emit(draft);
    });
    // the second agent is asked for later
    const agentIds = round < 3 ? others.slice(0, 1) : others;
    const filter = { agentIds, from, to, now: at + 1000 };
    const found = await kept.of(filter, reasons, catalogue.all(reasonKind));
    const anew = await withScope(database.db, WHOLE_CENTRE, (tx) => statesOf(tx, filter, reasons));
    expect([...found.keys()].sort()).toEqual([...anew.keys()].filter((id) => anew.get(id)?.length).sort());
    for (const [id, { onQueue, last }] of found) {
      const spans = anew.get(id) ?? [];
      expect(last).toEqual(spans.at(-1));
      const busy = spans.filter(({ kind }) => kind === "on_queue");
      const lasted = (list: readonly Period[]) => list.reduce((sum, one) => sum + one.to - one.from, 0);
      expect(lasted(onQueue)).toBe(lasted(busy));
      expect(onQueue.map((one) => one.from)).toEqual(
        busy.filter((one) => !busy.some(({ to: end }) => end === one.from)).map((one) => one.from),
      );
    }
  }
});

async function signedIn(username: string, scope: Scope): Promise<TestClient> {
  await makeUser(username, "planner", scope);
  return server.signIn(username, "a long enough one");
}

function below(random: SeededRandom, end: number): number {
  return Math.floor(random.next() * end);
}

function pick<T>(random: SeededRandom, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

import { addDays, dayOf, localDate } from "@svara/calendar";
import { api, type HistoryImportPreview, type PlanJob } from "@svara/contracts";
import type { AgentId, ClientId, ContactId, QueueId, SegmentId } from "@svara/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseLiveStore } from "../contacts/database-live-store.ts";
import { readEvents, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { makeQueue } from "../test-kit/make-queue.ts";
import type { TestClient } from "../test-kit/test-client.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";
import { applyToStays, keepQueueStays } from "./history/queue-stay-keeper.ts";
import { STAY_CHANGES } from "./history/queue-stay-of.ts";

const PASSWORD = "a long enough one";
const QUARTER = 900_000;
let server: TestServer;
let otherClientId = "";
let queueId = "";
let otherQueueId = "";
let zone = "";
let today = "";
let ours: TestClient;
let theirs: TestClient;
let watcher: TestClient;

beforeAll(async () => {
  server = await testServer();
  const { items } = (await server.admin.call(api.clients.list, {})).body;
  const { id: _, revision: _r, archived: _a, ...draft } = items[0] as (typeof items)[number];
  zone = draft.timeZone;
  const other = await server.admin.call(api.clients.create, { body: { ...draft, name: "The other one" } });
  otherClientId = other.body.id;
  queueId = (await makeQueue(server, server.clientId, "Billing")).id;
  otherQueueId = (await makeQueue(server, otherClientId, "Sales")).id;
  ours = await makeUser("ours", "planner", { kind: "client", id: server.clientId });
  theirs = await makeUser("theirs", "planner", { kind: "client", id: otherClientId });
  watcher = await makeUser("watcher", "supervisor", { kind: "queue", id: queueId });
  today = localDate(server.core.clock.now(), zone);
});
afterAll(() => server.close());

async function makeUser(
  username: string,
  role: "planner" | "supervisor" | "agent",
  scope: { kind: "client" | "queue"; id: string },
): Promise<TestClient> {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope }],
      agent: null,
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return server.signIn(username, PASSWORD);
}

/** One call as the ledger tells it: 10 s of waiting, a minute of talk, 20 s of work after it; or given up after 30 s. */
async function call(at: number, answered: boolean): Promise<string> {
  const { ids, ledger, clock, office, countryOf, database } = server.core;
  const store = databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
  const contactId = ids.next() as ContactId;
  const agentId = ids.next() as AgentId;
  const about = { clientId: server.clientId as ClientId, contactId };
  await store.contactBegun({
    contactId,
    clientId: server.clientId as ClientId,
    direction: "inbound",
    origin: "customer",
    startedAt: at,
  });
  const queue = { ...about, queueId: queueId as QueueId };
  const entered = { medium: "voice", initiation: "new", priority: 0 } as const;
  ledger.append({ ...queue, type: "queue.entered", at, payload: entered });
  if (!answered) {
    const payload = { outcome: "abandoned", waitMs: 30_000 } as const;
    ledger.append({ ...queue, type: "queue.left", at: at + 30_000, payload });
    return contactId;
  }
  ledger.append({
    ...queue,
    type: "queue.left",
    at: at + 10_000,
    payload: { outcome: "answered", waitMs: 10_000 },
  });
  for (const [kind, from, to] of [
    ["talk", 10_000, 70_000],
    ["wrap_up", 70_000, 90_000],
  ] as const) {
    const segment = { ...about, agentId, segmentId: ids.next() as SegmentId };
    ledger.append({
      ...segment,
      type: "segment.started",
      at: at + from,
      payload: { party: "handler", kind },
    });
    ledger.append({
      ...segment,
      type: "segment.ended",
      at: at + to,
      payload: { party: "handler", kind, reason: "completed" },
    });
  }
  ledger.append({ ...about, type: "contact.closed", at: at + 90_000, payload: { outcome: "answered" } });
  return contactId;
}

/** Until the reader of the ledger has caught up. */
async function caughtUp(): Promise<void> {
  const { ledger, database } = server.core;
  await ledger.flush();
  await expect
    .poll(
      () =>
        withScope(database.db, WHOLE_CENTRE, async (tx) => {
          const counter = await tx.selectFrom("ledgerCounter").select("lastSeq").executeTakeFirst();
          const cursor = await tx
            .selectFrom("ledgerCursor")
            .select("seq")
            .where("name", "=", "plan.queue_stays")
            .executeTakeFirst();
          return (counter?.lastSeq ?? 0) - (cursor?.seq ?? 0);
        }),
      { timeout: 10_000 },
    )
    .toBe(0);
}

async function done(client: TestClient, job: PlanJob): Promise<PlanJob> {
  let now = job;
  await expect
    .poll(
      async () => {
        now = (await client.call(api.planJobs.get, { params: { id: job.id } })).body;
        return now.state;
      },
      { timeout: 30_000 },
    )
    .not.toMatch(/queued|running/);
  expect(now.problem).toBeNull();
  return now;
}

/** The weeks before today as another system would write them: 8:00 to 16:00, 6 a quarter, 9 on Mondays. */
function pastWeeks(queue: string, weeks: number): string {
  const lines = ["queue,at,offered,aht"];
  for (let back = weeks * 7; back >= 1; back--) {
    const date = addDays(today, -back);
    const monday = Temporal.PlainDate.from(date).dayOfWeek === 1;
    for (let quarter = 32; quarter < 64; quarter++) {
      const time = `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
      const noise = ((back * 7 + quarter * 3) % 5) - 2;
      lines.push(`${queue},${date} ${time},${(monday ? 9 : 6) + noise},180`);
    }
  }
  return `${lines.join("\n")}\n`;
}

async function importFile(
  client: TestClient,
  text: string,
  mode: "preview" | "store",
  clientId = server.clientId,
) {
  const boundary = "----svara-test";
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = `${field("clientId", clientId)}${field("mode", mode)}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="past.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`;
  const answer = await client.raw("POST", "/api/v1/plan/history/imports", {
    body,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  });
  return { ...answer, body: answer.body as HistoryImportPreview };
}

describe("history", () => {
  test("stays are kept from the ledger exactly once, and each number opens its contacts", async () => {
    const { from } = dayOf(addDays(today, -1), zone);
    const at = from + 40 * QUARTER;
    const answered = await call(at + 1_000, true);
    const gone = await call(at + 60_000, false);
    await call(at + QUARTER, true);
    await caughtUp();
    const read = async () =>
      (
        await ours.call(api.planHistory.read, {
          query: { queueIds: queueId, from: addDays(today, -1), to: addDays(today, -1) } as never,
        })
      ).body.items;
    const items = await read();
    expect(items).toMatchObject([
      {
        at,
        source: "own",
        offered: 2,
        answered: 1,
        answeredInTime: 1,
        abandoned: 1,
        handled: 1,
        averageHandleMs: 80_000,
      },
      { at: at + QUARTER, offered: 1, answered: 1, averageAnswerMs: 10_000 },
    ]);
    const several = { queueIds: `${queueId},${otherQueueId}`, from: today, to: today } as never;
    const mixed = await server.admin.call(api.planHistory.read, { query: several });
    expect(mixed.problem).toMatchObject({ field: "queueIds.1", errors: [{ code: "other_client" }] });
    // the same events again, as after a crash between the rows and the cursor
    const { database } = server.core;
    await withScope(database.db, WHOLE_CENTRE, async (tx) => {
      const events = await readEvents(tx, {
        contactIds: [answered, gone] as ContactId[],
        types: STAY_CHANGES,
      });
      await applyToStays(tx, events);
    });
    expect(await read()).toEqual(items);
    // another reader of the same name, as a server that starts anew: it goes on where the cursor stands
    const again = keepQueueStays(server.core.ledger);
    await call(at + 2 * QUARTER, true);
    await caughtUp();
    again.dispose();
    expect(await read()).toMatchObject([...items, { at: at + 2 * QUARTER, offered: 1, handled: 1 }]);

    const behind = async (counted: "offered" | "answered" | "abandoned") =>
      (
        await ours.call(api.contacts.list, {
          query: { queueId, counted, countedFrom: at, countedTo: at + QUARTER },
        })
      ).body.items.map(({ id }) => id);
    expect((await behind("offered")).toSorted()).toEqual([answered, gone].toSorted());
    expect(await behind("answered")).toEqual([answered]);
    expect(await behind("abandoned")).toEqual([gone]);
    const foreign = await theirs.call(api.contacts.list, {
      query: { queueId, counted: "offered", countedFrom: at, countedTo: at + QUARTER },
    });
    expect(foreign.status).toBe(404);
  });

  test("a file is taken in whole or not at all, and out again", async () => {
    const bad = await importFile(
      ours,
      "queue,at,offered\nBilling,2026-01-05 08:00,4\nBilling,2026-01-05 08:07,4\n",
      "store",
    );
    expect(bad.body).toMatchObject({ importId: null, faultCount: 1, faults: [{ line: 3, column: "at" }] });
    expect((await ours.call(api.planHistory.imports, {})).body.items).toEqual([]);
    const foreign = await importFile(ours, pastWeeks("Sales", 1), "store");
    expect(foreign.body.faults[0]).toMatchObject({ code: "unknown_queue" });
    expect((await importFile(ours, pastWeeks("Sales", 1), "store", otherClientId)).status).toBe(404);
    expect((await importFile(watcher, pastWeeks("Billing", 1), "store")).status).toBe(403);

    const seen = await importFile(ours, pastWeeks("Billing", 12), "preview");
    expect(seen.body).toMatchObject({ importId: null, lines: 12 * 7 * 32, faultCount: 0 });
    const stored = await importFile(ours, pastWeeks("Billing", 12), "store");
    expect(stored.body.importId).not.toBeNull();
    const { items } = (await ours.call(api.planHistory.imports, {})).body;
    expect(items).toMatchObject([{ fileName: "past.csv", importedBy: "ours", intervals: 12 * 7 * 32 }]);
    expect((await theirs.call(api.planHistory.imports, {})).body.items).toEqual([]);
    // again: nothing is counted twice, and without the second the first is there as before
    const again = await importFile(ours, pastWeeks("Billing", 1), "store");
    expect(again.body.queues[0]).toMatchObject({ replaced: 7 * 32 });
    const before = (await ours.call(api.planHistory.state, {})).body.items;
    const params = { id: again.body.importId ?? "" };
    expect((await theirs.call(api.planHistory.removeImport, { params })).status).toBe(404);
    expect((await ours.call(api.planHistory.removeImport, { params })).status).toBe(200);
    const after = (await ours.call(api.planHistory.state, {})).body.items;
    expect(after).toEqual(before);
    expect(after).toMatchObject([{ queue: { id: queueId }, importedDays: 84, days: 84 }]);
  });
});

describe("forecast and requirement", () => {
  let forecastId = "";

  test("too little history says how much is needed; a flat guess needs none", async () => {
    const wish = { queueIds: [otherQueueId], firstDay: today, days: 7 };
    const six = await Promise.all(
      ["a", "b", "c", "d", "e", "f"].map(async (name) => (await makeQueue(server, server.clientId, name)).id),
    );
    const large = await ours.call(api.planForecasts.make, {
      body: { ...wish, queueIds: six, days: 400 },
    });
    expect(large).toMatchObject({ status: 400, problem: { field: "days" } });
    const refused = await theirs.call(api.planForecasts.make, { body: wish });
    expect(refused).toMatchObject({ status: 422, problem: { code: "history_too_short" } });
    expect(refused.problem.detail).toContain("Sales has 0 days");
    const made = await theirs.call(api.planForecasts.make, {
      body: { ...wish, flat: { contactsPerDay: 90, handleS: 240 } },
    });
    const { forecastId: id } = (await done(theirs, made.body)).result as { forecastId: string };
    const flat = await theirs.call(api.planForecasts.get, { params: { id } });
    expect(flat.body).toMatchObject({ basis: "flat", method: "flat", expectedWape: null });
    expect(flat.body.series[0]?.handling).toMatchObject({ basis: "given", meanMs: 240_000 });
    expect(Math.max(...(flat.body.series[0]?.days.map(({ mean }) => mean) ?? []))).toBeCloseTo(90, 1);
    expect((await ours.call(api.planForecasts.get, { params: { id } })).status).toBe(404);
  });

  test("a forecast is learnt, stored with its errors, changed with a reason, and put back", async () => {
    const body = { queueIds: [queueId], firstDay: addDays(today, -7), days: 14 };
    expect((await watcher.call(api.planForecasts.make, { body })).status).toBe(403);
    expect((await theirs.call(api.planForecasts.make, { body })).status).toBe(404);
    const both = { ...body, queueIds: [queueId, otherQueueId] };
    expect((await server.admin.call(api.planForecasts.make, { body: both })).status).toBe(400);
    const made = await ours.call(api.planForecasts.make, { body });
    expect(made.status, made.text).toBe(200);
    forecastId = ((await done(ours, made.body)).result as { forecastId: string }).forecastId;
    const params = { id: forecastId };
    const { body: forecast } = await watcher.call(api.planForecasts.get, { params });
    const [series] = forecast.series;
    expect(forecast).toMatchObject({ basis: "history", madeBy: "ours", may: { edit: false } });
    expect(forecast.expectedWape).toBeLessThan(0.4);
    expect(series?.scores.length).toBeGreaterThan(0);
    expect(series?.handling).toMatchObject({ basis: "imported" });
    expect(series?.handling.meanMs).toBeCloseTo(180_000, -2);
    const day = series?.days.find(({ date }) => Temporal.PlainDate.from(date).dayOfWeek === 3);
    expect(day?.mean).toBeGreaterThan(150);
    expect(day?.mean).toBeLessThan(240);
    expect(day?.quantiles.p100).toBeLessThan(day?.mean ?? 0);

    const span = dayOf(day?.date ?? today, zone);
    const change = {
      queueId,
      ...span,
      change: { kind: "percent", percent: 20 } as const,
      reason: "Invoices go out",
    };
    expect((await watcher.call(api.planForecasts.adjust, { params, body: change })).status).toBe(403);
    const unfounded = await ours.call(api.planForecasts.adjust, { params, body: { ...change, reason: " " } });
    expect(unfounded.status).toBe(400);
    const adjusted = await ours.call(api.planForecasts.adjust, { params, body: change });
    expect(adjusted.body).toMatchObject({ reason: "Invoices go out", madeBy: "ours", undone: null });
    const dayNow = async () =>
      (await ours.call(api.planForecasts.get, { params })).body.series[0]?.days.find(
        ({ date }) => date === day?.date,
      );
    const more = await dayNow();
    expect(more?.mean).toBeCloseTo((day?.mean ?? 0) * 1.2, 0);
    expect(more?.unadjusted).toBeCloseTo(day?.mean ?? 0, 3);
    const undo = { params: { ...params, adjustmentId: adjusted.body.id } };
    expect((await ours.call(api.planForecasts.undo, undo)).status).toBe(200);
    expect((await dayNow())?.mean).toBeCloseTo(day?.mean ?? 0, 3);
    const { changes } = (await ours.call(api.planForecasts.get, { params })).body;
    expect(changes).toMatchObject([{ undone: { by: "ours" } }]);
  });

  test("beside what came: the error of each day, from figures that can be opened", async () => {
    const { body } = await ours.call(api.planForecasts.accuracy, { params: { id: forecastId } });
    expect(body.days.length).toBeGreaterThanOrEqual(6);
    for (const day of body.days) {
      const own = body.intervals.filter(({ at }) => at >= day.from && at < day.to);
      const error = own.reduce((sum, one) => sum + Math.abs(one.forecast - one.actual), 0);
      expect(day.absoluteError).toBeCloseTo(error, 6);
      expect(day.actual).toBe(own.reduce((sum, one) => sum + one.actual, 0));
    }
  });

  test("the requirement is the queue's own target, is what rosters read, and holds the forecast", async () => {
    const params = { id: forecastId };
    const { items } = (await ours.call(api.planStaffing.inputs, { params })).body;
    expect(items[0]?.inputs).toMatchObject({
      target: { serviceLevel: { share: 0.8, thresholdS: 20 } },
      handleS: 180,
      shrinkage: 0.3,
    });
    const inputs = items[0]?.inputs;
    if (!inputs) throw new Error("no inputs");
    const none = { serviceLevel: null, maxMeanWaitS: null, maxAbandon: null, maxOccupancy: null };
    const untargeted = await ours.call(api.planStaffing.make, {
      body: { forecastId, queues: [{ queueId, inputs: { ...inputs, target: none } }] },
    });
    expect(untargeted).toMatchObject({ status: 400, problem: { field: "queues.0.inputs.target" } });
    const make = { body: { forecastId, queues: [{ queueId, inputs }] } };
    expect((await theirs.call(api.planStaffing.make, make)).status).toBe(404);
    expect((await watcher.call(api.planStaffing.make, make)).status).toBe(403);
    const made = await ours.call(api.planStaffing.make, make);
    const { requirementId } = (await done(ours, made.body)).result as { requirementId: string };
    const query = { queueIds: queueId, from: today, to: addDays(today, 6) };
    const force = (await watcher.call(api.planStaffing.inForce, { query })).body.items[0];
    expect(force).toMatchObject({ requirementId });
    const noon = force?.intervals.find(({ at }) => at === dayOf(addDays(today, 1), zone).from + 48 * QUARTER);
    // about 6 to 9 in a quarter, 180 s each: 1.2 to 1.8 erlang, so 3 to 5 agents for 80/20
    expect(noon?.agents).toBeGreaterThanOrEqual(3);
    expect(noon?.agents).toBeLessThanOrEqual(5);
    expect(noon?.serviceLevel).toBeGreaterThanOrEqual(0.8);
    expect((await theirs.call(api.planStaffing.inForce, { query })).status).toBe(404);
    expect((await ours.call(api.planForecasts.remove, { params })).problem.code).toBe("in_use");
    const csv = await ours.raw("GET", `/api/v1/plan/requirements/${requirementId}/intervals.csv`);
    expect(csv.text.split("\r\n")[0]).toContain("queue,at,contacts,load_erlang,agents");
    expect((await theirs.call(api.planStaffing.get, { params: { id: requirementId } })).status).toBe(404);
    expect((await ours.call(api.planStaffing.remove, { params: { id: requirementId } })).status).toBe(200);
    expect((await ours.call(api.planForecasts.remove, { params })).status).toBe(200);
    // what was taken in, made, changed and removed stands in the audit, by whom, of which
    const of = { forecast: params.id, requirement: requirementId };
    for (const [action, subjectId] of [
      ["history_imported", null],
      ["history_import_removed", null],
      ["forecast_made", of.forecast],
      ["forecast_changed", of.forecast],
      ["forecast_change_undone", of.forecast],
      ["forecast_removed", of.forecast],
      ["requirement_made", of.requirement],
      ["requirement_removed", of.requirement],
    ] as const) {
      const noted = (await server.admin.call(api.audit.list, { query: { action } })).body.items;
      const mine = noted.find((one) => subjectId === null || one.subjectId === subjectId);
      expect(mine, action).toMatchObject({ userName: "ours", subjectId: expect.any(String) });
    }
  });

  test("who plans one queue changes nothing of the others in the same forecast, and removes none of them", async () => {
    const secondId = (await makeQueue(server, server.clientId, "Second")).id;
    const narrow = await makeUser("narrow", "planner", { kind: "queue", id: queueId });
    const made = await ours.call(api.planForecasts.make, {
      body: {
        queueIds: [queueId, secondId],
        firstDay: today,
        days: 2,
        flat: { contactsPerDay: 90, handleS: 240 },
      },
    });
    const { forecastId: id } = (await done(ours, made.body)).result as { forecastId: string };
    const params = { id };
    const seen = (await narrow.call(api.planForecasts.get, { params })).body;
    expect(seen.series.map(({ queue }) => queue.id)).toEqual([queueId]);
    expect(seen.may).toEqual({ edit: false });
    const query = { intervalsOf: addDays(today, 1) };
    const oneDay = (await narrow.call(api.planForecasts.get, { params, query })).body;
    const { from: morning, to: night } = dayOf(query.intervalsOf, zone);
    const { intervals = [], days = [] } = seen.series[0] ?? {};
    expect(oneDay.series[0]?.days).toEqual(days);
    expect(oneDay.series[0]?.intervals).toEqual(intervals.filter(({ at }) => at >= morning && at < night));
    const { from } = dayOf(today, zone);
    const change = {
      queueId: null,
      from,
      to: dayOf(addDays(today, 1), zone).to,
      change: { kind: "percent", percent: 500 } as const,
      reason: "All of it",
    };
    expect((await narrow.call(api.planForecasts.adjust, { params, body: change })).status).toBe(403);
    const hidden = { ...change, queueId: secondId };
    expect((await narrow.call(api.planForecasts.adjust, { params, body: hidden })).status).toBe(400);
    const own = await narrow.call(api.planForecasts.adjust, { params, body: { ...change, queueId } });
    expect(own.status, own.text).toBe(200);
    const all = await ours.call(api.planForecasts.adjust, { params, body: change });
    const undo = (adjustmentId: string) =>
      narrow.call(api.planForecasts.undo, { params: { id, adjustmentId } });
    expect((await undo(all.body.id)).status).toBe(403);
    expect((await undo(own.body.id)).status).toBe(200);
    expect((await narrow.call(api.planForecasts.remove, { params })).status).toBe(403);

    const { items } = (await ours.call(api.planStaffing.inputs, { params })).body;
    const staffed = await ours.call(api.planStaffing.make, {
      body: {
        forecastId: id,
        queues: items.map(({ queue, inputs }) => ({ queueId: queue.id, inputs })),
      },
    });
    const { requirementId } = (await done(ours, staffed.body)).result as { requirementId: string };
    const required = { params: { id: requirementId } };
    expect((await narrow.call(api.planStaffing.get, required)).body).toMatchObject({
      series: [{ queue: { id: queueId } }],
      may: { edit: false },
    });
    expect((await narrow.call(api.planStaffing.remove, required)).status).toBe(403);
    expect((await ours.call(api.planStaffing.remove, required)).status).toBe(200);
    expect((await ours.call(api.planForecasts.remove, { params })).status).toBe(200);
  });

  test("special days are configured: with a revision, and of one's own client only", async () => {
    const day = {
      clientId: server.clientId,
      name: "Invoices",
      kind: "campaign" as const,
      queueIds: [queueId],
      firstDay: today,
      lastDay: today,
      effect: 1.5,
      fromTime: null,
      toTime: null,
    };
    expect((await theirs.call(api.planSpecialDays.create, { body: day })).status).toBe(403);
    const backwards = { ...day, lastDay: addDays(today, -1) };
    expect((await ours.call(api.planSpecialDays.create, { body: backwards })).problem.field).toBe("lastDay");
    const made = await ours.call(api.planSpecialDays.create, { body: day });
    expect(made.status, made.text).toBe(200);
    expect((await theirs.call(api.planSpecialDays.list, {})).body.items).toEqual([]);
    const next = await ours.call(api.planForecasts.make, {
      body: { queueIds: [queueId], firstDay: today, days: 2 },
    });
    const { forecastId: id } = (await done(ours, next.body)).result as { forecastId: string };
    const { series } = (await ours.call(api.planForecasts.get, { params: { id } })).body;
    expect(series[0]?.days[0]?.special).toEqual(["Invoices"]);
  });
});

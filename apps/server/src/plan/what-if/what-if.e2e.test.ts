import { localDate } from "@svara/calendar";
import { api, type PlanJob, type Problem, type WhatIfChange, whatIfChange } from "@svara/contracts";
import type { AgentId, ClientId, QueueId } from "@svara/kernel";
import { ENGINE_VERSION, type Input } from "@svara/routing";
import { type Scenario, simulate } from "@svara/workforce";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTER_ID } from "../../live/live-parts.ts";
import { makeQueue } from "../../test-kit/make-queue.ts";
import type { TestClient } from "../../test-kit/test-client.ts";
import { type TestServer, testServer } from "../../test-kit/test-server.ts";

const HOUR_MS = 3_600_000;
const SALES = "01990000-0000-7000-8000-0000000000a1" as QueueId;
const HELP = "01990000-0000-7000-8000-0000000000a2" as QueueId;
const COSTS = { currency: "EUR", perAgentHour: 30, perAbandoned: 5 };

let server: TestServer;
let date = "";

beforeAll(async () => {
  server = await testServer();
  const { clock, ledger } = server.core;
  const { timeZone } = (await server.admin.call(api.planWhatIf.days, {})).body;
  date = localDate(clock.now() - 26 * HOUR_MS, timeZone);
  const noon = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: "12:00" });
  simulate(day(noon.epochMilliseconds), {
    seed: 1,
    journal: ({ epoch: _, ...entry }) =>
      ledger.journal({ ...entry, routerId: ROUTER_ID, engineVersion: ENGINE_VERSION }),
  });
  await ledger.flush();
});
afterAll(() => server.close());

/** Two hours of two clients' queues with seven agents. */
function day(from: number): Scenario {
  const queue = (id: QueueId, clientId: string): Input => ({
    type: "config.queue_set",
    queue: {
      id,
      clientId: clientId as ClientId,
      media: ["voice"],
      requiredSkills: [],
      priority: 0,
      ringTimeoutMs: 18_000,
      wrapUp: { mode: "timed", limitMs: 15_000 },
    },
  });
  const agents = Array.from({ length: 7 }, (_, i) => `01990000-0000-7000-8000-00000000b00${i}` as AgentId);
  return {
    from,
    to: from + 2 * HOUR_MS,
    atClose: "drain",
    configuration: [
      queue(SALES, server.clientId),
      queue(HELP, "01990000-0000-7000-8000-0000000000c2"),
      ...agents.map(
        (id): Input => ({ type: "config.agent_set", agent: { id, skills: {}, slots: { voice: 1 } } }),
      ),
    ],
    shifts: agents.map((agentId) => ({ agentId, from, to: from + 2 * HOUR_MS })),
    arrivals: [SALES, HELP].map((id) => ({
      kind: "poisson",
      item: { medium: "voice", clientId: server.clientId as ClientId, queueId: id, initiation: "new" },
      rates: [{ from, perHour: 60 }],
      talk: { kind: "exponential", meanMs: 180_000 },
      patience: { kind: "exponential", meanMs: 120_000 },
    })),
  };
}

function draft(name: string, change: Partial<WhatIfChange> = {}) {
  return {
    name,
    day: { kind: "recorded" as const, date },
    change: whatIfChange.parse(change),
    costs: COSTS,
    replications: 5,
    seed: 1,
  };
}

/** The id of the simulation, once its work is done. */
async function finished(client: TestClient, job: PlanJob): Promise<PlanJob> {
  for (;;) {
    const { body } = await client.call(api.planJobs.get, { params: { id: job.id } });
    if (body.endedAt !== null) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function person(username: string, role: "planner" | "supervisor" | "agent", clientId?: string) {
  const scope = clientId ? { kind: "client" as const, id: clientId } : { kind: "centre" as const };
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope }],
      agent: null,
      password: "a long enough one",
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return server.signIn(username, "a long enough one");
}

describe("a recorded day otherwise", () => {
  test("more agents: what happened, as it was, otherwise, and the difference, by quarter of an hour", async () => {
    const staff = [{ queueId: SALES, count: 3, from: "12:00", to: "14:00" }];
    const job = await server.admin.call(api.planWhatIf.run, { body: draft("Three more", { staff }) });
    expect(job.status, job.text).toBe(200);
    const { state, result, problem } = await finished(server.admin, job.body);
    expect({ state, problem }).toEqual({ state: "done", problem: null });
    const { id } = result as { id: string };
    const { body } = await server.admin.call(api.planWhatIf.get, {
      params: { id },
      query: { queueId: SALES },
    });
    expect(body).toMatchObject({ name: "Three more", runs: 5, intervalMs: 900_000 });
    expect(body.queues.map((queue) => queue.queueId)).toEqual([null, SALES, HELP]);
    const [total, sales] = body.queues;
    const offered = total?.happened?.offered ?? 0;
    expect(offered).toBeGreaterThan(150);
    expect(total?.base.offered.value).toBe(offered);
    expect(total?.difference?.cost.value).toBeGreaterThan(60); // 6 h of 30, less what abandons cost
    expect(sales?.difference?.abandoned.value).toBeLessThan(0);
    expect(sales?.difference?.meanWaitMs.value).toBeLessThan(0);
    const { happened, changed } = body.intervals;
    expect(happened?.offered).toHaveLength((body.to - body.from) / body.intervalMs);
    expect(changed?.meanQueue.p90).toHaveLength(happened?.offered.length ?? 0);
    expect(body.assumptions.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["arrivals_recorded", "patience_fitted", "staff_added", "chance"]),
    );
  });

  test("rules in the form and as a file become one rules file; what it cannot mean is told before any work", async () => {
    const queues = [{ queueId: SALES, priority: 5, ringTimeoutSec: 10 }];
    const rules = { queues: [{ id: HELP, priority: 1 }], rules: { workStrategy: "fqr" } };
    const job = await server.admin.call(api.planWhatIf.run, {
      body: draft("Sales first", { queues, rules, volumes: [{ queueId: null, percent: 20 }] }),
    });
    const { result } = await finished(server.admin, job.body);
    const { body } = await server.admin.call(api.planWhatIf.get, {
      params: { id: (result as { id: string }).id },
    });
    expect(body.rulesFile).toEqual({
      queues: [
        { id: SALES, priority: 5, ringTimeoutMs: 10_000 },
        { id: HELP, priority: 1 },
      ],
      rules: { workStrategy: "fqr" },
    });
    const wrong = await server.admin.call(api.planWhatIf.run, {
      body: draft("Wrong", { rules: { queues: [{ id: SALES, priorty: 1 }] } }),
    });
    expect(wrong.status).toBe(422);
    expect(wrong.problem).toMatchObject({
      code: "workforce.rules_file",
      field: "queues.0.priorty",
    } as Partial<Problem>);
  });

  test("what the day does not know fails with its reason and keeps nothing", async () => {
    const cases = [
      [{ staff: [{ queueId: SALES, count: -9, from: "12:00", to: "14:00" }] }, "what_if.too_few_agents"],
      [
        { staff: [{ queueId: server.clientId, count: 1, from: "12:00", to: "14:00" }] },
        "what_if.no_such_queue",
      ],
      [{ hours: [{ queueId: null, from: "14:00", to: "12:00", share: 0 }] }, "what_if.empty_span"],
    ] as const;
    const before = (await server.admin.call(api.planWhatIf.list, {})).body.items.length;
    await Promise.all(
      cases.map(async ([change, code]) => {
        const job = await server.admin.call(api.planWhatIf.run, { body: draft(code, change as never) });
        expect(await finished(server.admin, job.body)).toMatchObject({ state: "failed", problem: { code } });
      }),
    );
    const empty = await server.admin.call(api.planWhatIf.run, {
      body: { ...draft("Empty"), day: { kind: "recorded", date: "2020-01-01" } },
    });
    expect(await finished(server.admin, empty.body)).toMatchObject({ problem: { code: "journal.empty" } });
    expect((await server.admin.call(api.planWhatIf.list, {})).body.items).toHaveLength(before);
  });

  test("work that is stopped ends at once and keeps nothing", async () => {
    const job = await server.admin.call(api.planWhatIf.run, {
      body: { ...draft("Stopped"), replications: 200 },
    });
    await server.admin.call(api.planJobs.cancel, { params: { id: job.body.id } });
    expect((await finished(server.admin, job.body)).state).toBe("cancelled");
    const { items } = (await server.admin.call(api.planWhatIf.list, {})).body;
    expect(items.map(({ name }) => name)).not.toContain("Stopped");
  });
});

describe("a planned day", () => {
  test("a planner of one client simulates the forecast of their own queue, and of no other", async () => {
    const { timeZone } = (await server.admin.call(api.planWhatIf.days, {})).body;
    const planned = localDate(server.core.clock.now() + 26 * HOUR_MS, timeZone);
    const queueId = (await makeQueue(server, server.clientId, "Billing")).id;
    const theirs = await person("theirs", "planner", server.clientId);
    const forecast = await theirs.call(api.planForecasts.make, {
      body: { queueIds: [queueId], firstDay: planned, days: 1, flat: { contactsPerDay: 400, handleS: 200 } },
    });
    expect(forecast.status, forecast.text).toBe(200);
    expect((await finished(theirs, forecast.body)).problem).toBeNull();
    const { body: days } = await theirs.call(api.planWhatIf.days, {});
    const [choice] = days.planned;
    expect(choice).toMatchObject({ queues: [{ id: queueId }], hasRoster: false, hasRequirement: false });
    const staff = { kind: "fixed" as const, agents: 4, from: "00:00", to: "24:00" };
    const wish = {
      ...draft("Busier", { volumes: [{ queueId: null, percent: 50 }] }),
      day: { kind: "forecast" as const, date: choice?.date ?? "", queueIds: [queueId], staff },
    };
    const job = await theirs.call(api.planWhatIf.run, { body: wish });
    expect(job.status, job.text).toBe(200);
    const { result, problem } = await finished(theirs, job.body);
    expect(problem).toBeNull();
    const { body } = await theirs.call(api.planWhatIf.get, { params: { id: (result as { id: string }).id } });
    const [total] = body.queues;
    expect(total?.happened).toBeNull();
    expect(Math.abs((total?.base.offered.value ?? 0) - 400)).toBeLessThan(40);
    expect(Math.abs((total?.changed?.offered.value ?? 0) - 600)).toBeLessThan(60);
    expect(total?.difference?.meanWaitMs.value).toBeGreaterThan(0);
    const required = await theirs.call(api.planWhatIf.run, {
      body: { ...wish, day: { ...wish.day, staff: { kind: "required" } } },
    });
    expect(required.problem).toMatchObject({ status: 409, code: "no_requirement" });
    const waiting = await theirs.call(api.planWhatIf.dissatisfaction, { query: { queueId } });
    expect(waiting.body).toMatchObject({ waits: 0, gaveUp: 0, scores: { kind: "unknown", answers: 0 } });
    expect((await theirs.call(api.planWhatIf.dissatisfaction, { query: { queueId: SALES } })).status).toBe(
      404,
    );
    const foreign = await theirs.call(api.planWhatIf.run, {
      body: { ...wish, day: { ...wish.day, queueIds: [queueId, SALES] } },
    });
    expect(foreign.status).toBe(403);
  });
});

describe("who may", () => {
  test("a recorded day holds every client's contacts: only who plans the whole centre sees or simulates one", async () => {
    const made = (await server.admin.call(api.planWhatIf.list, {})).body.items.find(
      (one) => one.day.kind === "recorded",
    );
    const id = made?.id ?? "";
    const planner = await person("planner", "planner");
    const ours = await person("ours", "planner", server.clientId);
    const supervisor = await person("super", "supervisor");
    const agent = await person("agent", "agent");
    expect((await planner.call(api.planWhatIf.get, { params: { id } })).status).toBe(200);
    expect((await planner.call(api.planWhatIf.days, {})).body.wholeCentre).toBe(true);

    expect((await ours.call(api.planWhatIf.days, {})).body).toMatchObject({
      wholeCentre: false,
      recorded: [],
    });
    const seen = (await ours.call(api.planWhatIf.list, {})).body.items;
    expect(seen.map((one) => one.day.kind)).toEqual(["forecast"]);
    expect((await ours.call(api.planWhatIf.get, { params: { id } })).status).toBe(404);
    const refused = await ours.call(api.planWhatIf.run, { body: draft("Ours") });
    expect(refused).toMatchObject({ status: 403, problem: { code: "whole_centre_needed" } });
    expect((await ours.call(api.planWhatIf.remove, { params: { id } })).status).toBe(404);

    expect((await supervisor.call(api.planWhatIf.get, { params: { id } })).status).toBe(200);
    expect((await supervisor.call(api.planWhatIf.run, { body: draft("S") })).status).toBe(403);
    expect((await supervisor.call(api.planWhatIf.remove, { params: { id } })).status).toBe(403);
    for (const route of [api.planWhatIf.days, api.planWhatIf.list]) {
      expect((await agent.call(route, {})).status).toBe(403);
      expect((await server.client().call(route, {})).status).toBe(401);
    }
  });

  test("one is named anew and deleted by who may simulate it", async () => {
    const [made] = (await server.admin.call(api.planWhatIf.list, {})).body.items;
    const params = { id: made?.id ?? "" };
    await server.admin.call(api.planWhatIf.rename, { params, body: { name: "Another name" } });
    expect((await server.admin.call(api.planWhatIf.get, { params })).body.name).toBe("Another name");
    expect((await server.admin.call(api.planWhatIf.remove, { params })).status).toBe(200);
    expect((await server.admin.call(api.planWhatIf.get, { params })).status).toBe(404);
    const noted = (await server.admin.call(api.audit.list, { query: { action: "what_if_removed" } })).body;
    expect(noted.items).toMatchObject([{ subjectId: params.id }]);
  });
});

import { api, type PlanJob, type RosterShiftView } from "@svara/contracts";
import type { LedgerDraft } from "@svara/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestClient } from "../test-kit/test-client.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";
import { applyPlanRetention } from "./plan-retention.ts";

/** Rosters, requests and the agents' own over a real database, by the routes; the solver has tests of its own. */
let server: TestServer;
const PASSWORD = "a long enough one";
const HOUR_MS = 3_600_000;
const teams = { a: "", b: "" };
const agents = { anna: "", bo: "", eve: "" };
const clients = new Map<string, TestClient>();
let monday = "";
let rosterId = "";
let patternId = "";

type Scope = { kind: "centre" } | { kind: "client" | "queue" | "team" | "site"; id: string };

async function makeUser(
  username: string,
  role: "supervisor" | "agent" | "planner",
  scope: Scope,
  teamId: string | null,
): Promise<string> {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "sv",
      active: true,
      grants: [{ roleId: server.roleId(role), scope }],
      agent: role === "agent" ? { teamId, siteId: null, extension: null, skills: [] } : null,
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  clients.set(username, await server.signIn(username, PASSWORD));
  return made.body.id;
}

function as(username: string): TestClient {
  const client = clients.get(username);
  if (!client) throw new Error(`nobody is called ${username}`);
  return client;
}

beforeAll(async () => {
  server = await testServer();
  for (const key of ["a", "b"] as const) {
    const made = await server.admin.call(api.teams.create, {
      body: { name: `Team ${key}`, siteId: null, leaderIds: [] },
    });
    teams[key] = made.body.id;
  }
  await makeUser("pia", "planner", { kind: "team", id: teams.a }, null);
  await makeUser("sven", "supervisor", { kind: "team", id: teams.b }, null);
  for (const [name, team] of [
    ["anna", "a"],
    ["bo", "a"],
    ["eve", "b"],
  ] as const)
    agents[name] = await makeUser(name, "agent", { kind: "centre" }, teams[team]);
  const today = Temporal.Now.plainDateISO("UTC");
  monday = today.add({ days: 15 - today.dayOfWeek }).toString();
});
afterAll(() => server.close());

/** A day of the roster's week at a wall time of the centre. */
function at(day: number, time: string): number {
  return Temporal.PlainDate.from(monday)
    .add({ days: day })
    .toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}
let zone = "UTC";

function shift(agentId: string, day: number, from: string, to: string): RosterShiftView {
  const date = Temporal.PlainDate.from(monday).add({ days: day }).toString();
  return { agentId, date, patternId, from: at(day, from), to: at(day, to), parts: [] };
}

test("patterns, contracts, rules and terms are kept by the one door, each fault named", async () => {
  const pattern = {
    name: "Day",
    siteId: null,
    weekdays: [],
    earliestStart: "07:00",
    latestStart: "10:00",
    startEveryMinutes: 60,
    paidMinutes: 480,
    breaks: [],
  };
  const wrong = await server.admin.call(api.planPatterns.create, {
    body: { ...pattern, latestStart: "06:00" },
  });
  expect(wrong.problem.errors?.map(({ field }) => field)).toEqual(["latestStart"]);
  const made = await server.admin.call(api.planPatterns.create, { body: pattern });
  expect(made.status, made.text).toBe(200);
  patternId = made.body.id;
  const contract = await server.admin.call(api.planContracts.create, {
    body: {
      name: "Full time",
      weeklyMinutes: { min: 0, max: 2400 },
      daysPerWeek: { min: 0, max: 5 },
      patternIds: [patternId],
      costPerHour: 20,
    },
  });
  expect(contract.status, contract.text).toBe(200);
  const presets = (await server.admin.call(api.planLabourRules.presets, {})).body.items;
  const eu = presets.find(({ id }) => id === "eu");
  if (!eu) throw new Error("no preset of the European Union");
  expect(eu.limits.minRestMinutes).toBe(660);
  const rules = { name: "Everybody", source: eu.source, limits: eu.limits };
  expect((await server.admin.call(api.planLabourRules.create, { body: rules })).status).toBe(200);
  const twice = await server.admin.call(api.planLabourRules.create, { body: { ...rules, name: "Again" } });
  expect(twice.problem.errors?.[0]).toMatchObject({ field: "teamIds", code: "taken" });
  const approval = await server.admin.call(api.planApprovalRules.create, {
    body: {
      name: "Everybody",
      leave: { byRules: true, noticeDays: 1, minCover: 1 },
      swap: { byRules: true, noticeHours: 24 },
      overtime: { byRules: true },
    },
  });
  expect(approval.status, approval.text).toBe(200);
  for (const id of Object.values(agents)) {
    const terms = await server.admin.call(api.planAgentTerms.replace, {
      params: { id },
      body: { contractId: contract.body.id, availability: [] },
    });
    expect(terms.status, terms.text).toBe(200);
  }
  const mine = (await as("pia").call(api.planAgentTerms.list, {})).body.items;
  expect(mine.map(({ agentName }) => agentName).sort()).toEqual(["anna", "bo"]);
  const [revision] = (await server.admin.call(api.revisions.list, { query: { kind: "agent_terms" } })).body
    .items;
  const undone = await server.admin.call(api.revisions.undo, {
    params: { revision: String(revision?.revision) },
  });
  expect(undone.status, undone.text).toBe(200);
});

test("a team's planner begins its roster; another team's supervisor sees nothing of it", async () => {
  const body = {
    teamId: teams.a,
    siteId: null,
    from: monday,
    days: 7,
    groups: [
      {
        id: "all",
        name: "Everybody",
        queueId: null,
        skillIds: [],
        source: {
          kind: "flat" as const,
          agents: 1,
          from: "08:00",
          to: "16:00",
          weekdays: ["mon" as const, "tue" as const],
        },
      },
    ],
  };
  const foreign = await as("pia").call(api.planRosters.create, { body: { ...body, teamId: teams.b } });
  expect(foreign.status).toBe(403);
  const made = await as("pia").call(api.planRosters.create, { body });
  expect(made.status, made.text).toBe(200);
  rosterId = made.body.id;
  zone = made.body.timeZone;
  expect(made.body.coverage.requiredHours).toBe(16);
  expect(made.body.agentsList.map(({ name }) => name)).toEqual(["anna", "bo"]);
  const again = await as("pia").call(api.planRosters.create, { body });
  expect(again.problem.code).toBe("roster_overlaps");
  expect((await as("sven").call(api.planRosters.get, { params: { id: rosterId } })).status).toBe(404);
  expect((await as("sven").call(api.planRosters.list, {})).body.items).toEqual([]);
  const wrong = await as("pia").call(api.planRosters.setGroups, {
    params: { id: rosterId },
    body: {
      draftRevision: 0,
      groups: [{ id: "q", name: "Q", queueId: server.clientId, skillIds: [], source: { kind: "forecast" } }],
      weights: {},
    },
  });
  expect(wrong.problem.field).toBe("groups.0.queueId");
});

test("a change names the rules that it breaks at once, is made all the same, and is taken back", async () => {
  const change = { type: "put_shift" as const, shift: shift(agents.anna, 0, "08:00", "16:00") };
  const tried = await as("pia").call(api.planRosters.tryChange, { params: { id: rosterId }, body: change });
  expect(tried.status, tried.text).toBe(200);
  // eight hours without a break: six are allowed
  expect(tried.body.violations.map(({ rule }) => rule)).toContain("break_needed");
  expect(tried.body.effects.shortHoursDelta).toBe(-8);
  const made = await as("pia").call(api.planRosters.change, {
    params: { id: rosterId },
    body: { draftRevision: 0, change },
  });
  expect(made.status, made.text).toBe(200);
  expect(made.body.roster.shifts).toHaveLength(1);
  expect(made.body.roster.violations.length).toBeGreaterThan(0);
  const stale = await as("pia").call(api.planRosters.change, {
    params: { id: rosterId },
    body: { draftRevision: 0, change },
  });
  expect(stale.problem).toMatchObject({ status: 409, code: "roster_changed" });
  const undone = await as("pia").call(api.planRosters.undo, {
    params: { id: rosterId },
    body: { draftRevision: made.body.roster.draftRevision },
  });
  expect(undone.body.shifts).toEqual([]);
  const stranger = await as("pia").call(api.planRosters.tryChange, {
    params: { id: rosterId },
    body: { type: "put_shift", shift: shift(agents.eve, 0, "08:00", "16:00") },
  });
  expect(stranger.problem).toMatchObject({ status: 400, field: "agentId" });
});

async function put(shifts: readonly RosterShiftView[]): Promise<void> {
  for (const each of shifts) {
    const { body } = await as("pia").call(api.planRosters.get, { params: { id: rosterId } });
    const made = await as("pia").call(api.planRosters.change, {
      params: { id: rosterId },
      body: { draftRevision: body.draftRevision, change: { type: "put_shift", shift: each } },
    });
    expect(made.status, made.text).toBe(200);
  }
}

async function publish(): Promise<void> {
  const { body } = await as("pia").call(api.planRosters.get, { params: { id: rosterId } });
  const made = await as("pia").call(api.planRosters.publish, {
    params: { id: rosterId },
    body: { draftRevision: body.draftRevision },
  });
  expect(made.status, made.text).toBe(200);
}

function withLunch(each: RosterShiftView): RosterShiftView {
  const from = each.from + 4 * HOUR_MS;
  return { ...each, patternId: null, parts: [{ kind: "lunch", from, to: from + HOUR_MS / 2, paid: false }] };
}

test("agents see what is published, and are told of what changes", async () => {
  await put([
    withLunch(shift(agents.anna, 0, "08:00", "16:30")),
    withLunch(shift(agents.bo, 1, "08:00", "16:30")),
    withLunch(shift(agents.bo, 2, "08:00", "16:30")),
  ]);
  const week = () => as("anna").call(api.mySchedule.week, { query: { from: monday } });
  expect((await week()).body.shifts).toEqual([]);
  expect(
    (
      await as("sven").call(api.planRosters.publish, {
        params: { id: rosterId },
        body: { draftRevision: 0 },
      })
    ).status,
  ).toBe(404);
  await publish();
  const first = (await week()).body;
  expect(first.shifts.map(({ from }) => from)).toEqual([at(0, "08:00")]);
  expect(first.notices).toMatchObject([{ version: 1, changes: [], seen: false }]);
  const { body: draft } = await as("pia").call(api.planRosters.get, { params: { id: rosterId } });
  await as("pia").call(api.planRosters.change, {
    params: { id: rosterId },
    body: {
      draftRevision: draft.draftRevision,
      change: {
        type: "put_shift",
        shift: withLunch(shift(agents.anna, 0, "09:00", "17:30")),
        instead: at(0, "08:00"),
      },
    },
  });
  const preview = (await as("pia").call(api.planRosters.changesToPublish, { params: { id: rosterId } })).body;
  expect(preview.items.map(({ agentName }) => agentName)).toEqual(["anna"]);
  await publish();
  expect((await week()).body.notices[0]).toMatchObject({
    version: 2,
    changes: [{ date: monday, before: { from: at(0, "08:00") }, after: { from: at(0, "09:00") } }],
  });
  await as("anna").call(api.mySchedule.seen, {});
  expect((await week()).body.notices.every(({ seen }) => seen)).toBe(true);
  const versions = (await as("pia").call(api.planRosters.versions, { params: { id: rosterId } })).body.items;
  expect(versions.map(({ version, by }) => [version, by])).toEqual([
    [2, "pia"],
    [1, "pia"],
  ]);
  const audit = (await server.admin.call(api.audit.list, { query: { action: "roster_published" } })).body;
  expect(audit.items).toHaveLength(2);
});

test("a swap goes to the colleague first; rules grant it; a decision is taken back while it can be", async () => {
  const choices = await as("anna").call(api.mySchedule.swapChoices, { query: { mine: at(0, "09:00") } });
  expect(choices.status, choices.text).toBe(200);
  expect(choices.body.items.every(({ name }) => name === "bo")).toBe(true);
  const asked = await as("anna").call(api.mySchedule.ask, {
    body: { kind: "swap", mine: at(0, "09:00"), colleagueId: agents.bo, theirs: at(2, "08:00") },
  });
  expect(asked.status, asked.text).toBe(200);
  expect(asked.body.state).toBe("with_colleague");
  const { id } = asked.body;
  // eve has nothing to do with it
  const answer = { params: { id }, body: { accept: true } };
  expect((await as("eve").call(api.mySchedule.answer, answer)).status).toBe(404);
  expect((await as("eve").call(api.mySchedule.requests, {})).body.items).toEqual([]);
  const accepted = await as("bo").call(api.mySchedule.answer, answer);
  expect(accepted.body, accepted.text).toMatchObject({ state: "granted", decidedByRules: true });
  const mine = (await as("anna").call(api.mySchedule.week, { query: { from: monday } })).body;
  expect(mine.shifts.map(({ from }) => from)).toEqual([at(2, "08:00")]);
  const seen = (await as("pia").call(api.planRosters.get, { params: { id: rosterId } })).body;
  expect(seen.unpublished).toBe(false);
  expect(seen.shifts.filter(({ agentId }) => agentId === agents.anna).map(({ from }) => from)).toEqual([
    at(2, "08:00"),
  ]);
  const undone = await as("pia").call(api.planRequests.undo, { params: { id } });
  expect(undone.body, undone.text).toMatchObject({ state: "asked" });
  const refused = await as("pia").call(api.planRequests.decide, {
    params: { id },
    body: { grant: false, note: "Not this week" },
  });
  expect(refused.body.state).toBe("refused");
  const anew = await as("anna").call(api.mySchedule.ask, {
    body: { kind: "swap", mine: at(0, "09:00"), colleagueId: agents.bo, theirs: at(2, "08:00") },
  });
  const reopened = await as("pia").call(api.planRequests.undo, { params: { id } });
  expect(reopened.problem).toMatchObject({ status: 409, code: "request_asked_again" });
  await as("anna").call(api.mySchedule.withdraw, { params: { id: anew.body.id } });
  const back = (await as("anna").call(api.mySchedule.week, { query: { from: monday } })).body;
  expect(back.shifts.map(({ from }) => from)).toEqual([at(0, "09:00")]);
});

test("leave goes to a person where cover falls; only planners and the agent read why", async () => {
  const asked = await as("bo").call(api.mySchedule.ask, {
    body: {
      kind: "leave",
      from: at(1, "00:00"),
      to: at(2, "00:00"),
      leaveKind: "child",
      reason: "Dentist with Lo",
    },
  });
  expect(asked.status, asked.text).toBe(200);
  expect(asked.body).toMatchObject({ state: "asked", decision: null, reason: "Dentist with Lo" });
  const { id } = asked.body;
  const open = (await as("pia").call(api.planRequests.list, { query: { state: "open" } })).body.items;
  expect(open).toMatchObject([{ id, agentName: "bo", reason: "Dentist with Lo", may: { decide: true } }]);
  expect(open[0]?.decision?.effects.shortHoursDelta).toBe(7.5);
  expect((await as("sven").call(api.planRequests.list, {})).body.items).toEqual([]);
  expect((await as("sven").call(api.planRequests.get, { params: { id } })).status).toBe(404);
  const role = await server.admin.call(api.roles.create, {
    body: { name: "Looks on", permissions: ["plan.view"] },
  });
  const made = await server.admin.call(api.users.create, {
    body: {
      username: "lookon",
      displayName: "Look On",
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: role.body.id, scope: { kind: "team", id: teams.a } }],
      agent: null,
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  clients.set("lookon", await server.signIn("lookon", PASSWORD));
  const looked = (await as("lookon").call(api.planRequests.get, { params: { id } })).body;
  expect(looked).toMatchObject({ reason: null, leaveKind: null, may: { decide: false } });
  const granted = await as("pia").call(api.planRequests.decide, { params: { id }, body: { grant: true } });
  expect(granted.body, granted.text).toMatchObject({ state: "granted", decidedBy: "pia" });
  const week = (await as("bo").call(api.mySchedule.week, { query: { from: monday } })).body;
  expect(week.shifts.map(({ from }) => from)).toEqual([at(2, "08:00")]);
  expect(week.leave).toHaveLength(1);
  const twice = await as("bo").call(api.mySchedule.ask, {
    body: { kind: "leave", from: at(1, "08:00"), to: at(1, "12:00"), leaveKind: "other" },
  });
  expect(twice.problem.code).toBe("leave_overlaps");
});

test("overtime is offered to a team and taken once", async () => {
  const offer = await as("pia").call(api.planRequests.offer, {
    body: { teamId: teams.a, siteId: null, from: at(3, "08:00"), to: at(3, "12:00"), seats: 1 },
  });
  expect(offer.status, offer.text).toBe(200);
  const foreign = await as("eve").call(api.mySchedule.ask, {
    body: { kind: "overtime", offerId: offer.body.id },
  });
  expect(foreign.status).toBe(400);
  const taken = await as("anna").call(api.mySchedule.ask, {
    body: { kind: "overtime", offerId: offer.body.id },
  });
  expect(taken.body, taken.text).toMatchObject({ state: "granted", decidedByRules: true });
  const gone = await as("bo").call(api.mySchedule.ask, {
    body: { kind: "overtime", offerId: offer.body.id },
  });
  expect(gone.problem.code).toBe("offer_gone");
  const week = (await as("anna").call(api.mySchedule.week, { query: { from: monday } })).body;
  expect(week.shifts.at(-1)).toMatchObject({ from: at(3, "08:00"), overtime: true });
});

test("a refusal is taken back only while the same could be asked for", async () => {
  const { admin } = server;
  const undo = (id: string) => admin.call(api.planRequests.undo, { params: { id } });
  const refuse = async (id: string) => {
    const refused = await admin.call(api.planRequests.decide, { params: { id }, body: { grant: false } });
    expect(refused.body.state, refused.text).toBe("refused");
  };
  const offer = await admin.call(api.planRequests.offer, {
    body: { teamId: teams.b, siteId: null, from: at(3, "08:00"), to: at(3, "12:00"), seats: 1 },
  });
  const overtime = () =>
    as("eve").call(api.mySchedule.ask, { body: { kind: "overtime", offerId: offer.body.id } });
  // nothing is published for her team: a person decides
  const first = await overtime();
  expect(first.body, first.text).toMatchObject({ state: "asked" });
  await refuse(first.body.id);
  const second = await overtime();
  expect((await undo(first.body.id)).problem).toMatchObject({ status: 409, code: "request_asked_again" });
  await refuse(second.body.id);
  expect((await undo(first.body.id)).body).toMatchObject({ state: "asked" });
  await makeUser("fia", "agent", { kind: "centre" }, teams.b);
  await refuse(first.body.id);
  const theirs = await as("fia").call(api.mySchedule.ask, {
    body: { kind: "overtime", offerId: offer.body.id },
  });
  expect(theirs.status, theirs.text).toBe(200);
  expect((await undo(first.body.id)).problem).toMatchObject({ status: 409, code: "offer_gone" });

  const from = (Math.floor(server.core.clock.now() / 900_000) + 4) * 900_000; // too soon for the rules
  const leave = () =>
    as("eve").call(api.mySchedule.ask, {
      body: { kind: "leave", from, to: from + HOUR_MS, leaveKind: "other" },
    });
  const asked = await leave();
  expect(asked.body, asked.text).toMatchObject({ state: "asked" });
  await refuse(asked.body.id);
  const again = await leave();
  expect((await undo(asked.body.id)).problem).toMatchObject({ status: 409, code: "leave_overlaps" });
  await refuse(again.body.id);
  expect((await undo(asked.body.id)).body).toMatchObject({ state: "asked" });
});

test("nobody enters leave for oneself", async () => {
  const made = await server.admin.call(api.users.create, {
    body: {
      username: "polly",
      displayName: "polly",
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId("planner"), scope: { kind: "centre" } }],
      agent: { teamId: teams.b, siteId: null, extension: null, skills: [] },
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  const polly = await server.signIn("polly", PASSWORD);
  const entered = (agentId: string) =>
    polly.call(api.planRequests.enterLeave, {
      body: { agentId, from: at(4, "00:00"), to: at(5, "00:00"), leaveKind: "holiday", reason: "" },
    });
  expect((await entered(made.body.id)).problem).toMatchObject({ status: 409, code: "own_request" });
  expect((await entered(agents.eve)).body).toMatchObject({ state: "granted" });
});

test("the calendar is read by its secret address and by nothing else", async () => {
  const made = await as("anna").call(api.mySchedule.makeFeed, {});
  const read = (path: string) => server.side.app.inject({ method: "GET", url: path });
  const calendar = await read(made.body.path);
  expect(calendar.statusCode).toBe(200);
  expect(calendar.headers["content-type"]).toMatch(/^text\/calendar/);
  expect(calendar.body).toContain("BEGIN:VCALENDAR\r\n");
  expect(calendar.body.match(/STATUS:CONFIRMED/g)).toHaveLength(2);
  expect(calendar.body).toContain("SUMMARY:Övertid");
  const row = await server.core.database.db.selectFrom("calendarFeed").selectAll().executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(made.body.path.slice(-20, -4));
  const renewed = await as("anna").call(api.mySchedule.makeFeed, {});
  expect((await read(made.body.path)).statusCode).toBe(404);
  expect((await read(renewed.body.path)).statusCode).toBe(200);
  await as("anna").call(api.mySchedule.removeFeed, {});
  expect((await read(renewed.body.path)).statusCode).toBe(404);
  expect((await read("/api/v1/plan/calendar/wrong")).statusCode).toBe(404);
  const codes: number[] = [];
  for (let n = 0; n < 60; n++) codes.push((await read("/api/v1/plan/calendar/wrong")).statusCode);
  expect(codes.at(-1)).toBe(429);
});

test("an agent's wish is theirs, and who is no agent has no schedule", async () => {
  const date = Temporal.PlainDate.from(monday).add({ days: 4 }).toString();
  const wish = await as("anna").call(api.mySchedule.setWish, { params: { date }, body: { kind: "day_off" } });
  expect(wish.status, wish.text).toBe(200);
  const { agentsList } = (await as("pia").call(api.planRosters.get, { params: { id: rosterId } })).body;
  expect(agentsList.find(({ name }) => name === "anna")?.wishes).toEqual([{ date, kind: "day_off" }]);
  expect((await as("pia").call(api.mySchedule.week, { query: { from: monday } })).status).toBe(403);
  expect((await as("anna").call(api.planRosters.list, {})).status).toBe(403);
  expect((await as("anna").call(api.planRequests.list, {})).status).toBe(403);
});

async function ended(client: TestClient, id: string): Promise<PlanJob> {
  for (;;) {
    const { body } = await client.call(api.planJobs.get, { params: { id } });
    if (body.endedAt !== null) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("the solver writes the draft within every rule, the simulator verifies it, and all of it is taken back", async () => {
  const half = await server.admin.call(api.planPatterns.create, {
    body: {
      name: "Half",
      earliestStart: "08:00",
      latestStart: "12:00",
      startEveryMinutes: 60,
      paidMinutes: 240,
      breaks: [],
    },
  });
  const contract = await server.admin.call(api.planContracts.create, {
    body: {
      name: "Half time",
      weeklyMinutes: { min: 0, max: 1200 },
      daysPerWeek: { min: 0, max: 5 },
      patternIds: [half.body.id],
    },
  });
  await server.admin.call(api.planAgentTerms.replace, {
    params: { id: agents.eve },
    body: { contractId: contract.body.id, availability: [{ weekday: "tue", kind: "unavailable" }] },
  });
  const source = {
    kind: "flat" as const,
    agents: 1,
    from: "08:00",
    to: "12:00",
    weekdays: ["mon" as const, "tue" as const, "wed" as const],
  };
  const made = await server.admin.call(api.planRosters.create, {
    body: {
      teamId: teams.b,
      siteId: null,
      from: monday,
      days: 7,
      groups: [{ id: "all", name: "All", queueId: null, skillIds: [], source }],
    },
  });
  expect(made.status, made.text).toBe(200);
  const params = { id: made.body.id };
  const job = await server.admin.call(api.planRosters.solve, {
    params,
    body: { timeLimitSec: 10, gap: 0.01, keep: "none" },
  });
  expect(job.status, job.text).toBe(200);
  expect((await as("pia").call(api.planJobs.get, { params: { id: job.body.id } })).status).toBe(404);
  const solved = await ended(server.admin, job.body.id);
  expect(solved.state, JSON.stringify(solved.problem)).toBe("done");
  const view = (await server.admin.call(api.planRosters.get, { params })).body;
  expect(view.shifts.map(({ from }) => from)).toEqual([at(0, "08:00"), at(2, "08:00")]);
  expect(view.violations).toEqual([]);
  expect(view.coverage.shortHours).toBe(4);
  expect(view.undo?.what).toBe("solved");

  const check = await server.admin.call(api.planRosters.verify, { params, body: { replications: 2 } });
  const checked = await ended(server.admin, check.body.id);
  expect(checked.state, JSON.stringify(checked.problem)).toBe("done");
  const verified = (await server.admin.call(api.planRosters.get, { params })).body.verified;
  expect(verified).toMatchObject({ draftRevision: view.draftRevision, replications: 2 });
  const [group] = verified?.groups ?? [];
  // nobody works on Tuesday: about a third is never answered
  expect(group?.serviceLevel).toBeGreaterThan(0.2);
  expect(group?.serviceLevel).toBeLessThan(0.67);
  const undone = await server.admin.call(api.planRosters.undo, {
    params,
    body: { draftRevision: view.draftRevision },
  });
  expect(undone.body.shifts).toEqual([]);
});

test("adherence is reckoned from the ledger against what was published, and shown down to the states", async () => {
  const date = Temporal.Now.plainDateISO(zone).subtract({ days: 1 });
  const time = (plainTime: string): number =>
    date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
  const made = await server.admin.call(api.planRosters.create, {
    body: { teamId: teams.b, siteId: null, from: date.toString(), days: 1 },
  });
  expect(made.status, made.text).toBe(200);
  const params = { id: made.body.id };
  const [from, to, noon] = [time("08:00"), time("16:30"), time("12:00")];
  const worked: RosterShiftView = {
    agentId: agents.eve,
    date: date.toString(),
    patternId: null,
    from,
    to,
    parts: [{ kind: "lunch", from: noon, to: noon + HOUR_MS / 2, paid: false }],
  };
  const put = await server.admin.call(api.planRosters.change, {
    params,
    body: { draftRevision: made.body.draftRevision, change: { type: "put_shift", shift: worked } },
  });
  await server.admin.call(api.planRosters.publish, {
    params,
    body: { draftRevision: put.body.roster.draftRevision },
  });
  const reasons = (await server.admin.call(api.reasons.list, {})).body.items;
  const lunch = reasons.find(({ code }) => code === "lunch")?.id ?? "";
  const state = (at: number, word: "available" | "not_ready", reason?: string) => ({
    type: "agent.state_changed" as const,
    at,
    agentId: agents.eve,
    actor: "system" as const,
    payload: {
      slot: "voice" as const,
      state: word,
      paid: true,
      productive: word === "available",
      ...(reason !== undefined && { reason }),
    },
  });
  const session = { sessionId: server.core.ids.next() };
  // half an hour late, lunch an hour late, gone in time
  const events: LedgerDraft[] = [
    {
      type: "agent.logged_in",
      at: from + HOUR_MS / 2,
      agentId: agents.eve,
      actor: "system",
      payload: { ...session, slots: ["voice"] },
    },
    state(from + HOUR_MS / 2, "available"),
    state(noon + HOUR_MS, "not_ready", lunch),
    state(noon + 1.5 * HOUR_MS, "available"),
    {
      type: "agent.logged_out",
      at: to,
      agentId: agents.eve,
      actor: "system",
      payload: { ...session, reason: "end_shift" },
    },
  ];
  await server.core.ledger.transaction({ clients: "all-of-centre" }, async (_tx, emit) => {
    for (const event of events) emit(event);
  });
  const query = { date: date.toString() };
  const day = await as("sven").call(api.planAdherence.day, { query });
  expect(day.status, day.text).toBe(200);
  const [eve] = day.body.agents;
  // of 8.5 hours: half an hour missing, half an hour of lunch worked, half an hour of work eaten
  expect(eve).toMatchObject({ agentName: "eve", scheduledMs: 8.5 * HOUR_MS, inAdherenceMs: 7 * HOUR_MS });
  expect(eve?.conformance).toBeCloseTo(7.5 / 8);
  expect(eve?.exceptions.map(({ scheduled, actual }) => [scheduled, actual])).toEqual([
    ["on_queue", "logged_out"],
    ["rest", "on_queue"],
    ["on_queue", "rest"],
  ]);
  const one = await as("sven").call(api.planAdherence.agent, { params: { id: agents.eve }, query });
  expect(one.body.states.map(({ kind }) => kind)).toEqual(["on_queue", "rest", "on_queue"]);
  await as("sven").call(api.planAdherence.agent, { params: { id: agents.eve }, query });
  expect((await as("pia").call(api.planAdherence.day, { query })).body.agents).toEqual([]);
  expect((await as("pia").call(api.planAdherence.agent, { params: { id: agents.eve }, query })).status).toBe(
    404,
  );
  // who read whose day stands in the audit, once however often it was looked at
  const noted = async (action: "agent_day_viewed" | "adherence_viewed" | "roster_made" | "roster_solved") =>
    (await server.admin.call(api.audit.list, { query: { action } })).body.items;
  expect(await noted("agent_day_viewed")).toMatchObject([{ userName: "sven", subjectId: agents.eve }]);
  expect((await noted("adherence_viewed")).map(({ userName }) => userName).sort()).toEqual(["pia", "sven"]);
  expect((await noted("roster_made")).at(-1)).toMatchObject({ userName: "pia", subjectId: rosterId });
  expect((await noted("roster_solved")).length).toBeGreaterThan(0);
});

test("of two rosters and two decisions at once, neither overwrites the other", async () => {
  const group = {
    id: "all",
    name: "All",
    queueId: null,
    skillIds: [],
    source: {
      kind: "flat" as const,
      agents: 1,
      from: "08:00",
      to: "16:00",
      weekdays: ["mon" as const, "tue" as const],
    },
  };
  const from = Temporal.PlainDate.from(monday).add({ days: 14 }).toString();
  const body = { teamId: null, siteId: null, from, days: 7, groups: [group] };
  const made = await Promise.all([1, 2, 3].map(() => server.admin.call(api.planRosters.create, { body })));
  expect(made.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  const whole = made.find(({ status }) => status === 200)?.body;
  const params = { id: whole?.id ?? "" };
  let draftRevision = whole?.draftRevision ?? 0;
  for (const day of [14, 15, 16]) {
    const change = {
      type: "put_shift" as const,
      shift: withLunch(shift(agents.anna, day, "08:00", "16:30")),
    };
    const put = await server.admin.call(api.planRosters.change, { params, body: { draftRevision, change } });
    expect(put.status, put.text).toBe(200);
    draftRevision = put.body.roster.draftRevision;
  }
  expect((await server.admin.call(api.planRosters.publish, { params, body: { draftRevision } })).status).toBe(
    200,
  );
  const leave = await Promise.all(
    [14, 15].map((day) =>
      as("anna").call(api.mySchedule.ask, {
        body: { kind: "leave", from: at(day, "00:00"), to: at(day + 1, "00:00"), leaveKind: "other" },
      }),
    ),
  );
  expect(leave.map(({ body: { state } }) => state)).toEqual(["asked", "asked"]);
  const granted = await Promise.all(
    leave.map(({ body: { id } }) =>
      server.admin.call(api.planRequests.decide, { params: { id }, body: { grant: true } }),
    ),
  );
  expect(granted.map(({ status }) => status)).toEqual([200, 200]);
  const week = (await as("anna").call(api.mySchedule.week, { query: { from } })).body;
  expect(week.shifts.map((each) => each.from)).toEqual([at(16, "08:00")]);

  // who plans one team sees its agents, and nothing of what the whole needs
  const part = (await as("pia").call(api.planRosters.get, { params })).body;
  expect(part.agentsList.map(({ name }) => name)).toEqual(["anna", "bo"]);
  expect(part).toMatchObject({ groups: [], gaps: [], verified: null, may: { edit: false } });
  expect(part.coverage).toMatchObject({ groups: [], requiredHours: 0 });
  expect((await as("pia").call(api.planRosters.changesToPublish, { params })).status).toBe(403);

  // a swap whose time has begun
  const swap = await as("anna").call(api.mySchedule.ask, {
    body: { kind: "swap", mine: at(16, "08:00"), colleagueId: agents.bo, theirs: null },
  });
  const { id } = swap.body;
  await server.core.database.db
    .updateTable("planRequest")
    .set({ fromAt: Date.now() - HOUR_MS })
    .where("id", "=", id)
    .execute();
  const late = await as("bo").call(api.mySchedule.answer, { params: { id }, body: { accept: true } });
  expect(late.problem).toMatchObject({ status: 409, code: "request_too_late" });
});

test("why somebody was away is forgotten a year later, and how a roster came to be; who worked when stays", async () => {
  const { db } = server.core.database;
  const later = (days: number) => ({ now: () => at(30, "00:00") + days * 24 * HOUR_MS });
  const reasons = () =>
    db
      .selectFrom("planRequest")
      .select(["reason", "leaveKind"])
      .where("kind", "=", "leave")
      .where((eb) => eb.or([eb("reason", "<>", ""), eb("leaveKind", "is not", null)]))
      .execute();
  const versions = (await db.selectFrom("rosterVersion").select("version").execute()).length;
  const shifts = await db.selectFrom("rosterShift").selectAll().execute();
  expect(await applyPlanRetention(db, later(0))).toMatchObject({ reasons: 0, versions: 0, word: 0 });
  expect((await reasons()).map(({ reason }) => reason)).toContain("Dentist with Lo");
  const forgotten = await applyPlanRetention(db, later(366));
  expect(forgotten.reasons).toBeGreaterThan(0);
  expect(await reasons()).toEqual([]);
  const left = await db.selectFrom("rosterVersion").select(["rosterId"]).execute();
  expect(left.length + forgotten.versions).toBe(versions);
  expect(new Set(left.map(({ rosterId }) => rosterId)).size).toBe(left.length);
  expect(await db.selectFrom("rosterStep").selectAll().execute()).toEqual([]);
  expect(await db.selectFrom("rosterShift").selectAll().execute()).toEqual(shifts);
  expect(await applyPlanRetention(db, later(366))).toMatchObject({ reasons: 0, versions: 0, steps: 0 });
});

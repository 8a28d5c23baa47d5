import { api, DEFAULT_CALLING_RULES } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

test("the calling rules begin with the usual codes, are changed by revision, and take no code twice", async () => {
  const { admin } = server;
  const first = (await admin.call(api.callingRules.get, {})).body;
  expect(first).toMatchObject(DEFAULT_CALLING_RULES);
  const { id: _, revision, ...rules } = first;
  const codes = { ...rules.featureCodes, listen: "*91", park: null };
  const changed = await admin.call(api.callingRules.replace, {
    body: { ...rules, featureCodes: codes, showMonitoring: true },
    ifMatch: revision,
  });
  expect(changed.status, changed.text).toBe(200);
  expect(changed.body).toMatchObject({ showMonitoring: true, featureCodes: { listen: "*91", park: null } });
  const twice = await admin.call(api.callingRules.replace, {
    body: { ...rules, featureCodes: { ...rules.featureCodes, whisper: "*1" } },
  });
  expect(twice.problem).toMatchObject({ status: 400, field: "featureCodes.whisper" });
  const odd = await admin.call(api.callingRules.replace, {
    body: { ...rules, featureCodes: { ...rules.featureCodes, whisper: "12" } },
  });
  expect(odd.status).toBe(400);
  const history = (await admin.call(api.revisions.list, { query: { kind: "calling_rules" } })).body;
  expect(history.items[0]).toMatchObject({ kind: "calling_rules", change: "changed" });
});

test("a queue shows only numbers of its own client", async () => {
  const { admin, clientId } = server;
  const { items } = (await admin.call(api.clients.list, {})).body;
  const { id: _, revision: _r, archived: _a, ...draft } = items[0] as (typeof items)[number];
  const other = (await admin.call(api.clients.create, { body: { ...draft, name: "Elsewhere" } })).body;
  const queue = {
    clientId,
    name: "Shows a number",
    medium: "voice" as const,
    priority: 0,
    requiredSkills: [],
    teamIds: [],
    agentIds: [],
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "off" as const },
    serviceLevel: { thresholdMs: 20_000, target: 0.8 },
    shortAbandonMs: 5000,
    musicPromptId: null,
    announce: { position: true, estimatedWait: false, everyMs: 60_000 },
    maxWaiting: null,
    dispositionRequired: false,
  };
  const made = (await admin.call(api.queues.create, { body: queue })).body;
  expect(made.calling).toEqual({ autoAnswer: false, whisperPromptId: null, callerIdNumberId: null });
  const agent = await admin.call(api.users.create, {
    body: {
      username: "direct",
      displayName: "Direct",
      email: null,
      language: "en",
      active: true,
      grants: [],
      agent: { teamId: null, siteId: null, extension: "7001", skills: [], autoAnswer: true },
    },
  });
  expect(agent.body.agent?.autoAnswer).toBe(true);
  const number = (of: string, e164: string) =>
    admin.call(api.numbers.create, {
      body: {
        clientId: of,
        number: e164,
        label: "",
        outbound: false,
        target: { kind: "agent", agentId: agent.body.id },
      },
    });
  const own = (await number(clientId, "+46855500001")).body;
  expect(own.outbound).toBe(false);
  const foreign = (await number(other.id, "+46855500002")).body;
  const shows = (callerIdNumberId: string) =>
    admin.call(api.queues.replace, {
      params: { id: made.id },
      body: { ...queue, calling: { autoAnswer: true, whisperPromptId: null, callerIdNumberId } },
    });
  expect((await shows(foreign.id)).problem).toMatchObject({
    status: 400,
    field: "calling.callerIdNumberId",
  });
  expect((await shows(own.id)).body.calling).toMatchObject({ autoAnswer: true, callerIdNumberId: own.id });
});

test("bans are listed and lifted by those who may; health names alarms", async () => {
  const { admin } = server;
  expect((await admin.call(api.telephony.bans, {})).body).toEqual({ items: [] });
  expect((await admin.call(api.telephony.unban, { params: { address: "192.0.2.1" } })).status).toBe(404);
  expect((await admin.call(api.telephony.status, {})).body).toMatchObject({ alarms: [], bans: 0 });
  expect((await admin.call(api.system.health, {})).body).toMatchObject({ alarms: [] });
});

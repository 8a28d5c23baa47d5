import { api, createApiClient } from "@svara/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { centreModelOf } from "../centre/centre-model-of.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const model = () => {
  const { office, trunkKind, box, promptsFolder } = server.core;
  return centreModelOf({
    catalogue: office.catalogue,
    trunkKind,
    box,
    promptsFolder,
    revision: office.revision,
  });
};

function queueDraft(name: string) {
  return {
    clientId: server.clientId,
    name,
    medium: "voice" as const,
    priority: 0,
    requiredSkills: [],
    teamIds: [] as string[],
    agentIds: [] as string[],
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "timed" as const, limitMs: 30_000 },
    serviceLevel: { thresholdMs: 20_000, target: 0.8 },
    shortAbandonMs: 5000,
    musicPromptId: null,
    announce: { position: true, estimatedWait: true, everyMs: 60_000 },
    maxWaiting: null,
    dispositionRequired: false,
  };
}

async function makeQueue(name: string) {
  const made = await server.admin.call(api.queues.create, { body: queueDraft(name) });
  expect(made.status, made.text).toBe(200);
  return made.body;
}

test("a new centre has a client, reasons, outcomes and hours", async () => {
  const reasons = (await server.admin.call(api.reasons.list, {})).body.items;
  expect(reasons.map((reason) => reason.code).sort()).toEqual(
    ["back_office", "break", "coaching", "lunch", "meeting", "personal", "technical", "training"].sort(),
  );
  expect((await server.admin.call(api.dispositions.list, {})).body.items.length).toBeGreaterThan(4);
  expect((await server.admin.call(api.hours.list, {})).body.items).toHaveLength(2);
});

describe("a change", () => {
  test("is a revision with before and after, known to the live model at once, and can be undone", async () => {
    const queue = await makeQueue("Support");
    const { id, revision, archived: _, ...draft } = queue;
    expect(model().queues.get(id)?.ringTimeoutMs).toBe(18_000);
    const changed = await server.admin.call(api.queues.replace, {
      params: { id },
      ifMatch: revision,
      body: { ...draft, ringTimeoutMs: 25_000 },
    });
    expect(changed.headers.etag).toBe(`"r${changed.body.revision}"`);
    expect(model().queues.get(id)?.ringTimeoutMs).toBe(25_000);

    const history = await server.admin.call(api.revisions.list, { query: { kind: "queue", entityId: id } });
    expect(history.body.items.map((entry) => entry.change)).toEqual(["changed", "created"]);
    expect(history.body.items[0]).toMatchObject({
      actor: { name: "Ada Admin" },
      entityName: "Support",
      before: { ringTimeoutMs: 18_000 },
      after: { ringTimeoutMs: 25_000 },
    });
    const undone = await server.admin.call(api.revisions.undo, {
      params: { revision: changed.body.revision },
    });
    expect(undone.status, undone.text).toBe(200);
    expect(model().queues.get(id)?.ringTimeoutMs).toBe(18_000);
    const twice = await server.admin.call(api.revisions.undo, {
      params: { revision: changed.body.revision },
    });
    expect(twice.problem).toMatchObject({ status: 409, code: "config_undo_outdated" });
  });

  test("of what somebody has changed meanwhile is refused", async () => {
    const { id, revision, archived: _, ...draft } = await makeQueue("Contended");
    const first = { params: { id }, ifMatch: revision, body: { ...draft, priority: 1 } };
    expect((await server.admin.call(api.queues.replace, first)).status).toBe(200);
    const second = await server.admin.call(api.queues.replace, { ...first, body: { ...draft, priority: 2 } });
    expect(second.problem).toMatchObject({ status: 412, code: "config_changed_meanwhile" });
    const broken = await server.admin.call(api.queues.replace, {
      params: { id },
      body: draft,
      headers: { "if-match": "yesterday" },
    });
    expect(broken.problem).toMatchObject({ status: 400, field: "headers.if-match" });
  });

  test("a removal takes out of use, is refused while something names the thing, and can be undone", async () => {
    const queue = await makeQueue("Sales");
    const entryPoint = await server.admin.call(api.entryPoints.create, {
      body: entryPointDraft("Sales line", queue.id),
    });
    expect(entryPoint.status, entryPoint.text).toBe(200);
    const used = await server.admin.call(api.queues.remove, { params: { id: queue.id } });
    expect(used.problem).toMatchObject({ status: 409, code: "in_use" });
    expect(used.problem.detail).toContain("Sales line");
    await server.admin.call(api.entryPoints.remove, { params: { id: entryPoint.body.id } });
    expect((await server.admin.call(api.queues.remove, { params: { id: queue.id } })).status).toBe(200);
    expect(model().queues.has(queue.id)).toBe(false);
    const archived = await server.admin.call(api.queues.list, {
      query: { archived: "true", search: "Sales" },
    });
    expect(archived.body.items).toMatchObject([{ id: queue.id, archived: true }]);
    const [latest] = (await server.admin.call(api.revisions.list, { query: { entityId: queue.id } })).body
      .items;
    expect(latest?.change).toBe("removed");
    await server.admin.call(api.revisions.undo, { params: { revision: latest?.revision ?? 0 } });
    expect(model().queues.has(queue.id)).toBe(true);
  });

  test("names that are taken and things that are not there are told with their field", async () => {
    await makeQueue("Taken");
    const again = await server.admin.call(api.queues.create, { body: queueDraft("TAKEN") });
    expect(again.problem).toMatchObject({ status: 409, code: "taken", field: "name" });
    const missing = "01990000-0000-7000-8000-00000000dead";
    const skill = await server.admin.call(api.queues.create, {
      body: { ...queueDraft("Odd"), requiredSkills: [{ skillId: missing, minLevel: 3 }], teamIds: [missing] },
    });
    expect(skill.problem.errors?.map((error) => error.field)).toEqual([
      "requiredSkills.0.skillId",
      "teamIds.0",
    ]);
  });
});

function entryPointDraft(name: string, queueId: string) {
  return {
    clientId: server.clientId,
    name,
    form: {
      language: "sv" as const,
      greeting: "default" as const,
      recordingNotice: true,
      queueId,
      music: "default" as const,
      announcePosition: true,
      announceEstimatedWait: true,
      announceEverySec: 60,
      closedThen: { kind: "hangup" as const },
    },
  };
}

test("an entry point's version rises with its changes, and numbers lead to it", async () => {
  const queue = await makeQueue("Inbound");
  const made = await server.admin.call(api.entryPoints.create, { body: entryPointDraft("Main", queue.id) });
  const changed = await server.admin.call(api.entryPoints.replace, {
    params: { id: made.body.id },
    body: { ...entryPointDraft("Main", queue.id), name: "Main line" },
  });
  expect([made.body.version, changed.body.version]).toEqual([1, 2]);
  const target = { kind: "entry_point" as const, entryPointId: made.body.id };
  const number = { clientId: server.clientId, number: "+46850000001", label: "", target };
  expect((await server.admin.call(api.numbers.create, { body: number })).status).toBe(200);
  expect(model().numbers.get("+46850000001")?.entryPointId).toBe(made.body.id);
  const twice = await server.admin.call(api.numbers.create, { body: number });
  expect(twice.problem).toMatchObject({ status: 409, field: "number" });
  const check = await server.admin.call(api.entryPoints.check, {
    body: entryPointDraft("x", "01990000-0000-7000-8000-00000000dead"),
  });
  expect(check.body.errors).toMatchObject([{ field: "form.queueId", code: "unknown" }]);
});

test("a phone's password is told once, and only its hashes are stored", async () => {
  const body = { name: "Desk 1", username: "desk1", agentId: null, siteId: null };
  const made = await server.admin.call(api.phones.create, { body });
  expect(made.body).toMatchObject({ realm: "svara" });
  const { password, id } = made.body;
  const read = await server.admin.call(api.phones.get, { params: { id } });
  expect(read.text).not.toContain(password);
  const revisions = await server.admin.call(api.revisions.list, { query: { entityId: id } });
  expect(revisions.text).not.toContain(password);
  const before = model().phones.get(id)?.ha1;
  expect(before?.sha256).toMatch(/^[0-9a-f]{64}$/);
  const renewed = await server.admin.call(api.phones.renewPassword, { params: { id } });
  expect(renewed.body.password).not.toBe(password);
  expect(model().phones.get(id)?.ha1).not.toEqual(before);
  const moved = await server.admin.call(api.phones.replace, {
    params: { id },
    body: { ...body, username: "desk2" },
  });
  expect(moved.problem).toMatchObject({ status: 409, field: "username" });
});

test("a trunk's passwords are sealed, kept when not given, and never told", async () => {
  const draft = {
    name: "Carrier",
    inbound: { kind: "digest" as const, username: "carrier" },
    outbound: {
      host: "sip.example.net",
      port: 5060,
      transport: "udp" as const,
      username: "svara-out",
      callerId: "+46850000001",
      register: true,
    },
    maxCalls: 30,
  };
  const bare = await server.admin.call(api.trunks.create, { body: draft });
  expect(bare.problem.errors?.map((error) => error.field)).toEqual(["inboundPassword", "outboundPassword"]);
  const made = await server.admin.call(api.trunks.create, {
    body: { ...draft, inboundPassword: "their-secret-1", outboundPassword: "our-secret-1" },
  });
  expect(made.status, made.text).toBe(200);
  const { id } = made.body;
  expect(model().trunks.get(id)?.outbound).toEqual({ username: "svara-out", password: "our-secret-1" });
  const renamed = await server.admin.call(api.trunks.replace, {
    params: { id },
    body: { ...draft, name: "Carrier 2" },
  });
  expect(renamed.body).toMatchObject({ inboundPasswordSet: true, outboundPasswordSet: true });
  expect(model().trunks.get(id)?.outbound?.password).toBe("our-secret-1");
  const told = `${made.text}${renamed.text}${(await server.admin.call(api.revisions.list, {})).text}`;
  expect(told).not.toMatch(/their-secret-1|our-secret-1/);
  const row = await server.core.database.db.selectFrom("trunk").selectAll().executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toMatch(/their-secret-1|our-secret-1/);
  await server.admin.call(api.trunks.remove, { params: { id } });
  const [removed] = (await server.admin.call(api.revisions.list, { query: { entityId: id } })).body.items;
  const undone = await server.admin.call(api.revisions.undo, {
    params: { revision: removed?.revision ?? 0 },
  });
  expect(undone.status, undone.text).toBe(200);
  expect(model().trunks.get(id)?.outbound?.password).toBe("our-secret-1");
});

test("queues that choose teams or agents bound what each agent serves", async () => {
  const team = (
    await server.admin.call(api.teams.create, { body: { name: "Night", siteId: null, leaderIds: [] } })
  ).body;
  const agent = (username: string, teamId: string | null) =>
    server.admin.call(api.users.create, {
      body: {
        username,
        displayName: username,
        email: null,
        language: "en",
        active: true,
        grants: [{ roleId: server.roleId("agent"), scope: { kind: "centre" } }],
        agent: { teamId, siteId: null, extension: null, skills: [] },
      },
    });
  const night = (await agent("night", team.id)).body.id;
  const day = (await agent("day", null)).body.id;
  expect(model().agents.get(day)?.queueIds).toBeNull();
  const made = await server.admin.call(api.queues.create, {
    body: { ...queueDraft("Night line"), teamIds: [team.id] },
  });
  expect(model().agents.get(night)?.queueIds).toContain(made.body.id);
  expect(model().agents.get(day)?.queueIds).not.toContain(made.body.id);
});

describe("prompts", () => {
  const wav = (seconds: number): Buffer => {
    const data = Buffer.alloc(16_000 * seconds);
    const head = Buffer.alloc(44);
    head.write("RIFF", 0, "latin1");
    head.writeUInt32LE(36 + data.length, 4);
    head.write("WAVEfmt ", 8, "latin1");
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(8000, 24);
    head.writeUInt32LE(16_000, 28);
    head.writeUInt16LE(2, 32);
    head.writeUInt16LE(16, 34);
    head.write("data", 36, "latin1");
    head.writeUInt32LE(data.length, 40);
    return Buffer.concat([head, data]);
  };

  async function upload(file: Buffer, name = "Greeting") {
    await listening();
    const client = createApiClient({
      baseUrl: `http://127.0.0.1:${server.listeners.port}`,
      csrf: () => server.admin.csrf,
      fetch: (url, init) => fetch(url, { ...init, headers: withCookie(init?.headers) }),
    });
    return client.call(api.prompts.upload, {
      body: { name, language: "sv" },
      file: new Blob([new Uint8Array(file)]),
    });
  }
  const withCookie = (headers: RequestInit["headers"]): Headers => {
    const all = new Headers(headers);
    all.set("cookie", server.admin.cookie ?? "");
    return all;
  };
  async function listening(): Promise<void> {
    if (server.listeners.port === 0) await server.listeners.listen("127.0.0.1", 0);
  }

  test("a WAV is taken, listed, played in parts; the live model knows its file", async () => {
    const file = wav(2);
    const made = await upload(file);
    expect(made).toMatchObject({ durationMs: 2000, source: "uploaded", bytes: file.length });
    expect(model().prompts.get(made.id)).toMatch(/\.wav$/);
    const part = await server.admin.call(api.prompts.audio, {
      params: { id: made.id },
      headers: { range: "bytes=0-3" },
    });
    expect([part.status, part.text, part.headers["content-range"]]).toEqual([
      206,
      "RIFF",
      `bytes 0-3/${file.length}`,
    ]);
    const beyond = await server.admin.call(api.prompts.audio, {
      params: { id: made.id },
      headers: { range: `bytes=${file.length}-` },
    });
    expect(beyond.problem.status).toBe(416);
  });

  test("what is no WAV, or more than 10 MB, is refused with the field named", async () => {
    await expect(upload(Buffer.from("ID3 this is an MP3"))).rejects.toMatchObject({
      problem: { status: 400, code: "wav", field: "file" },
    });
    await expect(upload(wav(700))).rejects.toMatchObject({ problem: { status: 413, code: "too_large" } });
  });

  test("those that come with Svara are listed in each language and can be heard", async () => {
    const { items } = (await server.admin.call(api.prompts.shipped, {})).body;
    expect(new Set(items.map((prompt) => prompt.language))).toEqual(new Set(["en", "ru", "uk", "sv", null]));
    const heard = await server.admin.call(api.prompts.shippedAudio, {
      query: { path: items[0]?.path ?? "" },
    });
    expect([heard.status, heard.headers["content-type"]]).toEqual([200, "audio/wav"]);
    const outside = await server.admin.call(api.prompts.shippedAudio, { query: { path: "../package.json" } });
    expect(outside.status).toBe(404);
  });
});

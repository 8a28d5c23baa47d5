import { connect } from "node:net";
import { Writable } from "node:stream";
import { api } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../settings/log.ts";
import { ADMIN, type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;
const lines: string[] = [];

beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  server = await testServer({ log: createLog("debug", sink) });
  await server.listeners.listen("127.0.0.1", 0);
});
afterAll(() => server.close());

const skill = { name: "Swedish", description: "" };

test.each([
  ["not JSON", "/api/v1/skills", "{", 400, "body"],
  ["an array", "/api/v1/skills", "[]", 400, "body"],
  ["nothing", "/api/v1/skills", "", 400, "body"],
  ["a missing field", "/api/v1/skills", "{}", 400, "name"],
  ["a wrong type", "/api/v1/skills", '{"name":7,"description":""}', 400, "name"],
  ["an empty name", "/api/v1/skills", '{"name":"  ","description":""}', 400, "name"],
  ["a NUL", "/api/v1/skills", '{"name":"a\\u0000b","description":""}', 400, "name"],
  ["half a surrogate pair", "/api/v1/skills", '{"name":"a\\ud800","description":""}', 400, "name"],
  [
    "a nested fault",
    "/api/v1/users",
    '{"grants":[{"roleId":"x","scope":{"kind":"centre"}}]}',
    400,
    "grants.0.roleId",
  ],
])("%s gets a problem that names the field", async (_what, url, body, status, field) => {
  const answer = await server.admin.raw("POST", url, {
    body,
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(answer.problem.errors?.map((error) => error.field)).toContain(field);
});

test("faults of address and query are named too", async () => {
  const uuid = await server.admin.raw("GET", "/api/v1/queues/not-a-uuid");
  expect(uuid.problem).toMatchObject({ status: 400, code: "invalid", field: "params.id" });
  const limit = await server.admin.raw("GET", "/api/v1/queues?limit=-1");
  expect(limit.problem).toMatchObject({ status: 400, field: "query.limit" });
  const cursor = await server.admin.raw("GET", "/api/v1/contacts?cursor=bogus");
  expect(cursor.problem).toMatchObject({ status: 400, field: "query.cursor" });
  const forged = Buffer.from('["a","b"]').toString("base64url");
  expect((await server.admin.raw("GET", `/api/v1/contacts?cursor=${forged}`)).status).toBe(400);
  const date = await server.admin.raw("GET", "/api/v1/contacts?from=2026-02-30");
  expect(date.problem).toMatchObject({ status: 400, field: "query.from" });
});

test("a body of more than a megabyte, another kind of body, an unknown address: 413, 415, 404", async () => {
  const headers = { "content-type": "application/json" };
  const large = await server.admin.raw("POST", "/api/v1/skills", {
    body: `"${"x".repeat(1_100_000)}"`,
    headers,
  });
  expect(large.problem).toMatchObject({ status: 413, code: "too_large" });
  const form = await server.admin.raw("POST", "/api/v1/skills", {
    body: "name=x",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(form.problem).toMatchObject({ status: 415, code: "wrong_media_type" });
  expect((await server.admin.raw("GET", "/api/v1/nothing")).problem.code).toBe("not_found");
  expect((await server.admin.raw("DELETE", "/api/v1/session/password")).status).toBe(404);
});

test("a form without its boundary or cut in the middle is the sender's fault", async () => {
  for (const [type, body] of [
    ["multipart/form-data", "x"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nRIFF',
    ],
  ] as const) {
    const answer = await server.admin.raw("POST", "/api/v1/prompts", {
      body,
      headers: { "content-type": type },
    });
    expect(answer.problem).toMatchObject({ status: 400, code: "invalid" });
  }
});

test("the offer of another protocol is let pass, an unknown socket is refused", async () => {
  const h2c = await send(
    "GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n",
  );
  expect(h2c).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  const socket = await send(
    "GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(socket).toMatch(/^HTTP\/1.1 404 /);
});

test("the same Idempotency-Key gives the same answer and makes one thing", async () => {
  const call = { body: { ...skill, name: "Once" }, idempotencyKey: "k-1" };
  const first = await server.admin.call(api.skills.create, call);
  const second = await server.admin.call(api.skills.create, call);
  expect(second.body).toEqual(first.body);
  const other = await server.admin.call(api.skills.create, {
    body: { ...skill, name: "Twice" },
    idempotencyKey: "k-1",
  });
  expect(other.problem).toMatchObject({ status: 422, code: "idempotency_key_reused" });
  const failed = await server.admin.call(api.skills.create, { ...call, idempotencyKey: "k-2" });
  expect(failed.problem.code).toBe("taken");
  const mended = { body: { ...skill, name: "Once more" }, idempotencyKey: "k-2" };
  expect((await server.admin.call(api.skills.create, mended)).status).toBe(200);
});

test("bytes that are not HTTP get 400, headers that do not end get 431, and the server goes on", async () => {
  expect(await send("\x16\x03\x01 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  const health = await fetch(`http://127.0.0.1:${server.listeners.port}/api/health`);
  expect(await health.json()).toMatchObject({ status: "ok", database: "ok" });
});

function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.listeners.port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

test("pages of the app are the app, guarded against frames and foreign scripts; the API has no page", async () => {
  const page = await server.client().raw("GET", "/contacts/some-id");
  expect(page.status).toBe(200);
  expect(page.headers["content-type"]).toMatch(/^text\/html/);
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
  expect(page.headers["x-content-type-options"]).toBe("nosniff");
  expect((await server.client().raw("GET", "/api/nothing")).status).toBe(404);
  for (const path of [
    "/assets/../../../../etc/passwd",
    "/assets/%2e%2e%2f%2e%2e%2fpackage.json",
    "/%2e%2e/package.json",
  ]) {
    const { text } = await server.client().raw("GET", path);
    expect(text).not.toMatch(/root:|"dependencies"/);
  }
});

test("the API describes itself", async () => {
  const { body } = await server.client().raw("GET", "/api/openapi.json");
  expect(body).toMatchObject({ openapi: "3.1.0" });
  expect(Object.keys((body as { paths: object }).paths)).toContain("/api/v1/queues/{id}");
});

test("metrics are for this machine, or for a token", async () => {
  const local = await server.client().raw("GET", "/metrics");
  expect(local.text).toContain("svara_legs 0");
  const stranger = server.client();
  stranger.address = "192.0.2.7";
  expect((await stranger.raw("GET", "/metrics")).status).toBe(403);
  const token = await server.admin.call(api.tokens.create, {
    body: { name: "prometheus", permissions: ["metrics.view"], scope: { kind: "centre" }, expiresAt: null },
  });
  stranger.token = token.body.token;
  expect((await stranger.raw("GET", "/metrics")).status).toBe(200);
});

test("no password, cookie, token or csrf is in the log", async () => {
  const client = await server.signIn(ADMIN.username, ADMIN.password);
  await client.call(api.identity.signIn, { body: { username: "x", password: "a-secret-word" } });
  await client.raw("GET", "/api/v1/contacts?search=%2B46701740605");
  const log = lines.join("");
  expect(log).toContain('"msg":"http"');
  for (const secret of [
    ADMIN.password,
    "a-secret-word",
    client.csrf ?? "",
    client.cookie ?? "",
    "46701740605",
  ])
    expect(log).not.toContain(secret);
  const redacted: string[] = [];
  createLog("info", { write: (line: string) => redacted.push(line) }).info(
    { user: { password: "p", ha1: "h" } },
    "x",
  );
  expect(redacted.join("")).not.toMatch(/"p"|"h"/);
});

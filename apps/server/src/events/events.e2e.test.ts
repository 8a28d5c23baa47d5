import { api, type ServerMessage } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { idleQueue } from "../test-kit/idle-live.ts";
import type { TestClient } from "../test-kit/test-client.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";

const QUEUE = "01990000-0000-7000-8000-0000000000aa";
const FOREIGN = "01990000-0000-7000-8000-0000000000bb";
const OTHER_CLIENT = "01990000-0000-7000-8000-0000000000cc";
const PASSWORD = "a long enough one";

let server: TestServer;
let origin = "";
const sockets: Reader[] = [];

beforeAll(async () => {
  server = await testServer({
    floor: () => [idleQueue(QUEUE, server.clientId, "Ours"), idleQueue(FOREIGN, OTHER_CLIENT, "Theirs")],
  });
  await server.listeners.listen("127.0.0.1", 0);
  origin = `http://127.0.0.1:${server.listeners.port}`;
});
afterAll(async () => {
  for (const reader of sockets) reader.socket.terminate();
  await server.close();
});

/** A reader of the event socket that hands out messages one by one. */
class Reader {
  readonly socket: WebSocket;
  readonly #messages: ServerMessage[] = [];
  #waiting: ((message: ServerMessage) => void) | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    sockets.push(this);
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      if (this.#waiting) this.#waiting(message);
      else this.#messages.push(message);
      this.#waiting = undefined;
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  next(): Promise<ServerMessage> {
    const first = this.#messages.shift();
    return first ? Promise.resolve(first) : new Promise((resolve) => (this.#waiting = resolve));
  }

  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.on("close", resolve));
  }
}

function open(
  path: string,
  client: TestClient | undefined,
  from: string | undefined = origin,
  protocol?: string,
) {
  return new Promise<Reader>((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace("http", "ws")}${path}`, protocol ? [protocol] : [], {
      headers: { ...(client?.cookie && { cookie: client.cookie }), ...(from && { origin: from }) },
    });
    const reader = new Reader(socket);
    socket.on("open", () => resolve(reader));
    socket.on("unexpected-response", (_request, response) =>
      reject(new Error(`HTTP ${response.statusCode}`)),
    );
    socket.on("error", reject);
  });
}

async function makeUser(username: string, role: "supervisor" | "agent", scope: object = { kind: "centre" }) {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "en",
      active: true,
      grants: [{ roleId: server.roleId(role), scope: scope as { kind: "centre" } }],
      agent: role === "agent" ? { teamId: null, siteId: null, extension: null, skills: [] } : null,
      password: PASSWORD,
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return { user: made.body, client: await server.signIn(username, PASSWORD) };
}

test("the socket opens only for a session, and only from the own pages", async () => {
  await expect(open("/api/events", undefined)).rejects.toThrow("HTTP 401");
  await expect(open("/api/events", server.admin, "https://evil.example")).rejects.toThrow("HTTP 403");
  await expect(open("/api/events", server.admin, "")).rejects.toThrow("HTTP 403");
  await expect(open("/api/nothing", server.admin)).rejects.toThrow("HTTP 404");
  await open("/api/events", server.admin);
});

test("the SIP socket opens only for agents", async () => {
  await expect(open("/sip", server.admin, origin, "sip")).rejects.toThrow("HTTP 403");
  const { client } = await makeUser("sippy", "agent");
  const phone = await open("/sip", client, origin, "sip");
  expect(phone.socket.protocol).toBe("sip");
});

test("a subscription is a whole, then changes numbered without gaps; a refresh is a whole again", async () => {
  const { user, client } = await makeUser("dora", "agent");
  const reader = await open("/api/events", client);
  reader.send({ type: "subscribe", sub: "d", topic: "desk" });
  const whole = await reader.next();
  expect(whole).toMatchObject({
    type: "snapshot",
    sub: "d",
    topic: "desk",
    n: 1,
    epoch: server.core.ledger.epoch,
  });
  const delta = { device: { kind: "browser" as const, registered: true } };
  server.live.deskChanges.emit({ agentId: user.id, delta });
  server.live.deskChanges.emit({ agentId: OTHER_CLIENT, delta });
  server.live.deskChanges.emit({ agentId: user.id, delta });
  expect(await reader.next()).toMatchObject({ type: "delta", n: 2, data: delta });
  expect(await reader.next()).toMatchObject({ type: "delta", n: 3 });
  reader.send({ type: "refresh", sub: "d" });
  expect(await reader.next()).toMatchObject({ type: "snapshot", n: 4 });
  reader.send({ type: "unsubscribe", sub: "d" });
  reader.send({ type: "ping" });
  expect(await reader.next()).toMatchObject({ type: "pong" });
  server.live.deskChanges.emit({ agentId: user.id, delta });
  reader.send({ type: "ping" });
  expect(await reader.next()).toMatchObject({ type: "pong" });
});

test("a topic is for those with its right, and is cut to what they may see", async () => {
  const agent = await makeUser("flora", "agent");
  const closed = await open("/api/events", agent.client);
  closed.send({ type: "subscribe", sub: "f", topic: "floor" });
  expect(await closed.next()).toMatchObject({ type: "problem", sub: "f", problem: { code: "forbidden" } });
  const head = await makeUser("head", "supervisor", { kind: "client", id: server.clientId });
  const reader = await open("/api/events", head.client);
  reader.send({ type: "subscribe", sub: "f", topic: "floor" });
  const whole = (await reader.next()) as { data: { queues: { id: string }[] } };
  expect(whole.data.queues.map((queue) => queue.id)).toEqual([QUEUE]);
});

test("nonsense is told as a problem and harms nobody", async () => {
  const reader = await open("/api/events", server.admin);
  for (const nonsense of [
    "{",
    "[]",
    '{"type":"subscribe","sub":"x","topic":"moon"}',
    '{"type":"subscribe"}',
  ]) {
    reader.send(nonsense);
    expect(await reader.next()).toMatchObject({ type: "problem", problem: { status: 400 } });
  }
  reader.send({ type: "ping" });
  expect(await reader.next()).toMatchObject({ type: "pong" });
});

test("a change of the configuration is told to whoever subscribed to it", async () => {
  const reader = await open("/api/events", server.admin);
  reader.send({ type: "subscribe", sub: "c", topic: "config" });
  expect(await reader.next()).toMatchObject({ type: "snapshot" });
  const made = await server.admin.call(api.skills.create, { body: { name: "Norwegian", description: "" } });
  expect(await reader.next()).toMatchObject({
    type: "delta",
    data: { changes: [{ kind: "skill", id: made.body.id, revision: made.body.revision }] },
  });
});

test("signing out and losing rights end the sockets", async () => {
  const { client, user } = await makeUser("leaver", "supervisor");
  const first = await open("/api/events", client);
  const ended = first.closed();
  const {
    id,
    revision,
    archived: _a,
    passwordSet: _p,
    mustChangePassword: _m,
    lastSignInAt: _l,
    lockedUntil: _u,
    ...draft
  } = user;
  await server.admin.call(api.users.replace, {
    params: { id },
    ifMatch: revision,
    body: { ...draft, grants: [] },
  });
  expect(await ended).toBe(4002);
  const second = await open("/api/events", client);
  const out = second.closed();
  await client.call(api.identity.signOut, {});
  expect(await out).toBe(4401);
});

test("a reader that does not read gets a fresh whole once it does, not the changes it missed", async () => {
  const { user, client } = await makeUser("sleepy", "agent");
  const reader = await open("/api/events", client);
  reader.send({ type: "subscribe", sub: "d", topic: "desk" });
  await reader.next();
  reader.socket.pause();
  const bulk = "x".repeat(60_000);
  for (let i = 0; i < 400; i++)
    server.live.deskChanges.emit({
      agentId: user.id,
      delta: { agent: { id: user.id, name: bulk, presence: null, state: "logged_out", since: i } },
    });
  reader.socket.resume();
  let deltas = 0;
  let message = await reader.next();
  while (message.type === "delta") {
    deltas++;
    message = await reader.next();
  }
  expect(message).toMatchObject({ type: "snapshot", n: deltas + 2 });
  expect(deltas).toBeLessThan(400);
});

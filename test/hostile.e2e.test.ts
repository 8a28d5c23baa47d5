import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { ADMIN, startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const NUMBER = "950";
const SECRET = "hunter2-is-not-in-any-log";

const ready = meets("sipp");

let server: TestServer;
let centre: TestCentre;
let customers: Customers;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  customers = new Customers(server.sip);
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line(NUMBER, queue.id);
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.error(server.complaints());
});

afterAll(async () => {
  await customers?.close();
  await server?.close();
});

describe("SIP", () => {
  test.each([
    ["a number that leads nowhere", { number: "999", answer: 404 }],
    ["a caller from an unknown address", { number: NUMBER, answer: 401, address: "127.0.0.2" }],
    ["no codec that we speak", { number: NUMBER, answer: 488, codecs: "18" }],
  ] as const)("%s is refused by the right word", async (_name, call) => {
    const sipp = await Sipp.start({
      scenario: "refused",
      server: server.sip,
      number: call.number,
      words: { STATUS: String(call.answer), CODECS: "codecs" in call ? call.codecs : "8 0" },
      ...("address" in call ? { address: call.address } : {}),
    });
    await sipp.done();
  });

  test("nasty packets crash nothing, and calls go on while they come", async () => {
    const customer = await customers.call(NUMBER);
    await customer.audio.hearsOther(TONES.agent, "music");
    for (const packet of nastyPackets()) await sendUdp(packet);
    for (const packet of nastyPackets()) await sendTcp(packet);
    expect(await optionsIsAnswered()).toBe(true);
    await customer.audio.hearsOther(TONES.agent, "music still");
    await customer.hangUp();
    expect((await customer.closed(centre)).outcome).toBe("abandoned_queue");
    const after = await customers.call(NUMBER);
    await after.audio.hearsOther(TONES.agent, "music for the next");
    await after.hangUp();
    await after.closed(centre);
  });
});

describe("HTTP", () => {
  const json = { "content-type": "application/json" };
  let signedIn: Record<string, string>;
  beforeAll(() => {
    const { cookie, session } = centre.admin;
    signedIn = { ...json, cookie, "x-svara-csrf": session.csrf, origin: server.baseUrl };
  });

  test.each([
    ["broken JSON", "POST", "/api/v1/session", '{"username": "x', 400, undefined],
    ["another type of body", "POST", "/api/v1/session", "[1,2,3]", 400, undefined],
    ["a missing field", "POST", "/api/v1/session", '{"username":"x"}', 400, "password"],
    [
      "a field of the wrong type",
      "POST",
      "/api/v1/session",
      '{"username":1,"password":"x"}',
      400,
      "username",
    ],
  ] as const)("%s is a problem with its field", async (_name, method, path, body, status, field) => {
    const problem = await ask(method, path, { headers: { ...json, origin: server.baseUrl }, body });
    expect(problem).toMatchObject({ status, ...(field ? { field } : {}) });
    expect(problem.code).toBeTypeOf("string");
  });

  test.each([
    ["an id that is none", "GET", "/api/v1/queues/not-an-id", undefined, 400, "params.id"],
    [
      "an id of nothing",
      "GET",
      "/api/v1/queues/01a20165-b9c1-7047-8c48-4ec17944db00",
      undefined,
      404,
      undefined,
    ],
    ["a filter that is none", "GET", "/api/v1/contacts?from=yesterday", undefined, 400, "query.from"],
    [
      "a cursor of one's own",
      "GET",
      "/api/v1/contacts?cursor=%27%3Bdrop%20table",
      undefined,
      400,
      "query.cursor",
    ],
    ["an address that is none", "GET", "/api/v1/nothing-here", undefined, 404, undefined],
    [
      "a nested field",
      "POST",
      "/api/v1/users",
      { displayName: "", grants: [{ roleId: "x" }] },
      400,
      "username",
    ],
  ] as const)("%s is a problem with its field", async (_name, method, path, body, status, field) => {
    const problem = await ask(method, path, {
      headers: signedIn,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(problem).toMatchObject({ status, ...(field ? { field } : {}) });
  });

  test("a body without end is refused before it is read", async () => {
    const problem = await ask("POST", "/api/v1/skills", {
      headers: signedIn,
      body: JSON.stringify({ name: "x", description: "y".repeat(20_000_000) }),
    });
    expect(problem.status).toBe(413);
  });

  test("without a session, with a forged origin, without the csrf word: told apart and refused", async () => {
    const body = JSON.stringify({ name: "Forged", description: "" });
    expect(await ask("POST", "/api/v1/skills", { headers: json, body })).toMatchObject({
      status: 401,
      code: "not_signed_in",
    });
    const { "x-svara-csrf": _csrf, ...forged } = signedIn;
    expect(await ask("POST", "/api/v1/skills", { headers: forged, body })).toMatchObject({
      status: 403,
      code: "csrf",
    });
    const foreign = { ...json, origin: "https://evil.example" };
    const signIn = JSON.stringify(ADMIN);
    expect((await ask("POST", "/api/v1/session", { headers: foreign, body: signIn })).status).toBe(403);
    const skills = await centre.admin.call(api.skills.list, { query: { search: "Forged" } });
    expect(skills.items).toEqual([]);
  });

  test("wrong passwords lock the account for a while, and no password is in the log", async () => {
    const agent = await centre.agent([]);
    const attempt = (password: string) =>
      ask("POST", "/api/v1/session", {
        headers: { ...json, origin: server.baseUrl },
        body: JSON.stringify({ username: agent.username, password }),
      });
    const codes: string[] = [];
    for (let i = 0; i < 12 && codes.at(-1) !== "locked"; i++) codes.push((await attempt(SECRET)).code);
    expect(codes[0]).toBe("wrong_credentials");
    const locked = await attempt(agent.password);
    expect(locked.status).toBe(429);
    expect(locked.retryAfterMs).toBeGreaterThan(0);
    for (const secret of [SECRET, agent.password, ADMIN.password, centre.admin.session.csrf]) {
      expect(server.log()).not.toContain(secret);
    }
  });
});

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  readonly retryAfterMs?: number;
}

/** The problem that the server answers with. */
async function ask(
  method: string,
  path: string,
  request: { headers: Record<string, string>; body?: string },
): Promise<Answer> {
  const response = await fetch(`${server.baseUrl}${path}`, { method, ...request });
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Answer;
}

/** Our own; the parser's fuzz is in its package. */
function nastyPackets(): Buffer[] {
  const target = `${server.sip.host}:${server.sip.port}`;
  const invite = (changes: { via?: string; length?: string; body?: string; extra?: string; cseq?: string }) =>
    [
      `INVITE sip:${NUMBER}@${target} SIP/2.0`,
      changes.via ?? "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKnasty",
      "From: <sip:nasty@127.0.0.1>;tag=n",
      `To: <sip:${NUMBER}@${target}>`,
      `Call-ID: nasty-${Math.random()}`,
      changes.cseq ?? "CSeq: 1 INVITE",
      "Contact: <sip:nasty@127.0.0.1:9>",
      changes.extra ?? "Max-Forwards: 70",
      `Content-Length: ${changes.length ?? "0"}`,
      "",
      changes.body ?? "",
    ].join("\r\n");
  return [
    "",
    "\r\n\r\n",
    "\0".repeat(1_000),
    "INVITE",
    "SIP/2.0 200 OK\r\n\r\n",
    "SIP/2.0 999999999999999999999 \r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    invite({ length: "-1" }),
    invite({ length: "99999999999999" }),
    invite({ length: "5", body: "v=0\r\nm=audio" }),
    invite({ via: "Via: SIP/2.0/UDP [::::::]:99999999;branch=" }),
    invite({ via: `Via: ${"SIP/2.0/UDP a,".repeat(2_000)}` }),
    invite({ cseq: "CSeq: 99999999999999999999 INVITE" }),
    invite({ cseq: "CSeq: 1 BYE" }),
    invite({ extra: `X: ${"a".repeat(40_000)}` }),
    invite({ extra: 'Authorization: Digest realm="svara", username="a", response="\\' }),
    invite({
      extra: "Content-Type: application/sdp",
      length: "40",
      body: "m=audio 99999999 RTP/AVP -1 0 0 0 0 0 0 ",
    }),
    invite({ extra: "Contact: *" }),
    invite({ extra: "Replaces: a;to-tag=b;from-tag=c" }),
  ].map((text) => Buffer.from(text).subarray(0, 60_000));
}

async function sendUdp(packet: Buffer): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) =>
    socket.send(packet, server.sip.port, server.sip.host, () => resolve()),
  );
  socket.close();
}

/** Sends and waits until the server closes, or says something, or has had the bytes. */
async function sendTcp(packet: Buffer): Promise<void> {
  const socket = connect(server.sip.port, server.sip.host);
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => socket.end(packet, () => resolve()));
  socket.destroy();
}

/** A plain OPTIONS is answered. */
async function optionsIsAnswered(): Promise<boolean> {
  const socket = createSocket("udp4");
  let answer = "";
  socket.on("message", (message) => {
    answer = message.toString();
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", () => resolve()));
  const { port } = socket.address();
  const options = [
    `OPTIONS sip:${server.sip.host} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKping${port}`,
    "From: <sip:ping@127.0.0.1>;tag=p",
    `To: <sip:${server.sip.host}>`,
    `Call-ID: ping-${port}`,
    "CSeq: 1 OPTIONS",
    "Max-Forwards: 70",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  socket.send(options, server.sip.port, server.sip.host);
  await waitFor("OPTIONS is answered", () => answer.startsWith("SIP/2.0 200"));
  socket.close();
  return true;
}

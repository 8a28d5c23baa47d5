import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { HttpSession } from "../apps/server/src/demo/http-session.ts";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { freePort } from "./support/ports.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { type SoftAgent, SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp");

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let books: Books;
let anna: SoftAgent;
const carriers: Sipp[] = [];
const trunks: string[] = [];

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
  anna = await people.agentAtPhone(centre, await centre.agent([], "supervisor"));
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") console.error(server.complaints());
  for (const carrier of carriers.splice(0)) await carrier.kill();
  for (const id of trunks.splice(0)) await centre.admin.call(api.trunks.remove, { params: { id } });
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

/** A carrier of SIPp that takes one call, or none. */
async function carrier(scenario: "called" | "unavailable"): Promise<Sipp> {
  const sipp = await Sipp.start({
    scenario,
    server: server.sip,
    number: "unused",
    calls: 5,
    keepsMessages: true,
  });
  carriers.push(sipp);
  return sipp;
}

async function trunkTo(
  port: number,
  more: {
    readonly order?: number;
    readonly format?: "e164_plus" | "e164" | "national" | "as_dialled";
    readonly prefix?: string;
    readonly maxCalls?: number;
    readonly address?: string;
  } = {},
): Promise<string> {
  const { maxCalls = 10, address, ...outbound } = more;
  const made = await centre.admin.call(api.trunks.create, {
    body: {
      name: `Trunk ${port}`,
      inbound: address === undefined ? { kind: "none" } : { kind: "address", addresses: [address] },
      outbound: {
        host: "127.0.0.1",
        port,
        transport: "udp",
        username: null,
        callerId: "+46850009000",
        register: false,
        keepAliveSec: 0,
        ...outbound,
      },
      maxCalls,
    },
  });
  trunks.push(made.id);
  return made.id;
}

const dial = (number: string, session: HttpSession = anna.agent.session) =>
  session.call(api.desk.call, { body: { number } });

async function hangUp(contactId: string): Promise<void> {
  await anna.agent.session.call(api.desk.hangUp, { params: { id: contactId } });
  await waitFor("the contact is over", async () => {
    const { contacts } = await anna.agent.session.call(api.desk.state, {});
    const own = contacts.find((contact) => contact.contactId === contactId);
    if (own?.state === "wrap_up")
      await anna.agent.session.call(api.desk.finishWrapUp, { params: { id: contactId } });
    return own === undefined;
  });
}

const talks = (contactId: string) =>
  waitFor("they talk", async () => {
    const { contacts } = await anna.agent.session.call(api.desk.state, {});
    return contacts.some((contact) => contact.contactId === contactId && contact.state === "talking");
  });

test("a call goes on from a trunk that refuses and one that is dead to one that takes it, written as each wants", async () => {
  const refusing = await carrier("unavailable");
  const dead = await freePort();
  const taking = await carrier("called");
  await trunkTo(refusing.port, { order: 1 });
  await trunkTo(dead, { order: 2 });
  const last = await trunkTo(taking.port, { order: 3, format: "national", prefix: "9" });
  const { contactId } = await dial("+46 8 123 456 78");
  const own = await anna.nextCall();
  await own.answer();
  await talks(contactId);
  expect(await refusing.messages()).toContain("INVITE sip:+46812345678@");
  expect(await taking.messages()).toContain("INVITE sip:90812345678@");
  const status = await centre.admin.call(api.trunks.status, { params: { id: last } });
  expect(status.calls).toBe(1);
  await hangUp(contactId);
  expect(await books.contactProblems(contactId)).toEqual([]);
});

test("what may be called is set for each client: refused with the remedy, tried without a call, allowed at once", async () => {
  const taking = await carrier("called");
  await trunkTo(taking.port);
  await expect(dial("+47 22 12 34 56")).rejects.toMatchObject({ code: "country", status: 409 });
  const agent = await centre.agent([]);
  const attempt = { number: "+4722123456", clientId: centre.clientId };
  const tried = await centre.admin.call(api.dialRules.try, { query: attempt });
  expect(tried).toMatchObject({ kind: "international", country: "NO", allowed: false, reason: "country" });

  const params = { id: centre.clientId };
  const { id: _, revision, ...rules } = await centre.admin.call(api.dialRules.get, { params });
  await centre.admin.call(api.dialRules.replace, {
    params,
    body: { ...rules, countries: ["NO"] },
    ifMatch: revision,
  });
  expect(await centre.admin.call(api.dialRules.try, { query: attempt })).toMatchObject({
    allowed: true,
    ways: [{ number: "+4722123456", callerNumber: "+46850009000" }],
  });
  const asAgent = { ...attempt, agentId: agent.id };
  expect(await centre.admin.call(api.dialRules.try, { query: asAgent })).toMatchObject({
    allowed: false,
    reason: "no_right_abroad",
  });
  const { contactId } = await dial("+47 22 12 34 56");
  await (await anna.nextCall()).answer();
  await talks(contactId);
  await hangUp(contactId);
  const blocked = (await books.all()).filter((event) => event.type === "call.placed");
  expect(blocked.at(-1)?.payload).toMatchObject({ destination: "international", country: "no" });
});

test("numbers that come in are read in the trunk's country", async () => {
  const queue = await centre.queue(await centre.skill());
  await centre.line("+46850009101", queue.id);
  const call = await Sipp.start({
    scenario: "customer",
    server: server.sip,
    number: "0850009101",
    from: "0701740681",
  });
  carriers.push(call);
  const contact = await waitFor("the contact", async () => {
    const { items } = await centre.admin.call(api.contacts.list, { query: {} });
    return items.find(({ remoteNumber }) => remoteNumber === "+46701740681");
  });
  expect(contact.direction).toBe("inbound");
  await call.nudge();
  await call.done();
  carriers.pop();
});

test("a trunk carries no more calls than it may, but one for help", async () => {
  const queue = await centre.queue(await centre.skill());
  await centre.line("+46850009102", queue.id);
  const taking = await carrier("called");
  const address = "127.0.0.3";
  await trunkTo(taking.port, { maxCalls: 1, address });
  const first = await Sipp.start({
    scenario: "customer",
    server: server.sip,
    number: "+46850009102",
    address,
  });
  carriers.push(first);
  await waitFor("the first is on the line", async () => {
    const { legs } = await centre.admin.call(api.telephony.status, {});
    return legs === 1;
  });
  const second = await Sipp.start({
    scenario: "refused",
    server: server.sip,
    number: "+46850009102",
    address,
    words: { STATUS: "503", CODECS: "8" },
  });
  await second.done();
  await expect(dial("0812345678")).rejects.toMatchObject({ code: "lines_full" });
  const { contactId } = await dial("112");
  await (await anna.nextCall()).answer();
  await talks(contactId);
  expect(await taking.messages()).toContain("INVITE sip:112@");
  await hangUp(contactId);
  const reasons = (await books.all()).flatMap((e) => (e.type === "call.blocked" ? [e.payload.reason] : []));
  expect(reasons).toContain("lines_full");
});

test("a diversion is told on: the carrier's own comes into the ledger, an agent's goes out with the call", async () => {
  const taking = await carrier("called");
  await trunkTo(taking.port);
  await centre.admin.call(api.numbers.create, {
    body: {
      clientId: centre.clientId,
      number: "+46850009103",
      label: "Anna's own",
      target: { kind: "agent", agentId: anna.agent.id },
    },
  });
  await anna.agent.session.call(api.desk.setCalling, {
    body: {
      diversions: {
        always: { kind: "number", number: "+46812345670" },
        busy: null,
        no_answer: null,
        unreachable: null,
      },
    },
  });
  const caller = await Sipp.start({
    scenario: "diverted",
    server: server.sip,
    number: "+46850009103",
    from: "+46701740683",
    words: { FIRST: "+46850001111" },
  });
  await caller.done();
  const sent = await taking.messages();
  expect(sent).toContain("INVITE sip:+46812345670@");
  expect(sent).toMatch(/Diversion: <sip:\+46850009103@[^>]+>;reason=unconditional/);
  const told = (await books.all()).flatMap((event) =>
    event.type === "leg.started" && event.payload.divertedFrom ? [event.payload.divertedFrom.reason] : [],
  );
  expect(told).toContain("user-busy");
});

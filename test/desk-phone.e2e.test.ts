import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Baresip } from "./support/baresip.ts";
import { Books } from "./support/books.ts";
import { type TestAgent, TestCentre, type TestPhone } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { LineAudio } from "./support/line-audio.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp", "baresip");

let server: TestServer;
let centre: TestCentre;
let customers: Customers;
let people: SoftPeople;
let books: Books;
let skill: string;
const NUMBER = "900";

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  customers = new Customers(server.sip);
  people = await SoftPeople.gather(server.sip);
  books = await Books.open(server.dataDir);
  skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line(NUMBER, queue.id);
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.error(server.complaints());
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

for (const transport of ["udp", "tcp"] as const) {
  test(`an agent's baresip over ${transport}: registers, answers, holds by re-INVITE, hangs up`, async () => {
    const { agent, phone, account } = await agentWithBaresip(transport);
    const status = await centre.admin.call(api.phones.status, { params: { id: account.id } });
    expect(status.registered).toBe(true);
    expect(status.userAgent).toMatch(/baresip/);

    const customer = await customers.call(NUMBER);
    await phone.says(/Incoming call/i);
    await phone.command("accept");
    await Promise.all([customer.audio.hears(TONES.agent), phone.hears(TONES.customer)]);
    await phone.command("hold");
    await stateIs(agent, "held");
    await customer.audio.hearsOther(TONES.agent, "music on hold");
    await phone.command("resume");
    await stateIs(agent, "talking");
    await Promise.all([customer.audio.hears(TONES.agent), phone.hears(TONES.customer)]);
    await customer.audio.press("5");
    await waitFor("baresip hears the key 5", () => phone.keys() === "5");
    await phone.command("hangup");
    await customer.gone();
    await stateIs(agent, "wrap_up");
    await leave(agent);

    const contact = await customer.closed(centre);
    expect(contact).toMatchObject({ outcome: "answered", agent: { id: agent.id } });
    expect(await books.contactProblems(contact.id)).toEqual([]);
    const types = (await books.contact(contact.id)).map((event) => event.type);
    expect(types).toEqual(expect.arrayContaining(["leg.held", "leg.resumed"]));
    await phone.close();
    await waitFor("the phone is gone", async () => {
      const after = await centre.admin.call(api.phones.status, { params: { id: account.id } });
      return !after.registered;
    });
  });
}

test("SIPp as a desk phone: registers, is rung, answers, and is told when the customer hangs up", async () => {
  const agent = await centre.agent([skill]);
  const account = await centre.phone(agent.id);
  const audio = await LineAudio.open(TONES.agent);
  const desk = await Sipp.start({
    scenario: "called",
    server: server.sip,
    number: account.username,
    mediaPort: audio.port,
  });
  const registration = await Sipp.start({
    scenario: "register",
    server: server.sip,
    number: account.username,
    username: account.username,
    password: account.password,
    words: { STATUS: "200", CONTACT: String(desk.port) },
  });
  await registration.done();
  await agent.session.call(api.desk.setDevice, { body: { kind: "phone", phoneId: account.id } });
  await agent.session.call(api.desk.logIn, { body: { presence: { kind: "available" } } });

  const customer = await customers.call(NUMBER);
  await Promise.all([customer.audio.hears(TONES.agent), audio.hears(TONES.customer)]);
  await customer.hangUp();
  await desk.done();
  await leave(agent);
  const contact = await customer.closed(centre);
  expect(contact).toMatchObject({ outcome: "answered", agent: { id: agent.id } });
  expect(await books.contactProblems(contact.id)).toEqual([]);
  await audio.close();
});

test("baresip as a customer: hears music, talks with the agent, is let go", async () => {
  const agent = await people.agentAtPhone(centre, await centre.agent([skill]));
  const customer = await Baresip.start({ user: "0701740650", server: server.sip, hz: TONES.customer });
  await customer.command("dial", `sip:${NUMBER}@${server.sip.host}:${server.sip.port}`);
  const call = await agent.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await Promise.all([customer.hears(TONES.agent), ear.hears(TONES.customer)]);
  call.hangup();
  await customer.says(/session closed|terminated/i);
  await agent.leave();
  const { items } = await centre.admin.call(api.contacts.list, { query: {} });
  const contact = items.find(({ remoteNumber }) => remoteNumber?.endsWith("701740650"));
  expect(contact).toMatchObject({ outcome: "answered", agent: { id: agent.agent.id } });
  await customer.close();
});

test("a phone that vanishes in a call and registers again is rung, and both talk again", async () => {
  const { agent, phone, account } = await agentWithBaresip("tcp");
  const customer = await customers.call(NUMBER);
  await phone.says(/Incoming call/i);
  await phone.command("accept");
  await customer.audio.hears(TONES.agent);
  await phone.kill();
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  const again = await baresipOf(account, "tcp");
  await again.says(/Incoming call/i);
  await again.command("accept");
  await Promise.all([customer.audio.hears(TONES.agent), again.hears(TONES.customer)]);
  await customer.hangUp();
  await leave(agent);
  const contact = await customer.closed(centre);
  expect(contact.outcome).toBe("answered");
  expect(await books.contactProblems(contact.id)).toEqual([]);
  await again.close();
});

test("a wrong password is refused, again and again, and then the account is locked for that address", async () => {
  const account = await centre.phone((await centre.agent([])).id);
  const register = async (password: string, answer: number): Promise<void> => {
    const sipp = await Sipp.start({
      scenario: "register",
      server: server.sip,
      number: account.username,
      username: account.username,
      password,
      words: { STATUS: String(answer), CONTACT: "[local_port]" },
    });
    await sipp.done();
  };
  for (const answer of [401, 401, 401, 401, 403]) await register("not the password", answer);
  await register(account.password, 403);
  const status = await centre.admin.call(api.phones.status, { params: { id: account.id } });
  expect(status.registered).toBe(false);
  expect(server.log()).toContain("SIP sign-in failed");
  for (const secret of [account.password, "not the password", "response=", "Digest "]) {
    expect(server.log()).not.toContain(secret);
  }
});

async function agentWithBaresip(
  transport: "udp" | "tcp",
): Promise<{ agent: TestAgent; phone: Baresip; account: TestPhone }> {
  const agent = await centre.agent([skill]);
  const account = await centre.phone(agent.id);
  const phone = await baresipOf(account, transport);
  await agent.session.call(api.desk.setDevice, { body: { kind: "phone", phoneId: account.id } });
  await agent.session.call(api.desk.logIn, { body: { presence: { kind: "available" } } });
  return { agent, phone, account };
}

async function baresipOf(account: TestPhone, transport: "udp" | "tcp"): Promise<Baresip> {
  const phone = await Baresip.start({
    user: account.username,
    password: account.password,
    server: server.sip,
    transport,
    hz: TONES.agent,
  });
  await waitFor("baresip is registered", async () => {
    const status = await centre.admin.call(api.phones.status, { params: { id: account.id } });
    return status.registered;
  });
  return phone;
}

function stateIs(agent: TestAgent, state: string): Promise<true> {
  return waitFor(`${agent.displayName} is ${state}`, async () => {
    const desk = await agent.session.call(api.desk.state, {});
    return desk.agent.state === state;
  });
}

async function leave(agent: TestAgent): Promise<void> {
  await stateIs(agent, "wrap_up");
  const { contacts } = await agent.session.call(api.desk.state, {});
  await agent.session.call(api.desk.finishWrapUp, { params: { id: contacts[0]?.contactId ?? "" } });
  await agent.session.call(api.desk.logOut, {});
}

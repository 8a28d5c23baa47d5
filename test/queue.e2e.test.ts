import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { type Customer, Customers } from "./support/customers.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { shippedPrompt } from "./support/shipped-prompt.ts";
import { type SoftAgent, SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { contains, TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp");

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let books: Books;
let lines = 600;
let customers: Customers;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  books = await Books.open(server.dataDir);
  customers = new Customers(server.sip);
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

test("a customer who gives up while nobody is free is counted as abandoned", async () => {
  const { number, queue } = await lineWith(0);
  const customer = await customers.call(number);
  await customer.audio.hearsOther(TONES.agent, "music");
  await waitFor("the customer waits", async () => (await figures(queue.id)).waiting === 1);
  await customer.hangUp();

  const contact = await closedContact(customer);
  expect(contact).toMatchObject({ outcome: "abandoned_queue", agent: null });
  expect(await figures(queue.id)).toMatchObject({ offered: 1, answered: 0, abandoned: 1, waiting: 0 });
});

test("a customer who gives up while it rings takes the offer away, and the agent is ready for the next", async () => {
  const { number, queue, agents } = await lineWith(1);
  const [agent] = agents;
  const customer = await customers.call(number);
  const ringing = await agent.nextCall();
  expect((await agent.becomes("reserved")).contacts[0]?.state).toBe("offered");
  await customer.hangUp();
  await ringing.whenEnded();
  await agent.becomes("available");

  const contact = await closedContact(customer);
  expect(contact.outcome).toBe("abandoned_queue");
  expect(await types(contact.id)).toContain("offer.withdrawn");
  expect(await figures(queue.id)).toMatchObject({ offered: 1, answered: 0, abandoned: 1 });
  await agent.leave();
});

test("a refused call goes to the second agent; who refused is not ready", async () => {
  const { number, agents } = await lineWith(2);
  const customer = await customers.call(number);
  const [first, second] = await inOrderOfRinging(agents);
  (await first.nextCall()).reject(486);
  expect((await first.becomes("not_ready")).agent.reasonCode).toBe("refused");
  const call = await second.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await Promise.all([customer.audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  call.hangup();
  await customer.gone();
  await second.becomes("wrap_up");
  await second.leave();

  const contact = await closedContact(customer);
  expect(contact).toMatchObject({ outcome: "answered", agent: { id: second.agent.id } });
  expect(await types(contact.id)).toContain("offer.refused");
  await first.leave();
});

test("a call that nobody answers goes to the next agent; who missed it is not ready with the reason", async () => {
  const { number, agents } = await lineWith(2, { ringTimeoutMs: 5_000 });
  const customer = await customers.call(number);
  const [first, second] = await inOrderOfRinging(agents);
  await first.nextCall();
  const desk = await first.becomes("not_ready");
  expect(desk.agent.reasonCode).toBe("rona");
  expect(desk.today.missed).toBe(1);
  const call = await second.nextCall();
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await customer.audio.hears(TONES.agent);
  call.hangup();
  await customer.gone();
  await second.leave();

  const contact = await closedContact(customer);
  expect(contact.outcome).toBe("answered");
  expect(await types(contact.id)).toContain("offer.timed_out");
  await first.leave();
});

test("two customers, one agent: the second hears their place and is served after the first", async () => {
  const { number, queue, agents } = await lineWith(1, {}, { announcePosition: true });
  const [agent] = agents;
  const first = await customers.call(number);
  const call = await agent.nextCall();
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await first.audio.hears(TONES.agent);
  const second = await customers.call(number);
  const place = await shippedPrompt("en/position-next");
  await waitFor("the second customer hears their place", () => contains(second.audio.heard(), place));
  const { items } = await centre.admin.call(api.floor.waiting, { params: { id: queue.id } });
  expect(items).toHaveLength(1);

  call.hangup();
  await first.gone();
  await finishWrapUp(agent);
  const next = await agent.nextCall();
  await next.answer();
  await next.say(await people.tone(TONES.agent), true);
  await second.audio.hears(TONES.agent);
  next.hangup();
  await second.gone();
  await agent.leave();
  await closedContact(first);
  await closedContact(second);
  expect(await figures(queue.id)).toMatchObject({ offered: 2, answered: 2, abandoned: 0 });
});

test("outside opening hours the customer hears why, and the contact is out of hours", async () => {
  const closed = await centre.admin.call(api.hours.create, {
    body: {
      clientId: centre.clientId,
      name: "Never open",
      timeZone: "Europe/Stockholm",
      weekly: {},
      holidays: null,
      exceptions: [],
    },
  });
  const { number, queue } = await lineWith(0, {}, { hoursId: closed.id });
  const customer = await customers.call(number);
  await customer.gone();
  expect(contains(customer.audio.heard(), await shippedPrompt("en/closed"))).toBe(true);
  expect((await closedContact(customer)).outcome).toBe("out_of_hours");
  expect((await figures(queue.id)).offered).toBe(0);
});

test("with nobody on duty the customer hears it and is let go", async () => {
  const { number } = await lineWith(0, {}, { unstaffedThen: { kind: "hangup" } });
  const customer = await customers.call(number);
  await customer.gone();
  expect(contains(customer.audio.heard(), await shippedPrompt("en/unstaffed"))).toBe(true);
  expect((await closedContact(customer)).outcome).toBe("exit_empty");
});

test("hold gives the customer music and keeps the agent away; resume brings the voice back", async () => {
  const { number, agents } = await lineWith(1);
  const [agent] = agents;
  const customer = await customers.call(number);
  const call = await agent.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await Promise.all([customer.audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  const { contactId } = await inHand(agent);
  await agent.agent.session.call(api.desk.hold, { params: { id: contactId } });
  await agent.becomes("held");
  await customer.audio.hearsOther(TONES.agent, "music on hold");
  await agent.agent.session.call(api.desk.resume, { params: { id: contactId } });
  await Promise.all([customer.audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  call.hangup();
  await customer.gone();
  await agent.leave();
  await closedContact(customer);
  expect(await types(contactId)).toEqual(expect.arrayContaining(["leg.held", "leg.resumed"]));
});

test("a blind transfer to a colleague brings the customer to them", async () => {
  const { number, agents } = await lineWith(1);
  const [agent] = agents;
  const colleague = await anotherAgent();
  const customer = await customers.call(number);
  const call = await agent.nextCall();
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await customer.audio.hears(TONES.agent);
  const { contactId } = await inHand(agent);
  await agent.agent.session.call(api.desk.transfer, {
    params: { id: contactId },
    body: { target: { kind: "agent", agentId: colleague.agent.id } },
  });
  const rung = await colleague.nextCall();
  await agent.becomes("wrap_up");
  await rung.answer();
  const ear = await people.talk(rung, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  await customer.hangUp();
  await agent.leave();
  await colleague.leave();
  expect((await closedContact(customer)).outcome).toBe("answered");
});

test("a blind transfer to a queue makes the customer wait there, as a transfer", async () => {
  const { number, agents } = await lineWith(1);
  const target = await lineWith(1);
  const [agent] = agents;
  const [other] = target.agents;
  const customer = await customers.call(number);
  const call = await agent.nextCall();
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await customer.audio.hears(TONES.agent);
  const { contactId } = await inHand(agent);
  await agent.agent.session.call(api.desk.transfer, {
    params: { id: contactId },
    body: { target: { kind: "queue", queueId: target.queue.id } },
  });
  const rung = await other.nextCall();
  await rung.answer();
  const ear = await people.talk(rung, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  rung.hangup();
  await customer.gone();
  await agent.leave();
  await other.leave();
  await closedContact(customer);
  const entries = (await books.contact(contactId)).filter((event) => event.type === "queue.entered");
  expect(entries.map(({ payload }) => payload)).toMatchObject([
    { initiation: "new" },
    { initiation: "transfer" },
  ]);
  expect(await figures(target.queue.id)).toMatchObject({ answered: 1 });
});

test("a consultation: the customer waits, swaps, and is given to the colleague", async () => {
  const { number, agents } = await lineWith(1);
  const [agent] = agents;
  const colleague = await anotherAgent();
  const customer = await customers.call(number);
  const call = await agent.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await customer.audio.hears(TONES.agent);
  const { contactId } = await inHand(agent);
  const act = { params: { id: contactId } };
  await agent.agent.session.call(api.desk.consult, {
    ...act,
    body: { target: { kind: "agent", agentId: colleague.agent.id } },
  });
  const rung = await colleague.nextCall();
  await rung.answer();
  const colleagueEar = await people.talk(rung, TONES.colleague);
  await Promise.all([ear.hears(TONES.colleague), colleagueEar.hears(TONES.agent)]);
  await customer.audio.hearsOther(TONES.agent, "music while the agents speak");

  await agent.agent.session.call(api.desk.consultSwap, act);
  await Promise.all([customer.audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  await colleagueEar.hearsOther(TONES.agent);

  await agent.agent.session.call(api.desk.consultComplete, act);
  await Promise.all([customer.audio.hears(TONES.colleague), colleagueEar.hears(TONES.customer)]);
  await call.whenEnded();
  rung.hangup();
  await customer.gone();
  await agent.leave();
  await colleague.leave();
  const contact = await closedContact(customer);
  expect(contact.outcome).toBe("answered");
  const { linked } = await centre.admin.call(api.contacts.get, { params: { id: contact.id } });
  expect(linked).toHaveLength(1);
  const consultation = await centre.admin.call(api.contacts.get, { params: { id: linked[0] ?? "" } });
  expect(consultation).toMatchObject({ direction: "internal", customer: null, linkedTo: contact.id });
  expect(await books.contactProblems(consultation.id)).toEqual([]);
});

test("colleagues call each other by extension; it is an internal contact without a customer", async () => {
  const [agent, colleague] = [await anotherAgent(), await anotherAgent()];
  const { contactId } = await agent.agent.session.call(api.desk.call, {
    body: { number: colleague.agent.extension },
  });
  const own = await agent.nextCall();
  await own.answer();
  const rung = await colleague.nextCall();
  await rung.answer();
  const [ear, otherEar] = [await people.talk(own, TONES.agent), await people.talk(rung, TONES.colleague)];
  await Promise.all([ear.hears(TONES.colleague), otherEar.hears(TONES.agent)]);
  own.hangup();
  await rung.whenEnded();
  await agent.becomes("available");
  await colleague.becomes("available");
  const detail = await waitFor("the internal contact is closed", async () => {
    const read = await centre.admin.call(api.contacts.get, { params: { id: contactId } });
    return read.endedAt === null ? undefined : read;
  });
  expect(detail).toMatchObject({ direction: "internal", customer: null });
  expect(await books.contactProblems(contactId)).toEqual([]);
  await agent.leave();
  await colleague.leave();
});

test("keys that the customer and the agent press are heard by the other", async () => {
  const { number, agents } = await lineWith(1);
  const [agent] = agents;
  const customer = await customers.call(number);
  const call = await agent.nextCall();
  const heard: string[] = [];
  call.onDigit((digit) => heard.push(digit));
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await customer.audio.hears(TONES.agent);
  for (const key of "41#") await customer.audio.press(key);
  await waitFor("the agent hears 41#", () => heard.join("") === "41#");
  const { contactId } = await inHand(agent);
  await agent.agent.session.call(api.desk.dtmf, { params: { id: contactId }, body: { digits: "73*" } });
  await waitFor("the customer hears 73*", () => customer.audio.digits() === "73*");
  call.hangup();
  await customer.gone();
  await agent.leave();
});

/** A queue with so many agents at desk phones, and a number that leads to it. */
async function lineWith(
  count: number,
  queueChanges: Parameters<TestCentre["queue"]>[1] = {},
  lineChanges: Parameters<TestCentre["line"]>[2] = {},
): Promise<{ number: string; queue: { id: string }; agents: [SoftAgent, SoftAgent] }> {
  const skill = await centre.skill();
  const queue = await centre.queue(skill, queueChanges);
  const number = String(++lines);
  await centre.line(number, queue.id, lineChanges);
  const agents: SoftAgent[] = [];
  for (let i = 0; i < count; i++) {
    agents.push(await people.agentAtPhone(centre, await centre.agent([skill])));
  }
  return { number, queue, agents: agents as [SoftAgent, SoftAgent] };
}

/** An agent whom no queue of the tests reaches. */
async function anotherAgent(): Promise<SoftAgent> {
  return people.agentAtPhone(centre, await centre.agent([]));
}

/** The closed contact of a customer's call, whose books are in order. */
async function closedContact(customer: Customer) {
  const contact = await customer.closed(centre);
  expect(await books.contactProblems(contact.id)).toEqual([]);
  return contact;
}

async function inOrderOfRinging(agents: readonly SoftAgent[]): Promise<[SoftAgent, SoftAgent]> {
  const first = await waitFor("a phone rings", () => agents.find((agent) => agent.rung.length > 0));
  const second = agents.find((agent) => agent !== first);
  if (!second) throw new Error("there is no second agent");
  return [first, second];
}

async function inHand(agent: SoftAgent): Promise<{ contactId: string }> {
  return waitFor("the agent has a contact in hand", async () => {
    const { contacts } = await agent.desk();
    return contacts.find(({ state }) => state === "talking");
  });
}

async function finishWrapUp(agent: SoftAgent): Promise<void> {
  const { contacts } = await agent.becomes("wrap_up");
  const id = contacts[0]?.contactId ?? "";
  await agent.agent.session.call(api.desk.finishWrapUp, { params: { id } });
}

async function types(contactId: string): Promise<string[]> {
  return (await books.contact(contactId)).map((event) => event.type);
}

async function figures(queueId: string) {
  const { queues } = await centre.admin.call(api.floor.state, {});
  const found = queues.find(({ id }) => id === queueId);
  if (!found) throw new Error("the floor does not show the queue");
  return found;
}

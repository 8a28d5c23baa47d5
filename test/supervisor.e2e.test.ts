import { api } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp", "chromium");

/** Unlike the tones of customer, agent and colleague, and no harmonic of theirs. */
const CHIEF_HZ = 870;

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let books: Books;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test("a supervisor hears both unheard, whispers to the agent, speaks to all and takes over, over real media", async () => {
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line("901", queue.id);
  const anna = await people.agentAtPhone(centre, await centre.agent([skill]));
  const chief = await people.agentAtPhone(centre, await centre.agent([], "supervisor"));
  const customer = await customers.call("901");
  const annas = await anna.nextCall();
  await annas.answer();
  const annaHears = await people.talk(annas, TONES.agent);
  await Promise.all([customer.audio.hears(TONES.agent), annaHears.hears(TONES.customer)]);
  const { id: contactId } = await customer.contact(centre);

  const { session } = chief.agent;
  const monitor = await session.call(api.floor.startMonitor, { body: { contactId, mode: "listen" } });
  const chiefs = await chief.nextCall();
  await chiefs.answer();
  const chiefHears = await people.talk(chiefs, CHIEF_HZ);
  // both at once: neither tone alone holds most of the sound, so the customer falls silent for a moment
  customer.audio.mute(true);
  await chiefHears.hears(TONES.agent);
  await customer.audio.hears(TONES.agent);
  customer.audio.mute(false);
  await annaHears.hears(TONES.customer);

  const change = (mode: "whisper" | "barge") =>
    session.call(api.floor.changeMonitor, { params: { id: monitor.id }, body: { mode } });
  await change("whisper");
  customer.audio.mute(true);
  await annaHears.hears(CHIEF_HZ);
  await customer.audio.hears(TONES.agent); // and nothing of the supervisor
  await change("barge");
  await customer.audio.hearsOther(TONES.colleague, "agent and supervisor");
  const { contactId: taken } = await session.call(api.floor.takeOver, { params: { id: monitor.id } });
  expect(taken).toBe(contactId);
  await customer.audio.hears(CHIEF_HZ);
  await anna.becomes("wrap_up");
  customer.audio.mute(false);
  await chiefHears.hears(TONES.customer);
  await customer.hangUp();
  await anna.leave();
  await chief.leave();
  const contact = await customer.closed(centre);
  expect(contact.outcome).toBe("answered");
  expect(await books.contactProblems(contact.id)).toEqual([]);

  const detail = await centre.admin.call(api.contacts.get, { params: { id: contactId } });
  const had = detail.segments.filter((s) => s.party === "customer" && s.kind === "talk");
  expect(had.map((s) => s.agent?.id)).toEqual([anna.agent.id, chief.agent.id]);
  const measured = detail.legs.filter((leg) => leg.quality !== null);
  expect(measured.length).toBeGreaterThanOrEqual(2);
  for (const { quality } of measured) expect(quality?.mos).toBeGreaterThan(3.5);
  const audit = await waitFor("the audit", async () => {
    const { items } = await centre.admin.call(api.audit.list, { query: { userId: chief.agent.id } });
    const used = items.filter(({ action }) => action.startsWith("call_"));
    return used.length === 4 && used;
  });
  expect(audit.map(({ action }) => action).toSorted()).toEqual([
    "call_barged",
    "call_listened",
    "call_taken_over",
    "call_whispered",
  ]);
});

test("a supervisor at a phone listens to an agent in the browser by dialling a code, and takes over by another", async () => {
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line("903", queue.id);
  const browser = await DeskBrowser.launch(TONES.agent);
  try {
    const agent = await centre.agent([skill]);
    const desk = await browser.open(server.baseUrl);
    await desk.signIn(agent.username, agent.password);
    await desk.becomeAvailable();
    const chief = await people.agentAtPhone(centre, await centre.agent([], "supervisor"));
    const customer = await customers.call("903");
    await desk.offer.waitFor();
    await desk.accept();
    await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);

    const listening = await chief.phone.call(`*1${agent.extension}`);
    await listening.whenAnswered();
    const ear = await people.talk(listening, CHIEF_HZ);
    customer.audio.mute(true);
    await ear.hears(TONES.agent);
    await customer.audio.hears(TONES.agent);
    await chief.phone.call(`*4${agent.extension}`);
    await customer.audio.hears(CHIEF_HZ);
    await desk.contact("wrap_up").waitFor();
    customer.audio.mute(false);
    await ear.hears(TONES.customer);
    await customer.hangUp();
    await desk.page.getByTestId("finish").click();
    await chief.leave();
    const contact = await customer.closed(centre);
    expect(contact.outcome).toBe("answered");
    expect(await books.contactProblems(contact.id)).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("an agent without the right hears nothing, and is not told that there is a call", async () => {
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line("902", queue.id);
  const anna = await people.agentAtPhone(centre, await centre.agent([skill]));
  const boris = await people.agentAtPhone(centre, await centre.agent([]));
  const customer = await customers.call("902");
  await (await anna.nextCall()).answer();
  const { id: contactId } = await customer.contact(centre);
  await waitFor("a talk", async () => (await anna.desk()).contacts[0]?.state === "talking");
  await expect(
    boris.agent.session.call(api.floor.startMonitor, { body: { contactId, mode: "listen" } }),
  ).rejects.toMatchObject({ status: 403 });
  await customer.hangUp();
  await anna.leave();
  await boris.leave();
});

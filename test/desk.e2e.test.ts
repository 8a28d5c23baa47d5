import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { type TestAgent, TestCentre } from "./support/centre.ts";
import { type Customer, Customers } from "./support/customers.ts";
import { DeskBrowser, type DeskPage } from "./support/desk-browser.ts";
import { LineAudio } from "./support/line-audio.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

/** Longer than a reload takes on a busy machine, shorter than the half minute that it is by default. */
const GRACE_MS = 10_000;

const ready = meets("sipp", "chromium");

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let books: Books;
let browser: DeskBrowser;
let lines = 700;

/** A line of its own for each test, with one agent at the desk in the browser. */
let agent: TestAgent;
let number: string;
let skill: string;
let desk: DeskPage;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer({ reattachGraceMs: GRACE_MS });
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
  browser = await DeskBrowser.launch(TONES.agent);
});

beforeEach(async () => {
  skill = await centre.skill();
  const queue = await centre.queue(skill);
  number = String(++lines);
  await centre.line(number, queue.id);
  agent = await centre.agent([skill]);
  desk = await browser.open(server.baseUrl);
  await desk.signIn(agent.username, agent.password);
  await desk.becomeAvailable();
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    console.error(await browser.report());
    console.error(server.complaints());
  }
  await browser.forget();
  await agent.session.call(api.desk.logOut, {});
});

afterAll(async () => {
  await browser?.close();
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test("a reload during a call: the customer hears comfort music, then the same agent again", async () => {
  const customer = await talk();
  const before = await customer.contact(centre);
  await desk.page.reload({ waitUntil: "commit" });
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  await desk.contact("talking").waitFor();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("hang-up").click();
  await customer.gone();
  await finish();
  const contact = await closed(customer);
  expect(contact).toMatchObject({ id: before.id, outcome: "answered", agent: { id: agent.id } });
});

test("a browser that closes in a call and never comes back: the customer goes back to the front of the queue", async () => {
  const customer = await talk();
  await desk.page.close();
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  const colleague = await people.agentAtPhone(centre, await centre.agent([skill]));
  const rung = await colleague.nextCall(60_000);
  await rung.answer();
  const ear = await people.talk(rung, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  rung.hangup();
  await customer.gone();
  await colleague.leave();
  const contact = await closed(customer);
  expect(contact.outcome).toBe("answered");
  const entries = (await books.contact(contact.id)).filter((event) => event.type === "queue.entered");
  expect(entries.map(({ payload }) => payload)).toMatchObject([
    { initiation: "new" },
    { initiation: "transfer" },
  ]);
});

test("the agent refuses by the button: not ready with the reason, and the call goes to a colleague", async () => {
  const customer = await customers.call(number);
  await desk.offer.waitFor();
  await desk.page.getByTestId("refuse").click();
  await desk.offer.waitFor({ state: "detached" });
  await waitFor("not ready", async () => {
    const state = await agent.session.call(api.desk.state, {});
    return state.agent.state === "not_ready" && state.agent.reasonCode === "refused";
  });
  await customer.audio.hearsOther(TONES.agent, "music: the customer waits on");
  await desk.becomeAvailable();
  await desk.accept();
  await customer.audio.hears(TONES.agent);
  await customer.hangUp();
  await finish();
  expect((await closed(customer)).outcome).toBe("answered");
});

test("a customer who hangs up while the browser rings: the offer goes away, nobody answered", async () => {
  const customer = await customers.call(number);
  await desk.offer.waitFor();
  await customer.hangUp();
  await desk.offer.waitFor({ state: "detached" });
  expect((await closed(customer)).outcome).toBe("abandoned_queue");
  await waitFor(
    "available",
    async () => (await agent.session.call(api.desk.state, {})).agent.state === "available",
  );
});

test("hold, resume, mute and keys by the buttons of the desk", async () => {
  const customer = await talk();
  await desk.button("Hold").click();
  await desk.contact("held").waitFor();
  await customer.audio.hearsOther(TONES.agent, "music on hold");
  await desk.button("Resume").click();
  await desk.contact("talking").waitFor();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);

  await desk.button("Mute").click();
  await customer.audio.hearsSilence();
  await desk.button("Unmute").click();
  await customer.audio.hears(TONES.agent);

  await desk.button("Keypad").click();
  for (const key of ["4", "2", "#"]) await desk.key(key).click();
  await waitFor("the customer hears 42#", () => customer.audio.digits() === "42#");
  await desk.page.keyboard.press("Escape");
  await desk.page.getByTestId("hang-up").click();
  await customer.gone();
  await finish();
  await closed(customer);
});

test("a blind transfer chosen in the directory brings the customer to the colleague", async () => {
  const colleague = await people.agentAtPhone(centre, await centre.agent([]));
  const customer = await talk();
  await desk.pickForTransfer(colleague.agent.displayName);
  await desk.page.getByTestId("transfer-blind").click();
  const rung = await colleague.nextCall();
  await desk.contact("wrap_up").waitFor();
  await rung.answer();
  const ear = await people.talk(rung, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  rung.hangup();
  await customer.gone();
  await finish();
  await colleague.leave();
  expect((await closed(customer)).outcome).toBe("answered");
});

test("a consultation in the browser: ask, swap, hand over", async () => {
  const colleague = await people.agentAtPhone(centre, await centre.agent([]));
  const customer = await talk();
  await desk.pickForTransfer(colleague.agent.displayName);
  await desk.page.getByTestId("consult").click();
  const rung = await colleague.nextCall();
  await rung.answer();
  const ear = await people.talk(rung, TONES.colleague);
  await Promise.all([desk.hears(TONES.colleague), ear.hears(TONES.agent)]);
  await customer.audio.hearsOther(TONES.agent, "music while they speak");
  await desk.button("Swap").click();
  await Promise.all([desk.hears(TONES.customer), customer.audio.hears(TONES.agent)]);
  await desk.button("Connect them").click();
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  rung.hangup();
  await customer.gone();
  await finish();
  await colleague.leave();
  expect((await closed(customer)).outcome).toBe("answered");
});

test("an agent calls out over a trunk; the carrier's end is SIPp", async () => {
  const audio = await LineAudio.open(TONES.customer);
  const carrier = await Sipp.start({
    scenario: "called",
    server: server.sip,
    number: "unused",
    mediaPort: audio.port,
    calls: 50, // each ping of the trunk is one
  });
  const trunk = await centre.admin.call(api.trunks.create, {
    body: {
      name: "Outbound carrier",
      inbound: { kind: "none" },
      outbound: {
        host: "127.0.0.1",
        port: carrier.port,
        transport: "udp",
        username: null,
        callerId: "+46850009000",
        register: false,
      },
      maxCalls: 10,
    },
  });
  await waitFor("the carrier answers a ping", async () => {
    const status = await centre.admin.call(api.trunks.status, { params: { id: trunk.id } });
    return status.reachable === true;
  });
  await desk.page.getByTestId("dial-input").fill("+46701740699");
  await desk.page.getByTestId("dial").click();
  await desk.contact("dialing").waitFor();
  await desk.contact("talking").waitFor();
  await Promise.all([audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("hang-up").click();
  await finish();
  const contact = await waitFor("the outbound contact is closed", async () => {
    const { items } = await centre.admin.call(api.contacts.list, { query: { direction: "outbound" } });
    return items.find(({ outcome, endedAt }) => outcome !== null && endedAt !== null);
  });
  expect(contact).toMatchObject({ outcome: "answered", remoteNumber: "+46701740699" });
  expect(await books.contactProblems(contact.id)).toEqual([]);
  await audio.close();
  await carrier.kill(); // it would wait for further pings
  await centre.admin.call(api.trunks.remove, { params: { id: trunk.id } });
});

test("a second tab leaves the phone to the first, and takes it over when asked", async () => {
  const second = await browser.open(server.baseUrl);
  await second.page.getByTestId("take-over").click();
  await second.ready();
  await desk.page.getByTestId("take-over").waitFor();
  const customer = await customers.call(number);
  await second.offer.waitFor();
  await second.accept();
  await Promise.all([customer.audio.hears(TONES.agent), second.hears(TONES.customer)]);
  await customer.hangUp();
  await finish();
  expect((await closed(customer)).outcome).toBe("answered");
});

test("a browser that is refused the microphone says so, and is offered no call", async () => {
  await browser.forget();
  const deaf = await DeskBrowser.launch(TONES.agent, { microphone: "refused" });
  try {
    const page = await deaf.open(server.baseUrl);
    await page.signIn(agent.username, agent.password);
    await page.chooseAvailable();
    await page.page.getByText("The browser does not give the microphone").waitFor();
    await waitFor("the desk knows why", async () => {
      const state = await agent.session.call(api.desk.state, {});
      return state.agent.state === "not_ready" && state.agent.reasonCode === "microphone";
    });
    const customer = await customers.call(number);
    await customer.audio.hearsOther(TONES.agent, "music");
    expect(await page.offer.isVisible()).toBe(false);
    await customer.hangUp();
    expect((await closed(customer)).outcome).toBe("abandoned_queue");
  } finally {
    await deaf.close();
  }
});

/** A customer who talks with the agent at the desk. */
async function talk(): Promise<Customer> {
  const customer = await customers.call(number);
  await desk.offer.waitFor();
  await desk.accept();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  return customer;
}

async function finish(): Promise<void> {
  await desk.contact("wrap_up").waitFor();
  await desk.page.getByTestId("finish").click();
  await desk.contact().waitFor({ state: "detached" });
}

async function closed(customer: Customer) {
  const contact = await customer.closed(centre);
  expect(await books.contactProblems(contact.id)).toEqual([]);
  return contact;
}

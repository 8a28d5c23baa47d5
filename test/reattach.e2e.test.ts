import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { type TestAgent, TestCentre } from "./support/centre.ts";
import { type Customer, Customers } from "./support/customers.ts";
import { CuttableLine } from "./support/cuttable-line.ts";
import { DeskBrowser, type DeskPage } from "./support/desk-browser.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TELEPHONE_HZ, TONES } from "./support/tones.ts";

const ready = meets("sipp", "chromium");

/** The promise: the call is back so soon after the agent is. */
const LIMIT_MS = 3_000;

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let books: Books;
let browser: DeskBrowser;
let line: CuttableLine;
let agent: TestAgent;
let desk: DeskPage;
let number: string;
let lines = 800;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
  browser = await DeskBrowser.launch(TONES.agent);
  line = await CuttableLine.to(Number(new URL(server.baseUrl).port));
});

beforeEach(async () => {
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  number = String(++lines);
  await centre.line(number, queue.id);
  agent = await centre.agent([skill]);
  desk = await browser.open(`http://127.0.0.1:${line.port}`);
  await desk.signIn(agent.username, agent.password);
  await desk.becomeAvailable();
});

afterEach(async ({ task }) => {
  line.mend();
  if (task.result?.state === "fail") {
    console.error(await browser.report());
    console.error(server.complaints());
  }
  await browser.forget();
  await agent.session.call(api.desk.logOut, {});
});

afterAll(async () => {
  await browser?.close();
  await line?.close();
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test("a reload: the call is back within three seconds after the page is up", async () => {
  const customer = await talk();
  const lost = mark(customer);
  await desk.page.reload({ waitUntil: "load" });
  await returnsWithin(customer, lost, "reload");
  await ended(customer);
});

test("a tab that crashes: a new one has the call within three seconds", async () => {
  const customer = await talk();
  const lost = mark(customer);
  await desk.page.close({ runBeforeUnload: false });
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  desk = await browser.reopen(`http://127.0.0.1:${line.port}/desk`);
  await desk.page.waitForLoadState("load");
  await returnsWithin(customer, lost, "new tab");
  await ended(customer);
});

test("a network that is gone for five seconds: the call is back within three seconds of its return", async () => {
  const customer = await talk();
  const lost = mark(customer);
  line.cut();
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  line.mend();
  await returnsWithin(customer, lost, "network");
  await ended(customer);
});

test("another device: the desk phone takes the call over while the browser is gone", async () => {
  const customer = await talk();
  const lost = mark(customer);
  await desk.page.close();
  await customer.audio.hearsOther(TONES.agent, "comfort music");
  const phone = await people.agentAtPhone(centre, agent);
  const since = performance.now();
  const call = await phone.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  report("desk phone", performance.now() - since, customer, lost);
  call.hangup();
  await customer.gone();
  await phone.leave();
  expect((await customer.closed(centre)).outcome).toBe("answered");
});

async function talk(): Promise<Customer> {
  const customer = await customers.call(number);
  await desk.offer.waitFor();
  await desk.accept();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  return customer;
}

/** Where in what the customer hears the loss began, in samples. */
function mark(customer: Customer): number {
  return customer.audio.heard().length;
}

async function returnsWithin(customer: Customer, lost: number, what: string): Promise<void> {
  const since = performance.now();
  await Promise.all([customer.audio.hears(TONES.agent), desk.contact("talking").waitFor()]);
  report(what, performance.now() - since, customer, lost);
}

/** The time and the longest silence that the customer heard meanwhile. */
function report(what: string, tookMs: number, customer: Customer, lost: number): void {
  const silentMs = longestSilenceMs(customer.audio.heard().subarray(lost));
  console.info(
    `${what}: back after ${Math.round(tookMs)} ms; longest silence for the customer ${silentMs} ms`,
  );
  expect(tookMs).toBeLessThan(LIMIT_MS);
  expect(silentMs).toBeLessThan(LIMIT_MS);
}

/** The longest stretch of 20 ms windows without sound. */
function longestSilenceMs(samples: Int16Array): number {
  const window = TELEPHONE_HZ / 50;
  let longest = 0;
  let run = 0;
  for (let at = 0; at + window <= samples.length; at += window) {
    const loud = samples.subarray(at, at + window).some((sample) => Math.abs(sample) > 40);
    run = loud ? 0 : run + 20;
    longest = Math.max(longest, run);
  }
  return longest;
}

async function ended(customer: Customer): Promise<void> {
  await desk.page.getByTestId("hang-up").click();
  await customer.gone();
  await desk.contact("wrap_up").waitFor();
  await desk.page.getByTestId("finish").click();
  const contact = await customer.closed(centre);
  expect(contact).toMatchObject({ outcome: "answered", agent: { id: agent.id } });
  expect(await books.contactProblems(contact.id)).toEqual([]);
}

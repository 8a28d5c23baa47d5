import { api } from "@svara/contracts";
import { WorkerMediaHost } from "@svara/media";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("chromium");

/** Those who talk wait no longer than this for their sound. */
const LIMIT_MS = 3_000;
const NUMBER = "950";
const CUSTOMER = "+46701740777";

let server: TestServer;
let people: SoftPeople;
let books: Books;
let browser: DeskBrowser;
/** The server's media hosts. */
const hosts: WorkerMediaHost[] = [];

beforeAll(async () => {
  if (!ready) return;
  const start = WorkerMediaHost.start.bind(WorkerMediaHost);
  const spied = vi.spyOn(WorkerMediaHost, "start").mockImplementation(async (...how) => {
    const host = await start(...how);
    hosts.push(host);
    return host;
  });
  server = await startTestServer();
  spied.mockRestore();
  people = await SoftPeople.gather(server.sip);
  books = await Books.open(server.dataDir);
  browser = await DeskBrowser.launch(TONES.agent);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  console.error(await browser.report());
  console.error(server.complaints());
});

afterAll(async () => {
  await browser?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test.runIf(ready)(
  "a media host dies: the browser and the customer talk on over another within three seconds",
  async () => {
    const centre = await TestCentre.build(server);
    const skill = await centre.skill();
    const queue = await centre.queue(skill);
    await centre.line(NUMBER, queue.id);
    const agent = await centre.agent([skill]);
    const desk = await browser.open(server.baseUrl);
    await desk.signIn(agent.username, agent.password);
    await desk.becomeAvailable();
    const customer = await people.phone(CUSTOMER);
    const call = await customer.call(NUMBER);
    await call.whenAnswered();
    const ear = await people.talk(call, TONES.customer);
    await desk.offer.waitFor();
    await desk.accept();
    await Promise.all([ear.hears(TONES.agent), desk.hears(TONES.customer)]);

    const carrier = await waitFor("the host of the call", async () => {
      for (const host of hosts) if ((await host.request({ type: "stats" })).host.legs > 0) return host;
      return undefined;
    });
    const since = performance.now();
    await carrier.kill();
    await waitFor("offers from another host", async () => call.reoffers > 0);
    await Promise.all([ear.hears(TONES.agent), desk.hears(TONES.customer)]);
    const tookMs = performance.now() - since;
    console.info(`both talk again ${Math.round(tookMs)} ms after the death of their media host`);
    expect(tookMs).toBeLessThan(LIMIT_MS);

    call.hangup();
    await desk.contact("wrap_up").waitFor();
    await desk.page.getByTestId("finish").click();
    const contact = await waitFor("the contact is closed", async () => {
      const { items } = await centre.admin.call(api.contacts.list, { query: {} });
      return items.find(({ remoteNumber, endedAt }) => remoteNumber === CUSTOMER && endedAt !== null);
    });
    expect(contact.outcome).toBe("answered");
    expect(await books.contactProblems(contact.id)).toEqual([]);
  },
);

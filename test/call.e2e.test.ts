import { api } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { type TestAgent, TestCentre } from "./support/centre.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { LineAudio } from "./support/line-audio.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { shippedPrompt } from "./support/shipped-prompt.ts";
import { Sipp } from "./support/sipp.ts";
import { meets } from "./support/strangers.ts";
import { bestShare, contains, TONES, toneMs } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";
import { stereo } from "./support/wav.ts";

const NUMBER = "500";
const CALLER = "+46701740605";

const ready = meets("sipp", "chromium");

let server: TestServer;
let centre: TestCentre;
let queue: { id: string; name: string };
let agent: TestAgent;
let browser: DeskBrowser;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  const skill = await centre.skill();
  queue = await centre.queue(skill);
  await centre.line(NUMBER, queue.id, { greeting: "default", recordingNotice: true });
  agent = await centre.agent([skill]);
  browser = await DeskBrowser.launch(TONES.agent);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  console.error(await browser.report());
  console.error(server.complaints());
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test("a customer calls, an agent answers in the browser, and every second of it is recorded and counted", async () => {
  const desk = await browser.open(server.baseUrl);
  await desk.signIn(agent.username, agent.password);
  await desk.becomeAvailable();

  const line = await LineAudio.open(TONES.customer);
  const customer = await Sipp.start({
    scenario: "customer",
    server: server.sip,
    number: NUMBER,
    from: CALLER,
    mediaPort: line.port,
  });

  // The greeting is heard before anybody is rung.
  const greeting = await shippedPrompt("en/greeting");
  await waitFor("the greeting is heard", () => contains(line.heard(), greeting));
  await desk.offer.waitFor();
  await expect.poll(() => desk.offer.textContent()).toContain(queue.name);
  await desk.accept();

  // Each hears the other, by tone.
  await Promise.all([line.hears(TONES.agent), desk.hears(TONES.customer)]);
  expect(bestShare(line.heard().subarray(-8_000), TONES.customer)).toBeLessThan(0.2);
  const metrics = await readMetrics();
  expect(metrics).toMatch(/^svara_contacts_total\{medium="voice",outcome="answered"\} 1$/m);
  await waitFor("three seconds of talk", async () => toneMs(line.heard(), TONES.agent) > 3_000);

  await desk.page.getByTestId("hang-up").click();
  await customer.done();
  await desk.contact("wrap_up").waitFor();

  await desk.page.getByLabel("Notes").fill("Wants the blue one.");
  await desk.page.getByTestId("disposition").click();
  await desk.page.getByRole("option", { name: "Resolved" }).click();
  await desk.page.getByTestId("finish").click();
  await desk.contact().waitFor({ state: "detached" });

  const contact = await closedContact();
  expect(contact.outcome).toBe("answered");
  expect(contact.agent?.id).toBe(agent.id);
  expect(contact.remoteNumber).toBe(CALLER);
  const detail = await waitFor("the recording is stored", async () => {
    const read = await centre.admin.call(api.contacts.get, { params: { id: contact.id } });
    return read.recordings[0]?.state === "stored" ? read : undefined;
  });
  expect(detail.notes).toBe("Wants the blue one.");
  expect(detail.dispositionId).not.toBeNull();
  await expectRightChannels(detail.recordings[0]?.id ?? "");

  const books = await Books.open(server.dataDir);
  try {
    expect(await books.contactProblems(contact.id)).toEqual([]);
    expect(await books.agentProblems(agent.id)).toEqual([]);
    // What is stored after the end reaches the ledger a moment later.
    await expect
      .poll(async () => (await books.contact(contact.id)).map((event) => event.type), { timeout: 5_000 })
      .toEqual(
        expect.arrayContaining([
          "contact.created",
          "flow.step",
          "notice.played",
          "queue.entered",
          "offer.made",
          "offer.accepted",
          "queue.left",
          "recording.started",
          "recording.stored",
          "disposition.set",
          "contact.closed",
        ]),
      );
  } finally {
    await books.close();
  }

  const floor = await centre.admin.call(api.floor.state, {});
  const figures = floor.queues.find(({ id }) => id === queue.id);
  expect(figures).toMatchObject({ offered: 1, answered: 1, abandoned: 0, serviceLevel: 1, waiting: 0 });
  expect(browser.complaints).toEqual([]);
  expect(server.complaints()).toBe("");
  await line.close();
});

async function readMetrics(): Promise<string> {
  const response = await fetch(`${server.baseUrl}/metrics`, { headers: { cookie: centre.admin.cookie } });
  expect(response.status).toBe(200);
  return response.text();
}

function closedContact() {
  return waitFor("the contact is closed", async () => {
    const { items } = await centre.admin.call(api.contacts.list, { query: {} });
    return items.find((contact) => contact.outcome !== null && contact.endedAt !== null);
  });
}

/** Customer left, agent right, and neither in the other's. */
async function expectRightChannels(recordingId: string): Promise<void> {
  const audio = await centre.admin.call(api.recordings.audio, { params: { id: recordingId } });
  const { left, right, ms } = stereo(Buffer.from(await (audio as Blob).arrayBuffer()));
  expect(ms).toBeGreaterThan(2_500);
  expect(toneMs(left.samples, TONES.customer, left.sampleRate)).toBeGreaterThan(2_000);
  expect(toneMs(right.samples, TONES.agent, right.sampleRate)).toBeGreaterThan(2_000);
  expect(toneMs(left.samples, TONES.agent, left.sampleRate)).toBe(0);
  expect(toneMs(right.samples, TONES.customer, right.sampleRate)).toBe(0);
}

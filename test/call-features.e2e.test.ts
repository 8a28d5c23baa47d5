import { api } from "@svara/contracts";
import { goertzel } from "@svara/media/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { TestAgent } from "./support/centre.ts";
import type { Customer } from "./support/customers.ts";
import { DeskBrowser, type DeskPage } from "./support/desk-browser.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { meets } from "./support/strangers.ts";
import { TELEPHONE_HZ, TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp", "chromium");

/** Of two tones at once each has about half of the power; one that is not there has next to nothing. */
const AMONG_OTHERS = 0.15;
const ABSENT = 0.02;
/** Long enough for a word that should not be heard to arrive. */
const LISTENED_MS = 1_500;

let stage: Stage;
let browser: DeskBrowser;
let supervisors: DeskBrowser;
let skill: string;
let agent: TestAgent;
let number: string;
let desk: DeskPage;
let lines = 600;

beforeAll(async () => {
  if (!ready) return;
  stage = await openStage();
  browser = await DeskBrowser.launch(TONES.agent);
  supervisors = await DeskBrowser.launch(TONES.colleague);
});

beforeEach(async () => {
  const { centre, server } = stage;
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
    console.error(await supervisors.report());
    console.error(stage.server.complaints());
  }
  await browser.forget();
  await supervisors.forget();
  await agent.session.call(api.desk.logOut, {});
});

afterAll(async () => {
  await browser?.close();
  await supervisors?.close();
  await stage?.close();
});

test("a consultation becomes a conference: all three hear each other; the colleague is sent out, the call goes on", async () => {
  const { centre, people } = stage;
  const other = await centre.agent([]);
  const colleague = await people.agentAtPhone(centre, other);
  const customer = await talk();
  await desk.pickForTransfer(other.displayName);
  await desk.page.getByTestId("consult").click();
  const call = await colleague.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.colleague);
  await Promise.all([ear.hears(TONES.agent), desk.hears(TONES.colleague)]);

  await desk.page.getByTestId("merge").click();
  await desk.page.getByTestId("conference").waitFor();
  expect(await desk.page.getByTestId("participant").count()).toBe(3);
  await Promise.all([
    deskHearsBoth(desk, TONES.customer, TONES.colleague),
    lineHearsBoth(customer, TONES.agent, TONES.colleague),
  ]);

  await desk.page.getByTestId("conference-drop").click();
  await desk.page.getByTestId("conference").waitFor({ state: "detached" });
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("hang-up").click();
  await finish();
  const types = await ledgerOf(customer);
  expect(types).toEqual(expect.arrayContaining(["conference.joined", "conference.left"]));
  await colleague.leave();
});

test("a call is parked, its slot shown big, and fetched from the list", async () => {
  const customer = await talk();
  await desk.button("Park").click();
  const slot = await desk.page.getByTestId("park-slot").textContent();
  expect(Number(slot)).toBeGreaterThan(0);
  await customer.audio.hearsOther(TONES.agent, "music while parked");
  await finish();

  await desk.page.getByTestId("fetch-parked").click();
  await desk.contact("talking").waitFor();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("parked").waitFor({ state: "detached" });
  await desk.page.getByTestId("hang-up").click();
  await finish();
  const types = await ledgerOf(customer);
  expect(types).toEqual(expect.arrayContaining(["park.started", "park.ended"]));
});

test("a supervisor who is not at work listens, whispers and leaves; only the agent ever hears them", async () => {
  const { centre, server } = stage;
  const supervisor = await centre.agent([], "supervisor");
  const customer = await talk();
  const watch = await supervisors.open(server.baseUrl);
  await watch.signIn(supervisor.username, supervisor.password, "**/floor");
  await watch.page.locator(`[data-agent="${agent.id}"]`).getByTestId("monitor-listen").click();
  const bar = watch.page.getByTestId("monitor-bar");
  await watch.page.locator("[data-testid=monitor-bar][data-state=on][data-mode=listen]").waitFor();
  await deskHearsBoth(watch, TONES.customer, TONES.agent);
  await neverHears(customer, desk, TONES.colleague);

  await bar.getByText("Whisper", { exact: true }).click();
  await watch.page.locator("[data-testid=monitor-bar][data-mode=whisper]").waitFor();
  await deskHearsBoth(desk, TONES.customer, TONES.colleague);
  await desk.page.locator("[data-testid=monitored][data-mode=whisper]").waitFor();
  await customer.audio.hears(TONES.agent);
  expect(shareOnLine(customer, TONES.colleague)).toBeLessThan(ABSENT);

  await watch.page.getByRole("link", { name: "Contacts" }).click(); // in another room the bar is there, too
  await watch.page.waitForURL("**/contacts");
  await deskHearsBoth(watch, TONES.customer, TONES.agent);
  await bar.getByTestId("monitor-stop").click();
  await bar.waitFor({ state: "detached" });
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("hang-up").click();
  await finish();
  const types = await ledgerOf(customer);
  expect(types).toEqual(expect.arrayContaining(["monitor.started", "monitor.changed", "monitor.ended"]));
});

test("a supervisor takes the customer over: the agent is in wrap-up, the supervisor talks", async () => {
  const { centre, server } = stage;
  const supervisor = await centre.agent([], "supervisor");
  const customer = await talk();
  const watch = await supervisors.open(server.baseUrl);
  await watch.signIn(supervisor.username, supervisor.password, "**/floor");
  await watch.page.locator(`[data-agent="${agent.id}"]`).getByTestId("monitor-listen").click();
  await watch.page.locator("[data-testid=monitor-bar][data-state=on]").waitFor();
  await watch.page.getByTestId("monitor-take-over").click();
  await watch.page.getByRole("dialog").getByRole("button", { name: "Take over" }).click();
  await finish();
  await watch.page.waitForURL("**/desk");
  await watch.contact("talking").waitFor();
  await Promise.all([customer.audio.hears(TONES.colleague), watch.hears(TONES.customer)]);
  await customer.hangUp();
  await watch.contact("talking").waitFor({ state: "detached" });
  const contact = await customer.closed(centre);
  expect(await stage.books.contactProblems(contact.id)).toEqual([]);
  expect((await stage.books.contact(contact.id)).map(({ type }) => type)).toContain("contact.taken_over");
  await supervisor.session.call(api.desk.logOut, {});
});

test("do not disturb is chosen in the dialog, shown, and ended by becoming available", async () => {
  await desk.page.getByTestId("calling").click();
  await desk.page.getByRole("switch", { name: "Do not disturb" }).click();
  await desk.page.getByTestId("save-calling").click();
  await waitFor("nothing rings here", async () => {
    const state = await agent.session.call(api.desk.state, {});
    return state.calling.doNotDisturb && state.agent.state === "not_ready";
  });
  await desk.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await desk.page.getByText("Do not disturb", { exact: true }).first().isVisible()).toBe(true);
  await desk.chooseAvailable();
  await waitFor("calls come again", async () => {
    const state = await agent.session.call(api.desk.state, {});
    return !state.calling.doNotDisturb && state.agent.state === "available";
  });
});

test("a call is given to an entry point: its flow has the customer, and its queue's agent takes them", async () => {
  const { centre, people } = stage;
  const otherSkill = await centre.skill();
  const otherQueue = await centre.queue(otherSkill);
  const otherNumber = String(++lines);
  await centre.line(otherNumber, otherQueue.id);
  const colleague = await people.agentAtPhone(centre, await centre.agent([otherSkill]));
  const customer = await talk();
  await desk.pickForTransfer(`Line ${otherNumber}`);
  await desk.page.getByTestId("transfer-blind").click();
  await finish();
  const call = await colleague.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  call.hangup();
  await customer.gone();
  await colleague.leave();
  const contact = await customer.closed(centre);
  expect(await stage.books.contactProblems(contact.id)).toEqual([]);
});

test("a call moves from the browser to the agent's desk phone and back", async () => {
  const { centre, people } = stage;
  const account = await centre.phone(agent.id);
  const phone = await people.phone(account.username, account.password);
  const ringing = new Promise<Parameters<Parameters<typeof phone.incoming.on>[0]>[0]>((resolve) => {
    phone.incoming.on(resolve);
  });
  await phone.register();
  await desk.page.reload(); // phones are listed when the page comes
  await desk.ready();
  const customer = await talk();
  await desk.page.getByText("Desk phone", { exact: true }).click();
  const call = await ringing;
  await call.answer();
  const ear = await people.talk(call, TONES.colleague);
  await Promise.all([customer.audio.hears(TONES.colleague), ear.hears(TONES.customer)]);
  await desk.contact("talking").waitFor();

  await desk.page.getByText("Browser", { exact: true }).click();
  await Promise.all([customer.audio.hears(TONES.agent), desk.hears(TONES.customer)]);
  await desk.page.getByTestId("hang-up").click();
  await finish();
  await ledgerOf(customer);
  await phone.unregister();
});

async function talk(): Promise<Customer> {
  const customer = await stage.customers.call(number);
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

async function deskHearsBoth(page: DeskPage, one: number, another: number): Promise<void> {
  let shares: readonly number[] = [];
  const both = waitFor(`${one} and ${another} Hz together in a browser`, async () => {
    shares = [await page.share(one), await page.share(another)];
    return shares.every((share) => share > AMONG_OTHERS);
  });
  await both.catch((cause: unknown) => {
    throw new Error(`shares of ${one} and ${another} Hz in the browser: ${shares.join(", ")}`, { cause });
  });
}

function lineHearsBoth(customer: Customer, one: number, another: number): Promise<true> {
  return waitFor(
    `${one} and ${another} Hz together on the line`,
    () => shareOnLine(customer, one) > AMONG_OTHERS && shareOnLine(customer, another) > AMONG_OTHERS,
  );
}

/** Of the last 200 ms that the customer heard. */
function shareOnLine(customer: Customer, hz: number): number {
  return goertzel(customer.audio.heard().subarray(-TELEPHONE_HZ / 5), hz, TELEPHONE_HZ);
}

/** For a while neither the customer nor the agent hears the tone. */
async function neverHears(customer: Customer, page: DeskPage, hz: number): Promise<void> {
  const until = performance.now() + LISTENED_MS;
  while (performance.now() < until) {
    expect(shareOnLine(customer, hz)).toBeLessThan(ABSENT);
    expect(await page.share(hz)).toBeLessThan(ABSENT);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The types of the contact's events once it is closed; nothing may be wrong with them. */
async function ledgerOf(customer: Customer): Promise<string[]> {
  await customer.gone();
  const contact = await customer.closed(stage.centre);
  expect(contact).toMatchObject({ outcome: "answered", agent: { id: agent.id } });
  expect(await stage.books.contactProblems(contact.id)).toEqual([]);
  return (await stage.books.closedContact(contact.id)).map(({ type }) => type);
}

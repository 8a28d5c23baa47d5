import { DEFAULT_QUEUE_ROUTING } from "@svara/contracts";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { ADMIN, startTestServer, type TestServer } from "./support/server.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";

const ready = meets("sipp", "chromium");

/** Long enough to read the panel before it, in a browser on a busy machine. */
const STEP_MS = 12_000; // time enough to read the panel on a busy machine

/** The panel asks once too often: that the contact is gone is how it learns it. Chromium tells that as an error. */
const GONE = /status of 404/;

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let browser: DeskBrowser;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  browser = await DeskBrowser.launch(TONES.agent);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  console.error(await browser.report());
  console.error(server.complaints());
});

afterAll(async () => {
  await browser?.close();
  await customers?.close();
  await people?.close();
  await server?.close();
});

test.runIf(ready)(
  "nobody has the skill: the floor says so until a step lets an agent have it, and the contact tells both",
  async () => {
    const skillId = await centre.skill();
    const queue = await centre.queue(skillId, {
      requiredSkills: [{ skillId, minLevel: 5 }], // the agent has level 3
      routing: {
        ...DEFAULT_QUEUE_ROUTING,
        steps: [{ afterMs: STEP_MS, skills: [{ skillId, minLevel: 3 }] }],
      },
    });
    await centre.line("801", queue.id);
    const agent = await people.agentAtPhone(centre, await centre.agent([skillId]));
    const name = agent.agent.displayName;
    const floor = await supervisor();

    const customer = await customers.call("801");
    await floor.getByRole("button", { name: `Waiting in ${queue.name}` }).click();
    await floor.getByRole("button", { name: "Why does it wait?" }).click();
    const panel = floor.getByTestId("wait-panel");
    await panel.getByText(/^Nobody has the skill it asks for: Skill \d+ at level 5 or better\.$/).waitFor();
    await panel.getByText(/^In \d+ sec a step asks for something else\.$/).waitFor();
    await panel.getByText(/^Step 1: Skill \d+ 3 is enough\.$/).waitFor();
    expect(await panel.getByTestId("agents-by-reason").textContent()).toMatch(
      /lacks Skill \d+ at level 5 or better1$/,
    );
    await panel.getByTestId("why-not-agent").click();
    await floor.getByRole("option", { name }).click();
    await panel.getByText(/^has Skill \d+ at level 3, level 5 is asked$/).waitFor();

    const call = await agent.nextCall(STEP_MS + 30_000);
    await panel.getByText(`It rings at ${name}.`).waitFor();
    await call.answer();
    await floor.getByText("It does not wait any more").waitFor();
    await floor.getByRole("link", { name: "Open the contact" }).click();
    call.hangup();
    await customer.gone();

    const stay = floor.getByTestId("queue-stay");
    await stay.getByText("No wait was expected: nobody at work could have served it.").waitFor();
    await stay.getByText(/^Step 1: Skill \d+ 3 is enough$/).waitFor();
    await stay.getByText(new RegExp(`^Offered to ${name}, who took it after`)).waitFor();
    await stay.getByText(`The contact came, and ${name} was the only agent open for it.`).waitFor();
    const candidates = stay.getByRole("table", { name: `Candidates for the offer to ${name}` });
    expect(await candidates.getByRole("row", { name }).textContent()).toContain("chosen");
    await stay.getByRole("link", { name: /^revision \d+$/ }).click();
    await floor.waitForURL(/\/office\/history\?revision=\d+$/);
    await floor.locator("button[aria-expanded=true]").waitFor();
    const unexpected = browser.complaints.filter((each) => !GONE.test(each));
    expect(unexpected).toEqual([]);
    await agent.leave();
  },
);

/** The administrator, who sees the floor, on it. */
async function supervisor(): Promise<Page> {
  const { page } = await browser.open(server.baseUrl);
  await page.getByLabel("User name").fill(ADMIN.username);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/floor");
  return page;
}

import { api, type Queue } from "@svara/contracts";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { TestCentre } from "./support/centre.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { ADMIN, startTestServer, type TestServer } from "./support/server.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("chromium");

let server: TestServer;
let centre: TestCentre;
let browser: DeskBrowser;
let page: Page;
let support: Queue;
let night: Queue;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  browser = await DeskBrowser.launch(TONES.agent);
});

beforeEach(async () => {
  const skill = await centre.skill();
  await centre.agent([skill]);
  const made = await centre.queue(skill, { requiredSkills: [{ skillId: skill, minLevel: 3 }] });
  support = await queueOf(made.id);
  const { id: _id, revision: _revision, archived: _archived, warnings: _warnings, ...draft } = support;
  const other = await centre.queue(skill, {
    routing: {
      ...draft.routing,
      overflow: [{ id: "back", afterMs: 60_000, to: { kind: "queue", queueId: support.id } }],
    },
  });
  night = await queueOf(other.id);
  page = (await browser.open(server.baseUrl)).page;
  await page.getByLabel("User name").fill(ADMIN.username);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Office" }).click();
  await page.getByRole("link", { name: "Queues" }).click();
  await page.getByRole("button", { name: support.name, exact: true }).click();
  await page.getByTestId("queue-editor").waitFor();
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    console.error(await browser.report());
    console.error(server.complaints());
  }
  await browser.forget();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test("a step is added, a circle of overflows is named at its field, what is not complete is refused, and the saved change can be undone", async () => {
  await part("Widening with time");
  await press("Add a step");
  await says(page.getByTestId("paragraph"), "After 30 sec: ");
  await says(page.getByTestId("steps"), "2 is enough");

  await part("When too many wait");
  await press("Add a rule");
  await choose("Then", "Wait in another queue");
  await page.getByTestId("save").click();
  await says(page.getByRole("alert"), "Some fields need attention");
  const rule = page.locator('[data-finding-at="routing.overflow.0"]');
  await says(rule, "Error: This is needed.");
  expect((await queueOf(support.id)).revision).toBe(support.revision);

  await choose("Queue", night.name);
  await says(rule, `Warning: The rules lead in a circle: ${support.name} → ${night.name} → ${support.name}`);
  await says(page.getByRole("tab", { name: "When too many wait" }), "1 warning");

  await choose("Then", "Offer a call-back");
  await waitFor(
    "no circle any more",
    async () => (await page.locator("[data-code=overflow_loop]").count()) === 0,
  );
  await page.getByTestId("save").click();
  await page.waitForURL("**/office/queues");
  const saved = await queueOf(support.id);
  expect(saved.routing.steps).toMatchObject([{ afterMs: 30_000 }]);
  expect(saved.routing.overflow).toMatchObject([{ afterMs: 120_000, to: { kind: "callback" } }]);

  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("button", { name: "Undo" }).first().click();
  await waitFor("the queue is as before", async () => {
    const { routing } = await queueOf(support.id);
    return routing.steps.length === 0 && routing.overflow.length === 0;
  });
});

test("by keyboard a rule moves up, is removed, and comes back; nothing is lost by a stray click", async () => {
  await part("When too many wait");
  await press("Add a rule");
  await press("Add a rule");
  await choose("Then", "End the call");
  const rules = page.getByTestId("overflow").getByRole("listitem");
  await says(rules.nth(1), "end the call");
  await rules.nth(1).locator("[data-head]").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await says(rules.nth(0), "end the call");
  await page.getByText("Now in place 1 of 2.").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Remove: rule rule-2" }).press("Enter");
  await waitFor("one rule is left", async () => (await rules.count()) === 1);
  await page.getByTestId("undo").press("Enter");
  await says(rules.nth(0), "end the call");
  expect(await rules.count()).toBe(2);
  await page.getByRole("link", { name: "Floor" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep editing" }).click();
  await says(page.getByTestId("queue-editor"), "Not saved yet");
});

test("a condition is checked while it is written, and its facts are put in by a click", async () => {
  await part("Who goes first");
  await press("Add a condition");
  const condition = page.getByLabel("When this is true");
  await condition.fill('customer.valu == "gold"');
  await says(page.locator("[data-body]"), "Did you mean customer.value?");
  await condition.fill("");
  await page.getByRole("button", { name: /^caller\.withheld/ }).click();
  await page.getByRole("button", { name: 'customer.type == "partner"' }).click();
  expect(await condition.inputValue()).toBe('caller.withheld && customer.type == "partner"');
  await says(page.locator("[data-body]"), "Understood.");
});

async function queueOf(id: string): Promise<Queue> {
  return centre.admin.call(api.queues.get, { params: { id } });
}

async function part(name: string): Promise<void> {
  await page.getByRole("tab", { name }).click();
}

async function press(name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function choose(label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function says(place: Locator, text: string): Promise<void> {
  await place.filter({ hasText: text }).first().waitFor();
}

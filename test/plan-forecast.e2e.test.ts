import { addDays, localDate } from "@svara/calendar";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { ADMIN, startTestServer, type TestServer } from "./support/server.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";

const ready = meets("chromium", "sipp");

let server: TestServer;
let centre: TestCentre;
let browser: DeskBrowser;
let customers: Customers;
let page: Page;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  customers = new Customers(server.sip);
  browser = await DeskBrowser.launch(TONES.agent);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  console.error(await browser.report());
  console.error(server.complaints());
});

afterAll(async () => {
  await customers?.close();
  await browser?.close();
  await server?.close();
});

/** Eight weeks before today, by the quarter from 8 to 16, with a column that no planner wants to sort out by hand. */
function pastWeeks(queue: string, today: string): string {
  const lines = ["interval_start;queue;calls;aht_s"];
  for (let back = 56; back >= 1; back--)
    for (let quarter = 32; quarter < 64; quarter++) {
      const time = `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`;
      lines.push(`${addDays(today, -back)} ${time};${queue};${10 + ((back * 5 + quarter * 3) % 5)};180`);
    }
  return lines.join("\n");
}

test("a planner imports the past, forecasts, changes it with a reason, staffs it, and opens a figure's contacts", async () => {
  const skill = await centre.skill();
  const queue = await centre.queue(skill, { name: "Invoices" });
  await centre.line("150", queue.id);
  const caller = await customers.call("150");
  await caller.audio.hearsOther(TONES.agent, "music");
  await caller.hangUp();
  const contact = await caller.closed(centre);

  page = (await browser.open(server.baseUrl)).page;
  await page.getByLabel("User name").fill(ADMIN.username);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Plan" }).click();
  await page.getByRole("tab", { name: "Forecast", exact: true }).click();
  await page.getByText("No forecast yet").waitFor();

  const today = localDate(contact.startedAt, new Intl.DateTimeFormat().resolvedOptions().timeZone);
  const choose = async (text: string): Promise<void> =>
    page.locator("input[type=file]").setInputFiles({
      name: "past.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
  await press("Import history");
  await choose("queue,at,offered\nInvoices,2026-01-05 08:07,3\nBills,2026-01-05 08:00,3\n");
  await says("faults", "Line 2");
  await says("faults", 'there is no queue "Bills" of this client');
  expect(await page.getByRole("button", { name: "Take it in" }).isDisabled()).toBe(true);
  await choose(pastWeeks("Invoices", today));
  await says("preview", "1,792 lines");
  await press("Take it in");
  await page.getByText("1,792 lines were taken in.").waitFor();

  await press("New forecast");
  await press("Make the forecast");
  await page.getByText("Contacts by day").waitFor();
  await page.getByText("Why this method").waitFor();
  const forecast = page.url();
  await page.getByTestId("adjust").click();
  await page.getByLabel("More or fewer").fill("20");
  await page.getByLabel("Reason").fill("Invoices go out");
  await page.getByText(/contacts become/).waitFor();
  await press("Change");
  await says("changes", "+20 % · Invoices go out");
  await page.getByTestId("changes").getByRole("button", { name: "Undo" }).click();
  await says("changes", "taken back by");

  await page.getByRole("link", { name: "Plan staffing" }).click();
  await press("Make the requirement");
  await page.getByText("More or fewer agents").waitFor();
  await page.getByText("Table", { exact: true }).first().click();
  // 10 to 14 in a quarter of 180 s are 2 to 2.8 erlang: four or five agents for 80 % in 20 s
  const ten = page.getByRole("row").filter({ has: page.getByRole("button", { name: "10:00", exact: true }) });
  await ten.waitFor();
  expect(["4", "5"]).toContain((await ten.getByRole("cell").allTextContents())[3]);

  await page.getByRole("tab", { name: "Forecast", exact: true }).click();
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Table", { exact: true }).first().click();
  await page.getByRole("link", { name: "1", exact: true }).first().click();
  await page.getByText(/^Came to the queue, /).waitFor();
  await page
    .getByText(`#${contact.shortNumber}`)
    .or(page.getByText(String(contact.shortNumber)))
    .first()
    .waitFor();
  expect(new URL(page.url()).searchParams.get("counted")).toBe("offered");

  // deleting is asked about first
  await page.goto(forecast);
  await press("Actions");
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("It cannot be taken back.").waitFor();
  await press("Cancel");
  await page.getByText("It cannot be taken back.").waitFor({ state: "detached" });
  expect(browser.complaints).toEqual([]);
}, 120_000);

async function press(name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).first().click();
}

async function says(testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).getByText(text, { exact: false }).first().waitFor();
}

import { api } from "@svara/contracts";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestAgent, TestCentre } from "./support/centre.ts";
import { DeskBrowser } from "./support/desk-browser.ts";
import { ADMIN, startTestServer, type TestServer } from "./support/server.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("chromium");

let server: TestServer;
let centre: TestCentre;
let browser: DeskBrowser;
let anna: TestAgent;
let bo: TestAgent;

/** Two agents with a contract of three half days a week. */
beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  anna = await centre.agent([]);
  bo = await centre.agent([]);
  const { admin } = centre;
  const pattern = await admin.call(api.planPatterns.create, {
    body: {
      name: "Half day",
      earliestStart: "08:00",
      latestStart: "13:00",
      startEveryMinutes: 60,
      paidMinutes: 240,
      breaks: [],
    },
  });
  const contract = await admin.call(api.planContracts.create, {
    body: {
      name: "Half time",
      weeklyMinutes: { min: 0, max: 720 },
      daysPerWeek: { min: 0, max: 3 },
      patternIds: [pattern.id],
    },
  });
  for (const { id } of [anna, bo])
    await admin.call(api.planAgentTerms.replace, {
      params: { id },
      body: { contractId: contract.id, availability: [] },
    });
  browser = await DeskBrowser.launch(TONES.agent);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.skipIf(!ready)(
  "a planner makes and publishes a roster, an agent asks for a swap, it is granted, and the calendar shows it",
  async ({ onTestFailed }) => {
    onTestFailed(async () => console.error(await browser.report(), server.complaints()));
    const planner = await signedIn(ADMIN.username, ADMIN.password);
    await planner.goto(`${server.baseUrl}/plan/roster`);
    await planner.getByTestId("new-roster").first().click();
    await planner.getByTestId("make-roster").click();
    await planner.getByText("No requirement: say how many agents are needed").click();
    await planner.getByTestId("save-requirement").click();
    await planner.getByText("Required 90 h, scheduled 0 h").waitFor();
    await planner.getByTestId("solve").click();
    await planner.getByTestId("solve-now").click();
    const shifts = planner.locator("[data-agent] button[aria-label*='–']");
    await waitFor("both agents work three days", async () => (await shifts.count()) === 6, 60_000);
    await planner.getByText("Broken rules (0)").waitFor();
    // a shift moves by the keyboard: the rule that it breaks is named, and the way back is there
    await planner
      .getByRole("button", { name: /On duty: [12]/ })
      .first()
      .click();
    const first = planner.locator("[aria-keyshortcuts]").first();
    const before = await first.getAttribute("aria-label");
    await first.press("ArrowRight");
    await planner.getByText("Begins when the pattern does not").first().waitFor();
    await planner.getByRole("button", { name: "Undo", exact: true }).first().click();
    await waitFor("the shift is as before", async () => (await first.getAttribute("aria-label")) === before);
    await planner.getByTestId("publish").click();
    await planner.getByTestId("publish-now").click();
    await planner.getByText("Published, version 1").waitFor();
    await browser.forget();

    const agent = await signedIn(anna.username, anna.password);
    await agent.goto(`${server.baseUrl}/plan/my-schedule`);
    await agent.getByText("News about your shifts").waitFor();
    await agent.getByRole("button", { name: "The week after" }).click();
    await waitFor("three shifts", async () => (await agent.getByTestId("own-shift").count()) === 3);
    await agent.getByTestId("swap").first().click();
    await agent.getByRole("radio").first().click();
    await agent.getByTestId("ask").click();
    await agent.getByText("With the colleague").waitFor();
    await agent.getByTestId("make-feed").click();
    const address = await agent.getByText("/api/v1/plan/calendar/").textContent();
    await browser.forget();

    const { items } = await bo.session.call(api.mySchedule.requests, { query: {} });
    const request = items[0];
    expect(request?.may.answer).toBe(true);
    await bo.session.call(api.mySchedule.answer, {
      params: { id: request?.id ?? "" },
      body: { accept: true },
    });

    const decider = await signedIn(ADMIN.username, ADMIN.password);
    await decider.goto(`${server.baseUrl}/plan/requests`);
    await decider.locator("[data-row]").first().click();
    await decider.getByTestId("grant").click();
    await decider.getByText("Granted", { exact: true }).first().waitFor();

    const granted = await centre.admin.call(api.planRequests.get, { params: { id: request?.id ?? "" } });
    expect(granted.state).toBe("granted");
    const calendar = await (await fetch(address ?? "")).text();
    const { shifts: own } = await anna.session.call(api.mySchedule.week, {
      query: { from: dayOf(granted.from), days: 14 },
    });
    const gone = request?.mine?.from;
    expect(own.map(({ from }) => from)).not.toContain(gone);
    for (const { from } of own) expect(calendar).toContain(`DTSTART:${stamp(from)}`);
    expect(calendar).toContain("STATUS:CANCELLED");
  },
  120_000,
);

async function signedIn(username: string, password: string): Promise<Page> {
  const { page } = await browser.open(server.baseUrl);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Plan" }).waitFor();
  return page;
}

/** The Monday of an instant's week, roughly enough for a query of two weeks. */
function dayOf(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO("Europe/Stockholm")
    .toPlainDate()
    .subtract({ days: 6 })
    .toString();
}

/** `20260302T070000Z`. */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

/*
 * The pictures of README.md, of a demonstration that runs:
 *   npm run demo                                       (in another terminal, for some minutes, so that the day has figures)
 *   node apps/web/dev/readme-pictures.ts [http://localhost:8080]
 */

const BASE = process.argv[2] ?? "http://localhost:8080";
const FOLDER = "docs/images";
const DESK = { width: 1440, height: 640 };
const FLOOR = { width: 1440, height: 900 };
const OFFER_MS = 60_000;

const browser = await chromium.launch({
  executablePath: process.env.SVARA_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
});

try {
  await mkdir(FOLDER, { recursive: true });
  const desk = await signIn(await newContext(DESK), "agent", "demo-agent");
  await takeCall(desk);
  await picture(desk, "desk");
  const floor = await signIn(await newContext(FLOOR), "supervisor", "demo-supervisor");
  await floor.getByText("Technical support").first().waitFor();
  await floor.waitForTimeout(1_500);
  await picture(floor, "floor");
  await desk.getByRole("button", { name: "Hang up" }).click();
  await desk.getByRole("button", { name: "Finish" }).click();
  await desk
    .getByRole("button", { name: "End work" })
    .click({ timeout: 2_000 })
    .catch(() => undefined);
} finally {
  await browser.close();
}

function newContext(viewport: { width: number; height: number }): Promise<BrowserContext> {
  return browser.newContext({ viewport, locale: "en-GB" });
}

async function signIn(context: BrowserContext, username: string, password: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(BASE);
  await page.locator("input").first().fill(username);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.locator("nav").first().waitFor();
  return page;
}

/** Starts work, takes the next call and writes what an agent would. */
async function takeCall(page: Page): Promise<void> {
  const start = page.getByRole("button", { name: /Start work|Become available/ }).first();
  await start.click();
  await page.getByRole("button", { name: "Accept" }).click({ timeout: OFFER_MS });
  await page.getByRole("button", { name: "Hang up" }).waitFor();
  await page.getByRole("button", { name: "Correct the name" }).click();
  await page.getByLabel("Customer's name").fill("Maja Lindgren");
  await page.keyboard.press("Enter");
  await page
    .locator("textarea")
    .first()
    .fill("Asks why the November bill is higher. Meter read on the 3rd; will check and call back.");
  await page.mouse.move(640, 780);
  await page.waitForTimeout(6_000);
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { startFixtureServer } from "./fixture-server.ts";

/*
 * Pictures of every page, light and dark, wide and narrow.
 *   node apps/web/dev/screenshots.ts <folder>                                       sample data
 *   node apps/web/dev/screenshots.ts <folder> --only=desk,floor                     some of them
 *   node apps/web/dev/screenshots.ts <folder> --base=http://127.0.0.1:8080 --user=supervisor --password=...   a real server
 */

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly cookies?: Readonly<Record<string, string>>;
  /** A desk is also looked at on a small laptop. */
  readonly desk?: boolean;
  /** What is clicked before the picture, one after another. */
  readonly click?: readonly string[];
  /** What is then typed where. */
  readonly type?: readonly (readonly [selector: string, text: string])[];
}

/** A table on a wide screen, entries on a phone. */
const FIRST_ROW = "[data-row] >> visible=true >> nth=0";

/** The button that opens who waits in the first queue that has somebody. */
const FIRST_WAITING = "[data-testid=queue-waiting]:enabled >> visible=true >> nth=0";

const SHOTS: readonly Shot[] = [
  { name: "sign-in", path: "/", cookies: { role: "none" } },
  { name: "first-run", path: "/first-run#token=abcdefghijklmnopqrstuvwxyz", cookies: { role: "none" } },
  { name: "desk-out", path: "/desk", cookies: { desk: "out" }, desk: true },
  { name: "desk-idle", path: "/desk", cookies: { desk: "idle" }, desk: true },
  { name: "desk-away", path: "/desk", cookies: { desk: "away" }, desk: true },
  { name: "desk-offer", path: "/desk", cookies: { desk: "offer" }, desk: true },
  { name: "desk-talking", path: "/desk", cookies: { desk: "talking" }, desk: true },
  {
    name: "desk-transfer",
    path: "/desk",
    cookies: { desk: "talking" },
    desk: true,
    click: ["text=Transfer"],
  },
  { name: "desk-consult", path: "/desk", cookies: { desk: "consult" }, desk: true },
  {
    name: "desk-parked",
    path: "/desk",
    cookies: { desk: "talking" },
    desk: true,
    click: ['role=button[name="Park"]'],
  },
  { name: "desk-conference", path: "/desk", cookies: { desk: "conference" }, desk: true },
  {
    name: "desk-add",
    path: "/desk",
    cookies: { desk: "conference" },
    desk: true,
    click: ["[data-testid=conference-open-add]"],
  },
  { name: "desk-announcing", path: "/desk", cookies: { desk: "announcing" }, desk: true },
  {
    name: "desk-calling",
    path: "/desk",
    cookies: { desk: "calling" },
    desk: true,
    click: ["[data-testid=calling]"],
  },
  { name: "desk-diverted", path: "/desk", cookies: { desk: "calling" }, desk: true },
  { name: "desk-detached", path: "/desk", cookies: { desk: "detached" }, desk: true },
  { name: "desk-callback", path: "/desk", cookies: { desk: "callback" }, desk: true },
  {
    name: "desk-escalate",
    path: "/desk",
    cookies: { desk: "talking" },
    desk: true,
    click: ["text=Escalate"],
  },
  {
    name: "desk-pick",
    path: "/desk",
    cookies: { desk: "idle" },
    desk: true,
    click: ["role=tab[name=Waiting]"],
  },
  { name: "desk-forced", path: "/desk", cookies: { desk: "forced" }, desk: true },
  { name: "desk-wrap", path: "/desk", cookies: { desk: "wrap" }, desk: true },
  { name: "floor", path: "/floor" },
  {
    name: "floor-waiting",
    path: "/floor",
    click: [FIRST_WAITING],
  },
  {
    name: "floor-why",
    path: "/floor",
    click: [FIRST_WAITING, "text=Why does it wait? >> nth=0"],
  },
  { name: "floor-monitoring", path: "/floor", cookies: { monitoring: "1" } },
  { name: "floor-empty", path: "/floor", cookies: { empty: "1" } },
  { name: "contacts", path: "/contacts" },
  { name: "customers", path: "/customers" },
  { name: "form-customer", path: "/customers", click: [FIRST_ROW] },
  { name: "insight", path: "/insight" },
  { name: "contact", path: "/contacts/018f0000-0000-7000-8000-000000000700" },
  {
    name: "contact-legs",
    path: "/contacts/018f0000-0000-7000-8000-000000000700",
    click: ["#contact-legs"],
  },
  {
    name: "contact-events",
    path: "/contacts/018f0000-0000-7000-8000-000000000700",
    click: ["#contact-events"],
  },
  ...[
    "users",
    "roles",
    "teams",
    "skills",
    "capacity",
    "queues",
    "routing-rules",
    "routing-check",
    "entry-points",
    "hours",
    "prompts",
    "trunks",
    "phones",
    "dial-rules",
    "calling",
    "telephony",
    "reasons",
    "dispositions",
    "clients",
    "history",
    "tokens",
    "audit",
  ].map((section) => ({ name: `office-${section}`, path: `/office/${section}` })),
  { name: "office-queues-empty", path: "/office/queues", cookies: { empty: "1" } },
  { name: "form-user", path: "/office/users", click: [FIRST_ROW] },
  { name: "form-queue", path: "/office/queues", click: [FIRST_ROW] },
  {
    name: "form-queue-steps",
    path: "/office/queues/018f0000-0000-7000-8000-000000000300?field=routing.steps.0",
  },
  {
    name: "form-queue-calling",
    path: "/office/queues/018f0000-0000-7000-8000-000000000300?field=calling.autoAnswer",
  },
  { name: "form-number", path: "/office/entry-points", click: ["[data-row] >> visible=true >> nth=2"] },
  { name: "form-queue-new", path: "/office/queues/new" },
  { name: "form-capacity", path: "/office/capacity", click: [FIRST_ROW] },
  { name: "form-entry-point", path: "/office/entry-points", click: [FIRST_ROW] },
  { name: "form-hours", path: "/office/hours", click: [FIRST_ROW] },
  { name: "form-trunk", path: "/office/trunks", click: [FIRST_ROW] },
  {
    name: "form-trunk-more",
    path: "/office/trunks",
    click: [
      FIRST_ROW,
      ...["Numbers", "Which calls", "Connection"].map(
        (title) => `[aria-expanded=false]:has-text("${title}")`,
      ),
    ],
  },
  { name: "form-phone", path: "/office/phones", click: [FIRST_ROW] },
  {
    name: "dial-try",
    path: "/office/dial-rules",
    type: [["[data-testid=try-number]", "+47 22 12 34 56"]],
  },
  {
    name: "dial-try-refused",
    path: "/office/dial-rules",
    type: [["[data-testid=try-number]", "+49 30 1234567"]],
  },
  {
    name: "form-prompt",
    path: "/office/prompts",
    click: ["[data-testid=create], button:has-text('Add a prompt')"],
  },
];

const option = (name: string): string | undefined =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);

async function main(): Promise<void> {
  const folder = process.argv[2] ?? "screenshots";
  const only = option("only")?.split(",");
  const base = option("base");
  await mkdir(folder, { recursive: true });
  const fixture = base === undefined ? await startFixtureServer() : undefined;
  const browser = await chromium.launch({
    executablePath: process.env.SVARA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  });
  try {
    const url = base ?? fixture?.url ?? "";
    const shots = SHOTS.filter(
      (shot) => only === undefined || only.some((name) => shot.name.startsWith(name)),
    );
    for (const shot of shots) {
      if (base !== undefined && shot.cookies && shot.cookies.desk !== "idle") continue; // only samples can be posed
      await take(browser, url, shot, folder);
    }
  } finally {
    await browser.close();
    fixture?.close();
  }
}

async function take(browser: Browser, url: string, shot: Shot, folder: string): Promise<void> {
  const sizes = shot.desk
    ? [
        [1440, 900],
        [1024, 768],
        [390, 844],
      ]
    : [
        [1440, 900],
        [390, 844],
      ];
  const schemes = (option("schemes")?.split(",") ?? ["light", "dark"]) as ("light" | "dark")[];
  for (const [width = 0, height = 0] of sizes) {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: option("language") ?? "en",
      });
      const host = new URL(url).hostname;
      const cookies = { ...shot.cookies, language: option("language") ?? "en" };
      await context.addCookies(
        Object.entries(cookies).map(([name, value]) => ({ name, value, domain: host, path: "/" })),
      );
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        const expected = /\/sip' failed|401 \(Unauthorized\)/.test(message.text()); // samples have no telephone server
        if (message.type() === "error" && !expected) problems.push(message.text());
      });
      if (option("user")) {
        await page.request.post(`${url}/api/v1/session`, {
          data: { username: option("user"), password: option("password") },
          headers: { origin: url },
        });
      }
      await page.goto(url + shot.path);
      await page.waitForLoadState("networkidle").catch(() => undefined);
      await page.waitForTimeout(350);
      for (const selector of shot.click ?? []) {
        await page
          .click(selector, { timeout: 3_000 })
          .catch(() => problems.push(`nothing to click: ${selector}`));
        await page.waitForTimeout(450);
      }
      for (const [selector, text] of shot.type ?? []) {
        await page.fill(selector, text).catch(() => problems.push(`nowhere to type: ${selector}`));
        await page.waitForTimeout(700);
      }
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) problems.push(`wider than the window by ${overflow} px`);
      await page.screenshot({
        path: join(folder, `${shot.name}-${width}-${colorScheme}.png`),
        fullPage: option("full") !== undefined,
      });
      for (const problem of problems) console.log(`${shot.name} ${width} ${colorScheme}: ${problem}`);
      await context.close();
    }
  }
}

await main();

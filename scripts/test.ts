// `npm test`: installs the strangers that tests meet where it may, then runs every test that `npm run check` does not run.
import { dirname } from "node:path";
import { run } from "./run-process.ts";
import { missingStrangers, type Stranger } from "./strangers.ts";
import { sum, type Tally, tallyLine } from "./tally.ts";
import { runVitest } from "./vitest.ts";

const ROOT = dirname(import.meta.dirname);
const inCi = process.env.CI === "true" || process.env.CI === "1";
const path = process.env.PATH ?? "";

/** Debian's own tool with Debian's own mirrors; what cannot be installed is said, and its tests will say so too. */
async function installStrangers(): Promise<void> {
  const missing = missingStrangers(path);
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (process.getuid?.() !== 0 || (await run("apt-get", ["--version"])).code !== 0) return explain(missing);

  console.log(`installing ${packages.join(" ")} (Debian packages that tests need)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", ...packages];
  const first = await run("apt-get", install, { cwd: ROOT, env });
  if (first.code === 0) return;
  // Package lists that are missing or out of date are the common reason.
  await run("apt-get", ["update"], { cwd: ROOT, env });
  const second = await run("apt-get", install, { cwd: ROOT, env });
  if (second.code === 0) return;
  console.log(second.output.trim().split("\n").slice(-15).join("\n"));
  explain(missingStrangers(path));
}

function explain(missing: readonly Stranger[]): void {
  for (const { command, usedFor } of missing) console.log(`${command} (${usedFor}) is not installed`);
  const packages = missing.map(({ debianPackage }) => debianPackage).join(" ");
  console.log(
    `to run all tests: sudo apt-get install ${packages}   (elsewhere: the packages of the same programs)`,
  );
}

/** Where tests reckon, or ask a server or a database: two files at a time. All others hear sound or drive a browser, and run alone. */
const UNHURRIED = [
  "packages/routing/**",
  "packages/workforce/**",
  "packages/jobs/**",
  "packages/media/src/listening.e2e.test.ts",
  "apps/cli/**",
  ...["configuration", "contacts", "database", "events", "http", "identity", "office", "plan", "rights"].map(
    (capability) => `apps/server/src/${capability}/**`,
  ),
];

/** Runs some of the end-to-end tests. */
async function tally(
  options: Pick<Parameters<typeof runVitest>[2], "filters" | "without" | "atATime">,
): Promise<Required<Tally>> {
  const { code, summary } = await runVitest(ROOT, "e2e", {
    show: "shown",
    names: true,
    skipsFail: inCi,
    ...options,
  });
  const unexplained = code !== 0 && (summary === undefined || summary.failed === 0) ? 1 : 0;
  const found = {
    passed: summary?.passed ?? 0,
    failed: (summary?.failed ?? 0) + unexplained,
    skipped: summary?.skipped ?? 0,
  };
  if (found.passed + found.failed + found.skipped === unexplained)
    console.log("no end-to-end test was found");
  return found;
}

await installStrangers();
const startedAt = performance.now();
const filters = process.argv.slice(2);
const parts =
  filters.length > 0
    ? [await tally({ filters })]
    : [
        await tally({ filters: UNHURRIED.map((folder) => folder.replace("**", "")), atATime: 2 }),
        await tally({ without: UNHURRIED }),
      ];
const total = sum(parts);
console.log(`in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
console.log(tallyLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

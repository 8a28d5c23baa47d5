// `npm test`: installs the strangers that tests meet where it may, then runs every test that `npm run check` does not run.
import { dirname } from "node:path";
import { run } from "./run-process.ts";
import { missingStrangers, type Stranger } from "./strangers.ts";
import { tallyLine } from "./tally.ts";
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

await installStrangers();
const startedAt = performance.now();
const { code, summary } = await runVitest(ROOT, "e2e", {
  show: "shown",
  names: true,
  skipsFail: inCi,
  filters: process.argv.slice(2),
});
const unexplained = code !== 0 && (summary === undefined || summary.failed === 0) ? 1 : 0;
const total = {
  passed: summary?.passed ?? 0,
  failed: (summary?.failed ?? 0) + unexplained,
  skipped: summary?.skipped ?? 0,
};
if (total.passed + total.failed + total.skipped === unexplained) console.log("no end-to-end test was found");
console.log(`in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
console.log(tallyLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, run, type Show } from "./run-process.ts";
import type { TestSummary } from "./terse-reporter.ts";

/** Runs one project of vitest.config.ts; `summary` is undefined when Vitest itself could not run. */
export async function runVitest(
  root: string,
  project: "unit" | "e2e",
  options: {
    show: Show;
    names: boolean;
    skipsFail: boolean;
    filters?: readonly string[];
    /** Files that are left out. */
    without?: readonly string[];
    /** Files of the project that run at a time; by default what vitest.config.ts says. */
    atATime?: number;
  },
): Promise<Finished & { summary: TestSummary | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "svara-tests-"));
  const summaryPath = join(folder, "summary.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporter = join(root, "scripts", "terse-reporter.ts");
  const args = [vitest, "run", "--project", project, "--reporter", reporter, "--silent=passed-only"];
  // A unit test that leaves a timer, socket or thread open fails. Asked for, since it notes a stack for each promise of all
  // tests: four times as slow.
  if (project === "unit" && process.env.SVARA_TEST_LEAKS === "1") args.push("--detectAsyncLeaks");
  const finished = await run(process.execPath, [...args, ...(options.filters ?? [])], {
    cwd: root,
    show: options.show,
    env: {
      ...process.env,
      SVARA_TEST_SUMMARY: summaryPath,
      SVARA_TEST_NAMES: options.names ? "1" : "0",
      SVARA_SKIPS_FAIL: options.skipsFail ? "1" : "0",
      // `--exclude` does not reach the projects
      ...(options.without === undefined ? {} : { SVARA_TEST_WITHOUT: options.without.join(" ") }),
      ...(options.atATime === undefined ? {} : { SVARA_TEST_FILES_AT_A_TIME: String(options.atATime) }),
    },
  });
  const summary = readSummary(summaryPath);
  rmSync(folder, { recursive: true, force: true });
  return { ...finished, summary };
}

function readSummary(path: string): TestSummary | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as TestSummary;
  } catch {
    return undefined;
  }
}

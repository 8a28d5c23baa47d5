// `npm run check`: everything that can be known without a stranger, fast parts first. Every step runs, whatever failed before.
import { dirname, join } from "node:path";
import { styleText } from "node:util";
import { checkBoundaries } from "./boundaries.ts";
import { checkCatalogues } from "./catalogues.ts";
import { checkHygiene } from "./hygiene.ts";
import { checkRules } from "./rules.ts";
import { run } from "./run-process.ts";
import { sum, type Tally, tallyLine } from "./tally.ts";
import { runVitest } from "./vitest.ts";

/** The result of one step: what it counts and, when something failed, what there is to say about it. */
interface StepResult extends Tally {
  readonly said: string;
}

interface Step {
  readonly name: string;
  run(): Promise<StepResult>;
}

const ROOT = dirname(import.meta.dirname);
const LONGEST_REPORT_LINES = 200; // what a person still reads; the rest is counted

const steps: readonly Step[] = [
  tool("format and lint", "@biomejs/biome/bin/biome", ["check", "--colors=off", "--max-diagnostics=50"]),
  listing("no path of one machine, no registry in the lock", checkHygiene),
  listing("boundaries", checkBoundaries),
  listing("rules have tests", checkRules),
  listing("translations", checkCatalogues),
  types("types", "."),
  types("types of the web application", "apps/web"),
  types("types of the web application's workshop", "apps/web/dev"),
  tool("dead code", "knip/bin/knip.js", ["--no-progress", "--no-config-hints"]),
  { name: "unit tests", run: unitTests },
];

/** A step that runs a program of node_modules and passes when it exits with 0. */
function tool(name: string, script: string, args: readonly string[]): Step {
  return {
    name,
    async run() {
      const { code, output } = await run(process.execPath, [join(ROOT, "node_modules", script), ...args], {
        cwd: ROOT,
      });
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, said: output };
    },
  };
}

function types(name: string, project: string): Step {
  return tool(name, "typescript/bin/tsc", ["-p", project, "--pretty", "false"]);
}

/** A step that is a function of the working tree and passes when it finds nothing. */
function listing(name: string, check: (root: string) => string[]): Step {
  return {
    name,
    async run() {
      const found = check(ROOT);
      return {
        passed: found.length === 0 ? 1 : 0,
        failed: found.length === 0 ? 0 : 1,
        said: found.join("\n"),
      };
    },
  };
}

async function unitTests(): Promise<StepResult> {
  const { code, output, summary } = await runVitest(ROOT, "unit", {
    show: "kept",
    names: false,
    skipsFail: false,
  });
  if (summary === undefined) return { passed: 0, failed: 1, said: output };
  const unexplained = code !== 0 && summary.failed === 0 ? 1 : 0;
  return { passed: summary.passed, failed: summary.failed + unexplained, said: output };
}

async function perform(step: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const live = process.stdout.isTTY ? setInterval(() => progress(step.name, startedAt), 200) : undefined;
  const result = await step.run();
  clearInterval(live);
  if (live !== undefined) process.stdout.write("\r\x1b[K");
  const mark = result.failed === 0 ? styleText("green", "✓") : styleText("red", "✗");
  const counted = result.passed + result.failed > 1 ? `  (${tallyLine(result)})` : "";
  console.log(`${mark} ${step.name.padEnd(50)} ${seconds(startedAt)}${counted}`);
  if (result.failed > 0) console.log(shorten(result.said.trim()).replace(/^/gm, "    "));
  return result;
}

function progress(name: string, startedAt: number): void {
  process.stdout.write(`\r… ${name.padEnd(50)} ${seconds(startedAt)}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s`;
}

function shorten(text: string): string {
  const lines = text.split("\n");
  const rest = lines.length - LONGEST_REPORT_LINES;
  return rest <= 0 ? text : [...lines.slice(0, LONGEST_REPORT_LINES), `(and ${rest} lines more)`].join("\n");
}

const startedAt = performance.now();
const results: StepResult[] = [];
for (const step of steps) {
  results.push(await perform(step));
}
console.log(`in ${seconds(startedAt).trim()}`);
const total = sum(results);
console.log(tallyLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

import { writeFileSync } from "node:fs";
import { stripVTControlCharacters, styleText } from "node:util";
import type { SerializedError, UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

/** What a run of tests came to; written as JSON to the file that `SVARA_TEST_SUMMARY` names. */
export interface TestSummary {
  readonly passed: number;
  /** Failed tests, and files that could not be run to the end. */
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Says little: nothing about tests that pass, or with `SVARA_TEST_NAMES=1` one line a test with its duration; the errors of
 * those that fail; the reason of those that did not run. With `SVARA_SKIPS_FAIL=1` a test that did not run has failed.
 */
export default class TerseReporter implements Reporter {
  readonly #showNames = process.env.SVARA_TEST_NAMES === "1";
  readonly #skipsFail = process.env.SVARA_SKIPS_FAIL === "1";

  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestModuleStart(testModule: TestModule): void {
    if (this.#showNames) print(styleText("bold", testModule.relativeModuleId));
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const seconds = `${((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1)} s`;
    if (result.state === "failed") {
      print(`${styleText("red", "  ✗")} ${nameOf(test)}  ${seconds}`);
      for (const error of result.errors) print(indent(describe(error)));
    } else if (result.state === "skipped") {
      if (this.#showNames || this.#skipsFail)
        print(
          `${styleText("yellow", "  -")} ${nameOf(test)}\n    not run: ${result.note ?? test.options.mode}`,
        );
    } else if (this.#showNames) {
      print(`${styleText("green", "  ✓")} ${test.fullName}  ${seconds}`);
    }
  }

  /** Vitest passes on only what failing tests wrote (`--silent=passed-only`). */
  onUserConsoleLog({ content }: UserConsoleLog): void {
    print(indent(content.trimEnd()));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const summary = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const error of unhandled)
      print(`${styleText("red", "✗")} outside of any test\n${indent(describe(error))}`);
    for (const module of modules) this.#count(module, summary);
    for (const leak of leaksOf(this.#vitest)) {
      print(`${styleText("red", "✗")} ${leak}`);
      summary.failed++;
    }
    const path = process.env.SVARA_TEST_SUMMARY;
    if (path !== undefined) writeFileSync(path, JSON.stringify(summary));
  }

  #count(module: TestModule, summary: { passed: number; failed: number; skipped: number }): void {
    const failedBefore = summary.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "failed") summary.failed++;
      else if (state === "passed") summary.passed++;
      else if (state === "pending") summary.failed++;
      else if (this.#skipsFail && test.options.mode !== "todo") summary.failed++;
      else summary.skipped++;
    }
    const errors = [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ];
    for (const error of errors)
      print(`${styleText("red", "✗")} ${module.relativeModuleId}\n${indent(describe(error))}`);
    if (summary.failed === failedBefore && !module.ok()) summary.failed++;
  }
}

/** What keeps a process alive, of all that async_hooks names; promises and garbage collection are noise. */
const HOLDING = /^(Timeout|Immediate|WORKER|MESSAGEPORT|.*WRAP)$/;

/** Timers, sockets, threads and processes that test files left open, each place once. */
function leaksOf(vitest: Vitest | undefined): Set<string> {
  const places = [...(vitest?.state.leakSet ?? [])].flatMap(({ filename, type, stack }) => {
    const frames = stack.match(/^\s+at .*$/gm) ?? [];
    const own = frames.find((frame) => !/node:|node_modules/.test(frame));
    return own === undefined || !HOLDING.test(type)
      ? []
      : [`${filename} leaves a ${type} open\n  ${own.trimStart()}`];
  });
  return new Set(places);
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function describe(error: SerializedError): string {
  const difference = typeof error.diff === "string" ? `\n${stripVTControlCharacters(error.diff)}` : "";
  const stack = (error.stacks ?? []).slice(0, 4).map((at) => `  at ${at.file}:${at.line}:${at.column}`);
  const where =
    stack.length > 0 ? `\n${stack.join("\n")}` : error.stack === undefined ? "" : `\n${error.stack}`;
  return `${error.message}${difference}${where}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

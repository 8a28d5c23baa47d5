import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { simulatedDay } from "../testing/simulated-day.ts";
import { journalTexts } from "./journal-text.ts";
import { whatif } from "./whatif.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "svara-whatif-"));
  writeFileSync(join(folder, "day.jsonl"), (await Array.fromAsync(journalTexts(simulatedDay()))).join(""));
  writeFileSync(join(folder, "staff.json"), '{"more": [{"like": "a1", "count": 2}]}');
  writeFileSync(join(folder, "rules.json"), '{"queues": [{"id": "help", "priority": 5}]}');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> =>
  cliRun(whatif, ["day.jsonl", "--replications", "3", ...argv], { cwd: folder });

/** The cells of a row of the table. */
const row = (out: string, name: string): string[] | undefined =>
  out
    .split("\n")
    .find((line) => line.trim().startsWith(name))
    ?.trim()
    .split(/ {3,}/);

describe("svara whatif", () => {
  test("two agents more: happened, same rules, the change and its difference stand side by side", async () => {
    const { code, out, err } = await svara("--staff", "staff.json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(row(out, "happened")).toEqual(["happened", "same rules", "your change", "difference"]);
    const level = row(out, "service level");
    expect(level?.slice(1).every((cell) => cell.includes("%"))).toBe(true);
    expect(level?.[4]).toMatch(/^\+\d+\.\d % ± \d+\.\d$/);
    expect(row(out, "mean wait")?.[4]).toMatch(/^-\d/);
    expect(row(out, "occupancy")).toHaveLength(5);
    expect(out).toContain("\nqueue help (to be answered within 20 s)\n");
    expect(out).toContain("\nqueue sales (to be answered within 20 s)\n");
    expect(out).toMatch(/What was assumed:\n- All \d+ arrivals come when they came\./);
    expect(out).toContain("2 more agents copy the day");
  });

  test("without a change only the model is compared with what happened", async () => {
    const { out } = await svara();
    expect(row(out, "happened")).toEqual(["happened", "same rules"]);
    expect(out).toContain("Without --rules or --staff only the recorded rules are simulated.");
  });

  test("the same seed gives the same JSON, another seed another", async () => {
    const run = async (...argv: string[]) => (await svara("--rules", "rules.json", "--json", ...argv)).out;
    const first = await run();
    expect(await run()).toBe(first);
    expect(await run("--seed", "2")).not.toBe(first);
    const { total, queues, assumptions, replications } = JSON.parse(first);
    expect(replications).toBe(3);
    expect(queues).toHaveLength(2);
    expect(total.changed.serviceLevel.value).toBeGreaterThan(0);
    expect(assumptions[0]).toMatchObject({ code: "arrivals_recorded" });
  });

  test("another target is another service level", async () => {
    const happened = async (target: string): Promise<number> =>
      JSON.parse((await svara("--json", "--target", target)).out).total.happened.serviceLevel;
    expect(await happened("60")).toBeGreaterThan(await happened("10"));
  });

  test("a person who watches is told that it takes a moment", async () => {
    const { err } = await cliRun(whatif, ["day.jsonl", "--replications", "2"], {
      cwd: folder,
      isWatched: true,
    });
    expect(err).toContain("simulating it 2 times as it was");
    expect(err.endsWith("\r\u001B[K")).toBe(true);
  });

  test.each([
    ["--rules", '{"queues": [{"id": "help", "priorty": 5}]}', "queues.0.priorty is not known here"],
    ["--rules", '{"queues": [{"id": "help", "priority": "high"}]}', "queues.0.priority"],
    ["--staff", '{"more": [{"like": "a1"}]}', "more.0.count"],
    ["--staff", '{"more": [', "changed.json is no JSON"],
  ])("%s %s is refused with its field: code 2", async (option, text, expected) => {
    writeFileSync(join(folder, "changed.json"), text);
    const { code, err } = await svara(option, "changed.json");
    expect(code).toBe(2);
    expect(err).toContain("changed.json");
    expect(err).toContain(expected);
  });

  test.each([
    [["--rules", "nowhere.json"], "nowhere.json cannot be read (ENOENT)"],
    [["--seed", "-1"], '--seed is "-1"'],
    [["--replications", "1"], "from 2 to 1000"],
  ])("%j is refused: code 2", async (argv, expected) => {
    const { code, err } = await svara(...argv);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { roster } from "./roster.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "svara-roster-"));
  const { out } = await svara("--example", "3");
  writeFileSync(join(folder, "problem.json"), out);
  const wrong = JSON.parse(out);
  wrong.patterns[0].paidMinutes = -480;
  writeFileSync(join(folder, "wrong.json"), JSON.stringify(wrong));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> => cliRun(roster, argv, { cwd: folder });

describe("svara roster", () => {
  test("makes a roster that its own check finds right, and names what an edit breaks", async () => {
    const { code, out, err } = await svara("problem.json", "--time-limit", "1", "--gap", "50", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    writeFileSync(join(folder, "roster.json"), out);
    expect((await svara("problem.json", "--check", "roster.json")).out).toMatch(/^No rule is broken\.\n/);
    const solution = JSON.parse(out);
    const [first] = solution.roster.shifts;
    first.from -= 12 * 3_600_000;
    writeFileSync(join(folder, "edited.json"), JSON.stringify(solution.roster));
    const edited = await svara("problem.json", "--check", "edited.json");
    expect(edited.code).toBe(1);
    expect(edited.out).toMatch(/^\d+ broken rules?:\n\w+: agent-001, 2027-/);
    const csv = await svara("problem.json", "--check", "roster.json", "--csv");
    expect(csv.out.split("\n")).toHaveLength(solution.roster.shifts.length + 2);
    const coverage = await svara("problem.json", "--check", "roster.json", "--coverage");
    expect(coverage.out.split("\n").slice(0, 2)).toEqual([
      "interval,group,required,scheduled",
      "2027-02-28T23:00:00.000Z,voice,0,0",
    ]);
  });

  test.each([
    [["wrong.json"], "patterns.0.paidMinutes must be 0 or more, not -480"],
    [["nowhere.json"], "nowhere.json cannot be read (ENOENT)"],
    [[], "there is no problem to make a roster from"],
    [["problem.json", "--gap", "-1"], '--gap is "-1"'],
    [["problem.json", "--time-limit", "0"], '--time-limit is "0"'],
    [["--example", "none"], '--example is "none"'],
    [["problem.json", "--check", "problem.json"], "problem.json: roster:"],
  ])("refuses %j with the reason, and writes nothing", async (argv, reason) => {
    const { code, out, err } = await svara(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(reason);
    expect(err).toContain("what to do: ");
  });

  test("shows the week as a table", async () => {
    const { out } = await svara("problem.json", "--time-limit", "1", "--gap", "50");
    expect(out).toMatch(/^\d+ shifts of 3 agents from 2027-03-01, 7 days \(Europe\/Stockholm\)\.\n/);
    expect(out).toMatch(/\nagent-001( {3}\s*(·|\d\d:\d\d-\d\d:\d\d)){7}\s+40\n/);
    expect(out).toContain("voice: h short");
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleProblem, type RosterSolution } from "@svara/workforce/rostering";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { roster } from "./roster.ts";
import { rosterTable } from "./roster-table.ts";

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

const solutionOf = (): RosterSolution => ({
  roster: { timeZone: "UTC", from: "2027-03-01", days: 7, shifts: [] },
  coverage: { from: 0, groups: [], shortHours: 0, overHours: 0, requiredHours: 0, scheduledHours: 0 },
  objective: { total: 100, understaffing: 0, overstaffing: 0, paid: 100, wishes: 0, fairness: 0 },
  bound: 90,
  gap: 0.1,
  stopped: "settled",
  violations: [],
  unmetWishes: [],
  phases: [],
  elapsedMs: 1000,
});

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

  test("says when the gap asked for was not reached, and calls no bound a bound of nothing", () => {
    const solution = { ...solutionOf(), stopped: "settled" } as const;
    expect(rosterTable(exampleProblem({ agents: 1 }), solution, 0.05)).toContain(
      "within 10.00 % (no single change makes it better, 1 s). The 5 % asked for were not reached: try a longer --time-limit.\n",
    );
    expect(rosterTable(exampleProblem({ agents: 1 }), solution, 0.1)).toContain("makes it better, 1 s).\n");
    const unknown = rosterTable(exampleProblem({ agents: 1 }), { ...solution, bound: 0, gap: 1 }, 0.05);
    expect(unknown).toContain(
      "How far it is from the best is not known: no bound was found (no single change makes it better, 1 s). Try a longer --time-limit.\n",
    );
    expect(unknown).not.toContain("within");
  });

  test("refuses to check a roster of other days or another zone", async () => {
    const problem = JSON.parse((await svara("--example", "3")).out);
    const { timeZone, from, days } = problem;
    for (const [field, other] of [
      ["timeZone", "Asia/Tokyo"],
      ["from", "2020-01-06"],
      ["days", 3],
    ] as const) {
      const file = { timeZone, from, days, shifts: [], [field]: other };
      writeFileSync(join(folder, "other.json"), JSON.stringify(file));
      const { code, out, err } = await svara("problem.json", "--check", "other.json");
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(`other.json: roster: ${field} is ${JSON.stringify(other)}, the problem's is`);
    }
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

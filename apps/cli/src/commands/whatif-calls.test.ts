import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { whatif } from "./whatif.ts";

const HEADER = "date,type,priority,vru_exit_s,q_start_s,q_exit_s,outcome,ser_start_s,ser_exit_s,server,score";
const OPENS_S = 8 * 3_600;

let folder: string;

/** Three hours of two servers who take the calls that come each minute in turn, 100 s each; every ninth gives up. */
function dayOf(date: string): string[] {
  const free = [OPENS_S, OPENS_S + 30];
  return Array.from({ length: 180 }, (_, n) => {
    const asked = OPENS_S + 60 * n + ((n * 7) % 20);
    if (n % 9 === 8) return `${date},PS,0,${asked},${asked},${asked + 40},HANG,0,0,,`;
    const server = n % 2;
    const from = Math.max(asked, free[server] ?? 0);
    free[server] = from + 100 + ((n * 13) % 30);
    const queued = from > asked ? asked : 0;
    const score = from - asked > 20 && n % 3 > 0 ? 1 : n % 11 === 0 ? 2 : 5;
    return [
      date,
      n % 5 ? "PS" : "NE",
      n % 5 ? 0 : 2,
      asked,
      queued,
      queued && from,
      "AGENT",
      from,
      free[server],
      `s${server}`,
      score,
    ].join(",");
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-calls-"));
  const file = (name: string, ...lines: string[]): void =>
    writeFileSync(join(folder, name), `${[HEADER, ...lines].join("\n")}\n`);
  file("first.csv", ...dayOf("2026-01-05"), ...dayOf("2026-01-06"));
  file("second.csv", ...dayOf("2026-02-02"), ...dayOf("2026-02-03"));
  file("bad.csv", ...dayOf("2026-01-05"), "2026-01-06,PS,0,30000,30000,noon,HANG,0,0,,");
  writeFileSync(join(folder, "second.csv.gz"), gzipSync([HEADER, ...dayOf("2026-02-02")].join("\n")));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (argv: readonly string[], stdin?: string): Promise<CliRun> =>
  cliRun(whatif, argv, { cwd: folder, ...(stdin === undefined ? {} : { stdin: [Buffer.from(stdin)] }) });

const TWO = ["--calls", "first.csv", "--against", "second.csv", "--replications", "5"];

describe("svara whatif --calls", () => {
  test("the foretold days stand beside what happened, with their errors and what was learned", async () => {
    const { code, out, err } = await svara([...TWO, "--head-start", "2=90"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Learned from 2 days from 2026-01-05 to 2026-01-06: 360 calls, 11\.1 % gave up/);
    expect(out).toMatch(/\nForetold 2 days .*\n/);
    expect(out).toMatch(/\neach hour +6 +\d+\.\d \[\d+\.\d, \d+\.\d\] %/);
    expect(out).toMatch(/\nchance alone, each hour +6 /);
    expect(out).toMatch(/\n9:00 +120 +2\.0 /);
    expect(out).toMatch(/\nPS +\d+ +11\d\.\d s\n/);
    expect(out).toMatch(/\n30 s +\d/);
    expect(out).toContain("score 2 or less");
    expect(out).toContain("What was assumed:");
  });

  test("--csv prints every hour, --json everything, the same for the same seed", async () => {
    const csv = (await svara([...TWO, "--csv"])).out.trim().split("\n");
    expect(csv[0]).toMatch(/^date,hour,calls,servers,unusual,mean_wait_s,mean_wait_predicted_s/);
    expect(csv.slice(1).map((line) => line.split(",").slice(0, 3).join(" "))).toEqual([
      ...["2026-02-02 8 60", "2026-02-02 9 60", "2026-02-02 10 60"],
      ...["2026-02-03 8 60", "2026-02-03 9 60", "2026-02-03 10 60"],
    ]);
    const json = await svara([...TWO, "--json"]);
    expect(await svara([...TWO, "--json"])).toEqual(json);
    const result = JSON.parse(json.out);
    expect(result).toMatchObject({ replications: 5, seed: 1, breakMs: 120_000 });
    expect(result.hours).toHaveLength(6);
    expect(Number(csv[1]?.split(",")[6])).toBeCloseTo(result.hours[0].meanWaitMs.predicted / 1000, 3);
  });

  test("a log alone tells what was learned; compressed and on standard input as well", async () => {
    const { code, out } = await svara(["--calls", "first.csv"]);
    expect(code).toBe(0);
    expect(out).toContain("What waiting does, with bands of 95 %:");
    expect(out).not.toContain("Foretold");
    const { learnedFrom } = JSON.parse((await svara(["--calls", "second.csv.gz", "--json"])).out);
    expect(learnedFrom).toMatchObject({ days: 1, calls: 180, abandoned: 20 });
    const piped = [HEADER, ...dayOf("2026-03-01")].join("\r\n");
    expect((await svara(["--calls", "-"], piped)).out).toContain("Learned from 1 days from 2026-03-01");
  });

  test("--csv and --json together are refused, as JSON", async () => {
    const { code, out } = await svara([...TWO, "--csv", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out).error.message).toBe("--csv and --json are both given");
  });

  test.each([
    [["--calls", "bad.csv"], 2, /bad\.csv: line 182, column q_exit_s: "noon"; write seconds since midnight/],
    [["--calls", "-"], 2, /standard input: the call log holds no call/],
    [["--calls", "nowhere.csv"], 2, /--calls: nowhere\.csv cannot be read \(ENOENT\)/],
    [["--calls", "first.csv", "--against", "nowhere.csv"], 2, /--against: nowhere\.csv/],
    [["--against", "second.csv"], 2, /no log of calls to learn from/],
    [["--calls", "-", "--against", "-"], 2, /standard input can be one log only/],
    [["--calls", "first.csv", "--csv"], 2, /no log to foretell/],
    [[...TWO, "--head-start", "2=soon"], 2, /--head-start is "2=soon"/],
    [[...TWO, "--breaks-from", "0"], 2, /--breaks-from is "0"/],
    [[...TWO, "--rules", "rules.json"], 2, /--rules belongs to a journal/],
    [["day.jsonl", "--calls", "first.csv"], 2, /day\.jsonl belongs to a journal/],
  ])("%j is refused, and nothing is printed", async (argv, code, message) => {
    const run = await svara(argv, "");
    expect(run.err).toMatch(message);
    expect(run).toMatchObject({ code, out: "" });
  });
});

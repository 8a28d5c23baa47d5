import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { simulate } from "./simulate.ts";

let folder: string;
let example: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "svara-simulate-"));
  ({ out: example } = await cliRun(simulate, ["--example"], { cwd: folder }));
  writeFileSync(join(folder, "day.json"), example);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> => cliRun(simulate, argv, { cwd: folder });

describe("svara simulate", { timeout: 60_000 }, () => {
  test("the example gives a table with intervals, and the same in JSON, whatever the number of threads", async () => {
    const { code, out, err } = await svara("day.json", "--replications", "4", "--threads", "2");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/support \(20 s\) +\d+\.\d ± \d/);
    expect(out).toMatch(/^17:45 /m);
    const json = ["--replications", "4", "--json"];
    const [one, two] = await Promise.all([
      svara("day.json", ...json, "--threads", "1"),
      cliRun(simulate, ["-", ...json, "--threads", "2"], { cwd: folder, stdin: [Buffer.from(example)] }),
    ]);
    expect(two.out).toBe(one.out);
    const result = JSON.parse(one?.out ?? "") as Record<string, unknown> & { queues: object[] };
    expect(result).toMatchObject({ replications: 4, seed: 1, timeZone: "Europe/Stockholm" });
    expect(result.queues[0]).toMatchObject({ queueId: "support", thresholdMs: 20_000 });
    expect(result.queues[0]).toHaveProperty("serviceLevel.halfWidth");
    expect(result).toHaveProperty("intervals.39.agents.0.occupancy");
  });

  test("recorded contacts outside of the day are told, with every way of printing", async () => {
    const day = JSON.parse(example) as { queues: { arrivals: object }[] };
    const [, sales] = day.queues;
    if (sales) sales.arrivals = { csv: "calls.csv" };
    writeFileSync(join(folder, "recorded.json"), JSON.stringify(day));
    writeFileSync(join(folder, "calls.csv"), "time\n07:59\n09:00\n19:00\n");
    const told = "2 contacts of calls.csv come outside of the day and are left out";
    for (const how of [[], ["--csv"], ["--json"]]) {
      const { code, out, err } = await svara(
        "recorded.json",
        "--replications",
        "2",
        "--threads",
        "1",
        ...how,
      );
      expect(code).toBe(0);
      expect(err).toContain(told);
      if (how[0] === "--json") {
        const leftOut = [{ queueId: "sales", file: "calls.csv", contacts: 2 }];
        expect(JSON.parse(out)).toMatchObject({ leftOut });
      }
    }
  });

  test("a second day of other hours or queues in another order", async () => {
    const day = JSON.parse(example) as { queues: object[] };
    const reversed = { ...day, queues: day.queues.toReversed() };
    writeFileSync(join(folder, "reversed.json"), JSON.stringify(reversed));
    const run = ["day.json", "--replications", "2", "--threads", "1", "--json"];
    const { out } = await svara(...run, "--against", "reversed.json");
    const { difference } = JSON.parse(out) as { difference: { total: object } };
    expect(difference.total).toMatchObject({ offered: { value: 0, halfWidth: 0 }, meanWaitMs: { value: 0 } });
    for (const [field, value] of [
      ["to", "17:00"],
      ["date", "2026-03-03"],
      ["timeZone", "Europe/Helsinki"],
    ] as const) {
      writeFileSync(join(folder, "other.json"), JSON.stringify({ ...day, [field]: value }));
      const { code, out: nothing, err } = await svara(...run, "--against", "other.json");
      expect({ code, nothing: nothing.includes("difference") }).toEqual({ code: 2, nothing: false });
      expect(err).toMatch(/other.json is another day than day.json/);
    }
  });

  test("a precision stops it, and CSV has a line for each interval and queue", async () => {
    const { out } = await svara(
      "day.json",
      "--precision",
      "support:serviceLevel=10%",
      "--csv",
      "--threads",
      "1",
    );
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 40 * 3);
    expect(lines[0]).toMatch(/^from,to,queueId,offered,offeredHalfWidth,/);
    expect(lines[1]).toMatch(/^2026-03-02T08:00:00\+01:00,2026-03-02T08:15:00\+01:00,(support|sales),\d/);
  });

  test("a second scenario is told as a difference with the same customers", async () => {
    writeFileSync(join(folder, "more.json"), example.replace('"count": 8', '"count": 10'));
    const days = ["day.json", "--against", "more.json", "--replications", "5", "--threads", "1"];
    const { code, out } = await svara(...days);
    expect(code).toBe(0);
    expect(out).toMatch(/ {2}service level +\+\d+\.\d ± \d+\.\d %/);
    const json = JSON.parse((await svara(...days, "--json")).out) as { difference: { total: object } };
    expect(json.difference.total).toHaveProperty("meanWaitMs.value");
  });

  test.each([
    [[], /no scenario to simulate/],
    [["nowhere.json"], /nowhere.json cannot be read \(ENOENT\)/],
    [["day.json", "--precision", "servicelevel=1"], /did you mean serviceLevel/],
    [["day.json", "--precision", "moon:serviceLevel=1"], /the scenario has support, sales/],
    [["day.json", "--precision", "serviceLevel=0"], /above 0/],
    [["day.json", "--csv", "--against", "day.json"], /do not go together/],
    [["day.json", "--replications", "1"], /whole number from 2/],
  ])("%j is refused with a remedy and nothing printed", async (argv, message) => {
    const { code, out, err } = await svara(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("a scenario that is none names the field", async () => {
    writeFileSync(join(folder, "bad.json"), example.replace('"priority": 1', '"priority": "high"'));
    const { code, out, err } = await svara("bad.json");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/bad.json: scenario: queues.1.priority must be a number, not "high"/);
  });

  test("Ctrl-C cancels it", async () => {
    const running = svara("day.json", "--replications", "100000", "--threads", "1");
    setTimeout(() => process.emit("SIGINT"), 300);
    expect(await running).toMatchObject({ code: 130, out: "", err: expect.stringContaining("cancelled") });
  });
});

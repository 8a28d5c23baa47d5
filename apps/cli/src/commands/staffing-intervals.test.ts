import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { staffing } from "./staffing.ts";

let folder: string;

/** Ten quarters of an hour with a peak, on two days. */
const VOLUMES = [30, 40, 60, 100, 120, 90, 60, 40, 30, 30];
const DAYS = ["2026-03-02", "2026-03-03"].flatMap((date) =>
  VOLUMES.map((volume, i) => {
    const minute = 8 * 60 + 15 * i;
    const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    return `${date} ${time},${volume},${2 * volume}`;
  }),
);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-intervals-"));
  writeFileSync(join(folder, "days.csv"), ["at,offered,p900", ...DAYS].join("\n"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TARGET = ["--patience", "120", "--service-level", "0.8", "--threshold", "20"];
const svara = (...argv: string[]): Promise<CliRun> => cliRun(staffing, argv, { cwd: folder });
const needs = async (...argv: string[]) => {
  const { code, out, err } = await svara(
    "--intervals",
    "days.csv",
    "--aht",
    "240",
    ...TARGET,
    ...argv,
    "--json",
  );
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
};

describe("svara staffing --intervals", () => {
  test("each interval gets its agents; after closing those who came are served; each day begins anew", async () => {
    const intervals = await needs("--shrinkage", "0.3");
    const [first] = intervals;
    expect(first).toMatchObject({
      at: "2026-03-02T08:00:00+00:00",
      offered: 30,
      aht_s: 240,
      decided_by: "service_level",
    });
    expect(first.headcount).toBe(Math.ceil(first.agents / 0.7));
    const tail = intervals.slice(10).filter(({ offered }: { offered: number }) => offered === 0);
    expect(tail[0]).toMatchObject({ at: "2026-03-02T10:30:00+00:00", service_level: expect.any(Number) });
    const second = intervals.findIndex(({ at }: { at: string }) => at === "2026-03-03T08:00:00+00:00");
    expect(intervals[second]).toEqual({ ...first, at: "2026-03-03T08:00:00+00:00" });
    expect(intervals.filter(({ service_level }: { service_level: number }) => service_level < 0.8)).toEqual(
      [],
    );
  });

  test("each interval for itself asks less after the peak than the load that lags behind", async () => {
    const [lagging, alone] = [await needs(), await needs("--method", "interval")];
    expect(alone).toHaveLength(20);
    expect(lagging[5].agents).toBeGreaterThan(alone[5].agents);
    expect(lagging[3].agents).toBeLessThan(alone[3].agents);
  });

  test("staffs for a quantile of the forecast, and prints times of a zone", async () => {
    const [mean, high] = [await needs(), await needs("--volume", "p900", "--time-zone", "Europe/Kyiv")];
    expect(high[4].agents).toBeGreaterThan(1.5 * mean[4].agents);
    expect(high[0].at).toBe("2026-03-02T08:00:00+02:00");
  });

  test("queues of one file are told apart; handling times stand beside their volumes; CSV goes on to a pipe", async () => {
    const lines = [
      "at,queue,offered,aht_s",
      "2026-03-02T08:00Z,sales,30,120",
      "2026-03-02T08:15Z,sales,30,240",
    ];
    const help = ["2026-03-02T08:00Z,help,10,300", "2026-03-02T08:15Z,help,12,300"];
    const { out } = await cliRun(staffing, ["--intervals", "-", ...TARGET, "--csv"], {
      cwd: folder,
      stdin: [Buffer.from([...lines, ...help].join("\n"))],
    });
    const [head, ...rows] = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(head?.slice(0, 7)).toEqual(["at", "queue", "medium", "offered", "aht_s", "load_erlang", "agents"]);
    expect(rows.filter((row) => row[3] !== "0").map((row) => [row[1], row[4]])).toEqual([
      ["sales", "120"],
      ["sales", "240"],
      ["help", "300"],
      ["help", "300"],
    ]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head?.length]));
  });

  test("a person gets a table with the hours it takes", async () => {
    const { out } = await svara("--intervals", "days.csv", "--aht", "240", ...TARGET);
    expect(out.split("\n")[0]?.trim().split(/ {2,}/)).toEqual([
      "at",
      "offered",
      "erlang",
      "agents",
      "people",
      "within 20 s",
      "hang up",
      "mean wait",
      "occupancy",
    ]);
    expect(out).toMatch(/\d+\.\d hours of agents, \d+\.\d of people/);
  });

  test.each([
    [["--aht", "240"], "no target is given"],
    [TARGET, "no column aht_s; give it, or --aht <seconds>"],
    [["--aht", "0", ...TARGET], "--aht is 0; give seconds above 0"],
    [["--aht", "240", ...TARGET, "--volume", "p999"], "no column p999; it has at, offered, p900"],
    [["--aht", "240", ...TARGET, "--method", "guess"], '--method is "guess"'],
    [["--aht", "240", ...TARGET, "--agents", "9"], "--agents is given beside --intervals"],
    [["--aht", "240", ...TARGET, "--time-zone", "Mars"], '--time-zone is "Mars"'],
  ])("refuses %j with exit code 2, and prints nothing", async (argv, message) => {
    const { code, out, err } = await svara("--intervals", "days.csv", ...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test.each([
    ["at,offered\nsoon,30\n", 'line 2, column 1 (at): "soon" is no time'],
    ["at,offered\n2026-03-02 08:00,-3\n", 'line 2, column 2 (offered): "-3" is no volume'],
    ["at,offered\n2026-03-02 08:00,3\n", "one interval only"],
    ["at,offered\n2026-03-02 08:15,3\n2026-03-02 08:00,3\n", "line 3: the time does not come after"],
    [
      "at,offered\n2026-03-02 08:00,3\n2026-03-02 08:15,3\n2026-03-02 08:35,3\n",
      "line 4: the time is not on the grid",
    ],
    ["when,offered\n2026-03-02 08:00,3\n", "no column for the time"],
  ])("refuses %j by line and column", async (text, message) => {
    const { code, out, err } = await cliRun(staffing, ["--intervals", "-", "--aht", "240", ...TARGET], {
      cwd: folder,
      stdin: [Buffer.from(text)],
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("options of intervals are refused without them", async () => {
    const { code, err } = await svara("--lambda-per-hour", "100", "--aht", "240", ...TARGET, "--verify");
    expect(code).toBe(2);
    expect(err).toContain("--verify is given without --intervals");
  });
});

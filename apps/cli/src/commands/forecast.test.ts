import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { forecast } from "./forecast.ts";

let folder: string;

/** Ten weeks of full hours, Monday to Friday 8 to 12; Mondays have twice the contacts. */
const ROWS = Array.from({ length: 70 }, (_, day) => day)
  .filter((day) => day % 7 < 5)
  .flatMap((day) =>
    [8, 9, 10, 11].map((hour) => {
      const date = new Date(Date.parse("2026-01-05T00:00:00Z") + day * 86_400_000).toISOString().slice(0, 10);
      const count = (day % 7 === 0 ? 40 : 20) + 4 * hour + ((day * 7 + hour * 3) % 5);
      return { at: `${date} ${String(hour).padStart(2, "0")}:00`, count };
    }),
  );
const csv = (rows: readonly { at: string; count: number }[]): string =>
  `at,count\n${rows.map(({ at, count }) => `${at},${count}`).join("\n")}\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-forecast-"));
  writeFileSync(join(folder, "calls.csv"), csv(ROWS));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> => cliRun(forecast, argv, { cwd: folder });
const piped = (text: string, ...argv: string[]): Promise<CliRun> =>
  cliRun(forecast, argv, { cwd: folder, stdin: [Buffer.from(text)] });

describe("svara forecast", () => {
  test("prints the intervals as CSV, and beside it which method was chosen and how far it was off", async () => {
    const { code, out, err } = await svara(
      "calls.csv",
      "--time-zone",
      "Europe/Kyiv",
      "--first-day",
      "2026-03-16",
      "--horizon-days",
      "2",
    );
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("at,queue,medium,offered,p025,p100,p500,p900,p975");
    expect(lines).toHaveLength(1 + 8);
    expect(lines[1]).toMatch(/^2026-03-16T08:00:00\+02:00,,,7\d\.?\d*,\d+,\d+,7\d,\d+,\d+$/);
    expect(err).toContain("contacts on 50 open days, 2026-01-05 to 2026-03-13");
    expect(err).toMatch(
      /up to 3 open days ahead: \w+ \(least error\): of 20 past days an interval was off by \d/,
    );
  });

  test("reads standard input and JSON alike, and gives JSON", async () => {
    const fromFile = JSON.parse((await svara("calls.csv", "--json")).out);
    const rows = ROWS.map(({ at, count }) => ({ at, count }));
    for (const text of [
      csv(ROWS),
      JSON.stringify(rows),
      JSON.stringify({ rows }),
      csv(ROWS).replaceAll(",", ";").replaceAll("\n", "\r\n"),
    ]) {
      const { out, err } = await piped(text, "--json");
      expect(JSON.parse(out)).toEqual(fromFile);
      expect(err).toBe("");
    }
    expect(fromFile.forecasts[0]).toMatchObject({
      series: { queueId: null, medium: null },
      intervalMs: 3_600_000,
    });
    expect(fromFile.forecasts[0].scores.length).toBeGreaterThan(6);
  });

  test("parts queues and media, joins intervals, and adds up days", async () => {
    const both = `at,queue,medium,count\n${ROWS.flatMap(({ at, count }) => [`${at},sales,voice,${count}`, `${at},"help, first",email,${2 * count}`]).join("\n")}`;
    const { out } = await piped(
      both,
      "--days",
      "--first-day",
      "2026-03-16",
      "--horizon-days",
      "1",
      "--method",
      "weekday_mean",
    );
    const [, help, sales] = out.split("\n").map((line) => line.split(/,(?! )/));
    expect([help?.[1], help?.[2], sales?.[1], sales?.[2]]).toEqual([
      '"help, first"',
      "email",
      "sales",
      "voice",
    ]);
    expect(Number(help?.[3])).toBeCloseTo(2 * Number(sales?.[3]), 6);
    const quarters = ROWS.flatMap(({ at, count }) =>
      [0, 30].map((minute) => ({
        at: at.replace(":00", `:${String(minute).padStart(2, "0")}`),
        count: count / 2,
      })),
    );
    const joined = JSON.parse((await piped(csv(quarters), "--interval", "60", "--json")).out);
    expect(joined).toEqual(JSON.parse((await svara("calls.csv", "--json")).out));
  });

  test("without a count each line is a contact", async () => {
    const calls = ROWS.flatMap(({ at, count }) =>
      Array.from({ length: count }, (_, i) => at.replace(":00", `:${String(i % 60).padStart(2, "0")}:07`)),
    );
    const { out } = await piped(
      `time\n${calls.join("\n")}\n`,
      "--interval",
      "60",
      "--json",
      "--method",
      "weekday_mean",
    );
    const counted = JSON.parse((await svara("calls.csv", "--json", "--method", "weekday_mean")).out);
    expect(JSON.parse(out).forecasts[0].intervals).toEqual(counted.forecasts[0].intervals);
  });

  test("--special-days: a closed day has no intervals, a campaign has its effect", async () => {
    writeFileSync(
      join(folder, "days.csv"),
      "date,name,effect,from,to\n2026-03-16,holiday,0,,\n2026-03-17,campaign,1.5,10:00,12:00\n",
    );
    const base = [
      "calls.csv",
      "--first-day",
      "2026-03-16",
      "--horizon-days",
      "2",
      "--method",
      "weekday_mean",
    ];
    const offered = async (...more: string[]): Promise<number[]> =>
      (await svara(...base, ...more)).out
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => Number(line.split(",")[3]));
    const usual = await offered();
    const special = await offered("--special-days", "days.csv");
    expect(usual).toHaveLength(8);
    expect(special).toHaveLength(4);
    expect(special.map((mean, i) => Math.round((100 * mean) / (usual[4 + i] ?? 1)))).toEqual([
      100, 100, 150, 150,
    ]);
  });

  test("--evaluate prints every method's errors and no forecast", async () => {
    const { out } = await svara("calls.csv", "--evaluate");
    expect(out).toMatch(/^20 days forecast again/);
    for (const method of [
      "seasonal_naive",
      "weekday_mean",
      "weekday_smoothing",
      "day_level",
      "curves",
      "combination",
    ])
      expect(out).toContain(method);
    expect(out.split("\n").filter((line) => line.includes(" * "))).toHaveLength(4);
  });

  test("--intraday keeps what came and forecasts the rest of the day", async () => {
    const today = [8, 9].map((hour) => ({ at: `2026-03-16 0${hour}:00`, count: 100 }));
    const { out } = await piped(csv([...ROWS, ...today]), "--intraday", "2026-03-16T10:00");
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(lines[0]?.join()).toBe("at,queue,medium,planned,actual,offered,p025,p100,p500,p900,p975");
    expect(lines.slice(1).map((cells) => cells[4])).toEqual(["100", "100", "", ""]);
    expect(Number(lines[3]?.[5])).toBeGreaterThan(Number(lines[3]?.[3]));
  });

  test("--backlog prints the work that keeps every item in time, even over the working hours", async () => {
    const base = [
      "calls.csv",
      "--first-day",
      "2026-03-16",
      "--horizon-days",
      "2",
      "--method",
      "weekday_mean",
    ];
    const work = ["--backlog", "90", "--response-hours", "24", "--work-hours", "09:00-12:00"];
    const { out, err } = await svara(...base, ...work);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(lines[0]?.join()).toBe("at,queue,medium,items,due,backlog");
    expect(lines.slice(1).map(([at]) => at?.slice(5, 13))).toEqual([
      "03-16T09",
      "03-16T10",
      "03-16T11",
      "03-17T09",
      "03-17T10",
      "03-17T11",
    ]);
    // 90 wait, and what Monday brings is due on Tuesday by the hour at which it came
    expect(
      lines
        .slice(1, 4)
        .map((cells) => Number(cells[3]))
        .every((items) => items >= 30),
    ).toBe(true);
    expect(err).toMatch(/items are due after the end and left to later/);
    const { workloads } = JSON.parse((await svara(...base, ...work, "--json")).out);
    expect(workloads[0].intervals).toHaveLength(6);
    expect((await svara(...base, "--response-hours", "24")).err).toContain(
      "--response-hours is of no use without --backlog",
    );
    for (const [wrong, named] of [
      [["--backlog", "-1", "--response-hours", "2"], /--backlog is "-1"/],
      [["--backlog", "1"], /--response-hours is missing/],
      [["--backlog", "1", "--response-hours", "2", "--work-hours", "17-8"], /--work-hours is "17-8"/],
      [["--backlog", "1", "--response-hours", "2", "--work-days", "monday"], /--work-days is "monday"/],
    ] as const) {
      const { code, err: said } = await svara(...base, ...wrong);
      expect([code, named.test(said) ? "named" : said]).toEqual([2, "named"]);
    }
  });

  test("--patience and --handling-time read call records", async () => {
    const records =
      "at,wait_s,outcome,handle_s\n2026-03-02 09:00,10,abandoned,\n2026-03-02 09:05,20,answered,100\n2026-03-02 09:10,30,HANG,0\n2026-03-02 09:15,0,phantom,7\n2026-03-02 09:20,40,answered,300\n";
    const patience = JSON.parse((await piped(records, "--patience", "--ignore", "phantom", "--json")).out);
    expect(patience).toMatchObject({
      waits: 4,
      gaveUp: 2,
      exponentialMeanMs: 50_000,
      firstQuartileMs: 10_000,
    });
    expect((await piped(records, "--patience", "--ignore", "phantom")).out).toMatch(
      /a quarter has hung up after +10 s/,
    );
    const time = JSON.parse((await piped(records, "--handling-time", "--ignore", "phantom", "--json")).out);
    expect(time).toMatchObject({ contacts: 2, meanMs: 200_000 });
    expect((await piped(records, "--patience")).err).toContain('line 5, column 3 (outcome): "phantom"');
  });

  test("every bad input is named with its line and column, and nothing is written", async () => {
    const wrong: [string, string[], RegExp][] = [
      ["", [], /standard input is empty/],
      ["at,count\n", [], /no line below/],
      ["when,count\n2026-01-05 08:00,1\n", [], /no column for the time.*when, count/],
      [
        "at,count\n2026-01-05 08:00,1\n2026-02-30 08:00,1\n",
        [],
        /line 3, column 1 \(at\): "2026-02-30 08:00"/,
      ],
      ["at,count\n2026-01-05 08:00,-2\n", [], /line 2, column 2 \(count\): "-2"/],
      ["at,count\n2026-01-05 08:00,1,9\n", [], /line 2 has 3 columns, the head has 2/],
      [
        "at,count\n2026-01-05 08:00,1\n2026-01-05 08:00,2\n",
        [],
        /line 3 tells 2026-01-05T08:00.* again \(first: standard input line 2\)/,
      ],
      ["at,count\n2026-01-05 08:07,1\n", [], /line 2: no interval of 5, 15, 30 or 60/],
      ["at,count\n2026-01-05 08:00,1\n", ["--interval", "15"], /counts by 60 minutes, which cannot be split/],
      ['at,count\n"2026-01-05 08:00,1\n', [], /line 2: a quote is opened/],
      ['[{"at": "2026-01-05T08:00:00Z", "count": "x"}]', [], /rows\[0\]\.count: "x"/],
      ["[{", [], /no JSON/],
      [csv(ROWS), ["--first-day", "2026-01-09"], /cannot begin on 2026-01-09/],
      [csv(ROWS), ["--horizon-days", "0"], /--horizon-days is "0"/],
      [csv(ROWS), ["--method", "magic"], /--method is "magic"/],
      [csv(ROWS), ["--interval", "10"], /--interval is "10"/],
      [csv(ROWS), ["--time-zone", "Kyiv"], /--time-zone is "Kyiv"/],
      [csv(ROWS), ["--intraday", "noon"], /--intraday is "noon"/],
      [csv(ROWS), ["--patience", "--evaluate"], /--evaluate and --patience exclude each other/],
      [csv(ROWS), ["--special-days", "none.csv"], /none\.csv cannot be read \(ENOENT\)/],
    ];
    for (const [text, argv, message] of wrong) {
      const { code, out, err } = await piped(text, ...argv, "--out", "result.csv");
      expect([argv, code, out, message.test(err) ? "named" : err]).toEqual([argv, 2, "", "named"]);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith("result"))).toEqual([]);
  });

  test("--out writes the whole result, and says when it cannot", async () => {
    const { out } = await svara("calls.csv");
    expect((await svara("calls.csv", "--out", "next.csv")).out).toBe("");
    expect(readFileSync(join(folder, "next.csv"), "utf8")).toBe(out);
    const { code, err } = await svara("calls.csv", "--out", "no/such/folder.csv");
    expect([code, err]).toEqual([2, expect.stringContaining("--out:")]);
  });

  test("errors are JSON with --json", async () => {
    const { code, out } = await piped("at,count\n2026-01-05 08:00,x\n", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ code: "cli.bad_input", field: "line 2" });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKS, missed } from "@svara/workforce/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { staffing } from "./staffing.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-staffing-"));
  writeFileSync(join(folder, "checks.json"), JSON.stringify(CHECKS));
  writeFileSync(join(folder, "curve.csv"), "at_s,survival\n10,0.97\n60,0.83\n300,0.52\n600,0.35\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> => cliRun(staffing, argv, { cwd: folder });
const json = async (...argv: string[]) => JSON.parse((await svara(...argv, "--json")).out);

const QUEUE = ["--lambda-per-hour", "1800", "--aht", "200"];
const CALLS = [...QUEUE, "--patience", "120"];
const LEVEL = ["--service-level", "0.8", "--threshold", "20"];

/** The value of a row of the table. */
const row = (out: string, name: string): string | undefined =>
  out
    .split("\n")
    .find((line) => line.trim().startsWith(`${name}  `))
    ?.trim()
    .split(/ {2,}/)[1];

describe("svara staffing", () => {
  test("a batch of every published check: each answered in order, at its tolerance", async () => {
    const { code, out, err } = await svara("--batch", "checks.json", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const answers: { id: string; model: string; outputs: Record<string, unknown> }[] = JSON.parse(out);
    expect(answers.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
    expect(CHECKS.flatMap((check, i) => missed(check, answers[i]?.outputs ?? {}))).toEqual([]);
  });

  test("a model by its name prints the field names of the checks", async () => {
    const printed = await json(
      ...["--model", "erlangA", "--lambda-per-hour", "1836", "--aht", "200", "--agents", "100"],
      ...["--patience", "200", "--threshold", "20,40"],
    );
    const check = CHECKS.find(({ id }) => id === "E061");
    expect(check && missed(check, printed)).toEqual([]);
    expect(printed.model).toBe("erlangA");
  });

  test("the agents for a level: Erlang A with patience, else Erlang C", async () => {
    expect(await json(...CALLS, ...LEVEL)).toMatchObject({
      model: "erlangA",
      agents: 97,
      decided_by: "service_level",
    });
    expect(await json(...QUEUE, ...LEVEL)).toMatchObject({ model: "erlangC", agents: 107 });
    expect(await json(...CALLS, ...LEVEL, "--max-occupancy", "0.85", "--shrinkage", "0.3")).toMatchObject({
      agents: 118,
      headcount: 169,
      decided_by: "max_occupancy",
    });
    const { out } = await svara(...CALLS, ...LEVEL, "--shrinkage", "0.3");
    expect(row(out, "agents")).toBe("97");
    expect(row(out, "people at 30.0 % shrinkage")).toBe("139");
    expect(row(out, "served within 20 s, of all")).toBe("81.9 %");
  });

  test("a curve of patience from a file", async () => {
    const fitted = await json(...QUEUE, "--patience-curve", "curve.csv", ...LEVEL);
    expect(fitted.model).toBe("mmn_plus_G");
    expect(fitted.agents).toBeGreaterThan(97);
    expect(fitted.agents).toBeLessThan(107);
    const options = [...QUEUE, "--patience-curve", "curve.csv", "--agents", String(fitted.agents)];
    expect((await json("--model", "mmn_plus_G", ...options)).pAbandon).toBe(fitted.pAbandon);
  });

  test("lines that end: the busy tone is told, and may be a target", async () => {
    const lines = await json(...CALLS, ...LEVEL, "--lines", "110", "--max-blocking", "0.02");
    expect(lines.model).toBe("mmnk_abandon");
    expect(lines.pBlock).toBeLessThanOrEqual(0.02);
    expect((await svara(...CALLS, "--agents", "95", "--lines", "110")).out).toContain("hear the busy tone");
  });

  test("the trade-off curve as a table, CSV and JSON, with its cheapest point", async () => {
    const options = [...CALLS, "--threshold", "20", "--curve", "--from-agents", "90", "--to-agents", "120"];
    const costs = ["--cost-per-hour", "25", "--cost-per-abandoned", "10"];
    const { out: csv } = await svara(...options, "--csv");
    const [head, ...lines] = csv.trimEnd().split("\n");
    expect(head).toContain("agents,headcount,beta,pWait,pAbandon");
    expect(lines).toHaveLength(31);
    expect(new Set(lines.map((line) => line.split(",").length))).toEqual(new Set([head?.split(",").length]));
    const drawn = await json(...options, ...costs);
    const totals = drawn.points.map((point: { cost_total: number }) => point.cost_total);
    expect(drawn.points[totals.indexOf(Math.min(...totals))].agents).toBe(drawn.cheapest_agents);
    expect((await svara(...options, ...costs)).out).toContain(`${drawn.cheapest_agents} *`);
  });

  test("inputs as JSON, from a file or from standard input, and options beside them", async () => {
    const { out } = await svara("--model", "halfin_whitt_pWait", "--inputs", '{"beta": 0.5}');
    expect(row(out, "pWait")).toBe("0.504539");
    const piped = await cliRun(
      staffing,
      ["--model", "erlangB", "--inputs", "-", "--agents", "15", "--json"],
      {
        cwd: folder,
        stdin: [Buffer.from('{"offered_erlang": 8.108}')],
      },
    );
    expect(JSON.parse(piped.out).blocking).toBeCloseTo(0.01, 5);
  });

  test("an unstable queue says so, prints no number and fails", async () => {
    const { code, out, err } = await svara(...QUEUE, "--agents", "90");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("unstable: 90 agents cannot carry 100 erlang");
    const said = await svara("--model", "erlangC", ...QUEUE, "--agents", "90", "--json");
    expect(JSON.parse(said.out).error).toMatchObject({ code: "queueing.unstable", field: "agents" });
  });

  test("a record of a batch that fails stands among the others, and the exit code says so", async () => {
    const records = [
      { id: 1, model: "erlangB", inputs: { agents: 15, offered_erlang: -8 } },
      { id: 2, model: "erlangB", inputs: { agents: 15, offered_erlang: 8 } },
      { id: 3, model: "simulation_M_GI_100_GI", inputs: {} },
    ];
    const { code, out, err } = await svara("--batch", JSON.stringify(records), "--json");
    expect(code).toBe(1);
    expect(err).toContain("2 of 3 records have no answer");
    expect(JSON.parse(out)).toEqual([
      {
        id: 1,
        model: "erlangB",
        error: expect.objectContaining({ code: "queueing.bad_input", field: "offered_erlang" }),
      },
      { id: 2, model: "erlangB", outputs: { blocking: expect.closeTo(0.0091) } },
      {
        id: 3,
        model: "simulation_M_GI_100_GI",
        error: expect.objectContaining({ code: "queueing.no_formula" }),
      },
    ]);
  });

  test.each([
    [["--lambda-per-hour", "1800", "--aht", "-3", "--agents", "90"], "--aht is -3; give a number above 0"],
    [["--lambda-per-hour", "many", "--aht", "200", "--agents", "90"], '--lambda-per-hour is "many"'],
    [["--aht", "200", "--agents", "90"], "--lambda-per-hour is missing"],
    [[...CALLS], "neither --agents nor a target is given"],
    [[...CALLS, "--agents", "90", ...LEVEL], "contradict each other"],
    [[...CALLS, "--service-level", "0.8"], "--service-level is given without --threshold"],
    [
      [...CALLS, "--service-level", "80", "--threshold", "20"],
      "--service-level is 80; give a number above 0",
    ],
    [[...CALLS, "--service-level", "1", "--threshold", "20"], "no finite centre reaches"],
    [[...CALLS, ...LEVEL, "--service-level-base", "some"], '--service-level-base is "some"'],
    [[...CALLS, ...LEVEL, "--shrinkage", "1.2"], "--shrinkage is 1.2"],
    [[...CALLS, "--curve", "--agents", "90"], "--curve goes over many"],
    [[...CALLS, "--curve", "--cost-per-abandoned", "9"], "without the cost of agents"],
    [["--model", "erlangB", ...QUEUE], "--lambda-per-hour is no input of erlangB"],
    [["--model", "erlangA", ...QUEUE, "--agents", "90"], "--patience is missing; erlangA needs"],
    [["--model", "erlangX"], "erlangB, erlangB_inverse_load"],
    [["--model", "erlangB", "--inputs", "{agents"], "--inputs is no JSON"],
    [["--model", "erlangB", "--inputs", '{"agents": 3}'], "offered_erlang is missing"],
    [["--batch", "missing.json"], "missing.json cannot be read"],
    [["--batch", '{"id": 1}'], "no array of records"],
    [["--batch", '[{"id": 1}]'], "entry 0 has no model"],
    [["--batch", "checks.json", "--curve"], "--curve is given beside --batch"],
  ])("svara staffing %j is refused with exit code 2, and nothing is printed", async (argv, message) => {
    const { code, out, err } = await svara(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("the models are listed with what they need and take", async () => {
    const { out } = await svara("--models");
    expect(out).toContain(
      "erlangA: callers who hang up (M/M/n+M)\n  needs lambda_per_hour, aht_s, agents, mean_patience_s",
    );
  });
});

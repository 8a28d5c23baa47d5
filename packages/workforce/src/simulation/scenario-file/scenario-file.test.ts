import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentId, QueueId } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { simulate } from "../simulate.ts";
import { EXAMPLE_SCENARIO } from "./example-scenario.ts";
import { parseScenarioFile } from "./scenario-file.ts";

const none = (): string => "";
const at = (time: string): number => Date.parse(`2026-03-02T${time}+01:00`);

/** The example with other words at a dotted path. */
function changed(path: string, value: unknown): unknown {
  const file = structuredClone(EXAMPLE_SCENARIO) as unknown as Record<string, unknown>;
  const words = path.split(".");
  const last = words.pop() ?? "";
  let place = file;
  for (const word of words) place = place[word] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return file;
}

const fault = (path: string, value: unknown): { field?: string | undefined; message: string } => {
  try {
    parseScenarioFile(changed(path, value), none);
  } catch (error) {
    return error as { field: string; message: string };
  }
  return { message: "nothing is wrong" };
};

describe("a scenario file", () => {
  test("[WF110] the example is read and simulated; times of day are those of its zone", () => {
    const { scenario, intervalMs, policies, groups } = parseScenarioFile(EXAMPLE_SCENARIO, none);
    expect([scenario.from, scenario.to]).toEqual([at("08:00:00"), at("18:00:00")]);
    expect(scenario.shifts).toHaveLength(17);
    expect(scenario.shifts.find(({ agentId }) => agentId === "early-1")).toMatchObject({
      from: at("08:00:00"),
      to: at("16:00:00"),
      breaks: [{ from: at("11:30:00"), to: at("12:00:00") }],
    });
    expect(groups["late-6" as AgentId]).toBe("late");
    const result = simulate(scenario, { seed: 1, intervalMs, policies, groups });
    expect(result.intervals).toHaveLength(40);
    expect([...result.agents.keys()].sort()).toEqual(["early", "late", "sales"]);
    expect(result.queues.get("support" as QueueId)?.counts.offered).toBeGreaterThan(800);
    expect(result.run.ignored).toBeLessThanOrEqual(17); // wrap-up that the end of a shift cut short
  });

  test("[WF111] arrivals are a rate, rates by time of day, contacts by interval, or a record with what is known", () => {
    const rates = (value: unknown) =>
      parseScenarioFile(changed("queues.1.arrivals", value), none).scenario.arrivals[1];
    expect(rates({ perHour: 12 })).toMatchObject({ rates: [{ from: at("08:00:00"), perHour: 12 }] });
    expect(rates({ contacts: [5, 0] })).toMatchObject({
      rates: [
        { from: at("08:00:00"), perHour: 20 },
        { from: at("08:15:00"), perHour: 0 },
        { from: at("08:30:00"), perHour: 0 },
      ],
    });
    const text = "time;talkS;patienceS\n09:00:30;120;\n2026-03-02T08:59:00+01:00;;45.5\n19:00;1;1\n";
    const file = changed("queues.1.arrivals", { csv: "calls.csv" });
    const names: string[] = [];
    const read = (name: string): string => {
      names.push(name);
      return text;
    };
    const stream = parseScenarioFile(file, read).scenario.arrivals[1];
    expect(names).toEqual(["calls.csv"]);
    expect(stream?.kind === "recorded" && stream.items.map(({ item: _, ...item }) => item)).toEqual([
      { at: at("08:59:00"), patienceMs: 45_500 },
      { at: at("09:00:30"), talkMs: 120_000 },
    ]);
    expect(() => parseScenarioFile(file, () => "when,talkS\n1,2")).toThrow(
      /arrivals.csv needs a first line with a column "time"/,
    );
    expect(() => parseScenarioFile(file, () => "time,talkS\n09:00,-2")).toThrow(
      /line 2 needs talkS in seconds/,
    );
    expect(() => parseScenarioFile(file, () => "time\nnoon")).toThrow(/line 2 needs a time such as/);
  });

  test("[WF110] a night across midnight is one day: shifts, rates and records after midnight are of its second date", () => {
    const night = (more: object): unknown => ({
      ...EXAMPLE_SCENARIO,
      from: "22:00",
      to: "06:00",
      queues: EXAMPLE_SCENARIO.queues.map((queue) => ({ ...queue, arrivals: { perHour: 5 }, ...more })),
      agents: EXAMPLE_SCENARIO.agents.map((alike) => ({
        ...alike,
        shifts: [
          { from: "21:30", to: "02:00" },
          { from: "01:00", to: "05:00", breaks: [{ from: "02:00", to: "02:30" }] },
          { from: "04:00", to: "08:00" },
        ],
      })),
    });
    const next = (time: string): number => at(time) + 24 * 3_600_000;
    const { shifts } = parseScenarioFile(night({}), none).scenario;
    expect(shifts.slice(0, 3)).toMatchObject([
      { from: at("21:30:00"), to: next("02:00:00") },
      {
        from: next("01:00:00"),
        to: next("05:00:00"),
        breaks: [{ from: next("02:00:00"), to: next("02:30:00") }],
      },
      { from: next("04:00:00"), to: next("08:00:00") },
    ]);
    const rates = [
      { from: "20:00", perHour: 20 },
      { from: "23:00", perHour: 9 },
      { from: "01:00", perHour: 5 },
    ];
    const [quiet] = parseScenarioFile(night({ arrivals: { rates } }), none).scenario.arrivals;
    expect(quiet?.kind === "poisson" && quiet.rates.map(({ from }) => from)).toEqual([
      at("20:00:00"),
      at("23:00:00"),
      next("01:00:00"),
    ]);
    const csv = parseScenarioFile(
      night({ arrivals: { csv: "calls.csv" } }),
      () => "time\n01:00:30\n22:15:00\n",
    );
    const [calls] = csv.scenario.arrivals;
    expect(calls?.kind === "recorded" && calls.items.map(({ at: when }) => when)).toEqual([
      at("22:15:00"),
      next("01:00:30"),
    ]);
    expect(csv.leftOut).toEqual([]);
  });

  test("[WF106] a queue meets the same customers wherever it stands in the file", () => {
    const reversed = { ...EXAMPLE_SCENARIO, queues: EXAMPLE_SCENARIO.queues.toReversed() };
    const [days, same] = [EXAMPLE_SCENARIO, reversed].map((file) =>
      simulate(parseScenarioFile(file, none).scenario, { seed: 5, replications: 2 }),
    );
    for (const id of ["support", "sales"] as QueueId[]) {
      expect(same?.queues.get(id)).toEqual(days?.queues.get(id));
    }
  });

  test("[WF111] contacts of a record outside of the day are counted, and refused where none is inside", () => {
    const file = changed("queues.1.arrivals", { csv: "calls.csv" });
    expect(parseScenarioFile(file, () => "time\n07:59:59\n09:00\n18:00\n").leftOut).toEqual([
      { queueId: "sales", file: "calls.csv", contacts: 2 },
    ]);
    expect(() => parseScenarioFile(file, () => "time\n01:00\n19:00\n")).toThrow(
      /arrivals.csv .*all of its 2 contacts in calls.csv come outside of 08:00 to 18:00/,
    );
  });

  test("[WF111] lines of a record are told by their number in the file, and numbers that are none are refused", () => {
    const file = changed("queues.1.arrivals", { csv: "calls.csv" });
    expect(() => parseScenarioFile(file, () => "\ntime,talkS\n09:00,60\n\n\n10:00,-5\n")).toThrow(
      /line 6 needs talkS/,
    );
    for (const talk of ["Infinity", "1e300", "31536001"]) {
      expect(() => parseScenarioFile(file, () => `time,talkS\n09:00,${talk}\n`)).toThrow(
        /line 2 needs talkS/,
      );
    }
  });

  test("[WF112] changes during the day are of what stood before", () => {
    const changes = [
      {
        at: "12:00",
        queues: [{ id: "support", priority: 2 }],
        agents: [{ name: "sales", skills: { support: 1 } }],
      },
      { at: "13:00", queues: [{ id: "support", ringTimeoutMs: 9000 }], rules: { missesAllowed: 3 } },
    ];
    const { agenda = [] } = parseScenarioFile(changed("changes", changes), none).scenario;
    expect(agenda.map(({ at: when }) => when)).toEqual([
      ...Array(4).fill(at("12:00:00")),
      ...Array(2).fill(at("13:00:00")),
    ]);
    expect(agenda[4]?.input).toMatchObject({ queue: { priority: 2, ringTimeoutMs: 9000 } });
    expect(agenda[2]?.input).toMatchObject({ agent: { id: "sales-2", skills: { support: 1 } } });
  });

  test.each([
    ["from", "8 o'clock", "from", /time of day/],
    ["to", undefined, "to", /missing/],
    ["timeZone", "Mars/Olympus", "timeZone", /Europe\/Stockholm/],
    ["date", "2026-02-31x", "date", /date such as/],
    ["queues.0.talk", { kind: "exponential", meanS: -5 }, "queues.0.talk.meanS", /0 or more/],
    ["queues.0.talk", { kind: "gaussian", meanS: 5 }, "queues.0.talk.kind", /must/],
    ["queues.0.talk", { kind: "exponential", meanS: 1e300 }, "queues.0.talk.meanS", /31536000 or less/],
    ["queues.0.talk", { kind: "lognormal", meanS: 9, scv: 1e9 }, "queues.0.talk.scv", /10000 or less/],
    ["queues.0.patience", { kind: "empirical", valuesS: [1, 1e9] }, "queues.0.patience.valuesS.1", /or less/],
    [
      "queues.0.patience",
      { kind: "survival", atS: [1], survival: [0.5], tailMeanS: 1e9 },
      "queues.0.patience.tailMeanS",
      /or less/,
    ],
    ["queues.0.targetS", 1e9, "queues.0.targetS", /or less/],
    ["queues.0.patience", { kind: "lognormal", meanS: 0, scv: 1 }, "queues.0.patience", /meanMs above 0/],
    ["queues.0.retrial.probability", 1.5, "queues.0.retrial.probability", /1 or less/],
    ["queues.1.arrivals", { perHour: 1e9 }, "queues.1.arrivals.perHour", /1000000 or less/],
    ["queues.1.id", "support", "queues.1.id", /twice/],
    ["queues.0.skills", { welding: 1 }, "queues.0", /none of the agents/],
    ["queues.0.arrivals", { contacts: Array(41).fill(1) }, "queues.0.arrivals.contacts", /40 intervals/],
    [
      "queues.0.arrivals",
      {
        rates: [
          { from: "09:00", perHour: 1 },
          { from: "08:00", perHour: 1 },
        ],
      },
      "queues.0.arrivals.rates.1.from",
      /later/,
    ],
    ["agents.0.shifts.0.breaks.0.to", "17:00", "agents.0.shifts.0.breaks.0", /inside/],
    [
      "agents.0.shifts.0",
      { from: "05:00", to: "07:00" },
      "agents.0.shifts.0",
      /outside of the day, 08:00 to 18:00/,
    ],
    ["agents.1.name", "early", "agents.1.name", /twice/],
    ["agents.0.queues", ["nowhere"], "agents.0.queues", /which there is not/],
    ["agents.0.count", 0, "agents.0.count", /1 or more/],
    ["colour", "blue", "colour", /./],
    ["changes", [{ at: "12:00", queues: [{ id: "x" }] }], "changes.0.queues.0.id", /no queue/],
  ])("[WF110] what is wrong at %s is told with its field and the remedy", (path, value, field, message) => {
    const told = fault(path, value);
    expect(told.field).toBe(field);
    expect(told.message).toMatch(message);
  });

  test("[WF110] the schema is published", () => {
    const file = join(import.meta.dirname, "..", "..", "..", "schemas", "scenario-file.schema.json");
    const schema = JSON.parse(readFileSync(file, "utf8")) as { required: string[] };
    expect(schema.required).toEqual(["from", "to", "queues", "agents"]);
  });
});

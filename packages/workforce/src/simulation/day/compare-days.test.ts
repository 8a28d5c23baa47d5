import { DEFAULT_POLICY } from "@svara/insight";
import type { AgentId, SkillId } from "@svara/kernel";
import { DEFAULT_RULES, type JournalEntry, type QueueConfig } from "@svara/routing";
import { describe, expect, test } from "vitest";
import { BlockPlan } from "../block-plan.ts";
import type { Scenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import { agents, CLIENT, exponential, floor, HOUR_MS, queue, queueId, stream } from "../testing/floors.ts";
import { RecordReader } from "../what-if/record-reader.ts";
import { recordedScenario } from "../what-if/recorded-scenario.ts";
import { whatIf } from "../what-if/what-if.ts";
import { alteredDay } from "./altered-day.ts";
import { compareDays, type DayComparison } from "./compare-days.ts";
import type { DayChange } from "./day-change.ts";
import { type PlannedDay, plannedScenario } from "./planned-day.ts";
import { dayStaff, whoServes } from "./who-serves.ts";

const QUARTER_MS = 900_000;
const LENGTH_MS = 4 * HOUR_MS;
const SALES = queueId("sales");
const HELP = queueId("help");

function day(staff = 8): Scenario {
  const times = { talk: exponential(200_000), wrapUp: exponential(20_000), patience: exponential(120_000) };
  return floor({
    lengthMs: LENGTH_MS,
    queues: [
      queue("sales", { wrapUp: { mode: "manual" } }),
      queue("help", {
        wrapUp: { mode: "manual" },
        requiredSkills: [{ skillId: "fr" as SkillId, minProficiency: 2 }],
      }),
    ],
    staff: agents("a", staff).map((agent, i) => (i < 4 ? { ...agent, skills: { fr: 3 } } : agent)),
    arrivals: [stream("sales", 60, times), stream("help", 40, times)],
  });
}

/** The day as a router's journal would have it. */
function recorded(scenario: Scenario, plan?: BlockPlan) {
  const journal: JournalEntry[] = [];
  simulate(scenario, { seed: 3, journal: (entry) => journal.push(entry) });
  const reader = new RecordReader(plan ? { plan } : {});
  for (const entry of JSON.parse(JSON.stringify(journal)) as JournalEntry[]) reader.feed(entry);
  return reader.finish();
}

function compare(base: Scenario, change: DayChange | null, replications = 4): DayComparison {
  return compareDays(base, change && ((replication) => alteredDay(base, change, { seed: 1, replication })), {
    from: 0,
    to: LENGTH_MS,
    intervalMs: QUARTER_MS,
    seed: 1,
    replications,
    policyOf: () => DEFAULT_POLICY,
    costs: { perAgentHour: 30, perAbandoned: 2 },
  });
}

const of = (comparison: DayComparison, id: string | null) => {
  const found = comparison.queues.find(({ queueId: each }) => each === id);
  if (!found) throw new Error(`nothing of ${id}`);
  return found;
};
const base = recordedScenario(recorded(day())).scenario;

describe("a day beside another", () => {
  test("[WF115] a day that is not changed has the same figures to the last digit, with no difference", () => {
    const same = of(compare(base, { volumes: [{ queueId: null, factor: 1 }] }), null);
    expect(same.changed).toEqual(same.base);
    expect(same.difference?.abandoned).toEqual({ value: 0, halfWidth: 0, p10: 0, p50: 0, p90: 0 });
  });

  test("[WF115] a change leaves the others' chance alone: more talk in one queue, the same customers in both", () => {
    const all = compare(base, { handling: [{ queueId: SALES, factor: 2 }] });
    for (const id of [SALES, HELP]) {
      expect(of(all, id).changed?.intervals.offered).toEqual(of(all, id).base.intervals.offered);
    }
    expect(of(all, null).difference?.occupancy.value).toBeGreaterThan(0.05);
    expect(of(all, null).difference?.abandoned.value).toBeGreaterThan(5);
  });

  test("[WF116] volumes grow and shrink by their share, each queue for itself", () => {
    const more = compare(base, { volumes: [{ queueId: SALES, factor: 1.5 }] }, 20);
    const growth = of(more, SALES);
    const before = growth.base.day.offered.value ?? 0;
    const grown = (growth.changed?.day.offered.value ?? 0) / before;
    expect(grown).toBeGreaterThan(1.45);
    expect(grown).toBeLessThan(1.55);
    expect(of(more, HELP).difference?.offered.value).toBe(0);
    const less = of(compare(base, { volumes: [{ queueId: null, factor: 0.5 }] }, 20), SALES);
    expect((less.changed?.day.offered.value ?? 0) / before).toBeCloseTo(0.5, 1);
  });

  test("[WF116] outside the opening hours nobody comes; in hours that are new a share of the nearest hour", () => {
    const span = { queueId: null, from: HOUR_MS, to: LENGTH_MS };
    const closed = of(compare(base, { hours: [{ ...span, share: 0 }] }), null);
    expect(closed.changed?.intervals.offered.value.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(closed.changed?.intervals.offered.value.slice(4)).toEqual(
      closed.base.intervals.offered.value.slice(4),
    );
    const short = { ...base, arrivals: base.arrivals.map((one) => early(one, 2 * HOUR_MS)) };
    const longer = of(
      compare(short, { hours: [{ queueId: null, from: 0, to: 3 * HOUR_MS, share: 0.5 }] }, 20),
      null,
    );
    const added = sum(longer.changed?.intervals.offered.value.slice(8, 12));
    const last = sum(longer.base.intervals.offered.value.slice(4, 8));
    expect(added / last).toBeGreaterThan(0.4);
    expect(added / last).toBeLessThan(0.6);
    expect(sum(longer.changed?.intervals.offered.value.slice(12))).toBe(0);
  });

  test("[WF117] agents who are added work their hours, and those who are absent come back as they were", () => {
    const specialist = { skills: { fr: 3 }, slots: { voice: 1 } };
    const change: DayChange = {
      more: [{ count: 3, agent: specialist, from: HOUR_MS, to: 2 * HOUR_MS }],
      absent: [{ agentIds: ["a000", "a001"] as AgentId[], from: 2 * HOUR_MS, to: 3 * HOUR_MS }],
    };
    for (const scenario of [base, day()]) {
      const all = of(compare(scenario, change), null);
      const agentsOn = (all.changed?.intervals.agents.value ?? []).map((value) => Math.round(value ?? 0));
      expect(agentsOn.slice(0, 7)).toEqual([8, 8, 8, 8, 11, 11, 11]);
      // who talks when the shift ends finishes first
      expect(agentsOn.slice(9, 16)).toEqual([6, 6, 6, 8, 8, 8, 8]);
      expect(all.difference?.cost.value).toBeLessThan(100);
      expect(all.difference?.cost.value).toBeGreaterThan(-50);
    }
  });

  test("[WF117] a skill that is given opens a queue; who serves the fewest others is named first", () => {
    const given: DayChange = {
      skills: [{ agentIds: ["a004", "a005"] as AgentId[], skillId: "fr" as SkillId, level: 2 }],
    };
    const altered = dayStaff(alteredDay(base, given, { seed: 1, replication: 0 }));
    const whole = { from: 0, to: LENGTH_MS };
    expect(whoServes(dayStaff(base), HELP, whole)).toEqual(["a000", "a001", "a002", "a003"]);
    expect(whoServes(altered, HELP, whole)).toHaveLength(6);
    expect(whoServes(altered, SALES, whole).slice(0, 2)).toEqual(["a006", "a007"]);
    expect(of(compare(base, given), HELP).difference?.meanWaitMs.value).toBeLessThan(0);
  });

  test("[WF118] intervals add up to the day, and what happened is counted by the same intervals", () => {
    const plan = new BlockPlan(-HOUR_MS, LENGTH_MS + HOUR_MS, 24);
    const record = recorded(day(), plan);
    const comparison = compareDays(recordedScenario(record).scenario, null, {
      from: 0,
      to: LENGTH_MS,
      intervalMs: QUARTER_MS,
      seed: 1,
      replications: 5,
      policyOf: () => DEFAULT_POLICY,
      costs: { perAgentHour: 30, perAbandoned: 2 },
      happened: record.happened,
    });
    const known = whatIf(record, { seed: 1, replications: 5 });
    const all = of(comparison, null);
    for (const figure of ["offered", "answered", "abandoned", "serviceLevel", "meanWaitMs"] as const) {
      expect(all.happened?.day[figure]).toBe(known.total.happened[figure]);
      expect(all.base.day[figure].value).toBeCloseTo(known.total.sameRules[figure].value ?? 0, 1);
    }
    for (const figure of ["offered", "abandoned", "cost"] as const) {
      expect(sum(all.happened?.intervals[figure])).toBeCloseTo(all.happened?.day[figure] ?? 0, 6);
      expect(sum(all.base.intervals[figure].value)).toBeCloseTo(all.base.day[figure].value ?? 0, 1);
    }
    expect(all.happened?.day.wait90Ms).toBe(known.total.happened.wait90Ms);
    const { p10, p50, p90 } = all.base.intervals.meanQueue;
    for (const [i, low] of p10.entries())
      expect(low ?? 0).toBeLessThanOrEqual(Math.min(p50[i] ?? 0, p90[i] ?? 0));
  });
});

test("[WF118] of a part of what happened the 90 % wait is told only where the whole has nobody outside of it", () => {
  const record = recorded(day(), new BlockPlan(0, LENGTH_MS, 16));
  const part = compareDays(recordedScenario(record).scenario, null, {
    from: HOUR_MS,
    to: 2 * HOUR_MS,
    intervalMs: QUARTER_MS,
    seed: 1,
    replications: 2,
    policyOf: () => DEFAULT_POLICY,
    costs: { perAgentHour: 30, perAbandoned: 2 },
    happened: record.happened,
  });
  expect(of(part, null).happened?.day.offered).toBeGreaterThan(20);
  expect(of(part, null).happened?.day.wait90Ms).toBeNull();
  expect(of(part, SALES).happened?.day.wait90Ms).toBeNull();
  expect(of(part, null).base.day.wait90Ms.value).toBeGreaterThanOrEqual(0);
});

test("[WF106] the difference of two days is the one figure less the other", () => {
  const few = compare(day(2), { absent: [{ agentIds: ["a000"] as AgentId[], from: 0, to: HOUR_MS }] }, 6);
  for (const figure of ["serviceLevel", "meanWaitMs", "abandonRate", "wait90Ms", "offered"] as const) {
    const { base: before, changed, difference } = of(few, null);
    const less = (changed?.day[figure].value ?? 0) - (before.day[figure].value ?? 0);
    expect(difference?.[figure].value ?? Number.NaN).toBeCloseTo(less, figure.endsWith("Ms") ? -1 : 5);
  }
});

describe("a planned day", () => {
  const config: QueueConfig = {
    id: SALES,
    clientId: CLIENT,
    media: ["voice"],
    requiredSkills: [],
    priority: 0,
    ringTimeoutMs: 18_000,
    wrapUp: { mode: "off" },
  };
  const planned: PlannedDay = {
    from: 0,
    to: LENGTH_MS,
    intervalMs: QUARTER_MS,
    queues: [
      {
        queue: config,
        contacts: Array.from({ length: 16 }, (_, i) => (i < 12 ? 50 : 0)),
        talk: exponential(180_000),
        patience: { kind: "never" },
        agents: Array.from({ length: 16 }, (_, i) => (i < 8 ? 14 : i < 12 ? 20 : 2)),
      },
    ],
    roster: [],
    rules: DEFAULT_RULES,
  };

  test("[WF119] brings the expected contacts to the given number of agents", () => {
    const all = of(compare(plannedScenario(planned), null, 20), null);
    expect(Math.abs((all.base.day.offered.value ?? 0) - 600)).toBeLessThan(25);
    expect(all.base.intervals.agents.value.slice(9, 11).map((value) => Math.round(value ?? 0))).toEqual([
      20, 20,
    ]);
    // 200 an hour of 180 s on 14 agents: Erlang C answers 88.8 % within 20 s
    const settled = sum(all.base.intervals.serviceLevel.value.slice(2, 8)) / 6;
    expect(settled).toBeGreaterThan(0.84);
    expect(settled).toBeLessThan(0.94);
  });

  test("[WF119] nobody comes after the last interval that has a number, and there is no number beyond the day", () => {
    const [only] = planned.queues;
    if (!only) throw new Error("no queue");
    const contacts = [50, 50, 50, 50];
    const short = { ...planned, queues: [{ ...only, contacts }] };
    const { offered } = of(compare(plannedScenario(short), null, 5), null).base.intervals;
    expect(sum(offered.value.slice(0, 4))).toBeGreaterThan(150);
    expect(sum(offered.value.slice(4))).toBe(0);
    const long = { ...planned, queues: [{ ...only, contacts: Array(17).fill(5) }] };
    expect(() => plannedScenario(long)).toThrow(/17 intervals of contacts, and the day has 16/);
  });

  test("[WF119] without contacts, agents or numbers it is refused", () => {
    const [only] = planned.queues;
    if (!only) throw new Error("no queue");
    const { agents: _agents, ...nobody } = only;
    expect(() => plannedScenario({ ...planned, queues: [nobody] })).toThrow("no agent works");
    expect(() => plannedScenario({ ...planned, queues: [{ ...only, contacts: [0] }] })).toThrow(
      "nobody comes",
    );
    expect(() => plannedScenario({ ...planned, queues: [{ ...only, contacts: [5, Number.NaN] }] })).toThrow(
      "NaN",
    );
  });
});

function early(one: Scenario["arrivals"][number], to: number): Scenario["arrivals"][number] {
  return one.kind === "recorded" ? { ...one, items: one.items.filter(({ at }) => at < to) } : one;
}

function sum(values: readonly (number | null)[] | undefined): number {
  return (values ?? []).reduce<number>((total, value) => total + (value ?? 0), 0);
}

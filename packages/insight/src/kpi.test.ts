import { describe, expect, it } from "vitest";
import { evaluate, KPI_DEFINITIONS, type KpiKey } from "./kpi.ts";
import { NO_COUNTS } from "./queue-counts.ts";
import { QueueDay } from "./queue-day.ts";
import { stay } from "./testing.ts";

const day = { from: 0, to: 86_400_000 };
const policy = { thresholdMs: 20_000, shortAbandonMs: 5_000 };

/** ICMI's example: ANS 1000 of which 860 in 20 s, ABN 60 of which 20 in 20 s and 10 in 5 s. */
function icmi(): QueueDay {
  const queue = new QueueDay({ queueId: "q-1", period: day, policy });
  const groups = [
    { n: 860, waitMs: 20_000, outcome: "answered" },
    { n: 140, waitMs: 20_001, outcome: "answered" },
    { n: 10, waitMs: 5_000, outcome: "abandoned" },
    { n: 10, waitMs: 5_001, outcome: "abandoned" },
    { n: 40, waitMs: 20_001, outcome: "abandoned" },
  ] as const;
  groups.forEach(({ n, waitMs, outcome }, group) => {
    for (let i = 0; i < n; i++) {
      for (const event of stay({ contactId: `c-${group}-${i}`, at: i * 1000, waitMs, outcome }))
        queue.apply(event);
    }
  });
  return queue;
}

describe("service level", () => {
  it.each([
    ["SL1.v1", 83.0],
    ["SL2.v1", 86.0],
    ["SL3.v1", 81.1],
    ["SL4.v1", 82.7],
    ["SL5.v1", 82.1],
    ["SL6.v1", 81.9],
  ] as const)("[IN3] %s of ICMI's example is %d %%", (key, percent) => {
    const { value } = icmi().kpi(key);
    expect(Math.round((value ?? 0) * 1000) / 10).toBe(percent);
  });

  it("[IN3] the limit itself is in time, one millisecond more is not", () => {
    const queue = icmi();
    expect(queue.counts).toMatchObject({ answeredWithin: 860, abandonedWithin: 20, abandonedShort: 10 });
  });

  it("[IN6] abandon and answer rates are shares of the offered; short leavers can be left out", () => {
    const queue = icmi();
    expect(queue.kpi("K7.v1")).toMatchObject({ numerator: 60, denominator: 1060 });
    expect(queue.kpi("K7S.v1")).toMatchObject({ numerator: 50, denominator: 1050 });
    expect(queue.kpi("K10.v1")).toMatchObject({ numerator: 1000, denominator: 1060 });
    expect(queue.kpi("K2.v1").value).toBeCloseTo(20_000.14);
  });

  it("[IN7] both sides of a figure list their contacts, as many as the figure says", () => {
    const queue = icmi();
    for (const key of ["SL1.v1", "SL4.v1", "SL6.v1", "K7S.v1", "K10.v1"] as const) {
      const { numerator, denominator } = queue.kpi(key);
      expect(queue.contactsOfKpi(key, "numerator")).toHaveLength(numerator);
      expect(queue.contactsOfKpi(key, "denominator")).toHaveLength(denominator);
    }
    const ignored = queue.contactsOf("abandonedWithin");
    expect(queue.contactsOfKpi("SL4.v1", "denominator").some((id) => ignored.includes(id))).toBe(false);
  });

  it("[IN4] nothing offered is no figure, not zero and not a hundred", () => {
    expect(evaluate("SL4.v1", NO_COUNTS).value).toBeNull();
  });
});

describe("definitions", () => {
  it("[IN9] carry their key, and a released one never changes", () => {
    for (const [key, definition] of Object.entries(KPI_DEFINITIONS)) expect(definition.key).toBe(key);
    const released = Object.fromEntries(
      (Object.keys(KPI_DEFINITIONS) as KpiKey[]).map((key) => {
        const { numerator, denominator } = KPI_DEFINITIONS[key];
        return [key, `${write(numerator)} / ${write(denominator)}`];
      }),
    );
    expect(released).toEqual({
      "SL1.v1": "+answeredWithin+abandonedWithin / +answered+abandoned",
      "SL2.v1": "+answeredWithin / +answered",
      "SL3.v1": "+answeredWithin / +answered+abandoned",
      "SL4.v1": "+answeredWithin / +answered+abandoned-abandonedWithin",
      "SL5.v1": "+answeredWithin+abandonedShort / +answered+abandoned",
      "SL6.v1": "+answeredWithin / +answered+abandoned-abandonedShort",
      "K2.v1": "+answerWaitMs / +answered",
      "K7.v1": "+abandoned / +offered",
      "K7S.v1": "+abandoned-abandonedShort / +offered-abandonedShort",
      "K8.v1": "+abandonedShort / +offered",
      "K9.v1": "+abandonWaitMs / +abandoned",
      "K10.v1": "+answered / +offered",
      "K22.v1": "+flowOut / +offered",
    });
  });
});

function write(terms: object): string {
  return Object.entries(terms)
    .map(([name, sign]) => `${sign === 1 ? "+" : "-"}${name}`)
    .join("");
}

import type { QueuePolicy } from "@svara/insight";
import type { AgentId } from "@svara/kernel";
import { type ItemId, type JournalEntry, Router, type WorkItem } from "@svara/routing";
import { describe, expect, test } from "vitest";
import type { RecordedItem, Scenario } from "../scenario.ts";
import { simulate } from "../simulate.ts";
import {
  agents,
  CLIENT,
  exponential,
  floor,
  HOUR_MS,
  NEVER,
  queue,
  queueId,
  stream,
} from "../testing/floors.ts";
import type { FloorRecord } from "./floor-record.ts";
import { RecordReader } from "./record-reader.ts";
import { recordedScenario } from "./recorded-scenario.ts";
import { type WhatIfOptions, type WhatIfResult, whatIf } from "./what-if.ts";
import { WHAT_IF_FIGURES } from "./what-if-figures.ts";

/** Four hours of two queues with ringing, wrap-up, breaks and shifts that end. */
function day(
  options: { readonly patienceMs?: number; readonly staff?: number; readonly longestRingMs?: number } = {},
): Scenario {
  const { patienceMs, staff = 12, longestRingMs = 9000 } = options;
  const patience = patienceMs === undefined ? NEVER : exponential(patienceMs);
  const scenario = floor({
    lengthMs: 4 * HOUR_MS,
    queues: [
      queue("sales", { wrapUp: { mode: "manual" } }),
      queue("help", { priority: 1, wrapUp: { mode: "timed", limitMs: 15_000 } }),
    ],
    staff: agents("a", staff),
    arrivals: [
      stream("sales", 80, { talk: exponential(200_000), wrapUp: exponential(20_000), patience }),
      stream("help", 70, { talk: exponential(200_000), wrapUp: exponential(20_000), patience }),
    ],
  });
  return {
    ...scenario,
    answering: { delay: { kind: "uniform", fromMs: 2000, toMs: longestRingMs }, returnAfterMs: 45_000 },
    shifts: scenario.shifts.map((shift, i) => ({
      ...shift,
      breaks: [{ from: HOUR_MS + i * 300_000, to: HOUR_MS + (i + 1) * 300_000 }],
    })),
  };
}

/** The journal of a simulated floor, as a file would hold it. */
function journalOf(scenario: Scenario, seed = 1): JournalEntry[] {
  const journal: JournalEntry[] = [];
  simulate(scenario, { seed, journal: (entry) => journal.push(entry) });
  return JSON.parse(JSON.stringify(journal)) as JournalEntry[];
}

function recordOf(journal: readonly JournalEntry[]): FloorRecord {
  const reader = new RecordReader();
  for (const entry of journal) reader.feed(entry);
  return reader.finish();
}

function item(id: string, atS: number, to = "q", more: Partial<WorkItem> = {}): WorkItem {
  const queuedAt = atS * 1000;
  return {
    id: id as ItemId,
    medium: "voice",
    clientId: CLIENT,
    queueId: queueId(to),
    queuedAt,
    initiation: "new",
    ...more,
  };
}

/** One agent and these callers for ten minutes. */
function recorded(items: readonly RecordedItem[], queues: readonly string[] = ["q"]): JournalEntry[] {
  return journalOf(
    floor({
      lengthMs: 600_000,
      queues: queues.map((name) => queue(name)),
      staff: agents("a", 1),
      arrivals: [{ kind: "recorded", items, talk: { kind: "deterministic", ms: 0 }, patience: NEVER }],
    }),
  );
}

/** Whatever chance was drawn, it gave what happened. */
function expectSame({ sameRules, happened }: WhatIfResult["total"]): void {
  for (const figure of WHAT_IF_FIGURES) {
    const was = happened[figure];
    if (was === null) expect(sameRules[figure].value, figure).toBeNull();
    else expect(sameRules[figure].value, figure).toBeCloseTo(was, 9);
  }
}

describe("a record simulated again", () => {
  test.each([1, 2, 3])(
    "[WF20] where nothing is left to chance the same rules give to the millisecond what happened",
    (seed) => {
      const record = recordOf(journalOf(day({ longestRingMs: 19_000, staff: 11 + seed }), seed));
      expect(record.facts.missedOffers).toBeGreaterThan(5);
      const { total, queues } = whatIf(record, { replications: 2 });
      expect(total.happened.answered).toBeGreaterThan(500);
      expect(total.happened.meanWaitMs).toBeGreaterThan(9000);
      for (const comparison of [total, ...queues]) {
        for (const figure of WHAT_IF_FIGURES) {
          expect(comparison.sameRules[figure].value, figure).toBe(comparison.happened[figure]);
          const error = comparison.happened[figure] === null ? null : 0;
          expect(comparison.modelError[figure].value, figure).toBe(error);
        }
      }
    },
  );

  test("[WF20] customers who hang up, while it rings too, do so again: whatever is drawn, it comes out the same", () => {
    const record = recordOf(journalOf(day({ patienceMs: 120_000, staff: 10 })));
    const { total } = whatIf(record, { replications: 10 });
    expect(total.happened.abandoned).toBeGreaterThan(60);
    expectSame(total);
  });

  test("[WF21] who was served takes as long as then; who was not draws from the past of the queue", () => {
    const record = recordOf(
      recorded([
        { at: 0, item: item("x", 0), talkMs: 100_000 },
        { at: 1000, item: item("y", 1), talkMs: 5000, patienceMs: 10_000 },
        { at: 200_000, item: item("z", 200), talkMs: 30_000 },
      ]),
    );
    const { scenario } = recordedScenario(record);
    const [first] = scenario.arrivals;
    expect(first?.kind === "recorded" && first.items.map(({ talkMs }) => talkMs)).toEqual([
      100_000,
      undefined,
      30_000,
    ]);
    expect(first?.talk).toEqual({ kind: "empirical", valuesMs: [100_000, 30_000] });
  });

  test("[WF23] who gave up keeps the patience; who was served is known to have had more than the wait", () => {
    const journal = journalOf(day({ patienceMs: 120_000, staff: 9 }));
    const record = recordOf(journal);
    const { scenario } = recordedScenario(record);
    let gaveUp = 0;
    for (const stay of record.stays) {
      const again = scenario.arrivals
        .flatMap((stream) => (stream.kind === "recorded" ? stream.items : []))
        .find(({ item }) => item.id === stay.item.id);
      if (stay.outcome === "abandoned") {
        gaveUp++;
        expect(again).toMatchObject({ patienceMs: stay.waitMs });
      } else expect(again).toMatchObject({ patienceOverMs: stay.waitMs });
    }
    expect(gaveUp).toBeGreaterThan(50);
    // with an agent for each only those give up who did so before a phone can be answered
    const many = whatIf(record, {
      staff: { more: [{ like: "a000" as AgentId, count: 60 }] },
      replications: 3,
    });
    expect(many.total.changed?.abandoned.value).toBeLessThan(gaveUp / 3);
  });

  test("[WF2] the same seed gives the same answer, another seed another one", () => {
    const record = recordOf(journalOf(day({ patienceMs: 60_000, staff: 9 })));
    const staff = { without: ["a000" as AgentId] };
    const ask = (seed: number): WhatIfResult => whatIf(record, { seed, replications: 3, staff });
    expect(ask(1)).toEqual(ask(1));
    expect(ask(2).total.changed).not.toEqual(ask(1).total.changed);
  });

  test("[WF27] the answer is plain JSON and says what it assumed", () => {
    const record = recordOf(journalOf(day({ patienceMs: 120_000 })));
    const result = whatIf(record, {
      staff: { more: [{ like: "a001" as AgentId, count: 2 }] },
      replications: 2,
    });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    const { givingUp, lowScores } = result.dissatisfaction;
    expect(givingUp.gaveUp).toBe(result.total.happened.abandoned);
    expect(lowScores.kind).toBe("unknown");
    expect(result.queues.map(({ dissatisfaction }) => dissatisfaction.givingUp.gaveUp)).toEqual(
      result.queues.map(({ happened }) => happened.abandoned),
    );
    const codes = result.assumptions.map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining([
        "arrivals_recorded",
        "handling_recorded",
        "patience_fitted",
        "staff_more",
        "chance",
      ]),
    );
    for (const { text, params } of result.assumptions) {
      for (const value of Object.values(params)) if (typeof value === "string") expect(text).toBeTruthy();
      expect(text).toMatch(/^[A-Z0-9].*\.$/);
    }
  });
});

test("[WF10] a queue is judged by its own target, or all by one", () => {
  const scenario = floor({
    lengthMs: 600_000,
    queues: [queue("q", { targetMs: 60_000 }), queue("r")],
    staff: agents("a", 1),
    arrivals: ["q", "r"].map((to, i) => ({
      kind: "recorded" as const,
      items: [0, 1].map((n) => ({
        at: i + 2 * n,
        item: item(`${to}${n}`, (i + 2 * n) / 1000, to),
        talkMs: 25_000,
      })),
      talk: { kind: "deterministic" as const, ms: 0 },
      patience: NEVER,
    })),
  });
  const journal = journalOf(scenario);
  // q waits 0 and 50 s, r waits 25 and 75 s
  const levels = (policy?: QueuePolicy) => {
    const reader = new RecordReader(policy ? { policy } : {});
    for (const entry of journal) reader.feed(entry);
    const { queues } = whatIf(reader.finish(), { replications: 1 });
    return queues.map(({ queueId: id, thresholdMs, happened, sameRules }) => {
      expect(sameRules.serviceLevel.value).toBe(happened.serviceLevel);
      return [id, thresholdMs, happened.serviceLevel];
    });
  };
  expect(levels()).toEqual([
    ["q", 60_000, 1],
    ["r", 20_000, 0],
  ]);
  expect(levels({ thresholdMs: 30_000, shortAbandonMs: 5000 })).toEqual([
    ["q", 30_000, 0.5],
    ["r", 30_000, 0.5],
  ]);
});

describe("other rules", () => {
  const journal = journalOf(day({ staff: 11 }));
  const record = recordOf(journal);

  test("[WF24] change the fields that they name, of every recorded configuration", () => {
    const { queues, total } = whatIf(record, {
      rules: { queues: [{ id: queueId("help"), priority: 0 }] },
      replications: 1,
    });
    const help = queues.find(({ queueId: id }) => id === "help");
    const sales = queues.find(({ queueId: id }) => id === "sales");
    expect(help?.difference?.meanWaitMs.value).toBeGreaterThan(5000);
    expect(sales?.difference?.meanWaitMs.value).toBeLessThan(-5000);
    expect(total.difference?.offered.value).toBe(0);
  });

  test("[WF24] redirect the contacts of one queue to another", () => {
    const { queues } = whatIf(record, {
      rules: { redirect: { [queueId("help")]: queueId("sales") } },
      replications: 1,
    });
    const offered = Object.fromEntries(
      queues.map(({ queueId: id, changed }) => [id, changed?.offered.value]),
    );
    const before = Object.fromEntries(queues.map(({ queueId: id, happened }) => [id, happened.offered]));
    expect(offered.sales).toBe((before.sales ?? 0) + (before.help ?? 0));
  });

  test("[WF24] add queues and agents that the record does not know", () => {
    const { total } = whatIf(record, {
      rules: { agents: agents("new", 1, { queueIds: [queueId("help")] }) },
      staff: { shifts: [{ agentId: "new000" as AgentId, from: record.from }] },
      replications: 1,
    });
    expect(total.changed?.answered.value).toBeGreaterThan(20);
    expect(total.changed?.answered.value).toBeLessThan(80); // one agent, four hours, three and a half minutes each
  });
});

describe("a change of what the record does not know", () => {
  const record = recordOf(recorded([{ at: 0, item: item("x", 0), talkMs: 1000 }]));
  const stranger = "a0OO" as AgentId;
  const cases: readonly [WhatIfOptions, string, string][] = [
    [
      { rules: { queues: [{ id: queueId("qq"), priority: 1 }] } },
      "queues.0.id",
      "not among q; for a new one give clientId",
    ],
    [{ rules: { agents: [{ id: stranger }] } }, "agents.0.id", "give skills, slots as well"],
    [{ rules: { redirect: { [queueId("q")]: queueId("z") } } }, "redirect.q", "names queue z"],
    [
      { rules: { queues: [{ id: queueId("q"), ringTimeoutMs: Number.POSITIVE_INFINITY }] } },
      "queues.0.ringTimeoutMs",
      "must be a finite number, not Infinity",
    ],
    [{ staff: { more: [{ like: stranger, count: 1 }] } }, "more.0.like", "not among a000"],
    [{ staff: { without: [stranger] } }, "without.0", "names agent a0OO"],
    [{ staff: { shifts: [{ agentId: stranger, from: 0 }] } }, "shifts.0.agentId", "not among a000"],
  ];
  test.each(cases)("[WF24] %j is refused", (change, field, remedy) => {
    const ask = () => whatIf(record, { ...change, replications: 1 });
    expect(ask).toThrow(expect.objectContaining({ field, message: expect.stringContaining(remedy) }));
  });
});

describe("other staff", () => {
  const record = recordOf(journalOf(day({ staff: 10 })));

  test("[WF24] with more agents everybody waits less, without some longer", () => {
    const more = whatIf(record, {
      staff: { more: [{ like: "a002" as AgentId, count: 2 }] },
      replications: 1,
    });
    expect(more.total.difference?.meanWaitMs.value).toBeLessThan(0);
    const fewer = whatIf(record, { staff: { without: ["a002" as AgentId] }, replications: 1 });
    expect(fewer.total.difference?.meanWaitMs.value).toBeGreaterThan(0);
    expect(fewer.total.difference?.occupancy.value).toBeGreaterThan(0);
  });

  test("[WF24] shifts stand instead of all that was recorded", () => {
    const shifts = agents("a", 12).map(({ id }) => ({
      agentId: id,
      from: record.from,
      to: record.from + HOUR_MS,
    }));
    const { total } = whatIf(record, { staff: { agents: agents("a", 12), shifts }, replications: 1 });
    expect(total.changed?.answered.value).toBeLessThan((total.happened.answered ?? 0) / 2);
  });
});

describe("what a journal holds beside plain calls", () => {
  test("[WF28] a transfer comes again when its first talk ends, a flow takes out whom it took out", () => {
    const journal = recorded(
      [
        {
          at: 0,
          item: item("x", 0),
          talkMs: 60_000,
          next: {
            item: item("x", 70, "back", { initiation: "transfer" }),
            after: "talk",
            gapMs: 10_000,
            talkMs: 20_000,
          },
        },
        {
          at: 5000,
          item: item("y", 5),
          leave: { afterMs: 30_000, reason: "flow" },
          next: { item: item("y", 35, "back"), after: "leave", gapMs: 0, talkMs: 40_000 },
        },
      ],
      ["q", "back"],
    );
    const record = recordOf(journal);
    const { total, queues } = whatIf(record, { replications: 1 });
    expect(total.happened).toMatchObject({ offered: 4, answered: 3, flowOut: 1 });
    for (const { happened, sameRules } of [total, ...queues]) {
      expect(sameRules.answered.value).toBe(happened.answered);
      expect(sameRules.meanWaitMs.value).toBe(happened.meanWaitMs);
      expect(sameRules.flowOut.value).toBe(happened.flowOut);
    }
    // a second agent answers y at once: the flow has nobody to take out, and y never comes to the other queue
    const helped = whatIf(record, {
      staff: { more: [{ like: "a000" as AgentId, count: 1 }] },
      replications: 1,
    });
    expect(helped.total.changed).toMatchObject({ offered: { value: 3 }, flowOut: { value: 0 } });
  });

  test("[WF28] work that no queue gave keeps its agents busy as it did", () => {
    const router = new Router({ routerId: "r", epoch: 1 });
    const journal: JournalEntry[] = [];
    const tell = (atS: number, input: JournalEntry["input"]): void => {
      const at = atS * 1000;
      const decisions = router.handle(input, at);
      journal.push({ routerId: "r", epoch: 1, seq: router.seq, at, engineVersion: "x", input, decisions });
      for (const d of decisions)
        if (d.type === "offer") tell(atS, { type: "offer.accepted", offerId: d.offerId });
    };
    const agentId = "a000" as AgentId;
    const [agent] = agents("a", 1);
    tell(0, queue("q"));
    if (agent) tell(0, { type: "config.agent_set", agent });
    tell(0, { type: "agent.reachable", agentId, medium: "voice", reachable: true });
    tell(0, { type: "agent.logged_in", agentId, presence: { state: "available" } });
    tell(10, { type: "item.assigned", itemId: "out" as ItemId, agentId, medium: "voice" });
    tell(30, { type: "item.queued", item: item("x", 30) });
    tell(90, { type: "item.ended", itemId: "out" as ItemId, agentId });
    tell(100, { type: "item.ended", itemId: "x" as ItemId, agentId });
    const { total, assumptions } = whatIf(recordOf(journal), { replications: 1 });
    expect(total.happened).toMatchObject({ answered: 1, meanWaitMs: 60_000 });
    expect(total.sameRules).toMatchObject({ answered: { value: 1 }, meanWaitMs: { value: 60_000 } });
    expect(assumptions.find(({ code }) => code === "other_work_recorded")?.params).toEqual({ parts: 1 });
  });

  test("[WF28] a record may begin at a snapshot: who waits then counts as coming then", () => {
    const journal = journalOf(day({ staff: 10 }));
    const middle = Math.floor(journal.length / 2);
    const router = new Router({ routerId: journal[0]?.routerId ?? "", epoch: journal[0]?.epoch ?? 1 });
    for (const { input, at } of journal.slice(0, middle)) router.handle(input, at);
    const reader = new RecordReader({ snapshot: router.snapshot() });
    for (const entry of journal.slice(middle)) reader.feed(entry);
    const record = reader.finish();
    const whole = recordOf(journal);
    expect(record.facts.waitingAtStart).toBeGreaterThan(0);
    expect(record.facts.inHandAtStart).toBeGreaterThan(5);
    const { total } = whatIf(record, { replications: 1 });
    const later = whole.stays.filter(({ at }) => at >= (journal[middle]?.at ?? 0)).length;
    expect(total.happened.offered).toBe(later + record.facts.waitingAtStart);
    expect(Math.abs(total.modelError.meanWaitMs.value ?? 1e9)).toBeLessThan(3000);
    expect(Math.abs(total.modelError.occupancy.value ?? 1)).toBeLessThan(0.01);
  });

  test("[WF21] an offer that was missed is missed again, and who misses it is away as long as then", () => {
    const scenario = floor({
      lengthMs: 600_000,
      queues: [queue("q")],
      staff: agents("a", 1),
      arrivals: [
        {
          kind: "recorded",
          items: [
            { at: 0, item: item("x", 0), talkMs: 10_000, patienceMs: 20_000, answerDelayMs: 30_000 },
            { at: 50_000, item: item("y", 50), talkMs: 10_000 },
          ],
          talk: { kind: "deterministic", ms: 0 },
          patience: NEVER,
        },
      ],
    });
    const answering = { delay: { kind: "deterministic", ms: 0 }, returnAfterMs: 100_000 } as const;
    const record = recordOf(journalOf({ ...scenario, answering }));
    const { total, assumptions } = whatIf(record, { replications: 1 });
    // x rings for 18 s and gives up after 20; y waits until the agent is back at 118 s
    expect(total.happened).toMatchObject({ answered: 1, abandoned: 1, maxWaitMs: 68_000 });
    expect(total.sameRules.maxWaitMs.value).toBe(68_000);
    expect(assumptions.find(({ code }) => code === "misses_repeated")?.params).toEqual({ missed: 1 });
  });

  test.each(["customer_gone", "ended"] as const)(
    "[WF21] an offer that still rang when its caller went (%s) would have been answered later",
    (reason) => {
      const ringing = { at: 100_000, item: item("y", 100), answerDelayMs: 15_000 };
      const gone = { afterMs: 14_000, reason };
      const record = recordOf(
        recorded([
          { at: 0, item: item("x", 0), talkMs: 10_000, answerDelayMs: 1_000 },
          reason === "ended" ? { ...ringing, leave: gone } : { ...ringing, patienceMs: 14_000 },
        ]),
      );
      const { total } = whatIf(record, { replications: 20 });
      expect(total.happened.offered).toBe(reason === "ended" ? 1 : 2);
      expectSame(total);
    },
  );

  test("[WF21] an offer that still rang at the end of the record rings to that end", () => {
    const journal = recorded([
      { at: 0, item: item("x", 0), talkMs: 10_000, answerDelayMs: 1_000 },
      { at: 100_000, item: item("y", 100), answerDelayMs: 9_000 },
    ]);
    const end = journal.findIndex(({ decisions }) =>
      decisions.some((decision) => decision.type === "offer.accepted" && decision.itemId === "y"),
    );
    const tick = { ...journal[0], seq: end + 1, at: 105_000, input: { type: "tick" }, decisions: [] };
    const record = recordOf([...journal.slice(0, end), tick as JournalEntry]);
    const { total } = whatIf(record, { replications: 20 });
    expect(total.happened).toMatchObject({ offered: 2, answered: 1 });
    expectSame(total);
  });

  test("[WF28] a new start of the program cuts off who waited, in the record", () => {
    const journal = recorded([
      { at: 0, item: item("x", 0), talkMs: 300_000 },
      { at: 5000, item: item("y", 5), talkMs: 5000 },
    ]);
    const cut = journal.filter(({ at }) => at <= 5000);
    const restarted = journal
      .filter(({ at }) => at === 0)
      .map((entry) => ({ ...entry, epoch: entry.epoch + 1, at: 60_000, decisions: [] }));
    const record = recordOf([...cut, ...restarted]);
    expect(record.facts.restarts).toBe(1);
    const { counts } = { counts: record.happened.queues.get(queueId("q"))?.blocks[0] };
    expect(counts).toMatchObject({ answered: 1, failed: 1 });
  });

  test("a journal without entries is refused", () => {
    expect(() => new RecordReader().finish()).toThrow(
      expect.objectContaining({ code: "workforce.empty_record" }),
    );
    const record = recordOf(recorded([{ at: 0, item: item("x", 0), talkMs: 1000 }]));
    expect(() => whatIf(record, { replications: 0 })).toThrow(
      expect.objectContaining({ field: "replications" }),
    );
  });
});

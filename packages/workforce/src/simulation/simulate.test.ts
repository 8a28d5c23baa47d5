import type { AgentId } from "@svara/kernel";
import { type ItemId, type JournalEntry, replay, type WorkItem } from "@svara/routing";
import { describe, expect, test } from "vitest";
import { handlingMs } from "./agent-tally.ts";
import type { RecordedItem, Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import { DAY_SMALL_ROOM } from "./testing/day-limits.ts";
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
} from "./testing/floors.ts";
import { CROSS_SELLING, N_MODEL, TWO_TIERS, V_MODEL_FQR, V_MODEL_GCMU } from "./testing/routing-limits.ts";

const NOTHING = { talk: { kind: "deterministic", ms: 0 }, patience: NEVER } as const;

/** A caller at a second, who talks and has patience for so many seconds. */
function caller(atS: number, talkS: number, more: Partial<RecordedItem> = {}, to = "q"): RecordedItem {
  const item: WorkItem = {
    id: `c${atS}` as ItemId,
    medium: "voice",
    clientId: CLIENT,
    queueId: queueId(to),
    queuedAt: atS * 1000,
    initiation: "new",
  };
  return { at: atS * 1000, item, talkMs: talkS * 1000, ...more };
}

/** One agent, ten minutes, these callers. */
function small(items: readonly RecordedItem[], more: Partial<Scenario> = {}): Scenario {
  const scenario = floor({
    lengthMs: 600_000,
    queues: [queue("q")],
    staff: agents("a", 1),
    arrivals: [{ kind: "recorded", items, ...NOTHING }],
  });
  return { ...scenario, ...more };
}

const LIMITS_OF_ALL_KINDS = [
  DAY_SMALL_ROOM,
  N_MODEL,
  V_MODEL_FQR,
  V_MODEL_GCMU,
  TWO_TIERS,
  ...CROSS_SELLING,
].map((limit) => limit.scenario(4 * HOUR_MS));

/** A busy floor of two queues with wrap-up, ringing and breaks. */
function busy(staff = 12): Scenario {
  const scenario = floor({
    lengthMs: 4 * HOUR_MS,
    queues: [queue("sales", { wrapUp: { mode: "timed", limitMs: 30_000 } }), queue("help", { priority: 1 })],
    staff: agents("a", staff),
    arrivals: [
      stream("sales", 90, {
        talk: exponential(200_000),
        wrapUp: exponential(20_000),
        patience: exponential(180_000),
      }),
      stream("help", 80, { talk: exponential(220_000), patience: exponential(120_000) }),
    ],
  });
  return {
    ...scenario,
    answering: { delay: { kind: "uniform", fromMs: 2000, toMs: 20_000 }, returnAfterMs: 30_000 },
    shifts: scenario.shifts.map((shift, i) => ({
      ...shift,
      from: i * 60_000,
      to: 4 * HOUR_MS - i * 60_000,
      breaks: [{ from: HOUR_MS + i * 60_000, to: 1.25 * HOUR_MS + i * 60_000 }],
    })),
  };
}

describe("a simulated floor", () => {
  test("[WF1] is served by the live router: its journal is decided again without a difference", () => {
    const journal: JournalEntry[] = [];
    simulate(busy(), { seed: 1, journal: (entry) => journal.push(entry) });
    const result = replay(journal);
    expect(result.entries).toBeGreaterThan(1500);
    expect(result.differences).toBe(0);
  });

  test("[WF100] with and without a journal the figures are the same", () => {
    const missing: Scenario["answering"] = { delay: exponential(9000), returnAfterMs: 60_000 };
    for (const scenario of [busy(), { ...busy(9), answering: missing }, ...LIMITS_OF_ALL_KINDS]) {
      const { run, ...direct } = simulate(scenario, { seed: 3 });
      const { run: spoken, ...told } = simulate(scenario, { seed: 3, journal: () => undefined });
      expect(direct).toEqual(told);
      expect(run).toEqual(spoken);
    }
  });

  test("[WF2] has the same figures for the same seed, and others for another", () => {
    const run = (seed: number) => simulate(busy(), { seed, replications: 2 });
    expect(run(3)).toEqual(run(3));
    expect(run(4).total.counts).not.toEqual(run(3).total.counts);
  });

  test("[WF3] meets the same customers whatever the staff, and others in each replication", () => {
    const customers = (staff: number): Map<string, unknown> => {
      const seen = new Map<string, unknown>();
      simulate(busy(staff), {
        seed: 5,
        replications: 2,
        journal: ({ epoch, at, input }) => {
          if (input.type === "item.queued") seen.set(`${epoch} ${input.item.id}`, at);
        },
      });
      return seen;
    };
    const few = customers(6);
    expect(few.size).toBeGreaterThan(1000);
    expect(customers(14)).toEqual(few);
    expect(few.get("1 0-0")).not.toBe(few.get("2 0-0"));
  });

  test("[WF4] arrivals follow the rate of each piece", () => {
    const scenario = floor({
      lengthMs: 3 * HOUR_MS,
      queues: [queue("q")],
      staff: [],
      arrivals: [
        {
          ...stream("q", 0, NOTHING),
          rates: [
            { from: -HOUR_MS, perHour: 9000 },
            { from: HOUR_MS, perHour: 0 },
            { from: 2 * HOUR_MS, perHour: 3000 },
          ],
        },
      ],
      atClose: "stop",
    });
    const { queues } = simulate(scenario, { seed: 2, batches: 3 });
    const times: number[] = [];
    simulate(scenario, {
      seed: 2,
      journal: ({ input, at }) => input.type === "item.queued" && times.push(at),
    });
    const inHour = (h: number) => times.filter((at) => Math.floor(at / HOUR_MS) === h).length;
    expect(queues.get(queueId("q"))?.counts.offered).toBe(times.length);
    expect(Math.abs(inHour(0) - 9000)).toBeLessThan(300);
    expect(inHour(1)).toBe(0);
    expect(Math.abs(inHour(2) - 3000)).toBeLessThan(180);
  });

  test("[WF6] a customer hangs up when patience ends, at once with none, and never once answered", () => {
    const { total } = simulate(
      small([
        caller(10, 60, { patienceMs: 0 }), // answered within the instant
        caller(20, 60, { patienceMs: 0 }), // the agent talks: gone at once
        caller(30, 60, { patienceMs: 39_999 }), // gone a millisecond before the agent comes free
        caller(31, 60, { patienceMs: 39_001 }),
      ]),
      { seed: 1 },
    );
    expect(total.counts).toMatchObject({ offered: 4, answered: 2, abandoned: 2, abandonWaitMs: 39_999 });
    expect(total.counts.answerWaitMs).toBe(39_000);
  });

  test("[WF7] the times of an agent's states add up to the time from log-in to log-out", () => {
    const scenario = busy();
    let loggedInMs = 0;
    const since = new Map<AgentId, number>();
    const result = simulate(scenario, {
      seed: 8,
      journal: ({ decisions }) => {
        for (const d of decisions) {
          if (d.type !== "agent.state_changed") continue;
          if (d.from === "logged_out") since.set(d.agentId, d.at);
          if (d.to === "logged_out") loggedInMs += Math.min(d.at, scenario.to) - (since.get(d.agentId) ?? 0);
        }
      },
    });
    const figures = result.agents.get("all");
    const { logged_out, ...states } = figures?.times ?? { logged_out: -1 };
    expect(logged_out).toBe(0);
    expect(Object.values(states).reduce((sum, ms) => sum + ms, 0)).toBe(figures?.loggedInMs);
    expect(figures?.loggedInMs).toBe(loggedInMs);
    expect(handlingMs(figures?.times ?? ({} as never))).toBeGreaterThan(0.5 * loggedInMs);
  });

  test("[WF7] agents are told apart by their group", () => {
    const { agents: groups } = simulate(busy(), {
      seed: 8,
      groupOf: (id) => (id < "a006" ? "left" : "right"),
    });
    const whole = simulate(busy(), { seed: 8 }).agents.get("all");
    expect([...groups.keys()].sort()).toEqual(["left", "right"]);
    expect((groups.get("left")?.loggedInMs ?? 0) + (groups.get("right")?.loggedInMs ?? 0)).toBe(
      whole?.loggedInMs,
    );
  });

  test("[WF8] in each queue and block: offered = answered + abandoned + flow-out + call-back + waiting", () => {
    const { queues } = simulate({ ...busy(5), atClose: "stop" }, { seed: 9, batches: 7 });
    for (const { counts } of queues.values()) {
      const { offered, answered, abandoned, flowOut, callback, waiting } = counts;
      expect(offered).toBeGreaterThan(200);
      expect(waiting).toBeGreaterThan(0);
      expect(answered + abandoned + flowOut + callback + waiting).toBe(offered);
    }
  });

  test("[WF9] who talks at the end of the shift or before a break finishes first", () => {
    const states: string[] = [];
    const scenario = small([caller(10, 100), caller(300, 200)], {
      shifts: [
        {
          agentId: "a000" as AgentId,
          from: 0,
          to: 400_000,
          breaks: [{ from: 60_000, to: 200_000 }],
        },
      ],
    });
    simulate(scenario, {
      seed: 1,
      journal: ({ decisions }) => {
        for (const d of decisions) {
          if (d.type === "agent.state_changed") states.push(`${d.at / 1000} ${d.to}`);
        }
      },
    });
    expect(states).toEqual([
      "0 available",
      "10 reserved",
      "10 talking",
      "110 not_ready",
      "200 available",
      "300 reserved",
      "300 talking",
      "500 logged_out",
    ]);
  });

  test("[WF10] service level is counted by each formula of the catalogue, at the threshold and below", () => {
    // waits 0, 20 s (in time), 21 s (late), and two who left after 4 s and 30 s
    const { total } = simulate(
      small([
        caller(0, 30),
        caller(10, 30),
        caller(39, 100),
        caller(50, 1, { patienceMs: 4000 }),
        caller(51, 1, { patienceMs: 30_000 }),
      ]),
      { seed: 1 },
    );
    expect(total.counts).toMatchObject({ answered: 3, answeredWithin: 2, abandoned: 2, abandonedWithin: 1 });
    const values = Object.values(total.serviceLevel).map(({ value }) => value);
    expect(values).toEqual([3 / 5, 2 / 3, 2 / 5, 2 / 4, 3 / 5, 2 / 4]);
    expect(total.delayRate.value).toBe(4 / 5);
    expect(total.wait90Ms.value).toBe(30_000 - (30_000 % 16));
    expect(total.meanQueue.value).toBeCloseTo((20_000 + 21_000 + 4000 + 30_000) / 600_000, 12);
  });

  test("[WF13] after closing everybody is served, or the count stops", () => {
    const items = [caller(500, 200), caller(510, 60)];
    const drained = simulate(small(items), { seed: 1 });
    expect(drained.total.counts).toMatchObject({
      offered: 2,
      answered: 2,
      waiting: 0,
      answerWaitMs: 190_000,
    });
    expect(drained.agents.get("all")?.times.talking).toBe(100_000); // time after `to` is not counted
    const stopped = simulate(small(items, { atClose: "stop" }), { seed: 1 });
    expect(stopped.total.counts).toMatchObject({ offered: 2, answered: 1, waiting: 1 });
    expect(stopped.total.meanQueue.value).toBeCloseTo(90_000 / 600_000, 12);
  });

  test("[WF14] an answer takes its time; one that takes longer than the ring is missed", () => {
    const scenario = small(
      [caller(10, 60, { answerDelayMs: 5000 }), caller(200, 60, { answerDelayMs: 20_000 })],
      {
        answering: { delay: { kind: "deterministic", ms: 1000 }, returnAfterMs: 30_000 },
      },
    );
    const { total, agents: groups } = simulate(scenario, { seed: 1 });
    // missed after 18 s, back 30 s later, answered a second after that
    expect(total.counts.answerWaitMs).toBe(5000 + 18_000 + 30_000 + 1000);
    expect(groups.get("all")?.times).toMatchObject({ reserved: 24_000, not_ready: 30_000, talking: 120_000 });
  });

  test("[WF14] wrap-up lasts as long as it takes, and no longer than its limit", () => {
    const scenario = small([caller(10, 60, { wrapUpMs: 5000 }), caller(200, 60, { wrapUpMs: 90_000 })]);
    const configuration = [
      queue("q", { wrapUp: { mode: "timed", limitMs: 30_000 } }),
      ...scenario.configuration.slice(1),
    ];
    const { agents: groups } = simulate({ ...scenario, configuration }, { seed: 1 });
    expect(groups.get("all")?.times.wrap_up).toBe(35_000);
  });

  test("[WF14] where a wrap-up must be asked for, who needs one asks", () => {
    const scenario = small([caller(10, 60, { wrapUpMs: 5000 }), caller(200, 60)]);
    const configuration = [queue("q", { wrapUp: { mode: "requested" } }), ...scenario.configuration.slice(1)];
    const { agents: groups } = simulate({ ...scenario, configuration }, { seed: 1 });
    expect(groups.get("all")?.times.wrap_up).toBe(5000);
  });

  test("a transfer waits again when the first talk has ended", () => {
    const next = { ...caller(0, 30, {}, "back"), after: "talk", gapMs: 2000 } as const;
    const scenario = small([caller(10, 60, { next })]);
    const configuration = [...scenario.configuration, queue("back")];
    const { queues, total } = simulate({ ...scenario, configuration }, { seed: 1 });
    expect(queues.get(queueId("back"))?.counts).toMatchObject({ offered: 1, answered: 1 });
    expect(total.counts.offered).toBe(2);
  });

  test("[WF29] work that a call interrupts goes on after it, for as long as was left", () => {
    const mail = caller(10, 100);
    const scenario = small([{ ...mail, item: { ...mail.item, medium: "email" } }, caller(30, 40)]);
    const [agent] = agents("a", 1, {
      slots: { voice: 1, email: 1 },
      capacity: { interrupts: { voice: ["email"] } },
    });
    const configuration: Scenario["configuration"] = [
      queue("q", { media: ["voice", "email"] }),
      ...(agent ? [{ type: "config.agent_set", agent } as const] : []),
    ];
    const ends: string[] = [];
    simulate(
      { ...scenario, configuration },
      {
        seed: 1,
        journal: ({ input, at }) => input.type === "item.ended" && ends.push(`${at / 1000} ${input.itemId}`),
      },
    );
    expect(ends).toEqual(["70 c30", "150 c10"]);
  });

  test("[WF29] a call-back is dialled: attempts have their outcomes, and then the talk begins", () => {
    const wish = caller(10, 60);
    const scenario = small([
      {
        ...wish,
        item: { ...wish.item, callback: {} },
        patienceMs: Number.POSITIVE_INFINITY,
        attempts: [
          { dialMs: 15_000, outcome: "no_answer" },
          { dialMs: 5000, outcome: "answered" },
        ],
      },
    ]);
    const configuration = [
      queue("q", { callback: { maxAttempts: 3, retryMs: 30_000, attemptLeaseMs: 60_000 } }),
      ...scenario.configuration.slice(1),
    ];
    const result = simulate({ ...scenario, configuration }, { seed: 1 });
    expect(result.agents.get("all")?.times).toMatchObject({ dialing: 20_000, talking: 60_000 });
  });

  test("[WF29] who is promised a call back hangs up no more, and counts as call-back", () => {
    const { total } = simulate(
      small([
        caller(0, 100),
        caller(10, 30, {
          patienceMs: 40_000,
          changes: [
            { afterMs: 20_000, input: { type: "callback.requested", itemId: "c10" as ItemId, wish: {} } },
          ],
        }),
      ]),
      { seed: 1 },
    );
    expect(total.counts).toMatchObject({ offered: 2, answered: 1, abandoned: 0, callback: 1 });
  });

  test("what comes in the warm-up is served but not counted", () => {
    const scenario = small([caller(10, 100), caller(50, 10), caller(350, 10)]);
    const { total, agents: groups } = simulate(scenario, { seed: 1, warmUpMs: 60_000 });
    expect(total.counts.offered).toBe(1);
    expect(groups.get("all")?.times.talking).toBe(50_000 + 10_000 + 10_000);
  });

  test("a scenario that ends before it begins is refused", () => {
    expect(() => simulate(small([], { to: 0 }), { seed: 1 })).toThrow(
      expect.objectContaining({ code: "workforce.bad_scenario" }),
    );
  });
});

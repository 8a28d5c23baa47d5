import type { Input } from "@svara/routing";
import type { SimulationResult } from "../simulate.ts";
import { agents, exponential, floor, HOUR_MS, NEVER, queue, queueId, stream, UNIT_MS } from "./floors.ts";
import { type KnownLimit, seconds, weighted } from "./known-limit.ts";

/** Priority without pre-emption: Cobham, Operations Research 2 (1954). */
export const PRIORITY_LARGE: KnownLimit = {
  name: "three priorities: 30 agents, 150, 150 and 200 an hour of 200 s",
  source: "Cobham 1954; Kella and Yechiali 1985",
  warmUpMs: 4 * HOUR_MS,
  scenario: (lengthMs) =>
    floor({
      lengthMs,
      queues: [
        queue("first", { priority: 3 }),
        queue("second", { priority: 2 }),
        queue("third", { priority: 1 }),
      ],
      staff: agents("a", 30),
      arrivals: [
        stream("first", 150, { talk: exponential(200_000), patience: NEVER }),
        stream("second", 150, { talk: exponential(200_000), patience: NEVER }),
        stream("third", 200, { talk: exponential(200_000), patience: NEVER }),
      ],
    }),
  expected: { firstS: 5.397310928729301, secondS: 12.143949589640927, thirdS: 118.40350849899905 },
  measured: ({ queues }) => ({
    firstS: seconds(queues.get(queueId("first"))?.meanWaitMs),
    secondS: seconds(queues.get(queueId("second"))?.meanWaitMs),
    thirdS: seconds(queues.get(queueId("third"))?.meanWaitMs),
  }),
};

export const PRIORITY_SINGLE: KnownLimit = {
  name: "two priorities: one agent, 6 and 6 an hour of 240 s",
  source: "Cobham 1954",
  warmUpMs: 20 * HOUR_MS,
  scenario: (lengthMs) =>
    floor({
      lengthMs,
      queues: [queue("first", { priority: 1 }), queue("second")],
      staff: agents("a", 1),
      arrivals: [
        stream("first", 6, { talk: exponential(240_000), patience: NEVER }),
        stream("second", 6, { talk: exponential(240_000), patience: NEVER }),
      ],
    }),
  expected: { firstS: 320, secondS: 1600 },
  measured: ({ queues }) => ({
    firstS: seconds(queues.get(queueId("first"))?.meanWaitMs),
    secondS: seconds(queues.get(queueId("second"))?.meanWaitMs),
  }),
};

/** Flexible agents serve class 2 first; class 1 asks its own agents first. Units of a minute. */
export const N_MODEL: KnownLimit = {
  name: "N-model: 4 agents of class 1 only, 5 of both",
  source: "stationary chain of the four dimensions, queues cut at 40 and 45",
  warmUpMs: 100 * UNIT_MS,
  scenario: (lengthMs) =>
    floor({
      lengthMs,
      queues: [
        // the least id first is "own agents first": they are named a..., the flexible ones b...
        queue("one", { agentStrategy: "none" }),
        queue("two", { agentStrategy: "none", priority: 1 }),
      ],
      staff: [...agents("a", 4, { queueIds: [queueId("one")] }), ...agents("b", 5)],
      arrivals: [
        stream("one", 6 * 60, { talk: exponential(UNIT_MS), patience: exponential(2 * UNIT_MS) }),
        stream("two", 3 * 60, { talk: exponential(UNIT_MS), patience: exponential(2 * UNIT_MS) }),
      ],
    }),
  groupOf: (agentId) => agentId.slice(0, 1),
  expected: {
    delay1: 0.5836605548633056,
    delay2: 0.7033091058775252,
    queue1: 1.4234092018585192,
    queue2: 0.6480899926909702,
    abandoned1: 0.11861743348820993,
    abandoned2: 0.10801499878182837,
    occupancyA: 0.886625104843108,
    occupancyB: 0.8835499966705639,
  },
  measured: ({ queues, agents: groups }) => {
    const one = queues.get(queueId("one"));
    const two = queues.get(queueId("two"));
    return {
      delay1: one?.delayRate,
      delay2: two?.delayRate,
      queue1: one?.meanQueue,
      queue2: two?.meanQueue,
      abandoned1: one?.abandonRate,
      abandoned2: two?.abandonRate,
      occupancyA: groups.get("a")?.occupancy,
      occupancyB: groups.get("b")?.occupancy,
    };
  },
};

/** Two classes, one pool of 20, both at 10 a unit, patience of two units; who is served next is the policy. */
function vModel(options: {
  readonly name: string;
  readonly queues: readonly Input[];
  readonly queue1: number;
  readonly queue2: number;
}): KnownLimit {
  return {
    name: `V-model: ${options.name}`,
    source:
      "stationary chain, queues cut at 60; Gurvich and Whitt 2009, Mandelbaum and Stolyar 2004; ties go to class 1",
    warmUpMs: 50 * UNIT_MS,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: options.queues,
        staff: agents("a", 20),
        arrivals: ["one", "two"].map((name) =>
          stream(name, 600, { talk: exponential(UNIT_MS), patience: exponential(2 * UNIT_MS) }),
        ),
      }),
    // whoever is served next, an agent is never idle while somebody waits: the sum is that of Erlang A
    expected: {
      delay: 0.609929545288147,
      queue: 2.947495772374375,
      queue1: options.queue1,
      queue2: options.queue2,
    },
    measured: ({ queues, total }) => ({
      delay: total.delayRate,
      queue: total.meanQueue,
      queue1: queues.get(queueId("one"))?.meanQueue,
      queue2: queues.get(queueId("two"))?.meanQueue,
    }),
  };
}

export const V_MODEL_STATIC = vModel({
  name: "static priority",
  queues: [queue("one", { priority: 1 }), queue("two")],
  queue1: 0.5386868430004472,
  queue2: 2.4088089294739996,
});

export const V_MODEL_FQR = vModel({
  name: "fixed queue ratio 3 : 7",
  queues: [
    queue("one", { priority: 1, share: 3 }),
    queue("two", { share: 7 }),
    { type: "config.rules_set", rules: { workStrategy: "fqr" } },
  ],
  queue1: 0.9745189599117994,
  queue2: 1.972976812562576,
});

export const V_MODEL_GCMU = vModel({
  name: "generalised c-mu, costs 3 q1^2 and q2^2",
  queues: [
    queue("one", { priority: 1, cost: { weight: 3, grows: "with_length" }, expectedHandleMs: UNIT_MS }),
    queue("two", { cost: { weight: 1, grows: "with_length" }, expectedHandleMs: UNIT_MS }),
    { type: "config.rules_set", rules: { workStrategy: "gcmu" } },
  ],
  queue1: 0.8312066571102834,
  queue2: 2.1162891153641095,
});

/** One agent, waiting costs 1 and 2 a unit of time, mu 1 and 0.6: the c-mu rule serves class 2 first. */
export const C_MU: KnownLimit = {
  name: "c-mu rule: one agent, two classes",
  source: "Cox and Smith 1961; Cobham's formula",
  warmUpMs: 300 * UNIT_MS,
  scenario: (lengthMs) =>
    floor({
      lengthMs,
      queues: [
        queue("one", { cost: { weight: 1, grows: "constant" }, expectedHandleMs: UNIT_MS }),
        queue("two", { cost: { weight: 2, grows: "constant" }, expectedHandleMs: UNIT_MS / 0.6 }),
        { type: "config.rules_set", rules: { workStrategy: "gcmu" } },
      ],
      staff: agents("a", 1),
      arrivals: [
        stream("one", 0.3 * 60, { talk: exponential(UNIT_MS), patience: NEVER }),
        stream("two", 0.25 * 60, { talk: exponential(UNIT_MS / 0.6), patience: NEVER }),
      ],
    }),
  expected: { cost: 2.657422969187675 },
  measured: ({ queues }) => ({
    cost: weighted([
      [1, queues.get(queueId("one"))?.meanQueue],
      [2, queues.get(queueId("two"))?.meanQueue],
    ]),
  }),
};

/** Twenty agents and five behind them, no waiting room, 20 erlang offered. */
export const TWO_TIERS: KnownLimit = {
  name: "two tiers: 20 agents, 5 behind them, nobody waits",
  source: "Erlang B of 20 and of 25 agents in order",
  warmUpMs: 50 * UNIT_MS,
  scenario: (lengthMs) =>
    floor({
      lengthMs,
      queues: [
        queue("front", {
          overflow: [
            {
              id: "behind",
              afterMs: 0,
              expectedWaitOverMs: 0, // nobody is open at the instant of coming
              to: { kind: "queue", queueId: queueId("behind") },
            },
          ],
        }),
        queue("behind", {
          overflow: [{ id: "full", afterMs: 0, expectedWaitOverMs: 0, to: { kind: "hang_up" } }],
        }),
      ],
      staff: [
        ...agents("a", 20, { queueIds: [queueId("front")] }),
        ...agents("b", 5, { queueIds: [queueId("behind")] }),
      ],
      arrivals: [stream("front", 20 * 60, { talk: exponential(UNIT_MS), patience: NEVER })],
    }),
  groupOf: (agentId) => agentId.slice(0, 1),
  expected: { overflow: 0.15889196154197155, lost: 0.050221777890794614, occupancyB: 0.4346807346047078 },
  measured: ({ queues, agents: groups }) => {
    const front = queues.get(queueId("front"));
    const behind = queues.get(queueId("behind"));
    const offered = front?.offered.value ?? 0;
    return {
      overflow: weighted([[1 / offered, front?.flowOut]]),
      lost: weighted([[1 / offered, behind?.flowOut]]),
      occupancyB: groups.get("b")?.occupancy,
    };
  },
};

/** Cross-selling while no more than `threshold` are in the system: Armony and Gurvich 2010. */
function crossSelling(options: {
  readonly threshold: number;
  readonly expected: Readonly<Record<"crossSales" | "queue" | "delay" | "wait", number>>;
}): KnownLimit {
  return {
    name: `cross-selling up to ${options.threshold} in the system`,
    source: "stationary chain of agents in first and second phase; policy of Armony and Gurvich 2010",
    warmUpMs: 50 * UNIT_MS,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: [queue("q", { crossSell: { inSystemAtMost: options.threshold } })],
        staff: agents("a", 12),
        arrivals: [
          stream("q", 8 * 60, {
            talk: exponential(UNIT_MS),
            patience: NEVER,
            crossSell: { probability: 0.6, talk: exponential(UNIT_MS / 2) },
          }),
        ],
      }),
    expected: options.expected,
    measured: (result) => ({
      // in sales a unit: the counted blocks have a known length
      crossSales: weighted([[UNIT_MS / blockMs(result), result.total.crossSales]]),
      queue: result.total.meanQueue,
      delay: result.total.delayRate,
      wait: weighted([[1 / UNIT_MS, result.total.meanWaitMs]]),
    }),
  };
}

export const CROSS_SELLING: readonly KnownLimit[] = [
  crossSelling({
    threshold: 10,
    expected: {
      crossSales: 2.6701457912607465,
      queue: 0.37779128216667546,
      delay: 0.20848012080435807,
      wait: 0.04722391027083443,
    },
  }),
  crossSelling({
    threshold: 12,
    expected: {
      crossSales: 3.504289489304044,
      queue: 0.5418543578528199,
      delay: 0.33317688137643586,
      wait: 0.06773179473160248,
    },
  }),
];

function blockMs(result: SimulationResult): number {
  return (result.countedTo - result.countedFrom) / result.batches;
}

import { DEFAULT_POLICY } from "@svara/insight";
import type { AgentId } from "@svara/kernel";
import type { Input } from "@svara/routing";
import type { Estimate } from "../confidence.ts";
import type { Distribution } from "../distribution.ts";
import type { Scenario } from "../scenario.ts";
import { type SimulationResult, simulate } from "../simulate.ts";
import { agents, exponential, floor, HOUR_MS, NEVER, queue, queueId, stream, UNIT_MS } from "./floors.ts";

/** A floor for which theory knows the answer. */
export interface KnownLimit {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly warmUpMs: number;
  scenario(lengthMs: number): Scenario;
  readonly groupOf?: (agentId: AgentId) => string;
  /** 20 s if absent. */
  readonly thresholdMs?: number;
  readonly expected: Readonly<Record<string, number>>;
  /** Half widths of the expected figures where they come from another simulation. */
  readonly published?: Readonly<Record<string, number>>;
  measured(result: SimulationResult): Readonly<Record<string, Estimate | undefined>>;
}

const BIRTH_DEATH = "birth-and-death chain, 40 digits";

/** M/M/n: everybody waits. */
function erlangC(options: {
  readonly perHour: number;
  readonly meanTalkS: number;
  readonly agents: number;
  readonly thresholdS: number;
  readonly expected: Readonly<Record<"delay" | "inTarget" | "waitS" | "queue" | "occupancy", number>>;
  readonly source?: string;
}): KnownLimit {
  const { perHour, meanTalkS, expected } = options;
  return {
    name: `Erlang C: ${options.agents} agents, ${perHour} an hour of ${meanTalkS} s`,
    source: options.source ?? BIRTH_DEATH,
    warmUpMs: 4 * HOUR_MS,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: [queue("q")],
        staff: agents("a", options.agents),
        arrivals: [stream("q", perHour, { talk: exponential(meanTalkS * 1000), patience: NEVER })],
      }),
    thresholdMs: options.thresholdS * 1000,
    expected,
    measured: (result) => ({
      delay: result.total.delayRate,
      inTarget: result.total.serviceLevel.SL3,
      waitS: seconds(result.total.meanWaitMs),
      queue: result.total.meanQueue,
      occupancy: result.agents.get("all")?.occupancy,
    }),
  };
}

/** M/GI/n+GI: who waits too long hangs up. */
function erlangA(options: {
  readonly perHour: number;
  readonly talk: Distribution;
  readonly patience: Distribution;
  readonly agents: number;
  readonly expected: Readonly<Record<string, number>>;
  readonly published?: Readonly<Record<string, number>>;
  readonly name: string;
  readonly source: string;
}): KnownLimit {
  return {
    name: options.name,
    source: options.source,
    warmUpMs: 4 * HOUR_MS,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: [queue("q")],
        staff: agents("a", options.agents),
        arrivals: [stream("q", options.perHour, options)],
      }),
    expected: options.expected,
    ...(options.published ? { published: options.published } : {}),
    measured: (result) => ({
      delay: result.total.delayRate,
      abandoned: result.total.abandonRate,
      waitS: seconds(result.total.meanWaitMs),
      waitServedS: seconds(result.total.meanWaitAnsweredMs),
      waitAbandonedS: seconds(result.total.meanWaitAbandonedMs),
      queue: result.total.meanQueue,
      occupancy: result.agents.get("all")?.occupancy,
      inTargetOfAll: result.total.serviceLevel.SL3,
      inTargetOfServed: result.total.serviceLevel.SL2,
    }),
  };
}

export const ERLANG_C_SMALL: readonly KnownLimit[] = [
  erlangC({
    perHour: 60,
    meanTalkS: 60,
    agents: 2,
    thresholdS: 10,
    expected: { delay: 1 / 3, inTarget: 0.717839425036462, waitS: 20, queue: 1 / 3, occupancy: 0.5 },
  }),
  erlangC({
    perHour: 200,
    meanTalkS: 180,
    agents: 14,
    thresholdS: 20,
    expected: {
      delay: 0.17413193359504983,
      inTarget: 0.8883500191794669,
      waitS: 7.835937011777243,
      queue: 0.4353298339876246,
      occupancy: 0.7142857142857143,
    },
    source: "the worked example of the CRAN package ErlangC, repeated by pyworkforce",
  }),
];

export const ERLANG_C_LARGE = erlangC({
  perHour: 1710,
  meanTalkS: 200,
  agents: 100,
  thresholdS: 20,
  expected: {
    delay: 0.5064568539130206,
    inTarget: 0.6928183902801508,
    waitS: 20.258274156520823,
    queue: 9.622680224347391,
    occupancy: 0.95,
  },
});

export const ERLANG_A_SMALL: readonly KnownLimit[] = [
  erlangA({
    name: "Erlang A: 13 agents, 200 an hour of 180 s, patience 300 s",
    source: "the worked example of pyworkforce",
    perHour: 200,
    talk: exponential(180_000),
    patience: exponential(300_000),
    agents: 13,
    expected: {
      delay: 0.22579708404737528,
      abandoned: 0.024963303633571875,
      waitS: 7.488991090071562,
      waitServedS: 6.91396830606578,
      waitAbandonedS: 29.948691291707142,
      queue: 0.41605506055953123,
      occupancy: 0.7500282279741755,
      inTargetOfAll: 0.8581777000307625,
      inTargetOfServed: 0.8801491300059247,
    },
  }),
  erlangA({
    name: "Erlang A, overloaded: 4 agents, 60 an hour of 300 s, patience 60 s",
    source: BIRTH_DEATH,
    perHour: 60,
    talk: exponential(300_000),
    patience: exponential(60_000),
    agents: 4,
    expected: {
      delay: 0.5463789048560962,
      abandoned: 0.3495411915347276,
      waitS: 20.972471492083656,
      waitServedS: 12.624956734306913,
      waitAbandonedS: 36.506304512305206,
      queue: 0.3495411915347276,
      occupancy: 0.8130735105815905,
      inTargetOfAll: 0.5228143853211356,
      inTargetOfServed: 0.8037624804477504,
    },
  }),
];

const WHITT = { perHour: 1836, agents: 100, source: "Whitt, Management Science 51 (2005), tables 1 to 7" };

/** A hundred agents, 2 % overloaded, whose customers hang up. */
export const ERLANG_A_LARGE: readonly KnownLimit[] = [
  erlangA({
    ...WHITT,
    name: "Erlang A: 100 agents, 1836 an hour of 200 s, patience 200 s",
    talk: exponential(200_000),
    patience: exponential(200_000),
    expected: {
      delay: 0.5917186345188439,
      abandoned: 0.04991797599982072,
      waitS: 9.983595199964144,
      waitServedS: 9.80818437095496,
      waitAbandonedS: 13.322165567023777,
      queue: 5.0916335519817135,
      occupancy: 0.9690836644801829,
      inTargetOfAll: 0.7587772981086686,
      inTargetOfServed: 0.7986439896146539,
    },
  }),
  erlangA({
    ...WHITT,
    name: "M/M/100+E2: patience Erlang-2 of mean 200 s",
    talk: exponential(200_000),
    patience: { kind: "erlang", meanMs: 200_000, shape: 2 },
    expected: {
      delay: 0.7545149023024155,
      abandoned: 0.03783225050942324,
      waitS: 23.0573926555481,
      waitServedS: 22.68450084170712,
      queue: 11.75927025432953,
      occupancy: 0.9814111044803883,
      inTargetOfServed: 0.519416836015244,
    },
  }),
  erlangA({
    ...WHITT,
    name: "M/M/100+LN: patience lognormal of mean 200 s and scv 1",
    talk: exponential(200_000),
    patience: { kind: "lognormal", meanMs: 200_000, scv: 1 },
    expected: {
      delay: 0.7570034100010054,
      abandoned: 0.03764750781639122,
      waitS: 22.4054911830801,
      waitServedS: 21.881462054384354,
      queue: 11.42680050337085,
      occupancy: 0.981599542027281,
      inTargetOfServed: 0.5184206842849182,
    },
  }),
];

/** The same floor with talks that are not exponential: other people's simulations, ten runs of five million calls each. */
export const WHITT_SIMULATED: readonly KnownLimit[] = [
  erlangA({
    ...WHITT,
    name: "M/E2/100+E2: talk and patience Erlang-2",
    talk: { kind: "erlang", meanMs: 200_000, shape: 2 },
    patience: { kind: "erlang", meanMs: 200_000, shape: 2 },
    expected: {
      delay: 1 - 0.217,
      abandoned: 0.0351,
      queue: 11.52,
      waitServedS: 22.3,
      inTargetOfServed: 0.51,
    },
    published: {
      delay: 0.0021,
      abandoned: 0.00029,
      queue: 0.075,
      waitServedS: 0.142,
      inTargetOfServed: 0.003,
    },
  }),
  erlangA({
    ...WHITT,
    name: "M/LN/100+LN: talk lognormal of scv 4, patience lognormal of scv 1",
    talk: { kind: "lognormal", meanMs: 200_000, scv: 4 },
    patience: { kind: "lognormal", meanMs: 200_000, scv: 1 },
    expected: {
      delay: 1 - 0.286,
      abandoned: 0.0425,
      queue: 11.55,
      waitServedS: 21.92,
      inTargetOfServed: 0.542,
    },
    published: {
      delay: 0.002,
      abandoned: 0.00021,
      queue: 0.048,
      waitServedS: 0.09,
      inTargetOfServed: 0.002,
    },
  }),
  erlangA({
    ...WHITT,
    name: "M/D/100+E2: talk of 200 s sharp, patience Erlang-2",
    talk: { kind: "deterministic", ms: 200_000 },
    patience: { kind: "erlang", meanMs: 200_000, shape: 2 },
    expected: {
      delay: 1 - 0.18,
      abandoned: 0.0309,
      queue: 11.08,
      waitServedS: 21.56,
      inTargetOfServed: 0.501,
    },
    published: {
      delay: 0.0013,
      abandoned: 0.00017,
      queue: 0.042,
      waitServedS: 0.076,
      inTargetOfServed: 0.0018,
    },
  }),
];

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

/** A day of 480 minutes that begins empty, 4.2 calls a minute of 2 minutes, 12 agents; after closing the queue is served. */
function day(options: {
  readonly name: string;
  readonly patience: Distribution;
  readonly room?: number;
  readonly expected: Readonly<Record<string, number>>;
}): KnownLimit {
  return {
    name: `a whole day: ${options.name}`,
    source:
      "Kolmogorov's forward equations; the example programs of ContactCenters (Universite de Montreal), 1000 days each",
    warmUpMs: 0,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: [
          queue(
            "q",
            options.room === undefined
              ? {}
              : {
                  overflow: [
                    { id: "full", afterMs: 0, lengthOver: options.room - 1, to: { kind: "hang_up" } },
                  ],
                },
          ),
        ],
        staff: agents("a", 12),
        arrivals: [stream("q", 4.2 * 60, { talk: exponential(120_000), patience: options.patience })],
      }),
    expected: options.expected,
    measured: ({ total, agents: groups }) => ({
      inTarget: total.answeredWithin,
      abandoned: total.abandoned,
      blocked: total.flowOut,
      waitMinutes: weighted([[1 / UNIT_MS, total.meanWaitMs]]),
      occupancy: groups.get("all")?.occupancy,
    }),
  };
}

export const DAY_MS = 480 * 60_000;

export const DAY_PATIENT = day({
  name: "everybody waits",
  patience: NEVER,
  expected: {
    inTarget: 1815.2717371103085,
    waitMinutes: 0.10068074101751451,
    occupancy: 0.6969343494877199,
  },
});

export const DAY_IMPATIENT = day({
  name: "patience of a minute",
  patience: exponential(60_000),
  expected: {
    inTarget: 1906.7188944477216,
    abandoned: 59.263218374064984,
    waitMinutes: 0.029396437685548105,
    occupancy: 0.6765583441796216,
  },
});

export const DAY_SMALL_ROOM = day({
  name: "a waiting room of five",
  patience: NEVER,
  room: 5,
  expected: { inTarget: 1854.0688017695531, blocked: 18.863313795857078, occupancy: 0.6904729177284237 },
});

/** Runs a limit and tells every figure that misses its interval, or whose interval is too wide to mean anything. */
export function missedBy(
  limit: KnownLimit,
  options: {
    readonly lengthMs: number;
    readonly seed: number;
    readonly batches?: number;
    readonly replications?: number;
    /** The widest half interval that counts, as a share of the figure. */
    readonly widest: number;
    readonly confidence?: number;
  },
): string[] {
  const { lengthMs, seed, widest, batches = 20, replications = 1, confidence = 0.99 } = options;
  const result = simulate(limit.scenario(lengthMs), {
    seed,
    batches,
    replications,
    confidence,
    warmUpMs: limit.warmUpMs,
    policy: { ...DEFAULT_POLICY, thresholdMs: limit.thresholdMs ?? DEFAULT_POLICY.thresholdMs },
    ...(limit.groupOf ? { groupOf: limit.groupOf } : {}),
  });
  const measured = limit.measured(result);
  return Object.entries(limit.expected).flatMap(([name, expected]) => {
    const { value, halfWidth } = measured[name] ?? { value: null, halfWidth: null };
    if (value === null || halfWidth === null) return [`${limit.name}: ${name} was not measured`];
    const said = `${limit.name}: ${name} ${value.toPrecision(5)} +- ${halfWidth.toPrecision(2)}, expected ${expected.toPrecision(5)}`;
    if (Math.abs(value - expected) > halfWidth + (limit.published?.[name] ?? 0)) return [said];
    return halfWidth > widest * expected ? [`${said}: too wide`] : [];
  });
}

function seconds(estimate: Estimate | undefined): Estimate {
  return weighted([[0.001, estimate]]);
}

/** A weighted sum; its half width is at most the weighted sum of theirs. */
function weighted(parts: readonly (readonly [number, Estimate | undefined])[]): Estimate {
  let value = 0;
  let halfWidth = 0;
  for (const [weight, estimate] of parts) {
    if (estimate?.value === undefined || estimate.value === null || estimate.halfWidth === null) {
      return { value: null, halfWidth: null };
    }
    value += weight * estimate.value;
    halfWidth += weight * estimate.halfWidth;
  }
  return { value, halfWidth };
}

function blockMs(result: SimulationResult): number {
  return (result.countedTo - result.countedFrom) / result.batches;
}

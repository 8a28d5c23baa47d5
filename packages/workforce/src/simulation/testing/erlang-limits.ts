import type { Distribution } from "../distribution.ts";
import { agents, exponential, floor, HOUR_MS, NEVER, queue, stream } from "./floors.ts";
import { type KnownLimit, seconds } from "./known-limit.ts";

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

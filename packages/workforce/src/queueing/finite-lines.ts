import { erlangB, erlangBLines, inverseErlangB } from "./erlang-b.ts";
import { type QueueFigures, serviceLevels, type ThresholdFigures } from "./figures.ts";
import {
  badInput,
  durationIn,
  erlangIn,
  LIMITS,
  numberIn,
  openShareIn,
  rateIn,
  secondsIn,
  unreachableTarget,
  wholeAgentsIn,
} from "./input.ts";
import { leastWhole } from "./root.ts";

/** A queue behind so many lines, waiting and talking together: M/M/n/k, with or without callers who hang up. */
export interface FiniteLinesInput {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  readonly agents: number;
  /** At least `agents`; both are whole. */
  readonly lines: number;
  /** null: nobody hangs up. */
  readonly meanPatienceS: number | null;
  readonly thresholdsS?: readonly number[];
}

const TINY = 1e-18;

/**
 * The figures of M/M/n/k(+M). Shares and waits are of those who entered; `pBlock` is of all who tried. Exact: the
 * stationary chain, and for each place in the queue the chance to be served in time.
 * @throws `queueing.bad_input` naming the field
 */
export function finiteLines(input: FiniteLinesInput): QueueFigures {
  const { lambdaPerHour, ahtS, agents, lines, meanPatienceS, thresholdsS = [] } = input;
  const lambda = rateIn(lambdaPerHour) / 3600;
  const offeredErlang = lambda * durationIn(ahtS, "ahtS");
  wholeAgentsIn(agents);
  numberIn(lines, "lines", { min: 1, max: LIMITS.lines, isWhole: true });
  if (lines < agents)
    throw badInput("lines", `lines is ${lines}, below the ${agents} agents; give at least one line an agent`);
  const theta = meanPatienceS === null ? 0 : 1 / durationIn(meanPatienceS, "meanPatienceS");
  const capacity = agents / ahtS;

  // Weights by place in the queue relative to "all agents busy, nobody waits", scaled against overflow.
  const weights = new Float64Array(lines - agents + 1);
  weights[0] = 1;
  let below = inverseErlangB(agents, offeredErlang) - 1;
  let places = 1;
  for (; places < weights.length; places++) {
    const weight = ((weights[places - 1] ?? 0) * lambda) / (capacity + places * theta);
    weights[places] = weight;
    if (weight < TINY && lambda < capacity + places * theta) break;
    if (weight > 1e200) {
      for (let i = 0; i <= places; i++) weights[i] = (weights[i] ?? 0) / weight;
      below /= weight;
    }
  }
  const isFull = places === weights.length;
  let [busy, queued] = [0, 0];
  for (let i = Math.min(places, weights.length - 1); i >= 0; i--) {
    busy += weights[i] ?? 0;
    queued += i * (weights[i] ?? 0);
  }
  const total = below + busy;
  const pBlock = (isFull ? (weights[weights.length - 1] ?? 0) : 0) / total;
  const entering = busy - (isFull ? (weights[weights.length - 1] ?? 0) : 0);
  const entered = below + entering;
  // With far too many agents the weights below exceed every double: nobody waits.
  const pBelow = below === Number.POSITIVE_INFINITY ? 1 : below / entered;
  const meanQueue = queued / total;
  const rate = lambda * (1 - pBlock);
  const pWait = entering / entered;
  const meanWaitAllS = rate > 0 ? meanQueue / rate : 0;
  const pAbandon = theta * meanWaitAllS;
  const places0 = weights.subarray(0, isFull ? weights.length - 1 : places + 1);
  const waits = abandonedWaits(places0, { capacity, theta });
  const meanWaitAbandonedS = theta === 0 ? null : waits.gone > 0 ? waits.waitGone / waits.gone : 0;
  return {
    agents,
    offeredErlang,
    pBlock,
    pWait,
    pAbandon,
    meanWaitAllS,
    meanWaitServedS:
      pAbandon < 1 ? (meanWaitAllS - pAbandon * (meanWaitAbandonedS ?? 0)) / (1 - pAbandon) : 0,
    meanWaitAbandonedS,
    meanWaitGivenWaitS: pWait > 0 ? meanWaitAllS / pWait : ahtS / agents,
    meanQueue,
    occupancy: (offeredErlang * (1 - pBlock) * (1 - pAbandon)) / agents,
    within: thresholdsS.map((thresholdS) =>
      within(secondsIn(thresholdS, "thresholdsS"), places0, {
        capacity,
        theta,
        entered,
        pBelow,
        served: 1 - pAbandon,
      }),
    ),
  };
}

/**
 * What becomes of who arrives behind `ahead` others: the offered wait is a sum of exponential times of rates
 * capacity + i theta, i = 0..ahead, so e^(-theta wait) is a beta variable, and its moments are closed forms.
 */
function behind(ahead: number, { capacity, theta }: { capacity: number; theta: number }) {
  const all = (ahead + 1) / (capacity + (ahead + 1) * theta);
  return { meanWaitS: all, pAbandon: theta * all };
}

function abandonedWaits(
  weights: Float64Array,
  { capacity, theta }: { capacity: number; theta: number },
): { readonly gone: number; readonly waitGone: number } {
  let [gone, waitGone] = [0, 0];
  if (theta === 0) return { gone, waitGone };
  // With X = e^(-theta V) ~ Beta(a, j + 1): the wait of who abandons is E[(1 - X(1 + theta V))] / theta
  // = (1 - m (1 + sum over i <= j of theta / (capacity + (i + 1) theta))) / theta, m = E[X].
  let harmonic = 0;
  for (const [ahead, weight] of weights.entries()) {
    harmonic += theta / (capacity + (ahead + 1) * theta);
    const left = behind(ahead, { capacity, theta }).pAbandon;
    gone += weight * left;
    waitGone += (weight * (left - (1 - left) * harmonic)) / theta;
  }
  return { gone, waitGone };
}

/** The chances of who arrives behind `ahead` others at a threshold. */
export interface PlaceChances {
  /** Served after more than the threshold, and still there. */
  readonly servedLate: number;
  /** The offered wait is above the threshold. */
  readonly offeredLate: number;
}

/**
 * For each place in the queue the chances at a threshold: sums of positive terms (negative binomial; Poisson without
 * abandonment), by their logarithms.
 */
export function placeChances(
  places: number,
  options: { readonly capacity: number; readonly theta: number; readonly thresholdS: number },
): readonly PlaceChances[] {
  const { capacity, theta, thresholdS } = options;
  const spent = theta === 0 ? thresholdS : -Math.expm1(-theta * thresholdS) / theta;
  const chances: PlaceChances[] = [];
  // Two such sums: with rates from capacity on, and from capacity + theta on (weighted by e^(-theta wait)).
  let [logTerm, logShifted] = [-capacity * thresholdS, -(capacity + theta) * thresholdS];
  let [offered, shifted] = [0, 0];
  for (let j = 0; j < places; j++) {
    if (j > 0) {
      logTerm += Math.log((spent * (capacity + (j - 1) * theta)) / j);
      logShifted += Math.log((spent * (capacity + j * theta)) / j);
    }
    offered += Math.exp(logTerm);
    shifted += Math.exp(logShifted);
    const stays = capacity / (capacity + (j + 1) * theta);
    chances.push({ servedLate: stays * Math.min(1, shifted), offeredLate: Math.min(1, offered) });
  }
  return chances;
}

function within(
  thresholdS: number,
  weights: Float64Array,
  options: {
    readonly capacity: number;
    readonly theta: number;
    readonly entered: number;
    readonly pBelow: number;
    readonly served: number;
  },
): ThresholdFigures {
  const { theta, entered, pBelow, served } = options;
  const survival = Math.exp(-theta * thresholdS);
  let [servedWithin, pWaitGt] = [pBelow, 0];
  for (const [ahead, chance] of placeChances(weights.length, { ...options, thresholdS }).entries()) {
    const weight = (weights[ahead] ?? 0) / entered;
    servedWithin += weight * (1 - behind(ahead, options).pAbandon - chance.servedLate);
    pWaitGt += weight * chance.offeredLate * survival;
  }
  return {
    thresholdS,
    serviceLevel: serviceLevels({
      servedWithin,
      abandonedWithin: Math.max(0, 1 - servedWithin - pWaitGt),
      served,
    }),
    pWaitGt,
  };
}

/** Lines for a queue: what its callers, waiting and talking, occupy. */
export interface Trunks {
  readonly lines: number;
  readonly pBlock: number;
  /** Load on the lines, in erlang. */
  readonly trunkErlang: number;
  /** The lines that Erlang B alone would ask for that load. */
  readonly linesErlangB: number;
}

/**
 * The fewest lines so that at most `maxBlocking` of the callers hear the busy tone, with `beforeS` on the line before the
 * queue (announcements, menus) added to the load by Erlang B's insensitivity.
 */
export function trunksFor(input: {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  readonly agents: number;
  readonly meanPatienceS: number | null;
  readonly maxBlocking: number;
  readonly beforeS?: number;
}): Trunks {
  const { maxBlocking, beforeS = 0, ...queue } = input;
  openShareIn(maxBlocking, "maxBlocking");
  secondsIn(beforeS, "beforeS");
  const before = erlangIn((rateIn(queue.lambdaPerHour) / 3600) * beforeS, "beforeS");
  const figuresOf = (lines: number): QueueFigures => finiteLines({ ...queue, lines });
  const inQueue = leastWhole(
    wholeAgentsIn(queue.agents),
    LIMITS.lines,
    (lines) => figuresOf(lines).pBlock <= maxBlocking,
    queue.agents + 2 * Math.sqrt(queue.agents),
  );
  if (inQueue === undefined)
    throw unreachableTarget(
      "maxBlocking",
      `${queue.agents} agents lose more than ${maxBlocking} at any number of lines: nobody hangs up and the load is above what they carry; give more agents`,
    );
  const figures = figuresOf(inQueue);
  const trunkErlang = before + figures.meanQueue + figures.occupancy * queue.agents;
  const linesErlangB = erlangBLines(trunkErlang, maxBlocking);
  const lines = before > 0 ? Math.max(inQueue, linesErlangB) : inQueue;
  return {
    lines,
    pBlock: before > 0 ? erlangB(lines, trunkErlang) : figures.pBlock,
    trunkErlang,
    linesErlangB,
  };
}

import { inverseErlangB } from "./erlang-b.ts";
import { type QueueFigures, serviceLevels, type ThresholdFigures } from "./figures.ts";
import { agentsIn, durationIn, rateIn, secondsIn, shareIn, unstable } from "./input.ts";
import { integrate } from "./integrate.ts";
import { type Patience, type PatienceInput, patienceOf } from "./patience.ts";
import { bisect, firstBeyond } from "./root.ts";

/** A queue whose callers hang up: M/M/n+G. */
export interface ImpatientQueueInput {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  /** Above 0, whole or not. */
  readonly agents: number;
  readonly patience: PatienceInput;
  readonly thresholdsS?: readonly number[];
}

export interface ImpatientQueueFigures extends QueueFigures {
  readonly meanWaitAbandonedS: number;
  /** The wait that somebody of endless patience would have. */
  readonly meanOfferedWaitS: number;
}

/** A queue of callers with exponential patience: M/M/n+M. */
export interface ErlangAInput {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  readonly agents: number;
  readonly meanPatienceS: number;
  readonly thresholdsS?: readonly number[];
}

/**
 * Erlang A: the figures of M/M/n+M (Palm 1943; Garnett, Mandelbaum, Reiman 2002). Stable under any load.
 * @throws `queueing.bad_input` naming the field
 */
export const erlangA = (input: ErlangAInput): ImpatientQueueFigures => impatientQueue(withExponential(input));

/** The wait that a share `p` of all calls (served or not) does not exceed, in seconds. */
export const erlangAWaitQuantile = (input: ErlangAInput, p: number): number =>
  impatientWaitQuantile(withExponential(input), p);

function withExponential({ meanPatienceS, ...input }: ErlangAInput): ImpatientQueueInput {
  return { ...input, patience: { dist: "exponential", meanS: durationIn(meanPatienceS, "meanPatienceS") } };
}

/**
 * The figures of M/M/n+G by integrals over the offered wait (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).
 * With H(x) the mean of min(patience, x), the density of the offered wait is proportional to exp(lambda H(x) - n mu x).
 * @throws `queueing.unstable` when too many never hang up; `queueing.bad_input` naming the field
 */
export function impatientQueue(input: ImpatientQueueInput): ImpatientQueueFigures {
  const { lambdaPerHour, ahtS, agents, thresholdsS = [] } = input;
  const lambda = rateIn(lambdaPerHour) / 3600;
  const offeredErlang = lambda * durationIn(ahtS, "ahtS");
  for (const thresholdS of thresholdsS) secondsIn(thresholdS, "thresholdsS");
  const wait = offeredWait({
    lambda,
    ahtS,
    agents: agentsIn(agents),
    patience: patienceOf(input.patience),
    thresholdsS,
  });
  const { scale, total } = wait;
  const pWait = lambda * total.density * scale;
  const pAbandon = lambda * total.gone * scale;
  const served = wait.pNoWait + lambda * total.served * scale;
  const meanWaitAllS = lambda * total.waited * scale;
  return {
    agents,
    offeredErlang,
    pBlock: 0,
    pWait,
    pAbandon,
    meanWaitAllS,
    meanWaitServedS: (lambda * total.waitServed * scale) / served,
    meanWaitAbandonedS: total.gone > 0 ? total.waitGone / total.gone : 0,
    meanWaitGivenWaitS: total.waited / total.density,
    meanQueue: lambda * meanWaitAllS,
    occupancy: (offeredErlang * served) / agents,
    meanOfferedWaitS: lambda * total.offered * scale,
    within: wait.within.map((part) => thresholdFigures(part, { lambda, wait, served })),
  };
}

/** The wait that a share `p` of all calls (served or not) does not exceed, in seconds. */
export function impatientWaitQuantile(input: ImpatientQueueInput, p: number): number {
  shareIn(p, "p");
  const isBeyond = (thresholdS: number): boolean => {
    const [part] = impatientQueue({ ...input, thresholdsS: [thresholdS] }).within;
    return (part?.pWaitGt ?? 0) <= 1 - p;
  };
  if (isBeyond(0)) return 0;
  const high = firstBeyond(0, input.ahtS / input.agents, isBeyond, 60);
  return high === undefined ? Number.POSITIVE_INFINITY : bisect(0, high, isBeyond);
}

/** Integrals of the density of the offered wait (without its scale) times ... */
interface Integrals {
  /** 1 */
  readonly density: number;
  /** ... the share still there, */
  readonly served: number;
  /** the share that has gone, */
  readonly gone: number;
  /** the mean wait of all, of those still there, of those gone, */
  readonly waited: number;
  readonly waitServed: number;
  readonly waitGone: number;
  /** and the offered wait itself. */
  readonly offered: number;
}

interface OfferedWait {
  /** Times lambda and this, an integral is a chance; 0 where waiting is rarer than a double shows. */
  readonly scale: number;
  /** No wait at all. */
  readonly pNoWait: number;
  readonly total: Integrals;
  /** At each threshold: the integrals up to it, the density above it, the survival at it. */
  readonly within: readonly WithinThreshold[];
}

interface WithinThreshold {
  readonly thresholdS: number;
  readonly upTo: Integrals;
  readonly above: number;
  readonly survival: number;
  readonly gone: number;
}

function thresholdFigures(
  part: WithinThreshold,
  { lambda, wait, served }: { lambda: number; wait: OfferedWait; served: number },
): ThresholdFigures {
  const { scale, pNoWait } = wait;
  return {
    thresholdS: part.thresholdS,
    serviceLevel: serviceLevels({
      servedWithin: pNoWait + lambda * part.upTo.served * scale,
      abandonedWithin: lambda * (part.upTo.gone + part.above * part.gone) * scale,
      served,
    }),
    pWaitGt: lambda * part.above * part.survival * scale,
  };
}

/** Below its peak by more than this exponent the density is nothing to a double. */
const REACH = 60;
const PANEL = 3; // exponent's change over one first panel

function offeredWait(options: {
  readonly lambda: number;
  readonly ahtS: number;
  readonly agents: number;
  readonly patience: Patience;
  readonly thresholdsS: readonly number[];
}): OfferedWait {
  const { lambda, ahtS, agents, patience, thresholdsS } = options;
  const capacity = agents / ahtS;
  const exponent = (x: number): number => lambda * patience.waited(x) - capacity * x;
  const falls = (x: number): boolean => lambda * patience.survival(x) < capacity;
  const step = ahtS / agents;

  // The exponent is concave: it rises to one peak and falls for ever after.
  const peakEnd = falls(0) ? 0 : firstBeyond(0, step, falls);
  if (peakEnd === undefined)
    throw unstable({
      offeredErlang: lambda * ahtS * patience.survival(Number.MAX_VALUE),
      agents,
      remedy: "too many callers never hang up: give more agents, or a patience that ends",
    });
  const peakS = peakEnd === 0 ? 0 : bisect(0, peakEnd, falls);
  const top = exponent(peakS);
  const lastS = Math.max(peakS, ...thresholdsS);
  const floor = exponent(lastS) - REACH;
  const endS = firstBeyond(lastS, step, (x) => exponent(x) < floor) ?? lastS;

  const cuts = [...new Set([0, peakS, endS, ...thresholdsS, ...patience.kinksS])]
    .filter((x) => x <= endS)
    .sort((a, b) => a - b);
  const weigh = (x: number, values: Float64Array): void => {
    const density = Math.exp(exponent(x) - top);
    const survival = patience.survival(x);
    const waitGone = patience.waitOfGone(x);
    values[0] = density;
    values[1] = density * survival;
    values[2] = density * patience.gone(x);
    values[3] = density * patience.waited(x);
    values[4] = density * survival * x;
    values[5] = density * waitGone;
    values[6] = density * x;
  };

  // From the far end, where densities are small: what lies nearer needs no more exactness than the whole.
  const beyond = new Float64Array(7);
  const parts: Float64Array[] = [];
  for (let i = cuts.length - 2; i >= 0; i--) {
    const part = new Float64Array(7);
    integrateReach(cuts[i] ?? 0, cuts[i + 1] ?? 0, exponent, (low, high) =>
      integrate(low, high, weigh, part, beyond),
    );
    addTo(beyond, part);
    parts[i] = part;
  }
  const sums = new Float64Array(7);
  const upTo = new Map<number, Float64Array>([[0, sums.slice()]]);
  for (const [i, part] of parts.entries()) {
    addTo(sums, part);
    upTo.set(cuts[i + 1] ?? 0, sums.slice());
  }
  // Where nobody calls, nobody waits, whatever the formula's limit would be.
  const atNought =
    lambda === 0 ? Number.POSITIVE_INFINITY : inverseErlangB(agents - 1, lambda * ahtS) * Math.exp(-top);
  const total = integralsOf(sums);
  const scale = 1 / (atNought + lambda * total.density);
  return {
    scale,
    pNoWait: atNought === Number.POSITIVE_INFINITY ? 1 : atNought * scale,
    total,
    within: thresholdsS.map((thresholdS) => ({
      thresholdS,
      upTo: integralsOf(upTo.get(thresholdS) ?? sums),
      // Summed from the far end: what is left above a late threshold is small.
      above: densityAbove(parts, cuts.indexOf(thresholdS)),
      survival: patience.survival(thresholdS),
      gone: patience.gone(thresholdS),
    })),
  };
}

function addTo(sums: Float64Array, part: Float64Array): void {
  for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] ?? 0) + (part[k] ?? 0);
}

/** Integrates where the exponent, which rises or falls throughout [a, b], is within reach of its greatest there. */
function integrateReach(
  a: number,
  b: number,
  exponent: (x: number) => number,
  part: (low: number, high: number) => void,
): void {
  const [atA, atB] = [exponent(a), exponent(b)];
  const floor = Math.max(atA, atB) - REACH;
  const low = atA < floor ? bisect(a, b, (x) => exponent(x) >= floor) : a;
  const high = atB < floor ? bisect(a, b, (x) => exponent(x) < floor) : b;
  const change = Math.abs(exponent(high) - exponent(low));
  const panels = Math.ceil(change / PANEL) || 1;
  for (let i = 0; i < panels; i++) {
    part(low + ((high - low) * i) / panels, low + ((high - low) * (i + 1)) / panels);
  }
}

function densityAbove(parts: readonly Float64Array[], from: number): number {
  let sum = 0;
  for (let i = parts.length - 1; i >= from; i--) sum += parts[i]?.[0] ?? 0;
  return sum;
}

function integralsOf(sums: Float64Array): Integrals {
  const [density = 0, served = 0, gone = 0, waited = 0, waitServed = 0, waitGone = 0, offered = 0] = sums;
  return { density, served, gone, waited, waitServed, waitGone, offered };
}

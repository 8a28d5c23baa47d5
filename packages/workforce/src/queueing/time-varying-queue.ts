import { badInput, durationIn, LIMITS, numberIn, tooLarge, wholeAgentsIn } from "./input.ts";

/** A queue over time: M(t)/M/n(t)+M. */
export interface TimeVaryingInput {
  /** Arrivals an hour at an instant, never below 0; smooth but for the instants of `staff`. */
  lambdaPerHourAt(tS: number): number;
  readonly ahtS: number;
  /** null: nobody hangs up. */
  readonly meanPatienceS: number | null;
  /**
   * Agents from an instant on, rising; the first from 0. Where agents leave, who is with them counts as waiting again: the
   * model of theory, not of a floor that finishes its calls.
   */
  readonly staff: readonly { readonly fromS: number; readonly agents: number }[];
  /** Rising instants at which the queue is looked at. */
  readonly atS: readonly number[];
  readonly presentAtStart?: number;
}

export interface Moment {
  readonly tS: number;
  /** All agents busy. */
  readonly pDelay: number;
  readonly meanQueue: number;
  readonly meanInSystem: number;
}

const TOLERANCE = 1e-10; // of the probabilities, per step
const EDGE = 1e-12;
const NOTHING = 1e-200; // below, processors soon reckon a hundred times slower

/**
 * The state of the queue at the instants asked for, by Kolmogorov's forward equations (Dormand and Prince's method of
 * order 5, its steps by its own error).
 * @throws `queueing.bad_input` naming the field
 */
export function timeVaryingQueue(input: TimeVaryingInput): readonly Moment[] {
  const { staff, atS, presentAtStart = 0 } = input;
  durationIn(input.ahtS, "ahtS");
  if (input.meanPatienceS !== null) durationIn(input.meanPatienceS, "meanPatienceS");
  if (staff[0]?.fromS !== 0)
    throw badInput("staff", "staff does not begin at 0; give the agents from 0 s on");
  for (const [i, { fromS, agents }] of staff.entries()) {
    wholeAgentsIn(agents, `staff[${i}].agents`);
    numberIn(fromS, `staff[${i}].fromS`, {
      min: staff[i - 1]?.fromS ?? 0,
      max: LIMITS.seconds,
      isAbove: i > 0,
    });
  }
  for (const [i, tS] of atS.entries())
    numberIn(tS, `atS[${i}]`, { min: atS[i - 1] ?? 0, max: LIMITS.seconds });
  numberIn(presentAtStart, "presentAtStart", { min: 0, max: 100_000, isWhole: true });
  const most = Math.max(presentAtStart, ...staff.map(({ agents }) => agents));
  for (let states = Math.ceil(most + 60 + 8 * Math.sqrt(most)); ; states = Math.ceil(1.5 * states)) {
    checkWork(input, states, most);
    const moments = followed(input, states);
    if (moments !== undefined) return moments;
  }
}

const MOST_WORK = 1.5e8; // steps times states: some seconds

/** Steps are as short as the fastest change that the states can make. */
function checkWork({ ahtS, meanPatienceS, atS }: TimeVaryingInput, states: number, agents: number): void {
  const fastest =
    (2 * agents) / ahtS + (meanPatienceS === null ? 0 : Math.max(0, states - agents) / meanPatienceS);
  const lastS = atS[atS.length - 1] ?? 0;
  if (fastest * lastS * states > MOST_WORK || states > 1_000_000)
    throw tooLarge("staff", "a queue over time");
}

/** Nothing when the last state comes to weigh something: more states are needed. */
function followed(input: TimeVaryingInput, states: number): readonly Moment[] | undefined {
  const { ahtS, meanPatienceS, staff, atS, presentAtStart = 0 } = input;
  const [mu, theta] = [1 / ahtS, meanPatienceS === null ? 0 : 1 / meanPatienceS];
  let agents = staff[0]?.agents ?? 1;
  const death = new Float64Array(states);
  const staffed = (count: number): void => {
    agents = count;
    for (let n = 0; n < states; n++) death[n] = Math.min(n, count) * mu + Math.max(0, n - count) * theta;
  };
  staffed(agents);
  const slope = (t: number, p: Float64Array, out: Float64Array): void => {
    const lambda = rateAt(input, t);
    let up = 0; // the flow between the state below and this one, net
    for (let n = 0; n + 1 < states; n++) {
      const above = lambda * (p[n] ?? 0) - (death[n + 1] ?? 0) * (p[n + 1] ?? 0);
      out[n] = up - above;
      up = above;
    }
    out[states - 1] = up;
  };
  const solver = new DormandPrince(states, slope);
  solver.state[presentAtStart] = 1;
  const moments: Moment[] = [];
  const ends = [...new Set([...atS, ...staff.map(({ fromS }) => fromS)])].sort((a, b) => a - b);
  const lastS = atS[atS.length - 1] ?? 0;
  for (const end of ends) {
    if (end > lastS) break;
    solver.advance(end);
    if ((solver.state[states - 1] ?? 0) > EDGE) return undefined;
    staffed(staff.findLast(({ fromS }) => fromS <= end)?.agents ?? agents);
    if (atS.includes(end)) moments.push(momentOf(end, solver.state, agents));
  }
  return atS.map((tS) => moments.find((moment) => moment.tS === tS) ?? momentOf(tS, solver.state, agents));
}

function rateAt(input: TimeVaryingInput, tS: number): number {
  const rate = input.lambdaPerHourAt(tS);
  if (Number.isFinite(rate) && rate >= -1e-9) return Math.max(0, rate) / 3600;
  throw badInput(
    "lambdaPerHourAt",
    `lambdaPerHourAt is ${rate} at ${tS} s; give a rate that is never below 0`,
  );
}

function momentOf(tS: number, p: Float64Array, agents: number): Moment {
  let [pDelay, meanQueue, meanInSystem] = [0, 0, 0];
  for (let n = p.length - 1; n >= 0; n--) {
    const chance = p[n] ?? 0;
    meanInSystem += n * chance;
    if (n < agents) continue;
    pDelay += chance;
    meanQueue += (n - agents) * chance;
  }
  return { tS, pDelay, meanQueue, meanInSystem };
}

/** Ordinary differential equations by Dormand and Prince's pair of orders 5 and 4 (1980). */
class DormandPrince {
  readonly state: Float64Array;
  readonly #slope: (t: number, state: Float64Array, out: Float64Array) => void;
  readonly #k: readonly Float64Array[];
  readonly #trial: Float64Array;
  readonly #off: Float64Array;
  #t = 0;
  #step = 1e-3;

  constructor(size: number, slope: (t: number, state: Float64Array, out: Float64Array) => void) {
    this.state = new Float64Array(size);
    this.#slope = slope;
    this.#k = Array.from({ length: 7 }, () => new Float64Array(size));
    this.#trial = new Float64Array(size);
    this.#off = new Float64Array(size);
  }

  advance(until: number): void {
    while (this.#t < until) {
      const step = Math.min(this.#step, until - this.#t);
      const error = this.#try(step);
      const factor = error === 0 ? 4 : Math.min(4, Math.max(0.2, 0.9 * (TOLERANCE / error) ** 0.2));
      if (error <= TOLERANCE) {
        for (let n = 0; n < this.state.length; n++) {
          const chance = this.#trial[n] ?? 0;
          this.state[n] = Math.abs(chance) < NOTHING ? 0 : chance;
        }
        this.#t = step === until - this.#t ? until : this.#t + step;
        // A step that the end cut short says nothing against the longer one.
        this.#step = step < this.#step ? Math.max(this.#step, step * factor) : step * factor;
      } else this.#step = step * factor;
    }
  }

  /** One step into the trial state; returns its estimated error. */
  #try(step: number): number {
    const { state } = this;
    const [k, trial] = [this.#k, this.#trial];
    for (const [stage, row] of TABLEAU.entries()) {
      trial.set(state);
      addAll(trial, row, k, step);
      const out = k[stage];
      if (out) this.#slope(this.#t + (NODES[stage] ?? 0) * step, trial, out);
    }
    // The last row is the fifth-order result itself, so `trial` holds it.
    this.#off.fill(0);
    addAll(this.#off, ERROR, k, step);
    let error = 0;
    for (let n = 0; n < this.#off.length; n++) error = Math.max(error, Math.abs(this.#off[n] ?? 0));
    return error;
  }
}

/** Adds step times the slopes, each by its weight: one slope after the other, which runs through memory in order. */
function addAll(
  sum: Float64Array,
  weights: readonly number[],
  slopes: readonly Float64Array[],
  step: number,
): void {
  for (const [i, weight] of weights.entries()) {
    const slope = slopes[i];
    if (weight === 0 || slope === undefined) continue;
    const factor = weight * step;
    for (let n = 0; n < sum.length; n++) sum[n] = (sum[n] ?? 0) + factor * (slope[n] ?? 0);
  }
}

const NODES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const TABLEAU: readonly (readonly number[])[] = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

import { placeChances } from "./finite-lines.ts";
import { durationIn, LIMITS, numberIn, rateIn, secondsIn, tooLarge, wholeAgentsIn } from "./input.ts";
import { logFactorial } from "./offered-load.ts";

/** A day that begins empty, with a steady rate; after closing nobody comes and the queue is served by the same agents. */
export interface TransientDayInput {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  readonly agents: number;
  readonly dayS: number;
  readonly thresholdS: number;
  /** null: nobody hangs up. */
  readonly meanPatienceS?: number | null;
  /** Places to wait; who finds none hears the busy tone. No limit when absent. */
  readonly queueCapacity?: number;
}

/** Exact expectations over one day. Waits are of who entered. */
export interface TransientDay {
  readonly arrivals: number;
  readonly blocked: number;
  readonly abandoned: number;
  /** Served within the threshold. */
  readonly inTarget: number;
  /** Of all arrivals. */
  readonly serviceLevel: number;
  readonly meanWaitS: number;
  /** While open. */
  readonly occupancy: number;
}

/**
 * The day's expectations from the chain's probabilities over time, by uniformisation (Jensen 1953): who arrives at a state
 * waits independently of who comes later.
 * @throws `queueing.bad_input` naming the field
 */
export function transientDay(input: TransientDayInput): TransientDay {
  const { lambdaPerHour, ahtS, agents, dayS, thresholdS, meanPatienceS = null, queueCapacity } = input;
  const lambda = rateIn(lambdaPerHour) / 3600;
  const mu = 1 / durationIn(ahtS, "ahtS");
  wholeAgentsIn(agents);
  durationIn(dayS, "dayS");
  secondsIn(thresholdS, "thresholdS");
  const theta = meanPatienceS === null ? 0 : 1 / durationIn(meanPatienceS, "meanPatienceS");
  if (queueCapacity !== undefined)
    numberIn(queueCapacity, "queueCapacity", { min: 0, max: LIMITS.agents, isWhole: true });

  for (let room = queueCapacity ?? 50; ; room *= 2) {
    const secondsIn = timeInStates({ lambda, mu, theta, agents, room, dayS });
    const full = secondsIn[agents + room] ?? 0;
    if (queueCapacity === undefined && full > 1e-13 * dayS) continue;
    return sumUp(secondsIn, {
      lambda,
      mu,
      theta,
      agents,
      room,
      dayS,
      thresholdS,
      isLimited: queueCapacity !== undefined,
    });
  }
}

interface Day {
  readonly lambda: number;
  readonly mu: number;
  readonly theta: number;
  readonly agents: number;
  readonly room: number;
  readonly dayS: number;
}

const MOST_WORK = 5e8; // jumps times states: a few seconds
const NOTHING = 1e-280; // below, processors reckon a hundred times slower

/** The expected seconds of the day with so many present. */
function timeInStates({ lambda, mu, theta, agents, room, dayS }: Day): Float64Array {
  const size = agents + room + 1;
  const death = (n: number): number => Math.min(n, agents) * mu + Math.max(0, n - agents) * theta;
  const uniform = lambda + death(size - 1);
  const jumps = uniform * dayS;
  if (jumps * size > MOST_WORK) throw tooLarge("agents", "a day");
  const spent = new Float64Array(size);
  let now = new Float64Array(size);
  let next = new Float64Array(size);
  now[0] = 1;
  const more = poissonTail(jumps);
  const up = lambda / uniform;
  const down = Float64Array.from({ length: size + 1 }, (_, n) => (n < size ? death(n) / uniform : 0));
  const stay = Float64Array.from({ length: size }, (_, n) => 1 - (n + 1 < size ? up : 0) - (down[n] ?? 0));
  for (let k = 0; k < more.length; k++) {
    const weight = (more[k] ?? 0) / uniform;
    let below = 0;
    let here = now[0] ?? 0;
    for (let n = 0; n < size; n++) {
      const above = n + 1 < size ? (now[n + 1] ?? 0) : 0;
      spent[n] = (spent[n] ?? 0) + weight * here;
      const chance = below * up + here * (stay[n] ?? 0) + above * (down[n + 1] ?? 0);
      next[n] = chance < NOTHING ? 0 : chance;
      below = here;
      here = above;
    }
    [now, next] = [next, now];
  }
  return spent;
}

/** P(a Poisson number of this mean is above k) for k = 0, 1, ... until it is nothing. */
function poissonTail(mean: number): Float64Array {
  const spread = 10 * Math.sqrt(mean) + 40;
  const first = Math.max(0, Math.floor(mean - spread));
  const last = Math.ceil(mean + spread);
  const above = new Float64Array(last + 1).fill(1);
  let sum = 0;
  for (let k = last; k >= first; k--) {
    above[k] = Math.min(1, sum);
    sum += Math.exp(k * Math.log(mean) - mean - logFactorial(k));
  }
  return above;
}

function sumUp(
  spent: Float64Array,
  day: Day & { readonly thresholdS: number; readonly isLimited: boolean },
): TransientDay {
  const { lambda, mu, theta, agents, room, dayS, thresholdS, isLimited } = day;
  const capacity = agents * mu;
  const chances = placeChances(room, { capacity, theta, thresholdS });
  const arrivals = lambda * dayS;
  const blocked = isLimited ? lambda * (spent[agents + room] ?? 0) : 0;
  let [abandoned, inTarget, waited, busy] = [0, 0, 0, 0];
  for (const [present, seconds] of spent.entries()) {
    const came = lambda * seconds;
    busy += seconds * Math.min(present, agents);
    if (present < agents) inTarget += came;
    else if (present < agents + room) {
      const ahead = present - agents;
      const wait = (ahead + 1) / (capacity + (ahead + 1) * theta);
      const leaves = theta * wait;
      abandoned += came * leaves;
      waited += came * wait;
      inTarget += came * (1 - leaves - (chances[ahead]?.servedLate ?? 0));
    }
  }
  return {
    arrivals,
    blocked,
    abandoned,
    inTarget,
    serviceLevel: arrivals > 0 ? inTarget / arrivals : 1,
    meanWaitS: arrivals > blocked ? waited / (arrivals - blocked) : 0,
    occupancy: busy / (agents * dayS),
  };
}

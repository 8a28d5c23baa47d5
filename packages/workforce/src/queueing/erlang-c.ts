import { inverseErlangB } from "./erlang-b.ts";
import { type QueueFigures, serviceLevels } from "./figures.ts";
import { agentsIn, durationIn, erlangIn, rateIn, secondsIn, shareIn, unstable } from "./input.ts";

/** A queue of patient callers: M/M/n. */
export interface ErlangCInput {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  /** Above 0, whole or not. */
  readonly agents: number;
  readonly thresholdsS?: readonly number[];
}

/**
 * The probability that all agents are busy when a call comes, if everybody waits (Erlang 1917).
 * @throws `queueing.unstable` when the load reaches the agents
 */
export function erlangCDelay(agents: number, offeredErlang: number): number {
  agentsIn(agents);
  erlangIn(offeredErlang);
  if (offeredErlang >= agents) throw unstable({ offeredErlang, agents });
  // C = B / (1 - rho (1 - B)) with B = 1 / x.
  const rho = offeredErlang / agents;
  return 1 / (rho + (1 - rho) * inverseErlangB(agents, offeredErlang));
}

/**
 * The figures of M/M/n: everybody waits until served.
 * @throws `queueing.unstable` when the load reaches the agents; `queueing.bad_input` naming the field
 */
export function erlangC(input: ErlangCInput): QueueFigures {
  const { lambdaPerHour, ahtS, agents, thresholdsS = [] } = input;
  const offeredErlang = (rateIn(lambdaPerHour) * durationIn(ahtS, "ahtS")) / 3600;
  const pWait = erlangCDelay(agents, offeredErlang);
  const meanWaitGivenWaitS = ahtS / (agents - offeredErlang);
  const meanWaitAllS = pWait * meanWaitGivenWaitS;
  return {
    agents,
    offeredErlang,
    pBlock: 0,
    pWait,
    pAbandon: 0,
    meanWaitAllS,
    meanWaitServedS: meanWaitAllS,
    meanWaitAbandonedS: null,
    meanWaitGivenWaitS,
    meanQueue: (lambdaPerHour / 3600) * meanWaitAllS,
    occupancy: offeredErlang / agents,
    within: thresholdsS.map((thresholdS) => {
      const pWaitGt = pWait * Math.exp(-secondsIn(thresholdS, "thresholdsS") / meanWaitGivenWaitS);
      return {
        thresholdS,
        serviceLevel: serviceLevels({ servedWithin: 1 - pWaitGt, abandonedWithin: 0, served: 1 }),
        pWaitGt,
      };
    }),
  };
}

/** The wait that a share `p` of all calls does not exceed, in seconds. */
export function erlangCWaitQuantile(input: ErlangCInput, p: number): number {
  if (shareIn(p, "p") === 1) return Number.POSITIVE_INFINITY;
  const { pWait, meanWaitGivenWaitS } = erlangC({ ...input, thresholdsS: [] });
  return Math.max(0, meanWaitGivenWaitS * Math.log(pWait / (1 - p)));
}

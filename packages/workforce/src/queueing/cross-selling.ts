import { LIMITS, numberIn, shareIn, unstable, wholeAgentsIn } from "./input.ts";
import { stationary, withEnoughRoom } from "./stationary-chain.ts";

/**
 * Agents who sell after serving, if few are in the system: when a first talk ends with at most `thresholdInSystem` there
 * (that caller counted), a candidate stays for a second (the threshold policy of Armony and Gurvich 2010). Rates are in
 * one unit of time; nobody hangs up.
 */
export interface CrossSellingInput {
  readonly lambda: number;
  readonly muService: number;
  readonly muCross: number;
  readonly agents: number;
  /** 0: nothing is ever sold. */
  readonly thresholdInSystem: number;
  /** Share of the callers who would listen. */
  readonly pCandidate: number;
}

export interface CrossSelling {
  /** Second talks begun in a unit of time. */
  readonly crossSellRate: number;
  readonly meanQueue: number;
  readonly pWait: number;
  readonly meanWait: number;
  /** Time in either talk. */
  readonly occupancy: number;
}

interface Talks {
  readonly serving: number;
  readonly selling: number;
  readonly queue: number;
}

/**
 * The stationary figures under the threshold policy, on the exact chain.
 * @throws `queueing.unstable` when first talks alone reach the agents; `queueing.bad_input`
 */
export function crossSelling(input: CrossSellingInput): CrossSelling {
  const { lambda, muService, muCross, agents, thresholdInSystem, pCandidate } = checked(input);
  const { sums } = withEnoughRoom(Math.max(40, thresholdInSystem - agents + 40), (room) => {
    const sums = { pWait: 0, queue: 0, serving: 0, selling: 0 };
    let edge = 0;
    stationary<Talks>(
      {
        start: { serving: 0, selling: 0, queue: 0 },
        key: (at) => (at.queue * (agents + 1) + at.selling) * (agents + 1) + at.serving,
        moves: (at, move) => {
          const { serving, selling, queue } = at;
          if (serving + selling < agents) move({ ...at, serving: serving + 1 }, lambda);
          else if (queue < room) move({ ...at, queue: queue + 1 }, lambda);
          const sells = serving + selling + queue <= thresholdInSystem ? pCandidate : 0;
          const isWaited = queue > 0;
          if (serving > 0) {
            move({ serving: serving - 1, selling: selling + 1, queue }, serving * muService * sells);
            const next = isWaited ? { ...at, queue: queue - 1 } : { ...at, serving: serving - 1 };
            move(next, serving * muService * (1 - sells));
          }
          if (selling === 0) return;
          const next = isWaited
            ? { serving: serving + 1, selling: selling - 1, queue: queue - 1 }
            : { ...at, selling: selling - 1 };
          move(next, selling * muCross);
        },
      },
      ({ serving, selling, queue }, chance) => {
        if (serving + selling === agents) sums.pWait += chance;
        if (queue === room) edge += chance;
        sums.queue += chance * queue;
        sums.serving += chance * serving;
        sums.selling += chance * selling;
      },
    );
    return { edge, sums };
  });
  return {
    crossSellRate: muCross * sums.selling,
    meanQueue: sums.queue,
    pWait: sums.pWait,
    meanWait: lambda > 0 ? sums.queue / lambda : 0,
    occupancy: (sums.serving + sums.selling) / agents,
  };
}

function checked(input: CrossSellingInput): CrossSellingInput {
  const rate = { min: 0, max: LIMITS.lambdaPerHour };
  numberIn(input.lambda, "lambda", rate);
  numberIn(input.muService, "muService", { ...rate, isAbove: true });
  numberIn(input.muCross, "muCross", { ...rate, isAbove: true });
  wholeAgentsIn(input.agents);
  numberIn(input.thresholdInSystem, "thresholdInSystem", { min: 0, max: LIMITS.agents, isWhole: true });
  shareIn(input.pCandidate, "pCandidate");
  const offeredErlang = input.lambda / input.muService;
  if (offeredErlang >= input.agents) throw unstable({ offeredErlang, agents: input.agents });
  return input;
}

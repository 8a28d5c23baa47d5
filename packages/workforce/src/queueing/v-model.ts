import { inverseErlangB } from "./erlang-b.ts";
import { LIMITS, numberIn, unstable, wholeAgentsIn } from "./input.ts";
import { stationary, withEnoughRoom } from "./stationary-chain.ts";

/** Which of two queues a freed agent takes from; ties go to the first. */
export type VModelPolicy =
  | { readonly kind: "static_priority" }
  /** Fixed queue ratio: the queue that is most above its share of the total, `share1` being the first's (Gurvich and Whitt 2009). */
  | { readonly kind: "fixed_queue_ratio"; readonly share1: number }
  /** Generalised c-mu with cost c q^2: the greater c q (Mandelbaum and Stolyar 2004). */
  | { readonly kind: "quadratic_cost"; readonly cost1: number; readonly cost2: number };

/** Two classes before one group of agents who serve both alike. Rates are in one unit of time. */
export interface VModelInput {
  readonly lambda1: number;
  readonly lambda2: number;
  readonly mu: number;
  /** One over the mean patience; 0: nobody hangs up. */
  readonly theta: number;
  readonly agents: number;
  readonly policy: VModelPolicy;
}

export interface VModel {
  /** The same for every policy that leaves no agent idle while somebody waits. */
  readonly pWait: number;
  readonly meanQueue1: number;
  readonly meanQueue2: number;
  /** Null where nobody abandons or nobody of the class comes. */
  readonly pAbandon1: number | null;
  readonly pAbandon2: number | null;
}

interface Waiting {
  readonly first: number;
  readonly second: number;
}

/**
 * The stationary figures of the V-model, on the exact chain of the two queues while all agents are busy: what lies below
 * is Erlang's, since both classes are served alike.
 * @throws `queueing.unstable` with theta 0 when the load reaches the agents; `queueing.bad_input`
 */
export function vModel(input: VModelInput): VModel {
  const { lambda1, lambda2, mu, theta, agents, policy } = checked(input);
  const lambda = lambda1 + lambda2;
  const offeredErlang = lambda / mu;
  if (theta === 0 && offeredErlang >= agents) throw unstable({ offeredErlang, agents });
  const takesFirst = chooser(policy);
  const capacity = agents * mu;
  // The chain is watched only while all are busy: it leaves "nobody waits" downwards and comes back to the same state.
  const { busy, queue1, queue2 } = withEnoughRoom(40, (room) => {
    let [edge, first, second, nobody] = [0, 0, 0, 0];
    stationary<Waiting>(
      {
        start: { first: 0, second: 0 },
        key: (at) => at.first * (room + 1) + at.second,
        moves: ({ first: q1, second: q2 }, move) => {
          if (q1 + q2 < room) {
            move({ first: q1 + 1, second: q2 }, lambda1);
            move({ first: q1, second: q2 + 1 }, lambda2);
          }
          if (q1 + q2 === 0) return;
          const servesFirst = q2 === 0 || (q1 > 0 && takesFirst(q1, q2));
          if (q1 > 0) move({ first: q1 - 1, second: q2 }, q1 * theta + (servesFirst ? capacity : 0));
          if (q2 > 0) move({ first: q1, second: q2 - 1 }, q2 * theta + (servesFirst ? 0 : capacity));
        },
      },
      (at, chance) => {
        first += chance * at.first;
        second += chance * at.second;
        if (at.first + at.second === room) edge += chance;
        if (at.first + at.second === 0) nobody = chance;
      },
    );
    return { edge, queue1: first, queue2: second, busy: nobody };
  });
  // Given that all are busy; 1/B - 1 weighs the states below "all busy, nobody waits" against that one.
  const below = (inverseErlangB(agents, offeredErlang) - 1) * busy;
  const pWait = 1 / (1 + below);
  const left = (meanQueue: number, rate: number): number | null =>
    theta === 0 || rate === 0 ? null : (theta * meanQueue) / rate;
  const [meanQueue1, meanQueue2] = [pWait * queue1, pWait * queue2];
  return {
    pWait,
    meanQueue1,
    meanQueue2,
    pAbandon1: left(meanQueue1, lambda1),
    pAbandon2: left(meanQueue2, lambda2),
  };
}

function chooser(policy: VModelPolicy): (q1: number, q2: number) => boolean {
  switch (policy.kind) {
    case "static_priority":
      return () => true;
    case "fixed_queue_ratio": {
      const share = numberIn(policy.share1, "policy.share1", { min: 0, max: 1 });
      return (q1, q2) => q1 - share * (q1 + q2) >= q2 - (1 - share) * (q1 + q2);
    }
    case "quadratic_cost": {
      const cost1 = numberIn(policy.cost1, "policy.cost1", { min: 0, max: 1e9 });
      const cost2 = numberIn(policy.cost2, "policy.cost2", { min: 0, max: 1e9 });
      return (q1, q2) => cost1 * q1 >= cost2 * q2;
    }
    default:
      return policy satisfies never;
  }
}

function checked(input: VModelInput): VModelInput {
  const rate = { min: 0, max: LIMITS.lambdaPerHour };
  numberIn(input.lambda1, "lambda1", rate);
  numberIn(input.lambda2, "lambda2", rate);
  numberIn(input.mu, "mu", { ...rate, isAbove: true });
  numberIn(input.theta, "theta", rate);
  wholeAgentsIn(input.agents);
  return input;
}

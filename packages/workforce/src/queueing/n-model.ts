import { LIMITS, numberIn, unstable, wholeAgentsIn } from "./input.ts";
import { stationary, withEnoughRoom } from "./stationary-chain.ts";

/**
 * Two classes, specialists (A, class 1 only) and generalists (B, both). Class 1 goes to a free A, else to a free B; class 2
 * to a free B. A freed A takes class 1; a freed B class 2 first. Rates are in one unit of time.
 */
export interface NModelInput {
  readonly lambda1: number;
  readonly lambda2: number;
  readonly mu: number;
  /** One over the mean patience of each class; 0: nobody hangs up. */
  readonly theta1: number;
  readonly theta2: number;
  readonly agentsA: number;
  readonly agentsB: number;
}

export interface NModel {
  readonly pWait1: number;
  readonly pWait2: number;
  readonly meanQueue1: number;
  readonly meanQueue2: number;
  readonly pAbandon1: number;
  readonly pAbandon2: number;
  readonly occupancyA: number;
  readonly occupancyB: number;
}

interface Floor {
  readonly busyA: number;
  readonly busyB: number;
  /** Class 1 waits only while everybody is busy, class 2 only while all B are. */
  readonly queue1: number;
  readonly queue2: number;
}

/**
 * The stationary figures of the N-model, on its exact chain.
 * @throws `queueing.unstable` where patient classes outgrow their agents; `queueing.bad_input`
 */
export function nModel(input: NModelInput): NModel {
  const { lambda1, lambda2, mu, theta1, theta2, agentsA, agentsB } = checked(input);
  const { sums } = withEnoughRoom(24, (room) => {
    const sums = { pWait1: 0, pWait2: 0, queue1: 0, queue2: 0, busyA: 0, busyB: 0 };
    let edge = 0;
    stationary<Floor>(
      {
        start: { busyA: 0, busyB: 0, queue1: 0, queue2: 0 },
        key: (at) =>
          ((at.busyA * (agentsB + 1) + at.busyB) * (room + 1) + at.queue1) * (room + 1) + at.queue2,
        moves: (at, move) => {
          const { busyA, busyB, queue1, queue2 } = at;
          if (busyA < agentsA) move({ ...at, busyA: busyA + 1 }, lambda1);
          else if (busyB < agentsB) move({ ...at, busyB: busyB + 1 }, lambda1);
          else if (queue1 < room) move({ ...at, queue1: queue1 + 1 }, lambda1);
          if (busyB < agentsB) move({ ...at, busyB: busyB + 1 }, lambda2);
          else if (queue2 < room) move({ ...at, queue2: queue2 + 1 }, lambda2);
          if (queue1 > 0) move({ ...at, queue1: queue1 - 1 }, busyA * mu + queue1 * theta1);
          else if (busyA > 0) move({ ...at, busyA: busyA - 1 }, busyA * mu);
          if (queue2 > 0) move({ ...at, queue2: queue2 - 1 }, busyB * mu + queue2 * theta2);
          else if (queue1 > 0) move({ ...at, queue1: queue1 - 1 }, busyB * mu);
          else if (busyB > 0) move({ ...at, busyB: busyB - 1 }, busyB * mu);
        },
      },
      ({ busyA, busyB, queue1, queue2 }, chance) => {
        if (busyA === agentsA && busyB === agentsB) sums.pWait1 += chance;
        if (busyB === agentsB) sums.pWait2 += chance;
        if (queue1 === room || queue2 === room) edge += chance;
        sums.queue1 += chance * queue1;
        sums.queue2 += chance * queue2;
        sums.busyA += chance * busyA;
        sums.busyB += chance * busyB;
      },
    );
    return { edge, sums };
  });
  return {
    pWait1: sums.pWait1,
    pWait2: sums.pWait2,
    meanQueue1: sums.queue1,
    meanQueue2: sums.queue2,
    pAbandon1: lambda1 > 0 ? (theta1 * sums.queue1) / lambda1 : 0,
    pAbandon2: lambda2 > 0 ? (theta2 * sums.queue2) / lambda2 : 0,
    occupancyA: sums.busyA / agentsA,
    occupancyB: sums.busyB / agentsB,
  };
}

function checked(input: NModelInput): NModelInput {
  const rate = { min: 0, max: LIMITS.lambdaPerHour };
  for (const name of ["lambda1", "lambda2", "theta1", "theta2"] as const) numberIn(input[name], name, rate);
  const { lambda1, lambda2, mu, theta1, theta2, agentsA, agentsB } = input;
  numberIn(mu, "mu", { ...rate, isAbove: true });
  wholeAgentsIn(agentsA, "agentsA");
  wholeAgentsIn(agentsB, "agentsB");
  // Class 2 has its agents first; what is left of them and all of A must carry class 1.
  if (theta2 === 0 && lambda2 >= agentsB * mu)
    throw unstable({ offeredErlang: lambda2 / mu, agents: agentsB, who: "generalists (agentsB)" });
  const class2 = Math.min(lambda2 / mu, agentsB);
  if (theta1 === 0 && lambda1 / mu + class2 >= agentsA + agentsB)
    throw unstable({ offeredErlang: lambda1 / mu + class2, agents: agentsA + agentsB });
  return input;
}

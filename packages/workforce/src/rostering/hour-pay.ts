import { DEFAULT_WEIGHTS, type RosterProblem } from "./roster-problem.ts";

/**
 * The problem with its weights as money. Weights are told as times an hour's pay, so that the same roster comes of the same
 * week in any currency: the hour is the mean of the agents' contracts. Hours that cost nothing leave the weights as they are.
 */
export function pricedProblem(problem: RosterProblem): RosterProblem {
  const pay = hourPay(problem);
  const { understaffingPerHour, overstaffingPerHour, paidHour, wish, fairness } = {
    ...DEFAULT_WEIGHTS,
    ...problem.weights,
  };
  return {
    ...problem,
    weights: {
      understaffingPerHour: understaffingPerHour * pay,
      overstaffingPerHour: overstaffingPerHour * pay,
      paidHour, // times what the contract's hour costs already
      wish: wish * pay,
      fairness: fairness * pay,
    },
  };
}

function hourPay({ agents, contracts }: RosterProblem): number {
  const costs = new Map(contracts.map(({ id, costPerHour = 1 }) => [id, costPerHour]));
  const paid = agents.flatMap(({ contractId }) => costs.get(contractId) ?? []);
  const mean = paid.reduce((sum, cost) => sum + cost, 0) / Math.max(1, paid.length);
  return mean > 0 ? mean : 1;
}

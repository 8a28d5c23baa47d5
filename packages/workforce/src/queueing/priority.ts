import { erlangCDelay } from "./erlang-c.ts";
import { agentsIn, badInput, durationIn, numberIn, rateIn, unstable } from "./input.ts";

/**
 * Mean waits in seconds by class, the first served first, without interrupting anybody: M/M/n with equal handling times
 * (Cobham 1954).
 * @throws `queueing.unstable` when the classes together reach the agents
 */
export function priorityWaits(input: {
  readonly lambdaPerHour: readonly number[];
  readonly ahtS: number;
  readonly agents: number;
}): readonly number[] {
  const { lambdaPerHour, ahtS, agents } = input;
  needsClasses(lambdaPerHour, "lambdaPerHour");
  durationIn(ahtS, "ahtS");
  agentsIn(agents);
  const loads = lambdaPerHour.map((rate, i) => (rateIn(rate, `lambdaPerHour[${i}]`) / 3600) * ahtS);
  const offeredErlang = loads.reduce((sum, load) => sum + load, 0);
  const first = (erlangCDelay(agents, offeredErlang) * ahtS) / agents;
  let [above, upTo] = [0, 0];
  return loads.map((load) => {
    above = upTo;
    upTo += load / agents;
    return first / ((1 - above) * (1 - upTo));
  });
}

/** Classes at one server, with the cost of one waiting caller for one unit of time. Rates are in one unit of time. */
export interface CostedClasses {
  readonly lambda: readonly number[];
  readonly mu: readonly number[];
  readonly holdingCost: readonly number[];
}

/** The cost of waiting per unit of time at one server when classes are served in `order` (indices, first served first). */
export function orderCost(classes: CostedClasses, order: readonly number[]): number {
  checkClasses(classes, order);
  const parts = classes.lambda.map((lambda, i) => {
    const mu = classes.mu[i] ?? 1;
    return { lambda, load: lambda / mu, cost: classes.holdingCost[i] ?? 0, residual: lambda / mu ** 2 };
  });
  const offeredErlang = parts.reduce((sum, { load }) => sum + load, 0);
  if (offeredErlang >= 1)
    throw unstable({ offeredErlang, agents: 1, remedy: "give lower rates or faster service" });
  const first = parts.reduce((sum, { residual }) => sum + residual, 0);
  let [above, upTo, total] = [0, 0, 0];
  for (const index of order) {
    const part = parts[index];
    if (part === undefined) continue;
    above = upTo;
    upTo += part.load;
    total += (part.cost * part.lambda * first) / ((1 - above) * (1 - upTo));
  }
  return total;
}

/** The order of least cost: falling in cost times service rate (Cox and Smith 1961); ties by index. */
export function cMuOrder(classes: CostedClasses): readonly number[] {
  const index = (i: number): number => (classes.holdingCost[i] ?? 0) * (classes.mu[i] ?? 0);
  return classes.lambda.map((_, i) => i).sort((a, b) => index(b) - index(a) || a - b);
}

function checkClasses({ lambda, mu, holdingCost }: CostedClasses, order: readonly number[]): void {
  needsClasses(lambda, "lambda");
  if (!Array.isArray(mu) || mu.length !== lambda.length)
    throw badInput("mu", `mu has not the ${lambda.length} entries of lambda; give one service rate a class`);
  if (!Array.isArray(holdingCost) || holdingCost.length !== lambda.length)
    throw badInput(
      "holdingCost",
      `holdingCost has not the ${lambda.length} entries of lambda; give one cost a class`,
    );
  if (
    order.length !== lambda.length ||
    new Set(order).size !== order.length ||
    order.some((i) => !(i in lambda))
  )
    throw badInput("order", `order is not one of the ${lambda.length} classes each; name every class once`);
  for (const i of lambda.keys()) {
    numberIn(lambda[i], `lambda[${i}]`, { min: 0, max: 1e9 });
    numberIn(mu[i], `mu[${i}]`, { min: 0, max: 1e9, isAbove: true });
    numberIn(holdingCost[i], `holdingCost[${i}]`, { min: 0, max: 1e12 });
  }
}

function needsClasses(rates: readonly number[], field: string): void {
  if (!Array.isArray(rates) || rates.length === 0)
    throw badInput(field, `${field} is no list of classes; give one rate a class, the first served first`);
}

import { headcountOf, type QueueDemand, queueFigures } from "./agents-for.ts";
import type { QueueFigures } from "./figures.ts";
import { badInput, durationIn, LIMITS, numberIn, rateIn, secondsIn } from "./input.ts";

/** What a curve is drawn for. Money is in any one unit. */
export interface TradeOffInput {
  readonly demand: QueueDemand;
  readonly thresholdsS?: readonly number[];
  /** From the load less two roots of it, or from where the queue is stable, when absent. */
  readonly fromAgents?: number;
  /** To the load and four roots of it when absent. */
  readonly toAgents?: number;
  readonly shrinkage?: number;
  readonly costs?: TradeOffCosts;
}

export interface TradeOffCosts {
  /** Of an agent at work or paid and away, an hour. */
  readonly perAgentHour: number;
  /** Of each hour that callers spend waiting, all together (their time, the line, their temper). */
  readonly perWaitingHour?: number;
  readonly perAbandoned?: number;
}

export interface TradeOffPoint {
  readonly agents: number;
  readonly headcount: number;
  /** Agents above the load in units of its root: below 0 efficiency, around 0 to 2 both, above quality. */
  readonly beta: number;
  readonly figures: QueueFigures;
  /** Per hour; absent without costs. */
  readonly cost?: {
    readonly staff: number;
    readonly waiting: number;
    readonly abandoned: number;
    readonly total: number;
  };
}

export interface TradeOffCurve {
  readonly offeredErlang: number;
  /** Rising in agents; at most `MOST_POINTS`, always with both ends. */
  readonly points: readonly TradeOffPoint[];
  /** Where the whole cost is least; absent without costs. */
  readonly cheapest?: TradeOffPoint;
}

const MOST_POINTS = 200;

/**
 * Quality against efficiency: the figures at each number of agents, ready to draw.
 * @throws `queueing.unstable` when `fromAgents` cannot carry the load; `queueing.bad_input`
 */
export function tradeOffCurve(input: TradeOffInput): TradeOffCurve {
  const { demand, thresholdsS = [], shrinkage = 0, costs } = input;
  numberIn(shrinkage, "shrinkage", { min: 0, max: 0.99 });
  for (const thresholdS of thresholdsS) secondsIn(thresholdS, "thresholdsS");
  const offeredErlang = (rateIn(demand.lambdaPerHour) * durationIn(demand.ahtS, "ahtS")) / 3600;
  const isPatient = (demand.patience ?? null) === null && demand.lines === undefined;
  const least = isPatient ? Math.floor(offeredErlang) + 1 : 1;
  const root = Math.sqrt(offeredErlang);
  const most = demand.lines ?? LIMITS.agents;
  const from = input.fromAgents ?? Math.max(least, Math.floor(offeredErlang - 2 * root));
  const to = input.toAgents ?? Math.min(most, Math.max(from + 1, Math.ceil(offeredErlang + 4 * root)));
  numberIn(from, "fromAgents", { min: 1, max: most, isWhole: true });
  numberIn(to, "toAgents", { min: 1, max: most, isWhole: true });
  if (to < from)
    throw badInput("toAgents", `toAgents is ${to}, below fromAgents (${from}); give the larger number last`);
  checkCosts(costs);

  const step = Math.max(1, Math.ceil((to - from) / (MOST_POINTS - 1)));
  const points: TradeOffPoint[] = [];
  for (let agents = from; ; agents = Math.min(to, agents + step)) {
    const figures = queueFigures(demand, agents, thresholdsS);
    const headcount = headcountOf(agents, shrinkage);
    points.push({
      agents,
      headcount,
      beta: root > 0 ? (agents - offeredErlang) / root : 0,
      figures,
      ...(costs ? { cost: costOf(figures, demand, headcount, costs) } : {}),
    });
    if (agents === to) break;
  }
  const cheapest = costs
    ? points.reduce((best, point) => ((point.cost?.total ?? 0) < (best.cost?.total ?? 0) ? point : best))
    : undefined;
  return { offeredErlang, points, ...(cheapest ? { cheapest } : {}) };
}

function costOf(
  figures: QueueFigures,
  demand: QueueDemand,
  headcount: number,
  costs: TradeOffCosts,
): NonNullable<TradeOffPoint["cost"]> {
  const staff = costs.perAgentHour * headcount;
  const waiting = (costs.perWaitingHour ?? 0) * figures.meanQueue;
  const entered = demand.lambdaPerHour * (1 - figures.pBlock);
  const abandoned = (costs.perAbandoned ?? 0) * entered * figures.pAbandon;
  return { staff, waiting, abandoned, total: staff + waiting + abandoned };
}

function checkCosts(costs: TradeOffCosts | undefined): void {
  if (costs === undefined) return;
  const amount = { min: 0, max: 1e12 };
  numberIn(costs.perAgentHour, "costs.perAgentHour", amount);
  numberIn(costs.perWaitingHour ?? 0, "costs.perWaitingHour", amount);
  numberIn(costs.perAbandoned ?? 0, "costs.perAbandoned", amount);
}

import {
  headcountOf,
  type QueueDemand,
  queueFigures,
  type ServiceLevelBasis,
} from "@svara/workforce/queueing";

/** What so many agents give. Shares 0..1. */
export interface CurvePoint {
  readonly agents: number;
  readonly headcount: number;
  readonly serviceLevel: number;
  readonly meanWaitS: number;
  readonly abandon: number;
  readonly occupancy: number;
}

/** Agents to either side: more than anybody slides. */
const MOST_EITHER_WAY = 30;

/** The figures for numbers of agents around one, from where the queue is stable: quality against efficiency. */
export function curveOf(
  demand: QueueDemand,
  options: {
    readonly thresholdS: number;
    readonly basis: ServiceLevelBasis;
    readonly around: number;
    readonly shrinkage: number;
  },
): CurvePoint[] {
  const load = (demand.lambdaPerHour * demand.ahtS) / 3600;
  if (!(load > 0)) return [];
  const isPatient = (demand.patience ?? null) === null;
  const least = isPatient ? Math.floor(load) + 1 : Math.max(1, Math.floor(load - 2 * Math.sqrt(load)));
  const most = Math.max(least + 4, options.around + 3, Math.ceil(load + 3 * Math.sqrt(load)));
  const from = Math.max(least, options.around - MOST_EITHER_WAY);
  const to = Math.min(most, Math.max(options.around, from) + MOST_EITHER_WAY);
  const points: CurvePoint[] = [];
  for (let agents = from; agents <= to; agents++) {
    const figures = queueFigures(demand, agents, [options.thresholdS]);
    points.push({
      agents,
      headcount: headcountOf(agents, options.shrinkage),
      serviceLevel: figures.within[0]?.serviceLevel[options.basis] ?? 0,
      meanWaitS: figures.meanWaitAllS,
      abandon: figures.pAbandon,
      occupancy: figures.occupancy,
    });
  }
  return points;
}

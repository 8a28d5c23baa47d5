import { DEFAULT_POLICY } from "@svara/insight";
import { type Instant, SvaraError } from "@svara/kernel";
import { queueFigures, type ServiceLevelBasis } from "../queueing/index.ts";
import type { Estimate } from "../simulation/confidence.ts";
import type { IntervalQueueFigures, ServiceLevelName } from "../simulation/figures.ts";
import { simulate } from "../simulation/simulate.ts";
import { type FloorCensus, iteratedStaffing } from "./iterated-staffing.ts";
import { patienceDistribution } from "./patience-distribution.ts";
import { type IntervalRequirement, type RequirementOptions, requirement } from "./requirement.ts";
import { staffedFloor } from "./staffed-floor.ts";

/** How a requirement is found, and how often the day is simulated for it. */
export interface SimulatedStaffingOptions extends Omit<RequirementOptions, "method" | "concurrency"> {
  readonly seed: number;
  /** Days simulated in each iteration; 200 if absent. */
  readonly replications?: number;
}

/** An interval as the model sees it and as the simulated days show it. */
export interface SimulatedInterval {
  readonly at: Instant;
  readonly arrivals: number;
  /** By the offered load and the formula. */
  readonly modelled: number;
  /** By the simulation. */
  readonly agents: number;
  /** With `agents`; the service level by the basis of the target, all of them where there is none. */
  readonly serviceLevel: Estimate;
  readonly abandonRate: Estimate;
  readonly meanWaitMs: Estimate;
}

/** A requirement that the simulated router has confirmed. */
export interface SimulatedStaffing {
  readonly intervals: readonly SimulatedInterval[];
  readonly iterations: number;
  /** Whether the iteration came to rest. */
  readonly settled: boolean;
}

const REPLICATIONS = 200;
const LEVEL_OF: Readonly<Record<ServiceLevelBasis, ServiceLevelName>> = {
  all: "SL3",
  served: "SL2",
  abandonsOut: "SL4",
  abandonsIn: "SL1",
};

/**
 * The requirement by iterated simulation of the live router: the share of customers who may find all busy is taken from the
 * model at each interval's offered load, then the staff from the simulated number in the system; last, the days are simulated
 * with that staff. The tail after closing is as modelled. Throws what `requirement` and `simulate` throw.
 */
export function simulatedStaffing(options: SimulatedStaffingOptions): SimulatedStaffing {
  const { demand, targets, patience = null, seed, replications = REPLICATIONS, atLeast = 0 } = options;
  if (!Number.isInteger(replications) || replications < 10)
    throw new SvaraError(`replications is a whole number of 10 or more, not ${replications}`, {
      code: "workforce.bad_target",
      field: "replications",
      httpStatus: 422,
    });
  const needs = requirement(options);
  const within = needs.slice(0, demand.arrivals.length);
  const tail = needs.slice(demand.arrivals.length).map(({ agents }) => agents);
  const floorOf = (agents: readonly number[]) =>
    staffedFloor({ demand, agents: [...agents, ...tail], patience: patienceDistribution(patience) });
  const sampleEveryMs = demand.intervalMs / 6;
  const census: FloorCensus = (agents, instants) => {
    const { samples } = simulate(floorOf(agents), { seed, replications, sampleEveryMs });
    return instants.map((at) => samples?.total[Math.round((at - demand.from) / sampleEveryMs)] ?? []);
  };
  const { agents, iterations, settled } = iteratedStaffing({
    demand,
    delayProbability: within.map((need) => mayWait(need, options)),
    census,
    atLeast: 0,
  });
  const staffed = agents.map((count, index) =>
    (demand.arrivals[index] ?? 0) > 0 ? Math.max(count, atLeast) : count,
  );
  const thresholdMs = 1000 * (targets.serviceLevel?.thresholdS ?? 20);
  const { intervals } = simulate(floorOf(staffed), {
    seed: seed + 1,
    replications,
    intervalMs: demand.intervalMs,
    policy: { ...DEFAULT_POLICY, thresholdMs },
  });
  const level = LEVEL_OF[targets.serviceLevel?.basis ?? "all"];
  return {
    intervals: within.map(({ at, arrivals, agents: modelled }, index) => {
      const figures = intervals?.[index]?.total;
      return { at, arrivals, modelled, agents: staffed[index] ?? 0, ...told(figures, level) };
    }),
    iterations,
    settled,
  };
}

/** Between the delay with the agents needed and with one fewer, so that chance of the simulation moves neither. */
function mayWait(
  { loadErlang, ahtMs, figures }: IntervalRequirement,
  { patience = null }: SimulatedStaffingOptions,
): number {
  if (figures === null) return 0.5;
  const fewer = figures.agents - 1;
  const isCarried = fewer > (patience === null ? loadErlang : 0);
  const demand = { lambdaPerHour: (loadErlang / ahtMs) * 3_600_000, ahtS: ahtMs / 1000, patience };
  const pWait = isCarried ? queueFigures(demand, fewer).pWait : 1;
  return Math.min(0.999, Math.max(0.001, Math.sqrt(figures.pWait * pWait)));
}

function told(
  figures: IntervalQueueFigures | undefined,
  level: ServiceLevelName,
): Pick<SimulatedInterval, "serviceLevel" | "abandonRate" | "meanWaitMs"> {
  const none: Estimate = { value: null, halfWidth: null };
  return {
    serviceLevel: figures?.serviceLevel[level] ?? none,
    abandonRate: figures?.abandonRate ?? none,
    meanWaitMs: figures?.meanWaitMs ?? none,
  };
}

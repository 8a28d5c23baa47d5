import { erlangC, erlangCWaitQuantile } from "./erlang-c.ts";
import type { QueueFigures, ServiceLevelBasis } from "./figures.ts";
import { finiteLines } from "./finite-lines.ts";
import { impatientQueue, impatientWaitQuantile } from "./impatient-queue.ts";
import {
  badInput,
  durationIn,
  LIMITS,
  numberIn,
  openShareIn,
  rateIn,
  secondsIn,
  unreachableTarget,
} from "./input.ts";
import type { PatienceInput } from "./patience.ts";
import { leastWhole } from "./root.ts";

/** What comes to a queue. The model follows: patience absent or null is Erlang C, a number is the mean of Erlang A. */
export interface QueueDemand {
  readonly lambdaPerHour: number;
  readonly ahtS: number;
  readonly patience?: number | PatienceInput | null;
  /** Waiting and talking together; no limit when absent. Needs patience to be exponential or absent. */
  readonly lines?: number;
}

/** What is wanted; several targets hold together. At least one. */
export interface StaffingTargets {
  readonly serviceLevel?: {
    readonly share: number;
    readonly thresholdS: number;
    /** "all" when absent. */
    readonly basis?: ServiceLevelBasis;
  };
  /** Mean wait of all, the average speed of answer. */
  readonly maxMeanWaitS?: number;
  readonly maxPWait?: number;
  readonly maxAbandon?: number;
  readonly maxBlocking?: number;
  readonly maxOccupancy?: number;
}

export type TargetName = keyof StaffingTargets;

export interface StaffingAnswer {
  /** The fewest agents at work that meet all targets. */
  readonly agents: number;
  /** The same, with those who are paid and away: agents / (1 - shrinkage), rounded up. */
  readonly headcount: number;
  /** The target that decided, the first in the order of `StaffingTargets` among equals. */
  readonly decidedBy: TargetName;
  readonly figures: QueueFigures;
}

/**
 * The figures of a queue by the model that its demand implies.
 * @throws `queueing.unstable`, `queueing.bad_input`
 */
export function queueFigures(
  demand: QueueDemand,
  agents: number,
  thresholdsS: readonly number[] = [],
): QueueFigures {
  const { lambdaPerHour, ahtS, patience = null, lines } = demand;
  if (lines !== undefined) {
    const meanPatienceS = meanOfExponential(patience);
    return finiteLines({ lambdaPerHour, ahtS, agents, lines, meanPatienceS, thresholdsS });
  }
  if (patience === null) return erlangC({ lambdaPerHour, ahtS, agents, thresholdsS });
  return impatientQueue({ lambdaPerHour, ahtS, agents, patience: namedPatience(patience), thresholdsS });
}

/** The wait that a share `p` of all does not exceed, in seconds; without a limit of lines. */
export function waitQuantile(demand: Omit<QueueDemand, "lines">, agents: number, p: number): number {
  const { lambdaPerHour, ahtS, patience = null } = demand;
  const queue = { lambdaPerHour, ahtS, agents };
  if (patience === null) return erlangCWaitQuantile(queue, p);
  return impatientWaitQuantile({ ...queue, patience: namedPatience(patience) }, p);
}

/**
 * The fewest agents that meet all targets at once; 0 where nobody calls.
 * @throws `queueing.bad_input` naming the field; `queueing.unreachable` when no number of agents is enough
 */
export function agentsFor(
  demand: QueueDemand,
  targets: StaffingTargets,
  options: { readonly shrinkage?: number } = {},
): StaffingAnswer {
  const { shrinkage = 0 } = options;
  numberIn(shrinkage, "shrinkage", { min: 0, max: 0.99 });
  const names = checkedTargets(targets, demand);
  const offeredErlang = (rateIn(demand.lambdaPerHour) * durationIn(demand.ahtS, "ahtS")) / 3600;
  if (offeredErlang === 0) return nobodyCalls(names, targets);
  const thresholdsS = targets.serviceLevel === undefined ? [] : [targets.serviceLevel.thresholdS];
  const isPatient = (demand.patience ?? null) === null && demand.lines === undefined;
  const low = isPatient ? Math.floor(offeredErlang) + 1 : 1;
  const high = demand.lines ?? LIMITS.agents;
  let best: { agents: number; name: TargetName } | undefined;
  for (const name of names) {
    const meets = (agents: number): boolean =>
      isMet(name, targets, queueFigures(demand, agents, thresholdsS));
    // A target that the best so far meets cannot decide.
    if (best !== undefined && meets(best.agents)) continue;
    const agents = leastWhole(
      Math.max(low, best?.agents ?? 0),
      high,
      meets,
      offeredErlang + Math.sqrt(offeredErlang),
    );
    if (agents === undefined)
      throw unreachableTarget(
        name,
        `no number of agents up to ${high} meets ${name}; ask for less, or give more lines`,
      );
    best = { agents, name };
  }
  const { agents, name } = best ?? { agents: low, name: names[0] ?? "serviceLevel" };
  return {
    agents,
    headcount: headcountOf(agents, shrinkage),
    decidedBy: name,
    figures: queueFigures(demand, agents, thresholdsS),
  };
}

/** The people to employ so that `agents` are at work; rounding errors below a millionth of an agent do not hire another. */
export const headcountOf = (agents: number, shrinkage: number): number =>
  Math.max(0, Math.ceil(agents / (1 - shrinkage) - 1e-6));

/** Whether the figures meet every target; those of a service level are at its threshold. */
export function meetsTargets(targets: StaffingTargets, figures: QueueFigures): boolean {
  return NAMES.every((name) => targets[name] === undefined || isMet(name, targets, figures));
}

function isMet(name: TargetName, targets: StaffingTargets, figures: QueueFigures): boolean {
  const limit = (target: number | undefined): number => target ?? Number.POSITIVE_INFINITY;
  switch (name) {
    case "serviceLevel": {
      const { share = 0, basis = "all" } = targets.serviceLevel ?? {};
      return (figures.within[0]?.serviceLevel[basis] ?? 0) >= share;
    }
    case "maxMeanWaitS":
      return figures.meanWaitAllS <= limit(targets.maxMeanWaitS);
    case "maxPWait":
      return figures.pWait <= limit(targets.maxPWait);
    case "maxAbandon":
      return figures.pAbandon <= limit(targets.maxAbandon);
    case "maxBlocking":
      return figures.pBlock <= limit(targets.maxBlocking);
    case "maxOccupancy":
      return figures.occupancy <= limit(targets.maxOccupancy);
    default:
      return name satisfies never;
  }
}

const NAMES: readonly TargetName[] = [
  "serviceLevel",
  "maxMeanWaitS",
  "maxPWait",
  "maxAbandon",
  "maxBlocking",
  "maxOccupancy",
];

function checkedTargets(targets: StaffingTargets, demand: QueueDemand): readonly TargetName[] {
  const names = NAMES.filter((name) => targets[name] !== undefined);
  if (names.length === 0)
    throw badInput(
      "targets",
      "no target is given; give a service level, a mean wait, an abandonment or another",
    );
  for (const name of names) {
    if (name === "serviceLevel") {
      openShareIn(targets.serviceLevel?.share, "serviceLevel.share");
      secondsIn(targets.serviceLevel?.thresholdS, "serviceLevel.thresholdS");
    } else if (name === "maxMeanWaitS") durationIn(targets.maxMeanWaitS, name);
    else openShareIn(targets[name], name);
  }
  if (targets.maxBlocking !== undefined && demand.lines === undefined)
    throw badInput(
      "maxBlocking",
      "maxBlocking needs lines: without a limit of lines nobody is blocked; give lines",
    );
  if (targets.maxAbandon !== undefined && (demand.patience ?? null) === null)
    throw badInput(
      "maxAbandon",
      "maxAbandon needs patience: without one nobody hangs up; give patience, or another target",
    );
  return names;
}

function nobodyCalls(names: readonly TargetName[], targets: StaffingTargets): StaffingAnswer {
  const perfect = { all: 1, served: 1, abandonsOut: 1, abandonsIn: 1 };
  return {
    agents: 0,
    headcount: 0,
    decidedBy: names[0] ?? "serviceLevel",
    figures: {
      agents: 0,
      offeredErlang: 0,
      pBlock: 0,
      pWait: 0,
      pAbandon: 0,
      meanWaitAllS: 0,
      meanWaitServedS: 0,
      meanWaitAbandonedS: null,
      meanWaitGivenWaitS: 0,
      meanQueue: 0,
      occupancy: 0,
      within:
        targets.serviceLevel === undefined
          ? []
          : [{ thresholdS: targets.serviceLevel.thresholdS, serviceLevel: perfect, pWaitGt: 0 }],
    },
  };
}

const namedPatience = (patience: number | PatienceInput): PatienceInput =>
  typeof patience === "number" ? { dist: "exponential", meanS: patience } : patience;

function meanOfExponential(patience: number | PatienceInput | null): number | null {
  if (patience === null || typeof patience === "number") return patience;
  if (patience.dist === "exponential") return patience.meanS;
  throw badInput(
    "patience",
    `patience is ${patience.dist}, which a limit of lines does not go with; give a mean (exponential), or leave out lines`,
  );
}

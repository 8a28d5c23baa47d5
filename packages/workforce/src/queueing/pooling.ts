import {
  agentsFor,
  type QueueDemand,
  queueFigures,
  type StaffingAnswer,
  type StaffingTargets,
} from "./agents-for.ts";
import type { QueueFigures } from "./figures.ts";
import { badInput, numberIn } from "./input.ts";
import type { PatienceInput } from "./patience.ts";
import { bisect } from "./root.ts";

/** Several centres (or queues) that might be one, each with demand of its own. Without limits of lines. */
export interface PoolingInput {
  readonly centres: readonly Omit<QueueDemand, "lines">[];
  readonly targets: StaffingTargets;
  readonly loss?: PoolingLoss;
}

/** What merging costs. */
export interface PoolingLoss {
  /** Handling takes so many times as long: a foreign language, an unknown product, no local knowledge. 1 when absent. */
  readonly ahtFactor?: number;
  /** An hour of a merged agent costs so many times as much: the premium for a second language or skill. 1 when absent. */
  readonly costFactor?: number;
  /** Agents' hours an hour that merging costs beside: travel, a shared site. 0 when absent. */
  readonly fixedAgents?: number;
}

/** Costs are in agents at work of the separate centres. */
export interface Pooling {
  readonly separate: readonly StaffingAnswer[];
  readonly agentsSeparate: number;
  readonly together: StaffingAnswer;
  /** Agents fewer together; negative when merging needs more. */
  readonly saved: number;
  readonly costTogether: number;
  readonly pays: boolean;
  /** The same agents as the separate centres together have, merged, with the loss in handling time. */
  readonly sameAgents: QueueFigures;
  /** Merging pays up to this lengthening of handling (at the given premium), at least 0. */
  readonly breakEvenAhtFactor: number;
  /** Merging pays up to this premium (at the given lengthening). */
  readonly breakEvenCostFactor: number;
}

const LONGEST = 10; // times the handling time: beyond it nobody asks whether merging pays

/**
 * Whether one pool of agents meets the targets with less than the centres apart, and up to which loss of language or skill.
 * @throws `queueing.bad_input`; `queueing.unreachable`
 */
export function pooling(input: PoolingInput): Pooling {
  const { centres, targets, loss = {} } = input;
  const { ahtFactor = 1, costFactor = 1, fixedAgents = 0 } = loss;
  if (centres.length < 2)
    throw badInput("centres", "centres has fewer than two entries; give the centres to merge");
  numberIn(ahtFactor, "loss.ahtFactor", { min: 0.1, max: LONGEST });
  numberIn(costFactor, "loss.costFactor", { min: 0.1, max: 100 });
  numberIn(fixedAgents, "loss.fixedAgents", { min: 0, max: 1e6 });
  const separate = centres.map((centre) => agentsFor(centre, targets));
  const agentsSeparate = separate.reduce((sum, { agents }) => sum + agents, 0);
  const merged = (factor: number): QueueDemand => mergedDemand(centres, factor);
  const together = agentsFor(merged(ahtFactor), targets);
  const costTogether = together.agents * costFactor + fixedAgents;
  const isDearer = (factor: number): boolean =>
    agentsFor(merged(factor), targets).agents * costFactor + fixedAgents > agentsSeparate;
  const thresholdsS = targets.serviceLevel === undefined ? [] : [targets.serviceLevel.thresholdS];
  return {
    separate,
    agentsSeparate,
    together,
    saved: agentsSeparate - together.agents,
    costTogether,
    pays: costTogether < agentsSeparate,
    sameAgents: queueFigures(merged(ahtFactor), agentsSeparate, thresholdsS),
    breakEvenAhtFactor: isDearer(0.001) ? 0 : bisect(0.001, LONGEST, isDearer),
    breakEvenCostFactor: together.agents > 0 ? (agentsSeparate - fixedAgents) / together.agents : 1,
  };
}

/**
 * The demand of all together. Handling times mix by their means (as if exponential); patience mixes exactly where each
 * is exponential.
 */
export function mergedDemand(centres: readonly Omit<QueueDemand, "lines">[], ahtFactor = 1): QueueDemand {
  const lambdaPerHour = centres.reduce((sum, centre) => sum + centre.lambdaPerHour, 0);
  const weigh = (of: (centre: Omit<QueueDemand, "lines">) => number): number =>
    lambdaPerHour > 0
      ? centres.reduce((sum, centre) => sum + (centre.lambdaPerHour / lambdaPerHour) * of(centre), 0)
      : of(centres[0] ?? { lambdaPerHour: 0, ahtS: 1 });
  return {
    lambdaPerHour,
    ahtS: ahtFactor * weigh(({ ahtS }) => ahtS),
    patience: mergedPatience(centres, weigh),
  };
}

function mergedPatience(
  centres: readonly Omit<QueueDemand, "lines">[],
  weigh: (of: (centre: Omit<QueueDemand, "lines">) => number) => number,
): PatienceInput | number | null {
  const all = centres.map(({ patience = null }) => patience);
  const [first = null] = all;
  if (all.every((patience) => JSON.stringify(patience) === JSON.stringify(first))) return first;
  const meansS = all.map((patience) => {
    if (typeof patience === "number") return patience;
    if (patience?.dist === "exponential") return patience.meanS;
    throw badInput(
      "centres.patience",
      "centres.patience differs between the centres and is not exponential everywhere; give each a mean, or the same curve",
    );
  });
  return {
    dist: "hyperexponential",
    p: centres.map((centre) => weigh((other) => (other === centre ? 1 : 0))),
    meansS,
  };
}

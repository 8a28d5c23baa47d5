import { type Instant, SvaraError } from "@svara/kernel";
import { type IntervalDemand, OfferedLoad } from "./offered-load.ts";

/**
 * Simulates the floor with so many agents in each interval: the number of contacts in the system (waiting and in hand) at
 * each instant asked for, in every replication.
 */
export type FloorCensus = (
  agents: readonly number[],
  instants: readonly Instant[],
) => readonly (readonly number[])[];

/** What the iteration aims at. */
export interface IteratedStaffingOptions {
  readonly demand: IntervalDemand;
  /** The share of customers who may find all agents busy, above 0 and below 1: for all intervals or for each. */
  readonly delayProbability: number | readonly number[];
  readonly census: FloorCensus;
  /** The least in each interval; 0 if absent. */
  readonly atLeast?: number;
  /** 10 if absent. */
  readonly maxIterations?: number;
}

/** What the iteration found. */
export interface IteratedStaffing {
  readonly agents: readonly number[];
  /** Share of customers who find all agents busy, simulated with the staff before the last change. */
  readonly delayProbability: readonly number[];
  readonly iterations: number;
  /** Whether the last change was of at most one agent anywhere. */
  readonly settled: boolean;
}

const LOOKS = [1 / 6, 3 / 6, 5 / 6]; // of an interval: three looks at its number in system

/**
 * Staffs by iterated simulation (Feldman, Mandelbaum, Massey & Whitt, "Staffing of time-varying queues to achieve
 * time-stable performance", Management Science 54, 2008): begin with more than enough, simulate, take in each interval the
 * least number of agents that is reached or passed by the number in system no more often than wanted, and again until
 * nothing changes by more than one. Throws `workforce.bad_target`.
 */
export function iteratedStaffing(options: IteratedStaffingOptions): IteratedStaffing {
  const { demand, census, atLeast = 0, maxIterations = 10 } = options;
  const { from, intervalMs, arrivals } = demand;
  const target = targetsOf(options);
  const instants = arrivals.flatMap((_, index) =>
    LOOKS.map((part) => Math.round(from + (index + part) * intervalMs)),
  );
  let agents = moreThanEnough(demand);
  for (let iterations = 1; ; iterations++) {
    const inSystem = census(agents, instants);
    const looks = arrivals.map((_, index) =>
      inSystem.slice(index * LOOKS.length, (index + 1) * LOOKS.length).flat(),
    );
    const delayProbability = looks.map((counts, index) => shareFrom(counts, agents[index] ?? 0));
    const next = looks.map((counts, index) => Math.max(atLeast, leastFor(counts, target[index] ?? 1)));
    const settled = next.every((count, index) => Math.abs(count - (agents[index] ?? 0)) <= 1);
    agents = next;
    if (settled || iterations >= maxIterations) return { agents, delayProbability, iterations, settled };
  }
}

function targetsOf({ demand, delayProbability }: IteratedStaffingOptions): readonly number[] {
  const targets =
    typeof delayProbability === "number" ? demand.arrivals.map(() => delayProbability) : delayProbability;
  if (targets.length === demand.arrivals.length && targets.every((share) => share > 0 && share < 1))
    return targets;
  throw new SvaraError("delayProbability is above 0 and below 1, one for all intervals or one for each", {
    code: "workforce.bad_target",
    field: "delayProbability",
    httpStatus: 422,
  });
}

function moreThanEnough(demand: IntervalDemand): readonly number[] {
  const load = new OfferedLoad({ ...demand, before: "steady" });
  const peak = Math.max(
    ...demand.arrivals.map((_, index) => load.at(demand.from + (index + 1) * demand.intervalMs)),
  );
  const all = Math.ceil(peak + 6 * Math.sqrt(peak) + 10);
  return demand.arrivals.map(() => all);
}

/** The least count that at most `share` of the counts reach or pass. */
function leastFor(counts: readonly number[], share: number): number {
  const falling = counts.toSorted((a, b) => b - a);
  const allowed = Math.floor(share * falling.length);
  const first = falling[allowed];
  return first === undefined ? 0 : first + 1;
}

function shareFrom(counts: readonly number[], agents: number): number {
  return counts.length === 0 ? 0 : counts.filter((count) => count >= agents).length / counts.length;
}

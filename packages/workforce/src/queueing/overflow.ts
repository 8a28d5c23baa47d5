import { erlangB } from "./erlang-b.ts";
import { badInput, erlangIn, LIMITS, numberIn, openShareIn, unreachableTarget } from "./input.ts";
import { bisect, leastWhole } from "./root.ts";

/** Traffic that a full group turns away: burstier than fresh traffic. */
export interface OverflowMoments {
  readonly meanErlang: number;
  readonly variance: number;
  /** Variance over mean: 1 is fresh (Poisson) traffic. */
  readonly peakedness: number;
}

/** Mean and variance of what overflows from `agents` without waiting room (Riordan; Kosten 1937). */
export function overflowMoments(agents: number, offeredErlang: number): OverflowMoments {
  const meanErlang = offeredErlang * erlangB(agents, offeredErlang);
  const variance = meanErlang * (1 - meanErlang + offeredErlang / (agents + 1 - offeredErlang + meanErlang));
  return { meanErlang, variance, peakedness: meanErlang > 0 ? variance / meanErlang : 1 };
}

export interface TwoTiers {
  /** Of all calls, those that the first tier turns away. */
  readonly overflowFraction: number;
  /** Of all calls, those that both turn away. */
  readonly lostFraction: number;
  readonly primaryOccupancy: number;
  readonly secondaryOccupancy: number;
}

/** A second tier that takes what the first cannot, without waiting; equal handling times: exact, as one ordered hunt. */
export function twoTiers(input: {
  readonly primary: number;
  readonly secondary: number;
  readonly offeredErlang: number;
}): TwoTiers {
  const { primary, secondary, offeredErlang } = input;
  numberIn(primary, "primary", { min: 0, max: LIMITS.agents, isAbove: true });
  numberIn(secondary, "secondary", { min: 0, max: LIMITS.agents, isAbove: true });
  const overflowFraction = erlangB(primary, offeredErlang);
  const lostFraction = erlangB(primary + secondary, offeredErlang);
  return {
    overflowFraction,
    lostFraction,
    primaryOccupancy: (offeredErlang * (1 - overflowFraction)) / primary,
    secondaryOccupancy: (offeredErlang * (overflowFraction - lostFraction)) / secondary,
  };
}

/** Bursty traffic, such as several overflows together. */
export type BurstyTraffic = Pick<OverflowMoments, "meanErlang" | "peakedness">;

/**
 * The share of bursty traffic that `lines` lose: as if all of it overflowed from one group with fresh traffic (equivalent
 * random theory, Wilkinson 1956). Exact for the overflow of one group.
 */
export function burstyBlocking(lines: number, traffic: BurstyTraffic): number {
  const meanErlang = erlangIn(traffic.meanErlang, "meanErlang");
  const z = numberIn(traffic.peakedness, "peakedness", { min: 1, max: 1_000 });
  if (meanErlang === 0) return 0;
  if (z < 1 + 1e-9) return erlangB(lines, meanErlang);
  const { agents, offeredErlang } = equivalentGroup({ meanErlang, peakedness: z });
  return (offeredErlang * erlangB(agents + lines, offeredErlang)) / meanErlang;
}

/** The group whose overflow has this mean and peakedness; its agents need not be whole. */
function equivalentGroup({ meanErlang: mean, peakedness: z }: BurstyTraffic): {
  readonly agents: number;
  readonly offeredErlang: number;
} {
  // Riordan's variance gives the agents for each load; the load follows from the mean, near Rapp's guess.
  const agentsAt = (load: number): number => (load * (mean + z)) / (mean + z - 1) - mean - 1;
  const excess = (load: number): number => load * erlangB(Math.max(0, agentsAt(load)), load) - mean;
  const guess = mean * z + 3 * z * (z - 1);
  const low = ((mean + 1) * (mean + z - 1)) / (mean + z); // no agents at all: everything overflows
  const offeredErlang = bisect(low, Math.max(2 * guess, 2 * low), (load) => excess(load) <= 0);
  return { agents: Math.max(0, agentsAt(offeredErlang)), offeredErlang };
}

/**
 * One second tier behind several first tiers: the fewest agents that lose at most `maxBlocking` of what overflows to
 * them. Means and variances of the overflows add.
 */
export function sharedSecondTier(input: {
  readonly primaries: readonly { readonly agents: number; readonly offeredErlang: number }[];
  readonly maxBlocking: number;
}): { readonly agents: number; readonly blocking: number; readonly offered: OverflowMoments } {
  const { primaries, maxBlocking } = input;
  if (primaries.length === 0) throw badInput("primaries", "primaries is empty; give at least one first tier");
  openShareIn(maxBlocking, "maxBlocking");
  const streams = primaries.map(({ agents, offeredErlang }) => overflowMoments(agents, offeredErlang));
  const meanErlang = streams.reduce((sum, stream) => sum + stream.meanErlang, 0);
  const variance = streams.reduce((sum, stream) => sum + stream.variance, 0);
  const offered = {
    meanErlang,
    variance,
    peakedness: meanErlang > 0 ? Math.max(1, variance / meanErlang) : 1,
  };
  const agents = leastWhole(0, LIMITS.agents, (n) => burstyBlocking(n, offered) <= maxBlocking, meanErlang);
  if (agents === undefined)
    throw unreachableTarget("maxBlocking", `maxBlocking of ${maxBlocking} is not reached; give more`);
  return { agents, blocking: burstyBlocking(agents, offered), offered };
}

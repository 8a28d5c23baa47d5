import { erlangB } from "./erlang-b.ts";
import { badInput, erlangIn, LIMITS, numberIn, openShareIn, unreachableTarget } from "./input.ts";
import { leastWhole } from "./root.ts";

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

/** The blocking of bursty traffic: Erlang B with lines and load divided by the peakedness (Hayward; Fredericks 1980). */
export function haywardBlocking(lines: number, traffic: { meanErlang: number; peakedness: number }): number {
  const z = numberIn(traffic.peakedness, "peakedness", { min: 0.01, max: 1_000 });
  return erlangB(lines / z, erlangIn(traffic.meanErlang, "meanErlang") / z);
}

/**
 * One second tier behind several first tiers: the fewest agents that lose at most `maxBlocking` of what overflows to
 * them. Means and variances of the overflows add; Hayward's approximation.
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
  const offered = { meanErlang, variance, peakedness: meanErlang > 0 ? variance / meanErlang : 1 };
  const agents = leastWhole(0, LIMITS.agents, (n) => haywardBlocking(n, offered) <= maxBlocking, meanErlang);
  if (agents === undefined)
    throw unreachableTarget("maxBlocking", `maxBlocking of ${maxBlocking} is not reached; give more`);
  return { agents, blocking: haywardBlocking(agents, offered), offered };
}

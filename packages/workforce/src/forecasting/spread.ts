import { normalQuantile } from "../simulation/normal-quantile.ts";
import { countQuantile } from "./count-quantile.ts";
import type { Quantiles } from "./forecast-result.ts";

/** A forecast that was made without knowing the actual, and the actual. */
export interface Hindsight {
  readonly expected: number;
  readonly actual: number;
}

/** How far actuals lie from what was expected, beyond Poisson's chance. */
export interface Spread {
  /** Variance of the true rate over the square of the expected one. */
  readonly relativeVariance: number;
  /** What the width of the 80 % and the 95 % interval is multiplied by, since errors are not normal. */
  readonly widen80: number;
  readonly widen95: number;
}

/** Before anything was seen: a fifth up or down is usual. */
export const UNSEEN: Spread = { relativeVariance: 0.04, widen80: 1, widen95: 1 };

const PRIOR_NUMBER = 0.25; // hindsights that the variance expected beforehand weighs: it is far above that of most centres
const CALIBRATE_FROM = 5; // contacts: below, whole numbers are too coarse for a width to be calibrated
const HALF_TRUST = 12; // hindsights with which the seen widths weigh as much as the normal ones
const TRIM = 4; // deviations: what is farther out counts as if it were here

/** The spread of such hindsights; `prior` holds until they are many. */
export function spreadOf(seen: readonly Hindsight[], prior: Spread = UNSEEN): Spread {
  const used = seen.filter(({ expected }) => expected > 0);
  if (used.length === 0) return prior;
  let relativeVariance = moments(used, prior, Number.POSITIVE_INFINITY);
  relativeVariance = moments(used, prior, TRIM * TRIM, relativeVariance);
  const deviations = used
    .filter(({ expected }) => expected >= CALIBRATE_FROM)
    .map(({ expected, actual }) => Math.abs(actual - expected) / deviation(expected, relativeVariance))
    .sort((a, b) => a - b);
  const trust = deviations.length / (deviations.length + HALF_TRUST);
  const widen = (share: number): number => {
    if (deviations.length === 0) return 1;
    // the conformal rank: with n seen, the next one is below it with at least this probability
    const rank = Math.min(deviations.length, Math.ceil((deviations.length + 1) * share));
    const ratio = (deviations[rank - 1] ?? 1) / normalQuantile((1 + share) / 2);
    return 1 + trust * (ratio - 1);
  };
  return { relativeVariance, widen80: widen(0.8), widen95: widen(0.95) };
}

/** Weighted by the square of what was expected: sum((actual - expected)^2 - expected) / sum(expected^2). */
function moments(seen: readonly Hindsight[], prior: Spread, most: number, around?: number): number {
  let excess = 0;
  let squares = 0;
  for (const { expected, actual } of seen) {
    const error = (actual - expected) ** 2;
    const limit = around === undefined ? error : most * deviation(expected, around) ** 2;
    excess += Math.min(error, limit) - expected;
    squares += expected ** 2;
  }
  const perOne = squares / seen.length;
  return Math.max(
    1e-6,
    (excess + PRIOR_NUMBER * perOne * prior.relativeVariance) / (squares + PRIOR_NUMBER * perOne),
  );
}

function deviation(expected: number, relativeVariance: number): number {
  return Math.sqrt(expected + relativeVariance * expected * expected);
}

/** The quantiles of a number of contacts with this mean and spread. */
export function quantilesOf(mean: number, spread: Spread): Quantiles {
  const { relativeVariance, widen80, widen95 } = spread;
  const wide = (by: number): [number, number] => {
    // a wider interval is that of a larger variance; below Poisson's own there is none
    const variance = by * by * (mean + relativeVariance * mean * mean);
    return [mean, mean > 0 ? Math.max(0, (variance - mean) / (mean * mean)) : 0];
  };
  const [, v80] = wide(widen80);
  const [, v95] = wide(widen95);
  const p500 = countQuantile(mean, v80, 0.5);
  const p100 = countQuantile(mean, v80, 0.1);
  const p900 = countQuantile(mean, v80, 0.9);
  return {
    p025: Math.min(p100, countQuantile(mean, v95, 0.025)),
    p100,
    p500,
    p900,
    p975: Math.max(p900, countQuantile(mean, v95, 0.975)),
  };
}

/** Between two spreads, `share` of the way. */
export function between(a: Spread, b: Spread, share: number): Spread {
  const mix = (x: number, y: number): number => x + share * (y - x);
  return {
    relativeVariance: mix(a.relativeVariance, b.relativeVariance),
    widen80: mix(a.widen80, b.widen80),
    widen95: mix(a.widen95, b.widen95),
  };
}

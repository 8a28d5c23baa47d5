import { type Random, SvaraError, unreachable } from "@svara/kernel";
import { normalQuantile } from "./normal-quantile.ts";

/**
 * A random time in milliseconds. `scv` is the squared coefficient of variation (variance / mean squared). `never` is
 * the patience of somebody who does not hang up. `survival` is a measured curve: `survival[i]` is the share still there
 * just after `atMs[i]` (ascending); beyond the last point the rest goes exponentially with mean `tailMeanMs`, or never.
 */
export type Distribution =
  | { readonly kind: "deterministic"; readonly ms: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  | { readonly kind: "erlang"; readonly meanMs: number; readonly shape: number }
  | { readonly kind: "lognormal"; readonly meanMs: number; readonly scv: number }
  | { readonly kind: "hyperexponential"; readonly branches: readonly HyperexponentialBranch[] }
  | { readonly kind: "uniform"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "empirical"; readonly valuesMs: readonly number[] }
  | {
      readonly kind: "survival";
      readonly atMs: readonly number[];
      readonly survival: readonly number[];
      readonly tailMeanMs: number | null;
    }
  | { readonly kind: "never" };

/** One exponential branch and the chance to take it. */
export interface HyperexponentialBranch {
  readonly probability: number;
  readonly meanMs: number;
}

/** Draws whole milliseconds; `Infinity` is never. Takes the same number of uniforms each time, so streams stay in step. */
export type Sampler = () => number;

/** The sampler of a distribution over a stream of chance of its own. Throws `workforce.bad_distribution`. */
export function sampler(distribution: Distribution, random: Random): Sampler {
  checkDistribution(distribution);
  switch (distribution.kind) {
    case "deterministic": {
      const ms = Math.round(distribution.ms);
      return () => ms;
    }
    case "exponential": {
      const { meanMs } = distribution;
      return () => Math.round(-meanMs * Math.log(1 - random.next()));
    }
    case "erlang": {
      const { shape, meanMs } = distribution;
      const stageMs = meanMs / shape;
      return () => {
        let product = 1;
        for (let i = 0; i < shape; i++) product *= 1 - random.next();
        return Math.round(-stageMs * Math.log(product));
      };
    }
    case "lognormal": {
      const sigma = Math.sqrt(Math.log(1 + distribution.scv));
      const mu = Math.log(distribution.meanMs) - (sigma * sigma) / 2;
      return () => Math.round(Math.exp(mu + sigma * normalQuantile(openUniform(random))));
    }
    case "hyperexponential": {
      const { branches } = distribution;
      return () => {
        const meanMs = branchOf(branches, random.next());
        return Math.round(-meanMs * Math.log(1 - random.next()));
      };
    }
    case "uniform": {
      const { fromMs, toMs } = distribution;
      return () => Math.round(fromMs + (toMs - fromMs) * random.next());
    }
    case "empirical": {
      const { valuesMs } = distribution;
      return () => valuesMs[Math.floor(random.next() * valuesMs.length)] ?? 0;
    }
    case "survival": {
      const draw = survivalSampler(distribution, random);
      return () => draw(0);
    }
    case "never":
      return () => Number.POSITIVE_INFINITY;
    default:
      return unreachable(distribution);
  }
}

/** A measured curve. */
export type SurvivalCurve = Extract<Distribution, { readonly kind: "survival" }>;

/** Draws a time that is longer than `overMs`; 0 asks for nothing. */
export function survivalSampler(curve: SurvivalCurve, random: Random): (overMs: number) => number {
  return (overMs) => quantileOfSurvival(curve, survivalAt(curve, overMs) * (1 - random.next()));
}

/** The share still there after `ms`. */
export function survivalAt({ atMs, survival, tailMeanMs }: SurvivalCurve, ms: number): number {
  const lastMs = atMs.at(-1) ?? 0;
  if (ms > lastMs) {
    const share = survival.at(-1) ?? 1;
    return tailMeanMs === null ? share : share * Math.exp(-(ms - lastMs) / tailMeanMs);
  }
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((atMs[mid] ?? 0) <= ms) low = mid + 1;
    else high = mid;
  }
  return low === 0 ? 1 : (survival[low - 1] ?? 1);
}

/** The time at which the share still there falls to `share` (0 < share <= 1). */
export function quantileOfSurvival({ atMs, survival, tailMeanMs }: SurvivalCurve, share: number): number {
  let low = 0;
  let high = survival.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((survival[mid] ?? 0) <= share) high = mid;
    else low = mid + 1;
  }
  const at = atMs[low];
  if (at !== undefined) return at;
  if (tailMeanMs === null) return Number.POSITIVE_INFINITY;
  const lastMs = atMs.at(-1) ?? 0;
  const lastShare = survival.at(-1) ?? 1;
  return Math.round(lastMs + tailMeanMs * Math.log(lastShare / share));
}

function openUniform(random: Random): number {
  return Math.max(random.next(), Number.EPSILON / 2); // the normal quantile of 0 is minus infinity
}

function branchOf(branches: readonly HyperexponentialBranch[], uniform: number): number {
  let left = uniform;
  for (const { probability, meanMs } of branches) {
    left -= probability;
    if (left < 0) return meanMs;
  }
  return branches.at(-1)?.meanMs ?? 0;
}

function checkDistribution(d: Distribution): void {
  const wrong = problemOf(d);
  if (wrong === undefined) return;
  throw new SvaraError(`a ${d.kind} time needs ${wrong}, not ${JSON.stringify(d)}`, {
    code: "workforce.bad_distribution",
    httpStatus: 422,
  });
}

function problemOf(d: Distribution): string | undefined {
  const isTime = (ms: number): boolean => Number.isFinite(ms) && ms >= 0;
  switch (d.kind) {
    case "deterministic":
      return isTime(d.ms) ? undefined : "ms of 0 or more";
    case "exponential":
      return isTime(d.meanMs) ? undefined : "meanMs of 0 or more";
    case "erlang":
      return isTime(d.meanMs) && Number.isInteger(d.shape) && d.shape > 0
        ? undefined
        : "meanMs of 0 or more and a whole shape of 1 or more";
    case "lognormal":
      return d.meanMs > 0 && d.scv >= 0 ? undefined : "meanMs above 0 and scv of 0 or more";
    case "hyperexponential":
      return Math.abs(d.branches.reduce((sum, b) => sum + b.probability, 0) - 1) < 1e-9
        ? undefined
        : "branches whose probabilities add up to 1";
    case "uniform":
      return isTime(d.fromMs) && d.toMs >= d.fromMs ? undefined : "fromMs of 0 or more, not beyond toMs";
    case "empirical":
      return d.valuesMs.length > 0 && d.valuesMs.every(isTime)
        ? undefined
        : "at least one value of 0 or more";
    case "survival":
      return d.atMs.length === d.survival.length ? undefined : "one share for each instant";
    case "never":
      return undefined;
    default:
      return unreachable(d);
  }
}

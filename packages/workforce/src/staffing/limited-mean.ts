import { SvaraError, unreachable } from "@svara/kernel";
import { normalCdf } from "../queueing/normal.ts";
import type { Distribution } from "../simulation/distribution.ts";

/** How long a contact keeps an agent: talk and wrap-up together. */
export type HandlingTime = Exclude<Distribution, { readonly kind: "survival" } | { readonly kind: "never" }>;

/** The mean of a handling time in ms. Throws `workforce.bad_distribution` for one that is not above 0. */
export function meanMsOf(handling: HandlingTime): number {
  const mean = plainMean(handling);
  if (mean > 0 && Number.isFinite(mean)) return mean;
  throw new SvaraError(`a handling time has a mean above 0 ms, not ${mean}`, {
    code: "workforce.bad_distribution",
    field: "handling",
    httpStatus: 422,
  });
}

/**
 * E[min(S, x)] in ms, the time for which a contact of handling time S keeps an agent within the first `x` ms: the integral
 * of P(S > u) over u from 0 to x. It rises from 0 to the mean.
 */
export function limitedMeanMs(handling: HandlingTime, x: number): number {
  if (x <= 0) return 0;
  switch (handling.kind) {
    case "deterministic":
      return Math.min(handling.ms, x);
    case "exponential":
      return -handling.meanMs * Math.expm1(-x / handling.meanMs);
    case "erlang":
      return erlang(handling, x);
    case "lognormal":
      return lognormal(handling, x);
    case "hyperexponential":
      return handling.branches.reduce(
        (sum, { probability, meanMs }) => sum - probability * meanMs * Math.expm1(-x / meanMs),
        0,
      );
    case "uniform":
      return uniform(handling, x);
    case "empirical":
      return handling.valuesMs.reduce((sum, ms) => sum + Math.min(ms, x), 0) / handling.valuesMs.length;
    default:
      return unreachable(handling);
  }
}

function plainMean(handling: HandlingTime): number {
  switch (handling.kind) {
    case "deterministic":
      return handling.ms;
    case "exponential":
    case "erlang":
    case "lognormal":
      return handling.meanMs;
    case "hyperexponential":
      return handling.branches.reduce((sum, { probability, meanMs }) => sum + probability * meanMs, 0);
    case "uniform":
      return (handling.fromMs + handling.toMs) / 2;
    case "empirical":
      return handling.valuesMs.reduce((sum, ms) => sum + ms, 0) / handling.valuesMs.length;
    default:
      return unreachable(handling);
  }
}

/** Each stage lasts on average P(Poisson(x / stage) > its number) of its length within x. */
function erlang({ meanMs, shape }: { readonly meanMs: number; readonly shape: number }, x: number): number {
  const stageMs = meanMs / shape;
  let term = Math.exp(-x / stageMs);
  let reached = term;
  let sum = 0;
  for (let stage = 0; stage < shape; stage++) {
    sum += stageMs * (1 - reached);
    term *= x / stageMs / (stage + 1);
    reached += term;
  }
  return sum;
}

function lognormal({ meanMs, scv }: { readonly meanMs: number; readonly scv: number }, x: number): number {
  if (scv === 0) return Math.min(meanMs, x);
  const sigma = Math.sqrt(Math.log1p(scv));
  const z = (Math.log(x / meanMs) + (sigma * sigma) / 2) / sigma;
  return meanMs * normalCdf(z - sigma) + x * normalCdf(-z);
}

function uniform({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, x: number): number {
  if (x <= fromMs) return x;
  if (x >= toMs) return (fromMs + toMs) / 2;
  return x - (x - fromMs) ** 2 / (2 * (toMs - fromMs));
}

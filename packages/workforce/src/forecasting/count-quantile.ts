import { normalQuantile } from "../simulation/normal-quantile.ts";

const EXACT_UP_TO = 20; // contacts
const SKEWED = 0.25; // skewness: below, the smooth approximation is within a contact or two
const EXACT_AT_MOST = 5_000;

/**
 * The quantile of a number of contacts: Poisson whose rate is a gamma variable with the mean and the relative variance given,
 * that is negative binomial. The smallest whole number that is not exceeded with probability `p`.
 */
export function countQuantile(mean: number, relativeVariance: number, p: number): number {
  if (!(mean > 0)) return 0;
  const isExact =
    mean <= EXACT_UP_TO || (mean <= EXACT_AT_MOST && skewnessOf(mean, relativeVariance) > SKEWED);
  return isExact ? exact(mean, relativeVariance, p) : smooth(mean, relativeVariance, p);
}

/** Sums the probabilities. */
function exact(mean: number, relativeVariance: number, p: number): number {
  // with shape k = 1 / relativeVariance: P(0) = (k / (k + mean))^k, P(n + 1) = P(n) (k + n) / (n + 1) mean / (k + mean)
  const most = mean + 40 * Math.sqrt(mean + relativeVariance * mean * mean) + 40;
  const isPoisson = relativeVariance < 1e-9;
  let probability = isPoisson
    ? Math.exp(-mean)
    : Math.exp(-Math.log1p(relativeVariance * mean) / relativeVariance);
  let below = probability;
  let n = 0;
  while (below < p && n < most) {
    const ratio = isPoisson
      ? mean / (n + 1)
      : ((1 + relativeVariance * n) * mean) / ((n + 1) * (1 + relativeVariance * mean));
    probability *= ratio;
    below += probability;
    n++;
  }
  return n;
}

/** Cornish and Fisher's third-order expansion around the normal quantile, with the skewness of the negative binomial. */
function smooth(mean: number, relativeVariance: number, p: number): number {
  const variance = mean + relativeVariance * mean * mean;
  const sd = Math.sqrt(variance);
  const skewness = skewnessOf(mean, relativeVariance);
  const z = normalQuantile(p);
  return Math.max(0, Math.round(mean + sd * (z + (skewness * (z * z - 1)) / 6)));
}

function skewnessOf(mean: number, relativeVariance: number): number {
  return (1 + 2 * relativeVariance * mean) / Math.sqrt(mean + relativeVariance * mean * mean);
}

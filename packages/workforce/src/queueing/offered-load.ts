import { badInput, durationIn, LIMITS, numberIn, openShareIn } from "./input.ts";
import { normalQuantile } from "./normal.ts";
import { squareRootAgents } from "./square-root.ts";

/** Arrivals that swing: rate(t) = mean + swing sin(frequency t), in any one unit of time; at no time below 0. */
export interface PeriodicRate {
  readonly mean: number;
  readonly swing: number;
  readonly frequency: number;
  /** Service rate: one over the mean handling time, exponential. */
  readonly mu: number;
}

/** The mean number of busy agents at t, were there always enough: lags and flattens the rate (Eick, Massey, Whitt 1993). */
export function periodicOfferedLoad(rate: PeriodicRate, t: number): number {
  const { mean, swing, frequency, mu } = checkedRate(rate);
  numberIn(t, "t", { min: -1e9, max: 1e9 });
  const angle = frequency * t;
  return (
    mean / mu +
    (swing * (mu * Math.sin(angle) - frequency * Math.cos(angle))) / (mu * mu + frequency * frequency)
  );
}

export interface PatientAsServiceStaffing {
  readonly offeredErlang: number;
  readonly agents: number;
  /** Exact: with patience as long as service the number present is Poisson. */
  readonly delay: number;
}

/**
 * Staffing by the modified offered load where callers hang up as fast as they would be served (theta = mu): agents by the
 * square-root rule with beta for the target, and the exact share that waits (Feldman, Mandelbaum, Massey, Whitt 2008).
 */
export function staffPeriodicLoad(
  rate: PeriodicRate,
  t: number,
  targetDelay: number,
  beta = normalQuantile(1 - openShareIn(targetDelay, "targetDelay")),
): PatientAsServiceStaffing {
  openShareIn(targetDelay, "targetDelay");
  const offeredErlang = periodicOfferedLoad(rate, t);
  const agents = squareRootAgents(offeredErlang, beta);
  return { offeredErlang, agents, delay: poissonAtLeast(agents, offeredErlang) };
}

/** P(a Poisson number of this mean is `least` or more), from the side of the small terms. */
export function poissonAtLeast(least: number, mean: number): number {
  if (least <= 0) return 1;
  if (mean === 0) return 0;
  const logTerm = (k: number): number => k * Math.log(mean) - mean - logFactorial(k);
  let sum = 0;
  if (least > mean) {
    let term = Math.exp(logTerm(least));
    for (let k = least; term > 1e-18 * sum; ) {
      sum += term;
      term *= mean / ++k;
    }
    return sum;
  }
  let term = Math.exp(logTerm(least - 1));
  for (let k = least - 1; k >= 0 && term > 1e-18 * sum; k--) {
    sum += term;
    term *= k / mean;
  }
  return 1 - sum;
}

/** The logarithm of k!. */
export function logFactorial(k: number): number {
  if (k > 256) {
    const x = 1 / (k * k); // Stirling's series: its next term is below 1e-17
    return k * Math.log(k) - k + Math.log(2 * Math.PI * k) / 2 + (1 / 12 - x * (1 / 360 - x / 1260)) / k;
  }
  let sum = 0;
  for (let i = 2; i <= k; i++) sum += Math.log(i);
  return sum;
}

function checkedRate(rate: PeriodicRate): PeriodicRate {
  numberIn(rate.mean, "mean", { min: 0, max: LIMITS.lambdaPerHour });
  numberIn(rate.swing, "swing", { min: -LIMITS.lambdaPerHour, max: LIMITS.lambdaPerHour });
  numberIn(rate.frequency, "frequency", { min: 0, max: 1e6 });
  durationIn(rate.mu, "mu");
  if (Math.abs(rate.swing) > rate.mean)
    throw badInput(
      "swing",
      `swing is ${rate.swing}, more than the mean (${rate.mean}): the rate falls below 0; give less`,
    );
  return rate;
}

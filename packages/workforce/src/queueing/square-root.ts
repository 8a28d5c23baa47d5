import { badInput, erlangIn, LIMITS, numberIn, openShareIn } from "./input.ts";
import { normalHazard } from "./normal.ts";
import { bisect } from "./root.ts";

const WIDEST_BETA = 40;

/**
 * The delay probability of M/M/n in the limit of many agents at n = A + beta sqrt(A), beta > 0 (Halfin and Whitt 1981).
 */
export function halfinWhittDelay(beta: number): number {
  numberIn(beta, "beta", { min: -WIDEST_BETA, max: WIDEST_BETA });
  if (beta <= 0)
    throw badInput(
      "beta",
      `beta is ${beta}; without abandonment only beta above 0 is stable, give one such as 0.5`,
    );
  return 1 / (1 + beta / normalHazard(-beta));
}

/**
 * The delay probability of M/M/n+M in the limit of many agents at n = A + beta sqrt(A), any beta; `thetaOverMu` is mean
 * handling time over mean patience (Garnett, Mandelbaum, Reiman 2002).
 */
export function garnettDelay(beta: number, thetaOverMu: number): number {
  numberIn(beta, "beta", { min: -WIDEST_BETA, max: WIDEST_BETA });
  const root = Math.sqrt(
    numberIn(thetaOverMu, "thetaOverMu", { min: 0, max: LIMITS.seconds, isAbove: true }),
  );
  return 1 / (1 + (root * normalHazard(beta / root)) / normalHazard(-beta));
}

/** The beta at which a share `delay` waits: Halfin and Whitt's when `thetaOverMu` is 0 or absent, else Garnett's. */
export function betaForDelay(delay: number, thetaOverMu = 0): number {
  openShareIn(delay, "delay");
  return thetaOverMu === 0
    ? bisect(0, WIDEST_BETA, (beta) => beta > 0 && halfinWhittDelay(beta) <= delay)
    : bisect(-WIDEST_BETA, WIDEST_BETA, (beta) => garnettDelay(beta, thetaOverMu) <= delay);
}

/** Square-root staffing: the load, and beta times its root, rounded up. */
export function squareRootAgents(offeredErlang: number, beta: number): number {
  erlangIn(offeredErlang);
  numberIn(beta, "beta", { min: -WIDEST_BETA, max: WIDEST_BETA });
  return Math.max(0, Math.ceil(offeredErlang + beta * Math.sqrt(offeredErlang)));
}

import {
  exponentialMeanMs,
  type ObservedWait,
  productLimit,
  whoWaited,
} from "../../forecasting/product-limit.ts";
import type { SurvivalCurve } from "../distribution.ts";

export type { ObservedWait };

/** How a patience was found. */
export type PatienceMethod =
  /** The product-limit curve, with an exponential tail behind the last hang-up. */
  | "kaplan_meier"
  /** Too few hang-ups for a curve: exponential, by maximum likelihood. */
  | "exponential"
  /** Nobody hung up: nobody will. */
  | "never";

/** A fitted patience. */
export interface PatienceFit {
  readonly method: PatienceMethod;
  readonly curve: SurvivalCurve;
  readonly gaveUp: number;
  readonly censored: number;
  /** Total wait / number who gave up: the mean of the exponential, the tail of the curve; null where nobody gave up. */
  readonly meanMs: number | null;
}

const CURVE_NEEDS = 30; // hang-ups; with fewer the steps of the curve are mostly noise

/**
 * Fits patience to waits of which those that were served are censored (Kaplan and Meier 1958; Brown et al. 2005; hang-ups
 * before censorings at ties). Hang-ups at once are left out: they never waited.
 */
export function fitPatience(waits: readonly ObservedWait[]): PatienceFit {
  const waited = whoWaited(waits);
  const gaveUp = waited.filter((wait) => wait.gaveUp).length;
  const censored = waited.length - gaveUp;
  const meanMs = exponentialMeanMs(waited);
  if (meanMs === null) {
    const curve: SurvivalCurve = { kind: "survival", atMs: [], survival: [], tailMeanMs: null };
    return { method: "never", curve, gaveUp, censored, meanMs };
  }
  const steps = gaveUp < CURVE_NEEDS ? { atMs: [], survival: [] } : stepsOf(waited);
  return {
    method: gaveUp < CURVE_NEEDS ? "exponential" : "kaplan_meier",
    curve: { kind: "survival", ...steps, tailMeanMs: meanMs },
    gaveUp,
    censored,
    meanMs,
  };
}

/** The steps of the curve; where the last one seen gave up the tail says what is beyond. */
function stepsOf(waits: readonly ObservedWait[]): { atMs: number[]; survival: number[] } {
  const steps = productLimit(waits).filter(({ survival }) => survival > 0);
  return { atMs: steps.map(({ atMs }) => atMs), survival: steps.map(({ survival }) => survival) };
}

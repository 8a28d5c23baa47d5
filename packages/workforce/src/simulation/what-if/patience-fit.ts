import type { SurvivalCurve } from "../distribution.ts";

/** One wait as the record knows it: it ended by the customer, or by something else and the patience was longer. */
export interface ObservedWait {
  readonly waitMs: number;
  readonly gaveUp: boolean;
}

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
  const waited = waits.filter(({ waitMs }) => waitMs > 0);
  const gaveUp = waited.filter((wait) => wait.gaveUp).length;
  const censored = waited.length - gaveUp;
  if (gaveUp === 0) {
    const curve: SurvivalCurve = { kind: "survival", atMs: [], survival: [], tailMeanMs: null };
    return { method: "never", curve, gaveUp, censored, meanMs: null };
  }
  const meanMs = waited.reduce((sum, { waitMs }) => sum + waitMs, 0) / gaveUp;
  const steps = gaveUp < CURVE_NEEDS ? { atMs: [], survival: [] } : productLimit(waited);
  return {
    method: gaveUp < CURVE_NEEDS ? "exponential" : "kaplan_meier",
    curve: { kind: "survival", ...steps, tailMeanMs: meanMs },
    gaveUp,
    censored,
    meanMs,
  };
}

/** The product-limit estimate: the share still there just after each instant at which somebody gave up. */
function productLimit(waits: readonly ObservedWait[]): { atMs: number[]; survival: number[] } {
  const ordered = [...waits].sort((a, b) => a.waitMs - b.waitMs);
  const atMs: number[] = [];
  const survival: number[] = [];
  let share = 1;
  let i = 0;
  while (i < ordered.length) {
    const at = ordered[i]?.waitMs ?? 0;
    const atRisk = ordered.length - i;
    let gone = 0;
    for (; ordered[i]?.waitMs === at; i++) if (ordered[i]?.gaveUp) gone++;
    if (gone === 0) continue;
    share *= 1 - gone / atRisk;
    if (share <= 0) break; // the last one seen gave up: the tail says what is beyond
    atMs.push(at);
    survival.push(share);
  }
  return { atMs, survival };
}

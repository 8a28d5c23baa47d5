/** One wait as the record knows it: it ended by the customer, or by something else and the patience was longer. */
export interface ObservedWait {
  readonly waitMs: number;
  readonly gaveUp: boolean;
}

/** One instant at which somebody gave up. */
export interface SurvivalStep {
  readonly atMs: number;
  /** Who had waited at least so long. */
  readonly atRisk: number;
  readonly gaveUp: number;
  /** The share still there just after it; 0 after the last step where the longest wait of all ended by giving up. */
  readonly survival: number;
  /** Standard error of that share (Greenwood 1926). */
  readonly standardError: number;
}

/**
 * The product-limit estimate (Kaplan and Meier 1958, JASA 53:457-481): how long people would wait, from waits of which most
 * ended otherwise. At ties those who gave up come before those who were served.
 */
export function productLimit(waits: readonly ObservedWait[]): SurvivalStep[] {
  const ordered = [...waits].sort((a, b) => a.waitMs - b.waitMs);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let greenwood = 0;
  let i = 0;
  while (i < ordered.length) {
    const atMs = ordered[i]?.waitMs ?? 0;
    const atRisk = ordered.length - i;
    let gaveUp = 0;
    for (; ordered[i]?.waitMs === atMs; i++) if (ordered[i]?.gaveUp) gaveUp++;
    if (gaveUp === 0) continue;
    survival *= 1 - gaveUp / atRisk;
    if (gaveUp < atRisk) greenwood += gaveUp / (atRisk * (atRisk - gaveUp));
    steps.push({ atMs, atRisk, gaveUp, survival, standardError: survival * Math.sqrt(greenwood) });
  }
  return steps;
}

/** Waits that were none are left out: who hangs up at once has balked, who is answered at once tells nothing. */
export function whoWaited(waits: readonly ObservedWait[]): ObservedWait[] {
  return waits.filter(({ waitMs }) => waitMs > 0);
}

/** Total wait / number who gave up: the mean of an exponential patience of greatest likelihood; null where nobody gave up. */
export function exponentialMeanMs(waits: readonly ObservedWait[]): number | null {
  let total = 0;
  let gaveUp = 0;
  for (const wait of waits) {
    total += wait.waitMs;
    if (wait.gaveUp) gaveUp++;
  }
  return gaveUp > 0 ? total / gaveUp : null;
}

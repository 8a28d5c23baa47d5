import { SvaraError } from "@svara/kernel";
import {
  exponentialMeanMs,
  type ObservedWait,
  productLimit,
  type SurvivalStep,
  whoWaited,
} from "./product-limit.ts";

/** A point of the curve of patience. */
export interface SurvivalPoint {
  readonly atMs: number;
  readonly survival: number;
  /** 95 % interval, on the log-log scale so that it stays within 0 and 1; null before anybody gave up. */
  readonly low95: number | null;
  readonly high95: number | null;
}

/** How many give up per second, of those still waiting. */
export interface HazardPoint {
  readonly atMs: number;
  readonly perSecond: number;
}

/** How patient customers are, from waits of which those that were served are censored. Plain JSON. */
export interface Patience {
  /** Waits longer than nothing. */
  readonly waits: number;
  readonly gaveUp: number;
  /** Hung up without any wait: they balk, and say nothing of patience. */
  readonly balked: number;
  /** Share of all who came that balked. */
  readonly balkShare: number;
  /** Total wait / number who gave up; null where nobody did. */
  readonly exponentialMeanMs: number | null;
  /** Mean wait of those who gave up. It is not their patience, and is here to be compared. */
  readonly meanWaitOfGaveUpMs: number | null;
  /** When a quarter has given up, if the curve goes so far. */
  readonly firstQuartileMs: number | null;
  readonly medianMs: number | null;
  /** Mean patience counted up to `restrictedToMs` and no further: the area under the curve. Null without waits. */
  readonly restrictedMeanMs: number | null;
  /** As asked, or the longest wait where that is shorter: beyond it the waits say nothing. */
  readonly restrictedToMs: number;
  /** The curve at whole steps, for drawing and reading. */
  readonly points: readonly SurvivalPoint[];
  readonly hazard: readonly HazardPoint[];
  /** The whole curve, for models and simulation. */
  readonly curve: { readonly atMs: readonly number[]; readonly survival: readonly number[] };
}

/** How the curve is read. */
export interface PatienceOptions {
  /** Where the mean stops; 600 000 when absent. */
  readonly restrictToMs?: number;
  /** Between two points; 10 000 when absent. */
  readonly stepMs?: number;
  /** Half of the window over which the hazard is smoothed; 10 000 when absent. */
  readonly bandwidthMs?: number;
}

const RESTRICT_MS = 600_000;
const STEP_MS = 10_000;
const BANDWIDTH_MS = 10_000; // announcements make peaks some ten seconds wide: a wider window hides them
const MOST_POINTS = 1_000;
const Z95 = 1.959963984540054;

/**
 * Estimates patience (Brown et al. 2005; Kaplan and Meier 1958).
 * @throws {SvaraError} `forecasting.bad_waits`: the field names the wait at fault
 */
export function estimatePatience(all: readonly ObservedWait[], options: PatienceOptions = {}): Patience {
  for (const [i, { waitMs }] of all.entries()) {
    if (Number.isFinite(waitMs) && waitMs >= 0) continue;
    throw new SvaraError(`a wait of ${waitMs} ms is none: give 0 or more`, {
      code: "forecasting.bad_waits",
      httpStatus: 422,
      field: `waits.${i}.waitMs`,
    });
  }
  const waits = whoWaited(all);
  const longestMs = waits.reduce((longest, { waitMs }) => Math.max(longest, waitMs), 0);
  const restrictedToMs = Math.min(options.restrictToMs ?? RESTRICT_MS, longestMs);
  const stepMs = Math.max(options.stepMs ?? STEP_MS, restrictedToMs / MOST_POINTS);
  const gaveUp = waits.filter((wait) => wait.gaveUp);
  const balked = all.filter((wait) => wait.gaveUp && wait.waitMs === 0).length;
  const steps = productLimit(waits);
  const times = Array.from({ length: Math.floor(restrictedToMs / stepMs) + 1 }, (_, i) => i * stepMs);
  return {
    waits: waits.length,
    gaveUp: gaveUp.length,
    balked,
    balkShare: all.length > 0 ? balked / all.length : 0,
    exponentialMeanMs: exponentialMeanMs(waits),
    meanWaitOfGaveUpMs:
      gaveUp.length > 0 ? gaveUp.reduce((sum, { waitMs }) => sum + waitMs, 0) / gaveUp.length : null,
    firstQuartileMs: timeOf(steps, 0.75),
    medianMs: timeOf(steps, 0.5),
    restrictedMeanMs: waits.length > 0 ? areaUnder(steps, restrictedToMs) : null,
    restrictedToMs,
    points: times.map((atMs) => pointAt(steps, atMs)),
    hazard: smoothedHazard(steps, times, options.bandwidthMs ?? BANDWIDTH_MS),
    curve: { atMs: steps.map(({ atMs }) => atMs), survival: steps.map(({ survival }) => survival) },
  };
}

function stepAt(steps: readonly SurvivalStep[], ms: number): SurvivalStep | undefined {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((steps[mid]?.atMs ?? 0) <= ms) low = mid + 1;
    else high = mid;
  }
  return steps[low - 1];
}

function pointAt(steps: readonly SurvivalStep[], atMs: number): SurvivalPoint {
  const step = stepAt(steps, atMs);
  if (step === undefined) return { atMs, survival: 1, low95: null, high95: null };
  const { survival, standardError } = step;
  if (survival <= 0 || survival >= 1) return { atMs, survival, low95: null, high95: null };
  const width = Math.exp((Z95 * standardError) / (survival * Math.abs(Math.log(survival))));
  return { atMs, survival, low95: survival ** width, high95: survival ** (1 / width) };
}

/** When the curve first falls to `share`. */
function timeOf(steps: readonly SurvivalStep[], share: number): number | null {
  return steps.find(({ survival }) => survival <= share)?.atMs ?? null;
}

function areaUnder(steps: readonly SurvivalStep[], untilMs: number): number {
  let area = 0;
  let from = 0;
  let survival = 1;
  for (const step of steps) {
    if (step.atMs >= untilMs) break;
    area += survival * (step.atMs - from);
    from = step.atMs;
    survival = step.survival;
  }
  return area + survival * (untilMs - from);
}

/** The jumps of the cumulated hazard (Nelson and Aalen) under Epanechnikov's window, whose part before 0 is folded back. */
function smoothedHazard(
  steps: readonly SurvivalStep[],
  times: readonly number[],
  bandwidthMs: number,
): HazardPoint[] {
  const window = (distance: number): number => {
    const u = distance / bandwidthMs;
    return Math.abs(u) < 1 ? (0.75 * (1 - u * u)) / bandwidthMs : 0;
  };
  let from = 0;
  return times.map((atMs) => {
    while ((steps[from]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs - bandwidthMs) from++;
    let sum = 0;
    for (let i = from; i < steps.length; i++) {
      const step = steps[i];
      if (step === undefined || step.atMs >= atMs + bandwidthMs) break;
      sum += (step.gaveUp / step.atRisk) * (window(atMs - step.atMs) + window(atMs + step.atMs));
    }
    return { atMs, perSecond: 1000 * sum };
  });
}

import type { AdjustmentChange } from "@svara/contracts";
import type { Instant } from "@svara/kernel";

export interface Quantiles {
  readonly p025: number;
  readonly p100: number;
  readonly p500: number;
  readonly p900: number;
  readonly p975: number;
}

/** One interval of a forecast, as the method gave it. */
export interface RawInterval {
  readonly at: Instant;
  readonly mean: number;
  readonly quantiles: Quantiles;
}

/** The same as the planner left it. */
export interface AdjustedInterval extends RawInterval {
  /** As the method gave it, where it was changed; else null. */
  readonly unadjusted: number | null;
}

/** A change that holds. */
export interface Adjustment {
  readonly queueId: string | null;
  readonly from: Instant;
  readonly to: Instant;
  readonly change: AdjustmentChange;
}

/**
 * A queue's forecast with the changes of planners, one after another in the order of making. Bands are stretched with the
 * mean; a total given to a span that had none is spread evenly over its intervals.
 */
export function adjusted(
  intervals: readonly RawInterval[],
  adjustments: readonly Adjustment[],
  queueId: string,
): AdjustedInterval[] {
  const means = intervals.map(({ mean }) => mean);
  for (const one of adjustments) {
    if (one.queueId !== null && one.queueId !== queueId) continue;
    const touched = intervals.flatMap(({ at }, i) => (at >= one.from && at < one.to ? [i] : []));
    if (touched.length === 0) continue;
    const before = touched.reduce((sum, i) => sum + (means[i] ?? 0), 0);
    for (const i of touched) means[i] = changed(means[i] ?? 0, one.change, before, touched.length);
  }
  return intervals.map((interval, i) => {
    const mean = means[i] ?? 0;
    if (mean === interval.mean) return { ...interval, unadjusted: null };
    return {
      at: interval.at,
      mean,
      quantiles: stretched(interval, mean),
      unadjusted: interval.mean,
    };
  });
}

function changed(mean: number, change: AdjustmentChange, before: number, intervals: number): number {
  if (change.kind === "percent") return mean * (1 + change.percent / 100);
  return before > 0 ? (mean * change.contacts) / before : change.contacts / intervals;
}

/** The band of another mean: stretched alike, or that of plain chance where there was none. */
export function stretched({ mean: was, quantiles }: Omit<RawInterval, "at">, mean: number): Quantiles {
  if (was > 0) {
    const factor = mean / was;
    const times = (value: number): number => value * factor;
    const { p025, p100, p500, p900, p975 } = quantiles;
    return { p025: times(p025), p100: times(p100), p500: times(p500), p900: times(p900), p975: times(p975) };
  }
  return guessed(mean);
}

const Z80 = 1.2815515655446004;
const Z95 = 1.959963984540054;
/** How far a guess may be off, beside chance: a fifth. */
const GUESS_SCV = 0.04;

/** The band of a guess: chance (Poisson) and a fifth of the level. */
export function guessed(mean: number): Quantiles {
  const sd = Math.sqrt(mean + GUESS_SCV * mean * mean);
  const at = (z: number): number => Math.max(0, mean + z * sd);
  return { p025: at(-Z95), p100: at(-Z80), p500: mean, p900: at(Z80), p975: at(Z95) };
}

import { studentT } from "./student-t.ts";

/** A figure with half the width of its confidence interval; null where there is nothing to say. */
export interface Estimate {
  readonly value: number | null;
  /** Null with fewer than two blocks. */
  readonly halfWidth: number | null;
}

/** One block's part of a ratio: a sum over a count, or an area over a time. */
export interface RatioPart {
  readonly top: number;
  readonly bottom: number;
}

const CONFIDENCE = 0.95; // two-sided, as every interval here unless told otherwise

/**
 * The ratio of sums over independent blocks (replications, or long batches of one run) with its Student-t interval, by
 * the classical ratio estimator (Law and Kelton, Simulation Modeling and Analysis, section 9.5.3). A block with nothing
 * below the line weighs nothing.
 */
export function ratioEstimate(parts: readonly RatioPart[], confidence = CONFIDENCE): Estimate {
  let top = 0;
  let bottom = 0;
  for (const part of parts) {
    top += part.top;
    bottom += part.bottom;
  }
  if (bottom === 0) return { value: null, halfWidth: null };
  const value = top / bottom;
  const n = parts.length;
  if (n < 2) return { value, halfWidth: null };
  let squares = 0;
  for (const part of parts) squares += (part.top - value * part.bottom) ** 2;
  const deviation = Math.sqrt(squares / (n - 1));
  const meanBottom = bottom / n;
  return { value, halfWidth: (tFactor(confidence, n - 1) * deviation) / (Math.sqrt(n) * meanBottom) };
}

/** The mean of independent values with its Student-t interval. */
export function meanEstimate(values: readonly number[], confidence = CONFIDENCE): Estimate {
  return ratioEstimate(
    values.map((top) => ({ top, bottom: 1 })),
    confidence,
  );
}

const factors = new Map<string, number>();

function tFactor(confidence: number, degrees: number): number {
  const key = `${confidence}/${degrees}`;
  const known = factors.get(key);
  if (known !== undefined) return known;
  const factor = studentT((1 + confidence) / 2, degrees);
  factors.set(key, factor);
  return factor;
}

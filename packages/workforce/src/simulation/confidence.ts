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

/**
 * The ratio of sums over the blocks of `after` less that over the blocks of `before`, which met the same chance pair by pair, so
 * that what they share cancels out (the linearised difference of two ratio estimators). Null where one has nothing below the line.
 */
export function ratioDifference(
  before: readonly RatioPart[],
  after: readonly RatioPart[],
  confidence = CONFIDENCE,
): Estimate {
  const n = Math.min(before.length, after.length);
  const was = linearised(before.slice(0, n));
  const is = linearised(after.slice(0, n));
  if (was === null || is === null) return { value: null, halfWidth: null };
  const value = is.value - was.value;
  if (n < 2) return { value, halfWidth: null };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((is.errors[i] ?? 0) - (was.errors[i] ?? 0)) ** 2;
  return { value, halfWidth: tFactor(confidence, n - 1) * Math.sqrt(squares / (n - 1) / n) };
}

/** A ratio of sums, and each block's part in its error; null with nothing below the line. */
function linearised(
  parts: readonly RatioPart[],
): { readonly value: number; readonly errors: readonly number[] } | null {
  let top = 0;
  let bottom = 0;
  for (const part of parts) {
    top += part.top;
    bottom += part.bottom;
  }
  if (bottom === 0) return null;
  const value = top / bottom;
  const meanBottom = bottom / parts.length;
  return { value, errors: parts.map((part) => (part.top - value * part.bottom) / meanBottom) };
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

import type { Hindsight } from "./spread.ts";

/** Contacts of one block of a day against those expected. */
export interface Block extends Hindsight {
  /** Middle of the block, in hours after midnight. */
  readonly hour: number;
}

/**
 * How a day's actual contacts depart from those expected, as shares of them: by a part that the whole day has in common, a
 * part that fades with the hours, and what is each block's own.
 */
export interface WithinDay {
  readonly common: number;
  readonly fading: number;
  /** After so many hours the fading part is down to 37 %. */
  readonly hours: number;
  /** Beyond Poisson's chance. */
  readonly own: number;
}

/** What is known of the rest of a day: shares of what was expected, and how they vary together. */
export interface RestOfDay {
  readonly shift: Float64Array;
  readonly covariance: Float64Array;
}

const USUAL: WithinDay = { common: 0.001, fading: 0.002, hours: 3, own: 0.0005 };
// the common part is never none: however alike days were, the next may be another
const GRID: { readonly [part in keyof WithinDay]: readonly number[] } = {
  common: [0.0005, 0.001, 0.002, 0.003, 0.01, 0.03],
  fading: [0, 0.0005, 0.001, 0.002, 0.004, 0.01, 0.04],
  hours: [0.5, 1, 2, 4, 8],
  own: [0, 0.0002, 0.0005, 0.001, 0.003, 0.01],
};
const DAYS_TO_FIT = 10;
const LEAST_EXPECTED = 0.05; // contacts: a block where nobody is expected says nothing

/** The law of greatest likelihood for past days, part by part on a grid. */
export function fitWithinDay(days: readonly (readonly Block[])[]): WithinDay {
  if (days.length < DAYS_TO_FIT) return USUAL;
  const used = days.map((blocks) => blocks.filter(({ expected }) => expected > LEAST_EXPECTED));
  const likelihood = (law: WithinDay): number =>
    used.reduce((sum, blocks) => sum + logLikelihood(law, blocks), 0);
  let best = USUAL;
  let most = likelihood(best);
  for (let sweep = 0; sweep < 2; sweep++) {
    const before = best;
    for (const part of Object.keys(GRID) as (keyof WithinDay)[]) {
      for (const value of GRID[part]) {
        if (value === best[part]) continue;
        const tried = { ...best, [part]: value };
        const found = likelihood(tried);
        if (found > most) {
          most = found;
          best = tried;
        }
      }
    }
    if (best === before) break;
  }
  return best;
}

/** What the blocks seen say of the hours to come (Gaussian regression; Shen and Huang 2008 update theirs by a penalty). */
export function restOfDay(law: WithinDay, seen: readonly Block[], hours: readonly number[]): RestOfDay {
  const used = seen.filter(({ expected }) => expected > LEAST_EXPECTED);
  const n = used.length;
  const m = hours.length;
  const factor = cholesky(covarianceOf(law, used), n);
  const surprise = solveLower(
    factor,
    n,
    Float64Array.from(used, ({ expected, actual }) => actual / expected - 1),
  );
  const shift = new Float64Array(m);
  const ties = hours.map((hour) =>
    solveLower(
      factor,
      n,
      Float64Array.from(used, (block) => shared(law, hour - block.hour)),
    ),
  );
  const covariance = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    const tie = ties[i] ?? new Float64Array(n);
    shift[i] = dot(tie, surprise);
    for (let j = 0; j <= i; j++) {
      const left = shared(law, (hours[i] ?? 0) - (hours[j] ?? 0)) - dot(tie, ties[j] ?? tie);
      covariance[i * m + j] = left;
      covariance[j * m + i] = left;
    }
  }
  return { shift, covariance };
}

function shared({ common, fading, hours }: WithinDay, apart: number): number {
  return common + fading * Math.exp(-Math.abs(apart) / hours);
}

function covarianceOf(law: WithinDay, blocks: readonly Block[]): Float64Array {
  const n = blocks.length;
  const matrix = new Float64Array(n * n);
  for (const [i, a] of blocks.entries()) {
    for (const [j, b] of blocks.entries()) matrix[i * n + j] = shared(law, a.hour - b.hour);
    matrix[i * n + i] = (matrix[i * n + i] ?? 0) + law.own + 1 / a.expected;
  }
  return matrix;
}

function logLikelihood(law: WithinDay, blocks: readonly Block[]): number {
  const n = blocks.length;
  const factor = cholesky(covarianceOf(law, blocks), n);
  const z = solveLower(
    factor,
    n,
    Float64Array.from(blocks, ({ expected, actual }) => actual / expected - 1),
  );
  let sum = -0.5 * dot(z, z);
  for (let i = 0; i < n; i++) sum -= Math.log(factor[i * n + i] ?? 1);
  return sum;
}

/** The lower factor of a positive definite matrix of n rows. */
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(1e-15, sum)) : sum / (factor[j * n + j] ?? 1);
    }
  }
  return factor;
}

function solveLower(factor: Float64Array, n: number, right: Float64Array): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * n + i] ?? 1);
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

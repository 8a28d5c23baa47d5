/**
 * One number per day as a sum of parts that are not seen themselves: an effect of the weekday, a level that wanders, a slope,
 * an AR(1) swing around it and effects of known causes (Harvey, Forecasting, Structural Time Series Models and the Kalman
 * Filter, 1989). Time is counted in ticks: days of the week on which the centre is usually open.
 */
export interface DailySeries {
  /** The number of each day; NaN where it is not known. */
  readonly values: Float64Array;
  readonly weekdays: Uint8Array;
  /** Never decreasing. */
  readonly ticks: Int32Array;
  /** Causes of each day, one row per day; all rows are equally long. */
  readonly causes: readonly (readonly number[])[];
}

/** How much each part may move, as shares of the variance of the series around its weekdays' means. */
export interface PartVariances {
  /** Of the AR(1) swing from one tick to the next, 0 to 1. */
  readonly persistence: number;
  /** Stationary variance of the swing. */
  readonly swing: number;
  /** Of what is new and gone on the same day. */
  readonly noise: number;
  /** Per tick, of each weekday's effect. */
  readonly weekday: number;
  /** Per tick, of the level. */
  readonly level: number;
  /** Of the slope per tick, before anything is known of it. */
  readonly slope: number;
  /** Of each cause's effect, before anything is known of it. */
  readonly cause: number;
}

/** Mean and variance of what is not seen, after the days up to some day. */
export interface SeriesState {
  readonly tick: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** A day to come as the filter needs it. */
export interface DayMark {
  readonly weekday: number;
  readonly tick: number;
  readonly causes: readonly number[];
}

const LEVEL = 7; // after the effects of seven weekdays
const SLOPE = 8;
const SWING = 9;
const CAUSES = 10;
const SLOPE_DAMPING = 0.995; // per tick: a trend is halved in 138 open days, so that it never runs away
const OUTLIER = 4.5; // standard deviations: a day farther out (an outage that nobody marked) counts as if it were here
const BURN_IN = 15; // days before the likelihood counts: the filter is still finding the weekdays
const MIN_DAYS_TO_FIT = 30; // with fewer the usual variances are better than fitted ones

const USUAL: PartVariances = {
  persistence: 0.6,
  swing: 0.6,
  noise: 0.3,
  weekday: 0.002,
  level: 0.005,
  slope: 0,
  cause: 2,
};

const GRID: { readonly [part in keyof PartVariances]: readonly number[] } = {
  swing: [0.1, 0.2, 0.4, 0.8],
  persistence: [0.3, 0.6, 0.8, 0.92],
  noise: [0.02, 0.05, 0.15, 0.4, 1],
  level: [0, 0.002, 0.01, 0.03],
  weekday: [0, 0.002, 0.01],
  slope: [0, 1e-4, 1e-3, 1e-2],
  cause: [0.5, 2, 6],
};

/** A series with its variances: filters and predicts. */
export class StructuralSeries {
  readonly variances: PartVariances;
  /** Of the series around the weekdays' means: what the shares are shares of. */
  readonly scale: number;
  readonly #start: number;
  readonly #size: number;

  private constructor(variances: PartVariances, scale: number, start: number, size: number) {
    this.variances = variances;
    this.scale = scale;
    this.#start = start;
    this.#size = size;
  }

  /** The variances of greatest likelihood for the first `days` days, part by part on a grid; and that likelihood's logarithm. */
  static fit(series: DailySeries, days: number): { model: StructuralSeries; logLikelihood: number } {
    const { scale, start, known } = spread(series, days);
    const size = CAUSES + (series.causes[0]?.length ?? 0);
    const make = (variances: PartVariances) => new StructuralSeries(variances, scale, start, size);
    let best = USUAL;
    let most = make(best).#filter(series, days, undefined);
    if (known < MIN_DAYS_TO_FIT) return { model: make(best), logLikelihood: most };
    for (let sweep = 0; sweep < 2; sweep++) {
      const before = best;
      for (const part of Object.keys(GRID) as (keyof PartVariances)[]) {
        if (part === "cause" && size === CAUSES) continue;
        for (const value of GRID[part]) {
          if (value === best[part]) continue;
          const tried = { ...best, [part]: value };
          const likelihood = make(tried).#filter(series, days, undefined);
          if (likelihood > most) {
            most = likelihood;
            best = tried;
          }
        }
      }
      if (best === before) break;
    }
    return { model: make(best), logLikelihood: most };
  }

  /** What is known after each day: `states[i]` after day i. */
  states(series: DailySeries, from = 0): SeriesState[] {
    const states: SeriesState[] = [];
    this.#filter(series, series.values.length, (i, mean, covariance) => {
      if (i >= from)
        states[i] = { tick: series.ticks[i] ?? 0, mean: mean.slice(), covariance: covariance.slice() };
    });
    return states;
  }

  /** Mean and variance of a later day's number; the variance holds what is new on that day. */
  predict(state: SeriesState, day: DayMark): { mean: number; variance: number } {
    const { variances, scale } = this;
    const n = this.#size;
    const mean = state.mean.slice();
    const covariance = state.covariance.slice();
    for (let tick = state.tick; tick < day.tick; tick++) this.#step(mean, covariance);
    const at = indices(day);
    let m = 0;
    let v = variances.noise * scale;
    for (const [i, x] of at) {
      m += x * (mean[i] ?? 0);
      for (const [j, y] of at) v += x * y * (covariance[i * n + j] ?? 0);
    }
    return { mean: m, variance: v };
  }

  /** Runs over the first `days` days; returns the logarithm of the likelihood. */
  #filter(
    series: DailySeries,
    days: number,
    after: ((day: number, mean: Float64Array, covariance: Float64Array) => void) | undefined,
  ): number {
    const n = this.#size;
    const { variances, scale } = this;
    const { values, weekdays, ticks, causes } = series;
    const mean = new Float64Array(n);
    const p = new Float64Array(n * n);
    const gain = new Float64Array(n);
    const active = new Uint8Array(n);
    mean[LEVEL] = this.#start;
    for (let i = 0; i < 7; i++) p[i * n + i] = 2 * scale;
    p[LEVEL * n + LEVEL] = 4 * scale;
    p[SLOPE * n + SLOPE] = variances.slope * scale;
    p[SWING * n + SWING] = variances.swing * scale;
    for (let i = CAUSES; i < n; i++) p[i * n + i] = variances.cause * scale;
    const r = variances.noise * scale + 1e-9;
    let likelihood = 0;
    let seen = 0;
    for (let d = 0; d < days; d++) {
      const tick = ticks[d] ?? 0;
      if (d > 0) for (let t = ticks[d - 1] ?? 0; t < tick; t++) this.#step(mean, p);
      const value = values[d] ?? Number.NaN;
      if (!Number.isNaN(value)) {
        const row = causes[d] ?? [];
        const weekday = weekdays[d] ?? 0;
        let expected = (mean[weekday] ?? 0) + (mean[LEVEL] ?? 0) + (mean[SWING] ?? 0);
        for (let i = 0; i < n; i++) {
          const at = i * n;
          gain[i] = (p[at + weekday] ?? 0) + (p[at + LEVEL] ?? 0) + (p[at + SWING] ?? 0);
        }
        for (let c = 0; c < row.length; c++) {
          const x = row[c] ?? 0;
          if (x === 0) continue;
          expected += x * (mean[CAUSES + c] ?? 0);
          for (let i = 0; i < n; i++) gain[i] = (gain[i] ?? 0) + x * (p[i * n + CAUSES + c] ?? 0);
        }
        let s = r + (gain[weekday] ?? 0) + (gain[LEVEL] ?? 0) + (gain[SWING] ?? 0);
        for (let c = 0; c < row.length; c++) s += (row[c] ?? 0) * (gain[CAUSES + c] ?? 0);
        const error = value - expected;
        const most = OUTLIER * Math.sqrt(s);
        const surprise = Math.max(-most, Math.min(most, error));
        if (++seen > BURN_IN) {
          // Huber's loss: the square near by, the distance far out
          const loss = (2 * Math.abs(error * surprise) - surprise * surprise) / s;
          likelihood -= 0.5 * (Math.log(s) + loss);
        }
        // weekdays that are closed and a slope that is none are tied to nothing: they are passed over
        let moved = 0;
        for (let i = 0; i < n; i++) if (gain[i] !== 0) active[moved++] = i;
        for (let a = 0; a < moved; a++) {
          const i = active[a] ?? 0;
          const g = gain[i] ?? 0;
          mean[i] = (mean[i] ?? 0) + (g * surprise) / s;
          const share = g / s;
          const row = i * n;
          for (let b = 0; b < moved; b++) {
            const at = row + (active[b] ?? 0);
            p[at] = (p[at] ?? 0) - share * (gain[active[b] ?? 0] ?? 0);
          }
        }
      }
      after?.(d, mean, p);
    }
    return likelihood;
  }

  /** One tick on. */
  #step(mean: Float64Array, p: Float64Array): void {
    const n = this.#size;
    const { persistence, swing, level, weekday, slope } = this.variances;
    mean[SWING] = persistence * (mean[SWING] ?? 0);
    for (let i = 0; i < n; i++) {
      p[SWING * n + i] = persistence * (p[SWING * n + i] ?? 0);
    }
    for (let i = 0; i < n; i++) {
      p[i * n + SWING] = persistence * (p[i * n + SWING] ?? 0);
    }
    if (slope > 0) {
      mean[LEVEL] = (mean[LEVEL] ?? 0) + (mean[SLOPE] ?? 0);
      mean[SLOPE] = SLOPE_DAMPING * (mean[SLOPE] ?? 0);
      for (let i = 0; i < n; i++) {
        p[LEVEL * n + i] = (p[LEVEL * n + i] ?? 0) + (p[SLOPE * n + i] ?? 0);
        p[SLOPE * n + i] = SLOPE_DAMPING * (p[SLOPE * n + i] ?? 0);
      }
      for (let i = 0; i < n; i++) {
        p[i * n + LEVEL] = (p[i * n + LEVEL] ?? 0) + (p[i * n + SLOPE] ?? 0);
        p[i * n + SLOPE] = SLOPE_DAMPING * (p[i * n + SLOPE] ?? 0);
      }
    }
    p[SWING * n + SWING] = (p[SWING * n + SWING] ?? 0) + swing * (1 - persistence * persistence) * this.scale;
    p[LEVEL * n + LEVEL] = (p[LEVEL * n + LEVEL] ?? 0) + level * this.scale;
    if (weekday > 0) for (let i = 0; i < 7; i++) p[i * n + i] = (p[i * n + i] ?? 0) + weekday * this.scale;
  }
}

function indices({ weekday, causes }: DayMark): [number, number][] {
  const at: [number, number][] = [
    [weekday, 1],
    [LEVEL, 1],
    [SWING, 1],
  ];
  for (const [c, x] of causes.entries()) if (x !== 0) at.push([CAUSES + c, x]);
  return at;
}

/** Variance around the weekdays' means, the mean to start from, and on how many days there is a number. */
function spread(
  { values, weekdays }: DailySeries,
  days: number,
): { scale: number; start: number; known: number } {
  const sum = new Float64Array(7);
  const number = new Float64Array(7);
  let known = 0;
  let first = 0;
  let firsts = 0;
  for (let d = 0; d < days; d++) {
    const value = values[d] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    known++;
    const weekday = weekdays[d] ?? 0;
    sum[weekday] = (sum[weekday] ?? 0) + value;
    number[weekday] = (number[weekday] ?? 0) + 1;
    if (firsts < 20) {
      first += value;
      firsts++;
    }
  }
  let squares = 0;
  for (let d = 0; d < days; d++) {
    const value = values[d] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const weekday = weekdays[d] ?? 0;
    const off = value - (sum[weekday] ?? 0) / (number[weekday] ?? 1);
    squares += off * off;
  }
  const start = firsts > 0 ? first / firsts : 0;
  // a series that never varied still needs a variance for its priors
  const scale = Math.max(known > 7 ? squares / known : 0, 1e-3 * (start * start) + 1e-6);
  return { scale, start, known };
}

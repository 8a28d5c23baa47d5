import { ErrorTally } from "./error-figures.ts";
import type { MethodScore, Quantiles } from "./forecast-result.ts";
import type { FittedMethod, MethodOf } from "./methods/method.ts";
import type { ModelDays } from "./model-days.ts";
import { type Hindsight, quantilesOf, type Spread, spreadOf } from "./spread.ts";

/** Open days ahead at which methods are compared: tomorrow, a week, a fortnight, a month. */
export const DISTANCES: readonly number[] = [1, 5, 10, 20];

const MOST_DAYS = 60; // that are forecast again: enough to tell methods apart by a twentieth
const SHARE = 0.4; // of the history at most; the rest is to learn from
const LEAST_DAYS = 8;
const FOLDS = 5; // stretches of days whose intervals are made from the other stretches
const FINENESS = 200; // means apart by half a hundredth share their quantiles in a table
const LEAST_BEFORE = 10; // open days before the first origin

/** One method, some days ahead, on days whose actuals it did not know. */
export interface Trial {
  readonly score: MethodScore;
  readonly deviance: number;
  readonly intervalSpread: Spread;
  readonly daySpread: Spread;
  /** What was expected of each day that was forecast, per slot. */
  readonly hindsights: readonly DayHindsight[];
}

interface DayHindsight {
  readonly day: number;
  readonly expected: Float64Array;
}

/** Forecasts the last days of a history again, each from what was known before, and counts the errors (rolling origin). */
export function tryMethods(
  days: ModelDays,
  methods: readonly MethodOf[],
  distances: readonly number[],
  onStep: () => void = () => {},
): Trial[] {
  const open = openDays(days);
  const number = evaluationDays(open.length);
  if (number === 0) return [];
  const from = open.length - number;
  return methods.flatMap((method) => {
    onStep();
    const fitted = method.fit(days, open[from] ?? 0);
    return distances
      .filter((ahead) => from - ahead >= LEAST_BEFORE)
      .map((ahead) => trial(days, method, fitted, open, from, ahead));
  });
}

/** Days of the history on which methods can be tried. */
export function openDays(days: ModelDays): number[] {
  return days.counts.flatMap((row, day) => (row ? [day] : []));
}

function evaluationDays(open: number): number {
  const number = Math.min(MOST_DAYS, Math.floor(open * SHARE));
  return number >= LEAST_DAYS ? number : 0;
}

function trial(
  days: ModelDays,
  method: MethodOf,
  fitted: FittedMethod,
  open: readonly number[],
  from: number,
  daysAhead: number,
): Trial {
  const hindsights: DayHindsight[] = [];
  for (let k = from; k < open.length; k++) {
    const day = open[k] ?? 0;
    const expected = fitted.expect(open[k - daysAhead] ?? 0, day);
    if (expected) hindsights.push({ day, expected });
  }
  const seen = hindsights.map((h) => seenOf(days, h));
  const intervals = new ErrorTally();
  const totals = new ErrorTally();
  for (const [k, own] of seen.entries()) {
    // the intervals of a day are as wide as the other days tell, never by its own error
    totals.add(
      own.total.expected,
      own.total.actual,
      quantilesOf(
        own.total.expected,
        spreadOf(seen.filter((_, other) => other !== k).map(({ total }) => total)),
      ),
    );
  }
  for (let fold = 0; fold < FOLDS; fold++) {
    const isIn = (k: number): boolean => Math.floor((k * FOLDS) / seen.length) === fold;
    const quantiles = quantileTable(spreadOf(sampleOf(seen.filter((_, k) => !isIn(k)))));
    for (const [k, own] of seen.entries()) {
      if (!isIn(k)) continue;
      for (const { expected, actual } of own.slots) intervals.add(expected, actual, quantiles(expected));
    }
  }
  return {
    score: {
      method: method.name,
      daysAhead,
      days: hindsights.length,
      intervals: intervals.figures(),
      dayTotals: totals.figures(),
    },
    deviance: intervals.deviance,
    intervalSpread: spreadOf(sampleOf(seen)),
    daySpread: spreadOf(seen.map(({ total }) => total)),
    hindsights,
  };
}

interface SeenDay {
  readonly slots: readonly Hindsight[];
  readonly total: Hindsight;
}

function seenOf(days: ModelDays, { day, expected }: DayHindsight): SeenDay {
  const row = days.counts[day];
  const hours = days.open[days.calendar.weekday(day)] ?? [];
  const slots: Hindsight[] = [];
  let sumExpected = 0;
  let sumActual = 0;
  for (let s = 0; s < expected.length; s++) {
    if (!hours[s]) continue;
    const hindsight = { expected: expected[s] ?? 0, actual: row?.[s] ?? 0 };
    slots.push(hindsight);
    sumExpected += hindsight.expected;
    sumActual += hindsight.actual;
  }
  return { slots, total: { expected: sumExpected, actual: sumActual } };
}

/** Quantiles of many means of one spread, made once for each half of a hundredth. */
function quantileTable(spread: Spread): (mean: number) => Quantiles {
  const made = new Map<number, Quantiles>();
  return (mean) => {
    const key = mean > 0 ? Math.round(FINENESS * Math.log(mean)) : Number.NEGATIVE_INFINITY;
    let quantiles = made.get(key);
    if (quantiles === undefined) {
      quantiles = quantilesOf(mean > 0 ? Math.exp(key / FINENESS) : 0, spread);
      made.set(key, quantiles);
    }
    return quantiles;
  };
}

/** The slots of all days together. */
function sampleOf(days: readonly SeenDay[]): Hindsight[] {
  return days.flatMap(({ slots }) => slots);
}

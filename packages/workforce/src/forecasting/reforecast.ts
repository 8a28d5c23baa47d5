import { localDate } from "@svara/calendar";
import { type Instant, SvaraError } from "@svara/kernel";
import type { IntervalCount, IntervalMs, SeriesName } from "./contact-history.ts";
import { daysBetween } from "./day-grid.ts";
import { expectDay, type FittedHistory, slotStarts } from "./forecast-contacts.ts";
import type { ForecastDay, ForecastInterval, ForecastMethod, Quantiles } from "./forecast-result.ts";
import { WHEN_SHORT } from "./method-choice.ts";
import { type Hindsight, quantilesOf, type Spread, spreadOf } from "./spread.ts";
import { type Block, fitWithinDay, type RestOfDay, restOfDay, type WithinDay } from "./within-day.ts";

/** One interval of the day that goes on. */
export interface IntradayInterval extends ForecastInterval {
  /** What was expected before the day began. */
  readonly planned: number;
  /** What came; null: not over yet, or not known. Where it is known, `mean` and the quantiles are it. */
  readonly actual: number | null;
}

/** A day's forecast in the light of what came until now. Plain JSON. */
export interface IntradayForecast {
  readonly series: SeriesName;
  readonly timeZone: string;
  readonly intervalMs: IntervalMs;
  readonly method: ForecastMethod;
  /** What came before this instant is known. */
  readonly at: Instant;
  readonly intervals: readonly IntradayInterval[];
  /** The intervals that are known. */
  readonly soFar: { readonly actual: number; readonly planned: number };
  /** The others. */
  readonly remaining: { readonly planned: number; readonly mean: number; readonly quantiles: Quantiles };
  /** Both together. */
  readonly day: ForecastDay;
}

const BLOCK_MS = 1_800_000; // half an hour: long enough that chance does not drown what a day is like
const LEAST_SHARE = 0.05; // of what was planned: however few came, somebody will come yet
const HOUR_MS = 3_600_000;

/**
 * Forecasts the rest of the day that `at` lies in. `seen` are the day's counts so far; intervals that are not over at `at` are
 * left out. The history that was fitted must end before the day.
 * @throws {SvaraError} `forecasting.bad_intraday`; the field says where
 */
export function reforecastDay(
  fit: FittedHistory,
  seen: readonly IntervalCount[],
  at: Instant,
): IntradayForecast {
  const { history, grid, days } = fit;
  const { intervalMs, timeZone } = history;
  const date = localDate(at - 1, timeZone);
  const day = daysBetween(grid.days[0]?.date ?? date, date);
  if (day < grid.days.length) {
    throw bad(
      `the history goes on until ${grid.days.at(-1)?.date}: give that of the days before ${date} alone`,
      "at",
    );
  }
  const known = new Map<Instant, number>();
  for (const [i, { at: from, count }] of seen.entries()) {
    if (!(Number.isFinite(count) && count >= 0))
      throw bad(`${count} contacts cannot have come`, `seen.${i}.count`);
    if (from + intervalMs <= at) known.set(from, count);
  }
  const expected = expectDay(fit, day);
  const starts = slotStarts(date, timeZone, intervalMs).filter(({ slot }) => expected.isOpen[slot]);
  const slots = starts.map(({ at: from, slot }) => {
    const unnamed = grid.filledZeros && from + intervalMs <= at ? 0 : null;
    return {
      at: from,
      planned: expected.expected[slot] ?? 0,
      actual: known.get(from) ?? unnamed,
      hour: ((slot + 0.5) * intervalMs) / HOUR_MS,
    };
  });
  const { law, past } = pastOf(fit);
  const blocks = blocksOf(
    slots.flatMap(({ hour, planned, actual }) =>
      actual === null ? [] : [{ hour, expected: planned, actual }],
    ),
    Math.max(intervalMs, BLOCK_MS),
  );
  const open = slots.filter(({ actual }) => actual === null);
  const rest = restOfDay(
    law,
    blocks,
    open.map(({ hour }) => hour),
  );
  const before = law.common + law.fading;
  const means = open.map(({ planned }, i) => planned * Math.max(LEAST_SHARE, 1 + (rest.shift[i] ?? 0)));
  const planned = sum(open.map((slot) => slot.planned));
  const mean = sum(means);
  const restSpread = { ...spreadOf(restsOf(law, past, open[0]?.hour ?? 24), modelSpread(law, rest, open)) };
  restSpread.relativeVariance += expected.specialVariance;
  const soFar = {
    actual: sum(slots.map((slot) => slot.actual ?? 0)),
    planned: sum(slots.map((slot) => (slot.actual === null ? 0 : slot.planned))),
  };
  const remaining = quantilesOf(mean, restSpread);
  let next = 0;
  const intervals = slots.map((slot): IntradayInterval => {
    if (slot.actual !== null) {
      return {
        at: slot.at,
        mean: slot.actual,
        quantiles: certain(slot.actual),
        planned: rounded(slot.planned),
        actual: slot.actual,
      };
    }
    const i = next++;
    const left = rest.covariance[i * open.length + i] ?? before;
    const relativeVariance = Math.max(left, expected.intervalSpread.relativeVariance - before + left);
    const quantiles = quantilesOf(means[i] ?? 0, { ...expected.intervalSpread, relativeVariance });
    return {
      at: slot.at,
      mean: rounded(means[i] ?? 0),
      quantiles,
      planned: rounded(slot.planned),
      actual: null,
    };
  });
  return {
    series: history.series,
    timeZone,
    intervalMs,
    method: fit.choices[0]?.method ?? WHEN_SHORT,
    at,
    intervals,
    soFar: { actual: soFar.actual, planned: rounded(soFar.planned) },
    remaining: { planned: rounded(planned), mean: rounded(mean), quantiles: remaining },
    day: {
      date: days.calendar.date(day),
      mean: rounded(soFar.actual + mean),
      quantiles: shifted(remaining, soFar.actual),
      special: expected.special,
    },
  };
}

/** How days depart from their forecasts, and the days that tell. */
interface PastDays {
  readonly law: WithinDay;
  readonly past: readonly (readonly Block[])[];
}

const PASTS = new WeakMap<FittedHistory, PastDays>();

/** Learnt from the days that the chosen method was tried on, each from the day before. */
function pastOf(fit: FittedHistory): PastDays {
  const known = PASTS.get(fit);
  if (known) return known;
  const { trials, choices, days, history } = fit;
  const trial = trials.find(({ score }) => score.method === choices[0]?.method && score.daysAhead === 1);
  const past = (trial?.hindsights ?? []).map(({ day, expected }) => {
    const hours = days.open[days.calendar.weekday(day)] ?? [];
    const row = days.counts[day];
    const slots = Array.from(
      expected,
      (mean, s): Block => ({
        hour: ((s + 0.5) * history.intervalMs) / HOUR_MS,
        expected: mean,
        actual: row?.[s] ?? 0,
      }),
    ).filter((_, s) => hours[s]);
    return blocksOf(slots, Math.max(history.intervalMs, BLOCK_MS));
  });
  const learnt = { law: fitWithinDay(past), past };
  PASTS.set(fit, learnt);
  return learnt;
}

/** What would have been forecast of the rest of past days from that hour on, and what came. */
function restsOf(law: WithinDay, past: readonly (readonly Block[])[], hour: number): Hindsight[] {
  return past.map((blocks) => {
    const seen = blocks.filter((block) => block.hour < hour);
    const later = blocks.filter((block) => block.hour >= hour);
    const { shift } = restOfDay(
      law,
      seen,
      later.map((block) => block.hour),
    );
    return {
      expected: sum(later.map(({ expected }, i) => expected * Math.max(LEAST_SHARE, 1 + (shift[i] ?? 0)))),
      actual: sum(later.map(({ actual }) => actual)),
    };
  });
}

/** What the law says of the spread of the rest, until past days tell. */
function modelSpread(law: WithinDay, rest: RestOfDay, open: readonly { readonly planned: number }[]): Spread {
  const planned = sum(open.map((slot) => slot.planned));
  let variance = 0;
  for (const [i, a] of open.entries()) {
    for (const [j, b] of open.entries()) {
      variance += a.planned * b.planned * (rest.covariance[i * open.length + j] ?? 0);
    }
  }
  return {
    relativeVariance: planned > 0 ? variance / planned ** 2 + law.own / Math.max(1, open.length) : 0,
    widen80: 1,
    widen95: 1,
  };
}

/** Slots joined into blocks of the clock. */
function blocksOf(slots: readonly Block[], blockMs: number): Block[] {
  const joined = new Map<number, { hours: number; number: number; expected: number; actual: number }>();
  for (const { hour, expected, actual } of slots) {
    const key = Math.floor((hour * HOUR_MS) / blockMs);
    const block = joined.get(key) ?? { hours: 0, number: 0, expected: 0, actual: 0 };
    block.hours += hour;
    block.number++;
    block.expected += expected;
    block.actual += actual;
    joined.set(key, block);
  }
  return [...joined.values()].map(({ hours, number, expected, actual }) => ({
    hour: hours / number,
    expected,
    actual,
  }));
}

function certain(count: number): Quantiles {
  return { p025: count, p100: count, p500: count, p900: count, p975: count };
}

function shifted({ p025, p100, p500, p900, p975 }: Quantiles, by: number): Quantiles {
  return { p025: p025 + by, p100: p100 + by, p500: p500 + by, p900: p900 + by, p975: p975 + by };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function rounded(contacts: number): number {
  return Math.round(contacts * 1000) / 1000;
}

function bad(message: string, field: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_intraday", httpStatus: 422, field });
}

import { readFileSync } from "node:fs";
import { SeededRandom } from "@svara/kernel";
import {
  type ContactHistory,
  FORECAST_METHODS,
  type Forecast,
  type ForecastMethod,
  type ForecastOptions,
  fitHistory,
  forecastContacts,
  type IntervalCount,
  reforecastDay,
} from "@svara/workforce/forecasting";
import { type CaseResult, rounded } from "../cases/bench-case.ts";
import type { Figure } from "../report/figure.ts";

const DISTANCES = [1, 5, 10, 20] as const;
const TEST_DAYS = 40;
const DAY_MS = 86_400_000;
const NOON_MS = 12 * 3_600_000;

interface BenchOptions {
  /** CSV of a time and a count per interval, on UTC clocks; absent: only the times of made histories are measured. */
  readonly history?: string;
  readonly say: (line: string) => void;
}

/**
 * Forecast errors by method: the last forty open days, each forecast 1, 5, 10 and 20 open days ahead from nothing but what was
 * known before, everything fitted anew at each origin; closed days ahead are known. And what a year of quarter hours takes.
 */
export function forecasting({ history: file, say }: BenchOptions): CaseResult {
  const figures: Figure[] = [...fitTimes()];
  if (file === undefined) {
    say(
      "forecasting: no history given (--history file.csv with a time and a count per interval): errors are not measured",
    );
    return { group: { title: "Forecasting (no history given: --history file.csv)", figures }, detail: null };
  }
  const history = readHistory(file);
  const detail: Record<string, Errors> = {};
  const minutes = history.intervalMs / 60_000;
  const methods: readonly (ForecastMethod | "auto")[] = [...FORECAST_METHODS, "auto"];
  const mean = new Map<number, Errors>();
  for (const method of methods) {
    say(`forecasting: ${method}`);
    for (const [ahead, errors] of errorsOf(history, method)) {
      detail[`${method}.${ahead}`] = errors;
      if (method === "weekday_mean") mean.set(ahead, errors);
      const usual = mean.get(ahead);
      const conditions = `${ahead} open ${ahead === 1 ? "day" : "days"} ahead, ${errors.days} days`;
      figures.push({
        id: `forecasting.mape.${method}.${ahead}`,
        what: `${method}: MAPE of ${minutes} minutes`,
        value: rounded(100 * errors.mape, 2),
        unit: "%",
        better: "lower",
        conditions: `${conditions}; WAPE ${percent(errors.wape)}, RMSE ${errors.rmse.toFixed(2)}, day WAPE ${percent(errors.dayWape)}`,
        ...(usual && method !== "weekday_mean"
          ? { peer: { value: rounded(100 * usual.mape, 2), note: "mean of the same weekday over 12 weeks" } }
          : {}),
      });
      if (method === "auto") figures.push(...coverage(ahead, errors, conditions));
    }
  }
  say("forecasting: the rest of the day at 12:00");
  figures.push(intraday(history));
  return { group: { title: "Forecasting", figures }, detail };
}

function coverage(ahead: number, errors: Errors, conditions: string): Figure[] {
  const figure = (id: string, what: string, value: number): Figure => ({
    id: `forecasting.${id}.${ahead}`,
    what: `auto: actuals within the ${what}`,
    value: rounded(100 * value, 1),
    unit: "%",
    better: "higher",
    conditions,
  });
  return [
    figure("in80", "80 % interval", errors.in80),
    figure("in95", "95 % interval", errors.in95),
    figure("day80", "80 % interval of the day", errors.day80),
    figure("day95", "95 % interval of the day", errors.day95),
  ];
}

interface Errors {
  readonly days: number;
  readonly mape: number;
  readonly wape: number;
  readonly rmse: number;
  readonly dayWape: number;
  readonly in80: number;
  readonly in95: number;
  readonly day80: number;
  readonly day95: number;
}

/** Counts errors as they come. */
class Tally {
  #number = 0;
  #ratios = 0;
  #ratioNumber = 0;
  #absolute = 0;
  #squares = 0;
  #actual = 0;
  #in80 = 0;
  #in95 = 0;
  #days = 0;
  #dayAbsolute = 0;
  #day80 = 0;
  #day95 = 0;

  add(forecast: Forecast, date: string, actual: ReadonlyMap<number, number>): void {
    let total = 0;
    for (const { at, mean, quantiles: q } of forecast.intervals) {
      const count = actual.get(at);
      if (dateOf(at) !== date || count === undefined) continue;
      const error = Math.abs(mean - count);
      this.#number++;
      if (count > 0) {
        this.#ratios += error / count;
        this.#ratioNumber++;
      }
      this.#absolute += error;
      this.#squares += error * error;
      this.#actual += count;
      total += count;
      if (q.p100 <= count && count <= q.p900) this.#in80++;
      if (q.p025 <= count && count <= q.p975) this.#in95++;
    }
    const day = forecast.days.find((one) => one.date === date);
    if (day === undefined) return;
    this.#days++;
    this.#dayAbsolute += Math.abs(day.mean - total);
    if (day.quantiles.p100 <= total && total <= day.quantiles.p900) this.#day80++;
    if (day.quantiles.p025 <= total && total <= day.quantiles.p975) this.#day95++;
  }

  errors(): Errors {
    return {
      days: this.#days,
      mape: this.#ratios / this.#ratioNumber,
      wape: this.#absolute / this.#actual,
      rmse: Math.sqrt(this.#squares / this.#number),
      dayWape: this.#dayAbsolute / this.#actual,
      in80: this.#in80 / this.#number,
      in95: this.#in95 / this.#number,
      day80: this.#day80 / this.#days,
      day95: this.#day95 / this.#days,
    };
  }
}

function errorsOf(history: ContactHistory, method: ForecastMethod | "auto"): Map<number, Errors> {
  const dates = datesOf(history);
  const actual = new Map(history.counts.map(({ at, count }) => [at, count]));
  const tallies = new Map(DISTANCES.map((ahead) => [ahead, new Tally()]));
  const from = dates.length - TEST_DAYS;
  const farthest = DISTANCES.at(-1) ?? 1;
  for (let origin = from - farthest + 1; origin < dates.length; origin++) {
    const firstDay = dates[origin];
    const lastDay = dates[Math.min(dates.length - 1, origin + farthest - 1)];
    if (firstDay === undefined || lastDay === undefined) continue;
    const midnight = Date.parse(`${firstDay}T00:00:00Z`);
    const horizonDays = (Date.parse(`${lastDay}T00:00:00Z`) - midnight) / DAY_MS + 1;
    const options: ForecastOptions = {
      horizonDays,
      firstDay,
      method,
      evaluate: method === "auto",
      specialDays: closuresOf(dates),
    };
    const counts = history.counts.filter(({ at }) => at < midnight);
    const forecast = forecastContacts({ ...history, counts }, options);
    for (const [ahead, tally] of tallies) {
      const date = dates[origin + ahead - 1];
      if (date !== undefined && origin + ahead - 1 >= from) tally.add(forecast, date, actual);
    }
  }
  return new Map([...tallies].map(([ahead, tally]) => [ahead, tally.errors()]));
}

/** What is left of the error in the rest of the day when it is forecast again at noon. */
function intraday(history: ContactHistory): Figure {
  const dates = datesOf(history).slice(-TEST_DAYS);
  let before = 0;
  let after = 0;
  let all = 0;
  for (const firstDay of dates) {
    const midnight = Date.parse(`${firstDay}T00:00:00Z`);
    const counts = history.counts.filter(({ at }) => at < midnight);
    const today = history.counts.filter(({ at }) => at >= midnight && at < midnight + DAY_MS);
    const actual = new Map(today.map(({ at, count }) => [at, count]));
    const fit = fitHistory({ ...history, counts }, { horizonDays: 1, firstDay });
    for (const interval of reforecastDay(fit, today, midnight + NOON_MS).intervals) {
      const count = interval.actual === null ? actual.get(interval.at) : undefined;
      if (count === undefined) continue;
      before += Math.abs(interval.planned - count);
      after += Math.abs(interval.mean - count);
      all += count;
    }
  }
  return {
    id: "forecasting.intraday.12",
    what: "WAPE of the rest of the day, forecast again at 12:00",
    value: rounded((100 * after) / all, 2),
    unit: "%",
    better: "lower",
    conditions: `${dates.length} days`,
    peer: { value: rounded((100 * before) / all, 2), note: "as forecast in the morning" },
  };
}

/** Made histories of a year: the choice among all methods and the forecast, in processor time of this process. */
function fitTimes(): Figure[] {
  return [
    { name: "a year of quarter hours, 8 to 20", hours: [8, 20], perDay: 3_000 },
    { name: "a year of quarter hours, day and night", hours: [0, 24], perDay: 3_000 },
  ].map(({ name, hours: [from = 0, to = 24], perDay }): Figure => {
    const history = madeYear(from, to, perDay);
    forecastContacts(history, { horizonDays: 28 }); // once to warm up
    const began = process.cpuUsage();
    forecastContacts(history, { horizonDays: 28 });
    const { user, system } = process.cpuUsage(began);
    return {
      id: `forecasting.fit.${from}-${to}`,
      what: `Fit: ${name}, six methods tried, 28 days forecast`,
      value: rounded((user + system) / 1e6, 2),
      unit: "s",
      better: "lower",
      conditions: "processor time, choice among methods included",
    };
  });
}

function madeYear(from: number, to: number, perDay: number): ContactHistory {
  const random = new SeededRandom(1);
  const start = Date.parse("2025-01-06T00:00:00Z");
  const counts: IntervalCount[] = [];
  let level = 0;
  for (let day = 0; day < 365; day++) {
    level = 0.7 * level + 0.06 * (random.next() + random.next() + random.next() - 1.5);
    for (let quarter = 4 * from; quarter < 4 * to; quarter++) {
      const hour = quarter / 4;
      const rate =
        (perDay / (4 * (to - from))) *
        (day % 7 > 4 ? 0.4 : 1) *
        Math.exp(level) *
        (1 + 0.6 * Math.sin(hour / 3));
      counts.push({
        at: start + day * DAY_MS + quarter * 900_000,
        count: Math.round(rate + Math.sqrt(rate) * 2 * (random.next() + random.next() + random.next() - 1.5)),
      });
    }
  }
  return {
    series: { queueId: null, medium: null },
    timeZone: "UTC",
    intervalMs: 900_000,
    counts: counts.map(({ at, count }) => ({ at, count: Math.max(0, count) })),
  };
}

/** A time and a count per line below a head; times without an offset are UTC. */
function readHistory(file: string): ContactHistory {
  const lines = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const counts = lines.slice(1).map((line, i): IntervalCount => {
    const [time = "", number = ""] = line.split(",");
    const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.replace(" ", "T")}Z`);
    const count = Number(number);
    if (Number.isNaN(at) || number === "" || !(count >= 0))
      throw new Error(`${file} line ${i + 2}: "${line}" is not a time and a count`);
    return { at, count };
  });
  const gaps = counts.slice(1).map(({ at }, i) => at - (counts[i]?.at ?? at));
  const shortest = Math.min(...gaps.filter((gap) => gap > 0));
  const intervalMs = ([300_000, 900_000, 1_800_000, 3_600_000] as const).find((ms) => ms === shortest);
  if (intervalMs === undefined)
    throw new Error(`${file}: its intervals are ${shortest / 60_000} minutes, not 5, 15, 30 or 60`);
  return { series: { queueId: null, medium: null }, timeZone: "UTC", intervalMs, counts };
}

function datesOf({ counts }: ContactHistory): string[] {
  return [...new Set(counts.map(({ at }) => dateOf(at)))].sort();
}

/** Weekdays without a single interval: holidays, which a planner knows beforehand. */
function closuresOf(dates: readonly string[]): { date: string; name: string; effect: number }[] {
  const open = new Set(dates);
  const weekdays = new Set(dates.map((date) => new Date(`${date}T00:00:00Z`).getUTCDay()));
  const first = Date.parse(`${dates[0]}T00:00:00Z`);
  const last = Date.parse(`${dates.at(-1)}T00:00:00Z`);
  const closed: { date: string; name: string; effect: number }[] = [];
  for (let at = first; at < last; at += DAY_MS) {
    const date = dateOf(at);
    if (!open.has(date) && weekdays.has(new Date(at).getUTCDay()))
      closed.push({ date, name: "closed", effect: 0 });
  }
  return closed;
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

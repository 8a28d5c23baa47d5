import { isTimeZone, type TimeOfDay } from "@svara/calendar";
import { type Instant, SvaraError } from "@svara/kernel";
import { normalCdf } from "../queueing/normal.ts";
import type { IntervalMs } from "./contact-history.ts";
import { weekdayOf } from "./day-grid.ts";
import { wallClock } from "./wall-clock.ts";

/** One contact that was handled: talk, hold and wrap-up together. */
export interface HandledContact {
  readonly at: Instant;
  readonly handleMs: number;
}

/** A lognormal law of handling times; of times in seconds, as the literature has it. */
export interface LognormalFit {
  readonly mu: number;
  readonly sigma: number;
  readonly meanMs: number;
  readonly medianMs: number;
  /** Contacts that it was fitted to. */
  readonly contacts: number;
  /** Greatest distance between the law and what was seen (Kolmogorov and Smirnov); .02 is as good as such data get. */
  readonly distance: number;
}

/** The mean of one interval of the day, or of one day of the week. */
export interface HandlingMean {
  readonly contacts: number;
  /** As it was seen; null where nothing was. */
  readonly seenMs: number | null;
  /** Shrunk to the mean of all by how little was seen: what to plan with. */
  readonly meanMs: number;
}

/** How long handling takes, and when. Plain JSON. */
export interface HandlingTime {
  /** Longer than nothing and no longer than the limit. */
  readonly contacts: number;
  readonly leftOut: number;
  readonly meanMs: number;
  /** With n - 1. */
  readonly sdMs: number;
  readonly medianMs: number;
  /** Share shorter than `shortMs`: agents who hang up, wrong numbers. */
  readonly shortShare: number;
  /** Null where too few are left or all are alike. */
  readonly lognormal: LognormalFit | null;
  readonly intervalMs: IntervalMs;
  readonly byTime: readonly (HandlingMean & { readonly from: TimeOfDay })[];
  /** Monday first. */
  readonly byWeekday: readonly HandlingMean[];
}

/** How handling times are read. */
export interface HandlingTimeOptions {
  readonly timeZone: string;
  readonly intervalMs: IntervalMs;
  /** Longer ones are left out as forgotten; an hour when absent. */
  readonly longestMs?: number;
  /** Shorter ones are left out of the lognormal law; 10 s when absent. */
  readonly shortMs?: number;
}

const LONGEST_MS = 3_600_000;
const SHORT_MS = 10_000;
const LAW_NEEDS = 10;

/**
 * Estimates handling times (Brown et al. 2005: lognormal; longer at some hours than at others).
 * @throws {SvaraError} `forecasting.bad_handling_times`: the field names the contact at fault
 */
export function fitHandlingTime(all: readonly HandledContact[], options: HandlingTimeOptions): HandlingTime {
  const { timeZone, intervalMs, longestMs = LONGEST_MS, shortMs = SHORT_MS } = options;
  if (!isTimeZone(timeZone)) throw bad(`"${timeZone}" is not a time zone such as Europe/Kyiv`, "timeZone");
  for (const [i, { at, handleMs }] of all.entries()) {
    if (!Number.isFinite(at)) throw bad(`${at} is not an instant`, `contacts.${i}.at`);
    if (!(Number.isFinite(handleMs) && handleMs >= 0)) {
      throw bad(`a handling time of ${handleMs} ms is none: give 0 or more`, `contacts.${i}.handleMs`);
    }
  }
  const used = all.filter(({ handleMs }) => handleMs > 0 && handleMs <= longestMs);
  if (used.length === 0) throw bad("no contact has a handling time above 0 and within the limit", "contacts");
  const times = Float64Array.from(used, ({ handleMs }) => handleMs).sort();
  const meanMs = times.reduce((a, b) => a + b, 0) / times.length;
  const squares = times.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0);
  const sdMs = times.length > 1 ? Math.sqrt(squares / (times.length - 1)) : 0;
  const slots = 86_400_000 / intervalMs;
  const wall = wallClock(timeZone);
  const bySlot = new Groups(slots);
  const byWeekday = new Groups(7);
  for (const { at, handleMs } of used) {
    const { date, ms } = wall(at);
    bySlot.add(Math.floor(ms / intervalMs), handleMs);
    byWeekday.add(weekdayOf(date), handleMs);
  }
  return {
    contacts: used.length,
    leftOut: all.length - used.length,
    meanMs,
    sdMs,
    medianMs: medianOf(times),
    shortShare: times.filter((ms) => ms < shortMs).length / times.length,
    lognormal: lognormalOf(times.filter((ms) => ms >= shortMs)),
    intervalMs,
    byTime: bySlot
      .means(meanMs, sdMs * sdMs)
      .map((mean, slot) => ({ from: timeOf((slot * intervalMs) / 60_000), ...mean }))
      .filter(({ contacts }) => contacts > 0),
    byWeekday: byWeekday.means(meanMs, sdMs * sdMs),
  };
}

/** The mean handling time to plan an instant with: that of its time of the day, times what its weekday is above the mean. */
export function handlingTimeAt(fit: HandlingTime, timeZone: string, at: Instant): number {
  const { date, ms } = wallClock(timeZone)(at);
  const from = timeOf((Math.floor(ms / fit.intervalMs) * fit.intervalMs) / 60_000);
  const atTime = fit.byTime.find((mean) => mean.from === from)?.meanMs ?? fit.meanMs;
  const onDay = fit.byWeekday[weekdayOf(date)]?.meanMs ?? fit.meanMs;
  return (atTime * onDay) / fit.meanMs;
}

/** Sums by group. */
class Groups {
  readonly #sums: Float64Array;
  readonly #numbers: Float64Array;

  constructor(groups: number) {
    this.#sums = new Float64Array(groups);
    this.#numbers = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    this.#sums[group] = (this.#sums[group] ?? 0) + value;
    this.#numbers[group] = (this.#numbers[group] ?? 0) + 1;
  }

  /** Each mean shrunk to that of all: by the variance within a group over its number, against the variance between groups. */
  means(overall: number, within: number): HandlingMean[] {
    let between = 0;
    let total = 0;
    for (const [g, n] of this.#numbers.entries()) {
      if (n === 0) continue;
      between += n * (((this.#sums[g] ?? 0) / n - overall) ** 2 - within / n);
      total += n;
    }
    const spread = Math.max(0, total > 0 ? between / total : 0);
    return Array.from(this.#numbers, (contacts, g) => {
      if (contacts === 0) return { contacts, seenMs: null, meanMs: overall };
      const seenMs = (this.#sums[g] ?? 0) / contacts;
      const weight = spread > 0 ? spread / (spread + within / contacts) : 0;
      return { contacts, seenMs, meanMs: overall + weight * (seenMs - overall) };
    });
  }
}

/** By the mean and the standard deviation (with n - 1) of the logarithms. `times` ascending. */
function lognormalOf(times: Float64Array): LognormalFit | null {
  if (times.length < LAW_NEEDS) return null;
  const logs = times.map((ms) => Math.log(ms / 1000));
  const mu = logs.reduce((a, b) => a + b, 0) / logs.length;
  const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mu) ** 2, 0) / (logs.length - 1));
  if (!(sigma > 0)) return null;
  let distance = 0;
  for (const [i, log] of logs.entries()) {
    const law = normalCdf((log - mu) / sigma);
    distance = Math.max(distance, law - i / logs.length, (i + 1) / logs.length - law);
  }
  return {
    mu,
    sigma,
    meanMs: 1000 * Math.exp(mu + (sigma * sigma) / 2),
    medianMs: 1000 * Math.exp(mu),
    contacts: times.length,
    distance,
  };
}

function medianOf(ascending: Float64Array): number {
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2;
}

function timeOf(minutes: number): TimeOfDay {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function bad(message: string, field: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_handling_times", httpStatus: 422, field });
}
